#include "xchg/dag/order/walks.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "xchg/core/error.hpp"
#include "xchg/core/random.hpp"

namespace xchg::dag {
namespace {

constexpr Acyclicity all[] = {Acyclicity::LogDet, Acyclicity::Exponential, Acyclicity::Polynomial};

// W of the five nodes in the order 4 3 2 1 0.
Matrix five_node_weights() {
  Matrix w(5, 5);
  w(1, 0) = 1.0 / 3, w(2, 0) = -1.0 / 6, w(2, 1) = -1, w(3, 1) = 6.0 / 7, w(4, 1) = 3.0 / 7;
  w(4, 2) = -2.0 / 5, w(4, 3) = -0.5;
  return w;
}

// A random acyclic graph with its order.
Matrix random_dag(std::size_t d, double share, std::vector<int>& order, Random& random) {
  order.resize(d);
  std::iota(order.begin(), order.end(), 0);
  shuffle(std::span(order), random);
  Matrix w(d, d);
  for (std::size_t a = 0; a < d; ++a) {
    for (std::size_t b = a + 1; b < d; ++b) {
      if (random.uniform() < share) {
        w(static_cast<std::size_t>(order[a]), static_cast<std::size_t>(order[b])) = random.normal();
      }
    }
  }
  return w;
}

// sum of c_l |W|^l for l < d, power by power: weights of walks by their length.
Matrix by_powers(const Matrix& w, Acyclicity acyclicity) {
  const std::size_t d = w.rows;
  Matrix power(d, d), sum(d, d);
  for (std::size_t i = 0; i < d; ++i) power(i, i) = 1;
  long double coefficient = 1;
  for (std::size_t l = 0; l < d; ++l) {
    for (std::size_t i = 0; i < d * d; ++i)
      sum.values[i] += static_cast<double>(coefficient) * power.values[i];
    Matrix next(d, d);
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t k = 0; k < d; ++k) {
        for (std::size_t j = 0; j < d; ++j) next(i, j) += power(i, k) * std::abs(w(k, j));
      }
    }
    power = next;
    const auto n = static_cast<long double>(d), length = static_cast<long double>(l + 1);
    if (acyclicity == Acyclicity::Exponential) coefficient /= length;
    if (acyclicity == Acyclicity::Polynomial)
      coefficient *= (n - length) / (length * n);  // binomial(d-1, l)/d^l
  }
  return sum;
}

TEST(WalkWeights, OfFiveNodesAreThePublishedFractions) {
  const std::vector<int> order = {4, 3, 2, 1, 0};
  const Matrix t = walk_weights(five_node_weights(), order, Acyclicity::LogDet);
  const struct {
    std::size_t from, to;
    double walks;
  } expected[] = {{4, 3, 0.5}, {4, 2, 0.4},     {3, 2, 0},         {4, 1, 44.0 / 35}, {3, 1, 6.0 / 7},
                  {2, 1, 1},   {3, 0, 2.0 / 7}, {4, 0, 17.0 / 35}, {2, 0, 0.5},       {1, 0, 1.0 / 3}};
  for (const auto& e : expected) EXPECT_NEAR(t(e.from, e.to), e.walks, 1e-15) << e.from << e.to;
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(t(i, i), 1);
    for (std::size_t j = i + 1; j < 5; ++j) EXPECT_EQ(t(i, j), 0);
  }
}

TEST(WalkWeights, EqualTheSumOfPowersAndAreExactlyZeroWithoutAWalk) {
  Random random(1);
  for (int round = 0; round < 60; ++round) {
    std::vector<int> order;
    const Matrix w = random_dag(1 + random.below(40), random.uniform(), order, random);
    for (const Acyclicity acyclicity : all) {
      const Matrix t = walk_weights(w, order, acyclicity);
      const Matrix sum = by_powers(w, acyclicity);
      for (std::size_t i = 0; i < t.values.size(); ++i) {
        EXPECT_NEAR(t.values[i], sum.values[i], 1e-12 * sum.values[i]);
      }
    }
  }
}

TEST(WalkWeights, TheLongestWalkOfAChainIsNotLost) {
  const std::size_t d = 60;
  Matrix w(d, d);
  std::vector<int> order(d);
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = 0; i + 1 < d; ++i) w(i, i + 1) = -10;
  EXPECT_NEAR(walk_weights(w, order, Acyclicity::LogDet)(0, d - 1) / 1e59, 1, 1e-13);
  EXPECT_NEAR(std::log(walk_weights(w, order, Acyclicity::Exponential)(0, d - 1)),
              59 * std::log(10.0) - std::lgamma(60.0), 1e-11);
}

TEST(AcyclicityFunction, IsExactlyZeroForAcyclicGraphsAndAboveForOthers) {
  Random random(2);
  for (int round = 0; round < 40; ++round) {
    std::vector<int> order;
    Matrix w = random_dag(2 + random.below(30), 0.5, order, random);
    for (const Acyclicity function : all) EXPECT_EQ(acyclicity(w, function), 0);
    const auto first = static_cast<std::size_t>(order.front()), last = static_cast<std::size_t>(order.back());
    w(first, last) = 0.01;
    w(last, first) = 1e-6;
    EXPECT_GT(acyclicity(w, Acyclicity::Exponential), 0);
    EXPECT_GT(acyclicity(w, Acyclicity::Polynomial), 0);
  }
}

TEST(AcyclicityFunction, OfTwoNodesInACircleIsTheKnownFormula) {
  for (const double product : {0.25, 0.01, 0.81}) {
    Matrix w(2, 2);
    w(0, 1) = -1;
    w(1, 0) = product;
    EXPECT_NEAR(acyclicity(w, Acyclicity::LogDet), -std::log(1 - product), 1e-14);
    EXPECT_NEAR(acyclicity(w, Acyclicity::Exponential), 2 * std::cosh(std::sqrt(product)) - 2, 1e-14);
    EXPECT_NEAR(acyclicity(w, Acyclicity::Polynomial), product / 2, 1e-15);
  }
}

TEST(AcyclicityFunction, ExponentialOfALargeCircleHasNoCancellation) {
  Matrix w(3, 3);
  w(0, 1) = w(1, 2) = w(2, 0) = 40;  // eigenvalues 40 times the third roots of 1
  const double expected = std::exp(40.0) + 2 * std::exp(-20.0) * std::cos(40 * std::sqrt(3.0) / 2) - 3;
  EXPECT_NEAR(acyclicity(w, Acyclicity::Exponential) / expected, 1, 1e-12);
}

TEST(AcyclicityFunction, LogDetNeedsASpectralRadiusBelowOne) {
  Matrix w(2, 2);
  w(0, 1) = w(1, 0) = 1;
  EXPECT_THROW(acyclicity(w, Acyclicity::LogDet), NumericError);
  EXPECT_THROW(acyclicity(Matrix(2, 3), Acyclicity::LogDet), InputError);
}

}  // namespace
}  // namespace xchg::dag
