#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "xchg/core/error.hpp"
#include "xchg/dag/order/exact.hpp"
#include "xchg/dag/order/remaining_bound.hpp"
#include "xchg/dag/order/testing.hpp"

namespace xchg::dag {
namespace {

std::vector<int> all_nodes(std::size_t d) {
  std::vector<int> order(d);
  std::iota(order.begin(), order.end(), 0);
  return order;
}

ExactResult bounded(const Gram& gram, const std::vector<int>& incumbent, const ExactOptions& options = {}) {
  return branch_and_bound(gram, Constraints(gram.nodes()), incumbent, options, Progress::none());
}

TEST(RemainingBound, IsBelowEveryOrderAndAboveBothSimplerBounds) {
  for (std::uint64_t round = 0; round < 40; ++round) {
    Random random(round);
    const std::size_t d = 2 + random.below(5);
    const Gram gram = testing::random_gram(d, 400 + round);
    const Constraints constraints(d);
    const testing::PlainScore score(gram, constraints);
    VarianceLimits limits;
    double least = 0;
    for (std::size_t j = 0; j < d; ++j) {
      std::vector<int> others = all_nodes(d);
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(j));
      const double cost = score.cost(static_cast<int>(j), others);
      limits.add(2 * cost, std::log(2 * cost), gram.s(j, j));
      least += cost;
    }
    const auto size = static_cast<double>(d);
    const double log_det = log_determinant(gram.s);
    const double value = least_half_sum(limits, log_det, 1e300);
    EXPECT_LE(value, testing::least_total(score, constraints) * (1 + 1e-12));
    EXPECT_GE(value, least * (1 - 1e-12));
    EXPECT_GE(value, size / 2 * std::exp(log_det / size) * (1 - 1e-12));
  }
}

TEST(RemainingBound, ImpliedPrecedenceHoldsInEveryBetterOrder) {
  Random random(9);
  int implied = 0;
  for (std::uint64_t round = 0; round < 60; ++round) {
    const std::size_t d = 2 + random.below(5);
    const Gram gram = testing::random_gram(d, 600 + round);
    const Constraints constraints = testing::random_precedence(gram, random);
    const testing::PlainScore score(gram, constraints);
    const double least = testing::least_total(score, constraints);
    const double known = least * (1 + 0.1 * random.uniform());
    Precedence precedence(constraints);
    const std::vector<double> rho = imply_precedence(gram.s, known, precedence);
    std::vector<int> order = all_nodes(d);
    do {
      if (!constraints.admits(order) || testing::total(score, order) >= known) continue;
      for (std::size_t a = 0; a < d; ++a) {
        for (std::size_t b = 0; b < a; ++b) {
          EXPECT_FALSE(
              precedence.before(static_cast<std::size_t>(order[a]), static_cast<std::size_t>(order[b])));
        }
        std::vector<int> before(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(a));
        std::sort(before.begin(), before.end());
        EXPECT_GE(2 * score.cost(order[a], before), rho[static_cast<std::size_t>(order[a])] * (1 - 1e-9));
      }
    } while (std::next_permutation(order.begin(), order.end()));
    for (std::size_t a = 0; a < d; ++a) {
      for (std::size_t b = 0; b < d; ++b) {
        implied += precedence.before(a, b) && !constraints.before(static_cast<int>(a), static_cast<int>(b));
      }
    }
  }
  EXPECT_GT(implied, 50);
}

TEST(BranchAndBound, FindsTheBestOfAllOrdersWithPrecedence) {
  Random random(8);
  for (std::uint64_t round = 0; round < 80; ++round) {
    const Gram gram = testing::random_gram(1 + random.below(7), 500 + round);
    const Constraints constraints = testing::random_precedence(gram, random);
    const testing::PlainScore score(gram, constraints);
    const ExactResult exact = exact_order(gram, constraints, {}, Progress::none());
    const ExactResult result = branch_and_bound(gram, constraints, {}, {}, Progress::none());
    EXPECT_TRUE(result.proven);
    EXPECT_TRUE(constraints.admits(result.order));
    EXPECT_NEAR(result.score, exact.score, 1e-10 * exact.score);
    EXPECT_NEAR(testing::total(score, result.order), result.score, 1e-10 * result.score);
    EXPECT_EQ(result.lower_bound, result.score);
  }
}

TEST(BranchAndBound, EqualsDynamicProgrammingOnTwentyNodes) {
  for (const char* name : {"er1_20", "er4_20", "sf4_20"}) {
    const Gram gram = testing::shipped_gram(name);
    const ExactResult exact = exact_order(gram, Constraints(20), {}, Progress::none());
    const ExactResult result = bounded(gram, all_nodes(20));
    EXPECT_TRUE(result.proven) << name;
    EXPECT_NEAR(result.score, exact.score, 1e-9 * exact.score) << name;
    EXPECT_LT(result.sets, exact.sets / 4) << name;
  }
}

TEST(BranchAndBound, ProvesTheBestKnownOrderOfFiftyNodes) {
  const Gram gram = testing::shipped_gram("er4_50");
  const ExactResult result = bounded(gram, {});
  EXPECT_TRUE(result.proven);
  EXPECT_NEAR(result.score, 24.003226, 1e-6);
}

TEST(BranchAndBound, FromTheOptimumItOnlyProves) {
  const Gram gram = testing::shipped_gram("er4_20");
  const ExactResult exact = exact_order(gram, Constraints(20), {}, Progress::none());
  const ExactResult result = bounded(gram, exact.order);
  EXPECT_TRUE(result.proven);
  EXPECT_EQ(result.order, exact.order);
}

TEST(BranchAndBound, AtItsMemoryLimitKeepsTheIncumbentAndAValidBound) {
  const Gram gram = testing::shipped_gram("er1_20");
  const ExactResult exact = exact_order(gram, Constraints(20), {}, Progress::none());
  const ExactResult result = bounded(gram, all_nodes(20), {.memory_budget_bytes = 100000});
  EXPECT_FALSE(result.proven);
  EXPECT_EQ(result.stopped_by, "memory limit");
  EXPECT_GE(result.score, exact.score * (1 - 1e-12));
  EXPECT_LE(result.lower_bound, exact.score * (1 + 1e-12));
  EXPECT_GT(result.lower_bound, 0.999 * exact.score);
  const ExactResult late = bounded(gram, all_nodes(20), {.time_limit_seconds = 1e-9});
  EXPECT_EQ(late.order, all_nodes(20));
  EXPECT_EQ(late.stopped_by, "time limit");
  EXPECT_GT(late.lower_bound, 0);
}

TEST(BranchAndBound, TakesNodesBeyondOneWord) {
  const std::size_t d = 70;  // nearly independent nodes in a chain of precedence: few sets
  Matrix s(d, d);
  for (std::size_t i = 0; i < d; ++i) {
    s(i, i) = 1 + 0.01 * static_cast<double>(i);
    if (i > 0) s(i, i - 1) = s(i - 1, i) = 0.3;
  }
  const Gram gram = testing::gram_of(std::move(s));
  Knowledge knowledge;
  for (int i = 0; i + 2 < static_cast<int>(d); ++i) knowledge.before.push_back({i, i + 2});
  const Constraints constraints(knowledge, gram.names);
  const ExactResult result = branch_and_bound(gram, constraints, {}, {}, Progress::none());
  EXPECT_TRUE(result.proven);
  EXPECT_TRUE(constraints.admits(result.order));
  EXPECT_LE(result.score, least_squares_of_order(gram.s, all_nodes(d)));
}

TEST(BranchAndBound, RefusesWhatIsNoOrderOrTooLarge) {
  const Gram gram = testing::five_nodes();
  EXPECT_THROW(bounded(gram, {0, 1, 2, 3, 3}), InputError);
  EXPECT_THROW(bounded(gram, {0, 1}), InputError);
  EXPECT_THROW(bounded(testing::random_gram(129, 1), {}), LimitError);
}

}  // namespace
}  // namespace xchg::dag
