#include <gtest/gtest.h>

#include "xchg/hiring/audit.hpp"

namespace xchg::hiring {
namespace {

TEST(Equilibria, BestResponsesThatGoRoundAndRoundAreGivenUpWhenTheyRepeat) {
  // Reports are all that counts: one agent is paid where they agree, the other where they differ.
  const Instance instance = generate(2, 1, 2, 1, 1);
  const Mechanism pennies{{{0, 1, {0, 0, 0, 0}, {{0, 0, 0, 1}, {0, 3, 0, 1}, {1, 1, 0, 1}, {1, 2, 0, 1}}}}};
  const AuditOptions options{
      .cost_factors = {}, .coalitions = 1, .random_starts = 10, .most_rounds = 2000000000};
  const Audit found = audit(instance, pennies, options);
  EXPECT_EQ(found.starts, 11);
  EXPECT_EQ(found.unsettled, 11);
  EXPECT_TRUE(found.equilibria.empty());
}

}  // namespace
}  // namespace xchg::hiring
