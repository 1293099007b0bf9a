#include <gtest/gtest.h>

#include "xchg/dag/simulate.hpp"

namespace xchg::dag {
namespace {

TEST(SimulateThreads, ManyGiveTheBytesOfOneAndSeedsDiffer) {
  for (const Mechanism mechanism :
       {Mechanism::Linear, Mechanism::Logistic, Mechanism::Mim, Mechanism::AdditiveGp}) {
    SimulateOptions options{.nodes = 6, .rows = 5000, .mechanism = mechanism, .threads = 1};
    const Simulation one = simulate(options);
    options.threads = 4;
    const Simulation four = simulate(options);
    EXPECT_EQ(one.data.x, four.data.x);
    EXPECT_EQ(one.truth, four.truth);
    options.rows = 2000;  // more rows do not change the first ones
    const Simulation fewer = simulate(options);
    EXPECT_TRUE(
        std::equal(fewer.data.x.values.begin(), fewer.data.x.values.end(), one.data.x.values.begin()));
    options.seed = 2;
    EXPECT_NE(simulate(options).truth, one.truth);
  }
}

}  // namespace
}  // namespace xchg::dag
