#include "xchg/hiring/instance.hpp"

#include <gtest/gtest.h>

#include "xchg/hiring/mechanism.hpp"

namespace xchg::hiring {
namespace {

TEST(Instance, Audit2IsReadExactly) {
  const Instance audit = read_instance(XCHG_TEST_DATA "/hiring/instances/audit2.json");
  EXPECT_EQ(audit.efforts().count(), 4U);
  EXPECT_EQ(audit.agents[1].costs[1], Rational(9, 100));
  const std::vector<Rational> both = exact_law(audit, 3);
  EXPECT_EQ(both, (std::vector<Rational>{Rational(2, 5), Rational(1, 10), 0, 0, 0, 0, Rational(1, 10),
                                         Rational(2, 5)}));
}

}  // namespace
}  // namespace xchg::hiring
