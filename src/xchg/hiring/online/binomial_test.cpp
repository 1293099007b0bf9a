// Random counts against exact probabilities.
#include "xchg/hiring/online/binomial.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "xchg/hiring/online/chi_square.hpp"

namespace xchg::hiring {
namespace {

TEST(ChiSquare, TailsAreThoseOfPublishedTables) {
  EXPECT_NEAR(chi_square_tail(3.841458821, 1), 0.05, 1e-9);
  EXPECT_NEAR(chi_square_tail(18.30703805, 10), 0.05, 1e-9);
  EXPECT_NEAR(chi_square_tail(2.705543454, 1), 0.1, 1e-9);
  EXPECT_NEAR(chi_square_tail(140.1694894, 100), 0.005, 1e-9);
  EXPECT_NEAR(chi_square_tail(7, 2), std::exp(-3.5), 1e-14);
}

TEST(ChiSquare, TellsDifferentRowsFromEqualOnes) {
  EXPECT_NEAR(same_distribution({{100, 200, 300}, {10, 20, 30}}), 1, 1e-12);
  EXPECT_LT(same_distribution({{100, 200, 300}, {300, 200, 100}}), 1e-20);
  EXPECT_EQ(same_distribution({{5, 5}, {0, 0}}), 1);
}

// Probability that counts of so many draws come from the exact probabilities.
double goodness(std::int64_t trials, double p, std::uint64_t seed) {
  constexpr int draws = 200'000;
  const auto n = static_cast<double>(trials);
  std::vector<double> expected(static_cast<std::size_t>(trials) + 1);
  for (std::size_t k = 0; k < expected.size(); ++k) {
    const auto x = static_cast<double>(k);
    expected[k] = draws * std::exp(std::lgamma(n + 1) - std::lgamma(x + 1) - std::lgamma(n - x + 1) +
                                   x * std::log(p) + (n - x) * std::log1p(-p));
  }
  std::vector<double> seen(expected.size());
  Random random(seed);
  for (int k = 0; k < draws; ++k) seen[static_cast<std::size_t>(binomial(trials, p, random))] += 1;
  double statistic = 0, rest_seen = 0, rest_expected = 0;
  int classes = 0;
  for (std::size_t k = 0; k < seen.size(); ++k) {
    rest_seen += seen[k];
    rest_expected += expected[k];
    if (rest_expected < 10) continue;
    statistic += (rest_seen - rest_expected) * (rest_seen - rest_expected) / rest_expected;
    rest_seen = rest_expected = 0;
    ++classes;
  }
  return chi_square_tail(statistic, classes - 1);
}

TEST(Binomial, CountsFollowTheExactProbabilities) {
  // By inversion, by rejection, and on both sides of one half.
  EXPECT_GT(goodness(5, 0.3, 1), 1e-4);
  EXPECT_GT(goodness(1000, 0.002, 2), 1e-4);
  EXPECT_GT(goodness(40, 0.5, 3), 1e-4);
  EXPECT_GT(goodness(100, 0.11, 4), 1e-4);
  EXPECT_GT(goodness(1000, 0.97, 5), 1e-4);
  EXPECT_GT(goodness(5000, 0.4, 6), 1e-4);
}

TEST(Binomial, ABillionTrialsHaveTheRightMeanAndSpread) {
  Random random(7);
  const double n = 1e9, p = 0.3;
  double sum = 0, squares = 0;
  constexpr int draws = 20'000;
  for (int k = 0; k < draws; ++k) {
    const double z =
        (static_cast<double>(binomial(1'000'000'000, p, random)) - n * p) / std::sqrt(n * p * (1 - p));
    sum += z;
    squares += z * z;
  }
  EXPECT_NEAR(sum / draws, 0, 5 / std::sqrt(draws));
  EXPECT_NEAR(squares / draws, 1, 5 * std::sqrt(2.0 / draws));
}

TEST(Multinomial, KeepsTheSumAndLeavesOutWhatNeverHappens) {
  Random random(1);
  const std::vector<double> weights{0, 0.2, 0, 0.3, 0.5, 0};
  std::vector<std::int64_t> counts(6);
  multinomial(1'000'000, weights, random, counts);
  EXPECT_EQ(counts[0] + counts[2] + counts[5], 0);
  EXPECT_EQ(counts[1] + counts[3] + counts[4], 1'000'000);
  EXPECT_NEAR(static_cast<double>(counts[3]), 300'000, 5 * std::sqrt(210'000));
}

}  // namespace
}  // namespace xchg::hiring
