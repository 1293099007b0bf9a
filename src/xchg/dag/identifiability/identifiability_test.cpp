#include "xchg/dag/identifiability.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "xchg/core/csv.hpp"
#include "xchg/core/error.hpp"
#include "xchg/core/random.hpp"

namespace xchg::dag {
namespace {

Matrix matrix_file(const std::string& name) {
  const csv::Matrix read = csv::read_matrix(std::string(XCHG_TEST_DATA) + "/dag/" + name);
  Matrix matrix(read.rows, read.columns);
  matrix.values = read.values;
  return matrix;
}

Gram gram_file(const std::string& name) {
  Gram gram;
  gram.s = matrix_file(name);
  gram.n = 1000;
  return gram;
}

TEST(Identifiability, SortabilitiesOfTheTrueGraphsAreThePublishedOnes) {
  const struct {
    const char* graph;
    double variance, r2;
  } known[] = {{"er1_20", 0.967741935484, 0.580645161290},
               {"er4_20", 0.996563573883, 0.979381443299},
               {"sf4_20", 0.921450151057, 0.743202416918},
               {"sf4_100", 0.986363034556, 0.940023831590}};
  for (const auto& file : known) {
    const Gram gram = gram_file(std::string("gram_") + file.graph + ".csv");
    const Matrix truth = matrix_file(std::string("truth_") + file.graph + ".csv");
    EXPECT_NEAR(varsortability(truth, gram), file.variance, 1e-9) << file.graph;
    EXPECT_NEAR(r2_sortability(truth, gram), file.r2, 1e-9) << file.graph;
  }
}

// Numbers of walks of each length by powers of the adjacency matrix.
double sortability_by_powers(const Matrix& truth, const std::vector<double>& values) {
  const std::size_t d = values.size();
  Matrix walks(d, d);
  for (std::size_t i = 0; i < d; ++i) walks(i, i) = 1;
  double rising = 0, pairs = 0;
  for (std::size_t length = 1; length < d; ++length) {
    Matrix longer(d, d);
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j < d; ++j) {
        for (std::size_t k = 0; k < d; ++k) longer(i, j) += truth(k, j) != 0 ? walks(i, k) : 0;
        if (longer(i, j) == 0) continue;
        pairs += 1;
        rising += values[i] == values[j] ? 0.5 : values[i] < values[j] ? 1 : 0;
      }
    }
    walks = longer;
  }
  return pairs == 0 ? 0.5 : rising / pairs;
}

TEST(Identifiability, SortabilityCountsPairsOncePerLengthOfWalk) {
  Random random(1);
  for (int round = 0; round < 300; ++round) {
    const std::size_t d = 1 + random.below(9);
    Matrix truth(d, d);
    for (double& w : truth.values) w = random.below(3) == 0 ? random.normal() : 0;
    for (std::size_t i = 0; i < d; ++i) truth(i, i) = 0;
    if (round % 3 != 0) {
      for (std::size_t i = 0; i < d; ++i) {
        for (std::size_t j = 0; j <= i; ++j) truth(i, j) = 0;
      }
    }
    std::vector<double> values(d);
    for (double& value : values) value = static_cast<double>(random.below(4));
    EXPECT_NEAR(sortability(truth, values), sortability_by_powers(truth, values), 1e-12);
  }
}

TEST(Identifiability, ValuesAreTiedWithinOneInABillion) {
  Matrix truth(2, 2);
  truth(0, 1) = 1;
  EXPECT_EQ(sortability(truth, std::vector{1.0, 1.0 + 5e-10}), 0.5);
  EXPECT_EQ(sortability(truth, std::vector{1.0, 1.0 + 5e-9}), 1);
  EXPECT_EQ(sortability(truth, std::vector{1.0, 1.0 - 5e-9}), 0);
  EXPECT_EQ(sortability(Matrix(2, 2), std::vector{1.0, 2.0}), 0.5);
  EXPECT_THROW(sortability(truth, std::vector{1.0}), InputError);
}

