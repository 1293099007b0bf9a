#include <gtest/gtest.h>

#include "xchg/dag/order/exact.hpp"
#include "xchg/dag/order/testing.hpp"

namespace xchg::dag {
namespace {

TEST(ExactOrderThreads, ManyGiveTheResultOfOne) {
  Random random(1);
  for (const std::size_t d : {5U, 12U, 16U}) {
    const Gram gram = testing::random_gram(d, d);
    const Constraints constraints = testing::random_precedence(gram, random);
    const testing::PlainScore score(gram, constraints);
    const auto one = exact_order(gram, constraints, {.threads = 1}, Progress::none());
    const auto many = exact_order(gram, constraints, {.threads = 4}, Progress::none());
    EXPECT_EQ(one.order, many.order);
    EXPECT_EQ(one.score, many.score);
    EXPECT_EQ(one.sets, many.sets);
    if (d > 12) continue;
    const auto listed = exact_order(score, constraints, {.threads = 4}, Progress::none());
    EXPECT_EQ(listed.order, exact_order(score, constraints, {.threads = 1}, Progress::none()).order);
  }
}

}  // namespace
}  // namespace xchg::dag
