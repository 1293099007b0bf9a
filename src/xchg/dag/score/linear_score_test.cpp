// Scores from second moments against their definitions.
#include "xchg/dag/score/linear_score.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>
#include <cmath>
#include <numeric>

#include "xchg/core/error.hpp"
#include "xchg/dag/order/testing.hpp"

namespace xchg::dag {
namespace {

using testing::five_nodes;
using testing::random_gram;
using testing::shipped_gram;

std::vector<int> random_set(int nodes, int without, Random& random) {
  std::vector<int> set;
  for (int i = 0; i < nodes; ++i) {
    if (i != without && random.below(2) == 0) set.push_back(i);
  }
  return set;
}

// S_jj - b^T A^-1 b by full pivoting; the solution goes to `w`.
double residual(const Matrix& s, int node, const std::vector<int>& parents, double ridge,
                Eigen::VectorXd& w) {
  const auto at = [&s](int i, int k) { return s(static_cast<std::size_t>(i), static_cast<std::size_t>(k)); };
  const auto count = static_cast<Eigen::Index>(parents.size());
  Eigen::MatrixXd a(count, count);
  Eigen::VectorXd b(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const int parent = parents[static_cast<std::size_t>(i)];
    b(i) = at(parent, node);
    for (Eigen::Index k = 0; k < count; ++k) a(i, k) = at(parent, parents[static_cast<std::size_t>(k)]);
    a(i, i) += ridge;
  }
  w = count == 0 ? Eigen::VectorXd() : Eigen::VectorXd(a.fullPivLu().solve(b));
  return at(node, node) - (count == 0 ? 0.0 : b.dot(w));
}

TEST(LeastSquaresScore, IsThatOfTheNormalEquationsWithAndWithoutRidge) {
  Random random(1);
  for (std::uint64_t round = 0; round < 60; ++round) {
    const int d = 2 + static_cast<int>(random.below(9));
    const Gram gram = random_gram(static_cast<std::size_t>(d), round);
    const Constraints constraints(gram.nodes());
    for (const double ridge : {0.0, 0.3}) {
      const auto score = make_ridge_score(gram, constraints, ridge);
      const int node = static_cast<int>(random.below(static_cast<std::uint64_t>(d)));
      const std::vector<int> parents = random_set(d, node, random);
      Eigen::VectorXd w;
      const double expected = residual(gram.s, node, parents, ridge, w) / 2;
      const NodeFit fit = score->fit(node, parents);
      EXPECT_NEAR(fit.cost, expected, 1e-7 * expected);
      EXPECT_EQ(score->cost(node, parents), fit.cost);
      for (std::size_t k = 0; k < parents.size(); ++k) {
        EXPECT_NEAR(fit.weights[k], w(static_cast<Eigen::Index>(k)), 1e-6 * (1 + std::abs(fit.weights[k])));
      }
    }
  }
}

TEST(LeastSquaresScore, LeavesOutForbiddenParentsAndUsesTheMomentsOfTheNode) {
  Gram gram = random_gram(5, 3);
  gram.parts.push_back({random_gram(5, 4).s, 77, std::vector<double>(5, 0.0)});
  gram.part_of = {-1, -1, 0, -1, -1};
  Knowledge knowledge;
  knowledge.forbidden = {{1, 2}, {4, 2}};
  const Constraints constraints(knowledge, gram.names);
  const auto score = make_least_squares_score(gram, constraints);
  Eigen::VectorXd w;
  const NodeFit fit = score->fit(2, std::vector<int>{0, 1, 3, 4});
  EXPECT_NEAR(fit.cost, residual(gram.parts[0].s, 2, {0, 3}, 0, w) / 2, 1e-9);
  EXPECT_EQ(fit.weights[1], 0);
  EXPECT_EQ(fit.weights[3], 0);
  EXPECT_NE(fit.weights[0], 0);
  EXPECT_NEAR(score->cost(1, std::vector<int>{0}), residual(gram.s, 1, {0}, 0, w) / 2, 1e-9);
}

TEST(LeastSquaresScore, NamesColumnsThatDependOnEachOther) {
  Gram gram = five_nodes();
  for (std::size_t i = 0; i < 5; ++i) gram.s(1, i) = 2 * gram.s(0, i);
  for (std::size_t i = 0; i < 5; ++i) gram.s(i, 1) = 2 * gram.s(i, 0);
  const Constraints constraints(5);
  try {
    make_least_squares_score(gram, constraints)->cost(3, std::vector<int>{0, 1});
    ADD_FAILURE() << "accepted";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("column '1' depends linearly on '0'"), std::string::npos)
        << error.what();
  }
}

// Objective of one node at given weights.
double l1_objective(const Matrix& s, int node, const std::vector<int>& parents, std::span<const double> w,
                    double lambda) {
  const auto at = [&s](int i, int k) { return s(static_cast<std::size_t>(i), static_cast<std::size_t>(k)); };
  double value = at(node, node) / 2;
  for (std::size_t i = 0; i < parents.size(); ++i) {
    value += lambda * std::abs(w[i]) - w[i] * at(parents[i], node);
    for (std::size_t k = 0; k < parents.size(); ++k) value += w[i] * w[k] * at(parents[i], parents[k]) / 2;
  }
  return value;
}

TEST(L1Score, NoChangeOfTheWeightsLowersTheObjective) {
  Random random(2);
  for (std::uint64_t round = 0; round < 60; ++round) {
    const int d = 2 + static_cast<int>(random.below(12));
    const Gram gram = random_gram(static_cast<std::size_t>(d), 100 + round);
    const Constraints constraints(gram.nodes());
    const double lambda = round % 2 == 0 ? 0.1 : 0.003;
    const auto score = make_l1_score(gram, constraints, lambda);
    const int node = static_cast<int>(random.below(static_cast<std::uint64_t>(d)));
    const std::vector<int> parents = random_set(d, node, random);
    const NodeFit fit = score->fit(node, parents);
    const double value = l1_objective(gram.s, node, parents, fit.weights, lambda);
    EXPECT_NEAR(fit.cost, value, 1e-12 * std::max(1.0, value));
    for (int trial = 0; trial < 30; ++trial) {
      std::vector<double> w = fit.weights;
      for (double& weight : w) weight += random.normal() * (trial % 2 == 0 ? 1e-3 : 0.3);
      EXPECT_GE(l1_objective(gram.s, node, parents, w, lambda), fit.cost - 1e-12);
    }
    const std::vector<double> gradient = score->gradient(node, parents, fit);
    for (const int parent : parents) EXPECT_NEAR(gradient[static_cast<std::size_t>(parent)], 0, 1e-5);
  }
}

TEST(L1Score, EndsAtTheSameOptimumFromAnotherFit) {
  const Gram gram = shipped_gram("er4_20");
  const Constraints constraints(20);
  const auto score = make_l1_score(gram, constraints, 0.05);
  std::vector<int> before(19), fewer{0, 3, 5, 11};
  std::iota(before.begin(), before.end(), 0);
  const NodeFit cold = score->fit(19, before), warm_from = score->fit(19, fewer);
  const NodeFit warm = score->fit(19, before, &warm_from, fewer);
  EXPECT_NEAR(warm.cost, cold.cost, 1e-11 * std::max(1.0, gram.s(19, 19)));
}

// Coordinate descent alone needs millions of rounds here.
TEST(L1Score, SettlesWhereColumnsNearlyDependOnEachOther) {
  const Gram gram = shipped_gram("er4_50");
  const Constraints constraints(50);
  for (const double lambda : {0.1, 1e-3}) {
    const auto score = make_l1_score(gram, constraints, lambda);
    std::vector<int> before(49);
    std::iota(before.begin(), before.end(), 0);
    const NodeFit fit = score->fit(49, before);
    const std::vector<double> gradient = score->gradient(49, before, fit);
    for (const double entry : gradient) EXPECT_NEAR(entry, 0, 1e-8 * std::max(1.0, gram.s(49, 49)));
  }
}

TEST(L1Score, SubgradientOfANodeThatIsNoPredecessorIsWhatPassesThePenalty) {
  const Gram gram = five_nodes();
  const Constraints constraints(5);
  const auto score = make_l1_score(gram, constraints, 0.5);
  const NodeFit fit = score->fit(4, {});
  EXPECT_DOUBLE_EQ(fit.cost, 5);
  EXPECT_EQ(score->gradient(4, {}, fit), (std::vector<double>{-1.5, -3.5, 3.5, 4.5, 0}));
}

double bic(const Gram& gram, int node, const std::vector<int>& parents) {
  Eigen::VectorXd w;
  const auto n = static_cast<double>(gram.n);
  return n * std::log(residual(gram.s, node, parents, 0, w)) +
         static_cast<double>(parents.size()) * std::log(n);
}

TEST(BicScore, TakesTheBestOfAllSetsOfParents) {
  Random random(3);
  for (std::uint64_t round = 0; round < 20; ++round) {
    const int d = 2 + static_cast<int>(random.below(6));
    Gram gram = random_gram(static_cast<std::size_t>(d), 200 + round);
    gram.n = 20;
    const Constraints constraints(gram.nodes());
    const auto score = make_bic_score(gram, constraints);
    const int node = static_cast<int>(random.below(static_cast<std::uint64_t>(d)));
    const std::vector<int> before = random_set(d, node, random);
    double least = 1e300;
    for (std::uint32_t mask = 0; mask < 1U << before.size(); ++mask) {
      std::vector<int> parents;
      for (std::size_t k = 0; k < before.size(); ++k) {
        if ((mask >> k & 1U) != 0) parents.push_back(before[k]);
      }
      least = std::min(least, bic(gram, node, parents));
    }
    EXPECT_NEAR(score->cost(node, before), least, 1e-8 * std::max(1.0, std::abs(least)));
    const NodeFit fit = score->fit(node, before);
    std::vector<int> chosen;
    for (std::size_t k = 0; k < before.size(); ++k) {
      if (fit.weights[k] != 0) chosen.push_back(before[k]);
    }
    EXPECT_NEAR(bic(gram, node, chosen), least, 1e-8 * std::max(1.0, std::abs(least)));
  }
}

TEST(BicScore, KeepsRequiredParentsAndLeavesOutForbiddenOnes) {
  Gram gram = shipped_gram("er1_20");
  Knowledge knowledge;
  knowledge.required = {{0, 19}};
  knowledge.forbidden = {{1, 19}, {2, 19}};
  const Constraints constraints(knowledge, gram.names);
  const auto score = make_bic_score(gram, constraints);
  std::vector<int> before(19);
  std::iota(before.begin(), before.end(), 0);
  const NodeFit fit = score->fit(19, before);
  EXPECT_NE(fit.weights[0], 0);
  EXPECT_EQ(fit.weights[1], 0);
  EXPECT_EQ(fit.weights[2], 0);
}

TEST(BicScore, OfManyNodesNoSingleChangeOfTheChosenParentsHelps) {
  const Gram gram = shipped_gram("er4_50");
  const Constraints constraints(50);
  const auto score = make_bic_score(gram, constraints);
  std::vector<int> before(30);
  std::iota(before.begin(), before.end(), 0);
  for (const int node : {30, 42, 49}) {
    const NodeFit fit = score->fit(node, before);
    std::vector<int> chosen;
    for (std::size_t k = 0; k < before.size(); ++k) {
      if (fit.weights[k] != 0) chosen.push_back(before[k]);
    }
    EXPECT_NEAR(fit.cost, bic(gram, node, chosen), 1e-6 * std::abs(fit.cost));
    for (std::size_t leaving = 0; leaving < chosen.size(); ++leaving) {
      std::vector<int> fewer = chosen;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(leaving));
      EXPECT_GE(bic(gram, node, fewer), fit.cost - 1e-6);
    }
  }
}

}  // namespace
}  // namespace xchg::dag