TEST(Identifiability, MoreNodesThanBitsOfAWord) {
  constexpr std::size_t d = 130;
  Matrix chain(d, d);
  std::vector<double> values(d);
  for (std::size_t i = 0; i + 1 < d; ++i) chain(i, i + 1) = 1;
  std::iota(values.begin(), values.end(), 1.0);
  EXPECT_EQ(sortability(chain, values), 1);
  values[0] = 1000;  // the only node whose d - 1 walks fall
  EXPECT_NEAR(sortability(chain, values), 1 - 129 / (130 * 129 / 2.0), 1e-12);
}

TEST(Identifiability, ExplainedSharesAreThoseOfRegressions) {
  Gram gram;  // x, y = x + noise of variance 3, z alone
  gram.s = Matrix(3, 3);
  gram.s.values = {1, 1, 0, 1, 4, 0, 0, 0, 7};
  const auto shares = explained_shares(gram);
  EXPECT_NEAR(shares[0], 0.25, 1e-14);
  EXPECT_NEAR(shares[1], 0.25, 1e-14);
  EXPECT_NEAR(shares[2], 0, 1e-14);
}

TEST(Identifiability, DependentVariablesAreExplainedWhollyAndOthersAreNot) {
  Gram gram;  // x, y, x + y, z
  gram.s = Matrix(4, 4);
  gram.s.values = {1, 0, 1, 0.5, 0, 1, 1, 0, 1, 1, 2, 0.5, 0.5, 0, 0.5, 1};
  const auto shares = explained_shares(gram);
  for (int j = 0; j < 3; ++j) EXPECT_EQ(shares[static_cast<std::size_t>(j)], 1);
  EXPECT_NEAR(shares[3], 0.25, 1e-12);
}

TEST(Identifiability, KendallsDistanceIsTheShareOfPairsTheOtherWayRound) {
  const std::vector<int> order{2, 0, 3, 1}, reversed{1, 3, 0, 2}, near{2, 3, 0, 1};
  EXPECT_EQ(kendall_distance(order, order), 0);
  EXPECT_EQ(kendall_distance(order, reversed), 1);
  EXPECT_NEAR(kendall_distance(order, near), 1.0 / 6, 1e-15);
  EXPECT_EQ(kendall_distance(std::vector{0}, std::vector{0}), 0);
  EXPECT_EQ(kendall_distance(std::vector<int>{}, std::vector<int>{}), 0);
  EXPECT_THROW(kendall_distance(order, std::vector{0, 1, 2}), InputError);
  EXPECT_THROW(kendall_distance(order, std::vector{0, 1, 2, 2}), InputError);
  EXPECT_THROW(kendall_distance(order, std::vector{0, 1, 2, 4}), InputError);
}

TEST(Identifiability, KendallsDistanceIsTheNumberOfAdjacentExchanges) {
  Random random(2);
  for (int round = 0; round < 100; ++round) {
    std::vector<int> a(2 + random.below(10));
    std::iota(a.begin(), a.end(), 0);
    std::vector<int> b = a;
    shuffle(std::span(a), random);
    shuffle(std::span(b), random);
    const double distance = kendall_distance(a, b);
    EXPECT_EQ(distance, kendall_distance(b, a));
    int exchanges = 0;  // bubble sort of a into b
    const auto place = [&](int node) { return std::find(b.begin(), b.end(), node); };
    for (std::size_t pass = 0; pass < a.size(); ++pass) {
      for (std::size_t k = 0; k + 1 < a.size(); ++k) {
        if (place(a[k]) < place(a[k + 1])) continue;
        std::swap(a[k], a[k + 1]);
        ++exchanges;
      }
    }
    const auto d = static_cast<double>(b.size());
    EXPECT_NEAR(distance, exchanges / (d * (d - 1) / 2), 1e-12);
  }
}

TEST(Identifiability, OrderByVarianceTakesTheSmallerIndexOfTies) {
  Gram gram;
  gram.s = Matrix(4, 4);
  gram.s(0, 0) = 3;
  gram.s(1, 1) = 1;
  gram.s(2, 2) = 3;
  gram.s(3, 3) = 2;
  EXPECT_EQ(variance_order(gram), (std::vector{1, 3, 0, 2}));
}

}  // namespace
}  // namespace xchg::dag
