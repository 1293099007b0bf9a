#include <gtest/gtest.h>

#include "xchg/hiring/design.hpp"

namespace xchg::hiring {
namespace {

struct Generated {
  int agents, efforts, signals, states;
  bool bounded;
  double optimum;
};

// Optima of the generated instances of seed 1, computed elsewhere.
const Generated generated[] = {
    {3, 3, 3, 3, true, 0.543199572745},
    {4, 2, 3, 2, true, 0.598998990813},
    {3, 3, 4, 3, true, 0.445414485845},
    {3, 3, 3, 3, false, 0.544041065790},
};

TEST(Design, GeneratedInstancesHaveTheirKnownOptima) {
  for (const Generated& g : generated) {
    const Instance instance = generate(g.agents, g.efforts, g.signals, g.states, 1);
    const Result result = design(instance, {.payment_bound = g.bounded ? Bound(1) : Bound::infinity(),
                                            .method = Method::Program,
                                            .ladder = false});
    EXPECT_NEAR(result.supremum, g.optimum, 1e-8);
    EXPECT_TRUE(result.incentive_compatible);
  }
}

}  // namespace
}  // namespace xchg::hiring
