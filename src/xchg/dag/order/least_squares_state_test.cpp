#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <numeric>

#include "xchg/core/random.hpp"
#include "xchg/dag/order/order_state.hpp"
#include "xchg/dag/order/search.hpp"

namespace xchg::dag {
namespace {

// Second moments of a random linear model; larger `spread`: worse conditioned.
Gram random_gram(int d, double spread, std::uint64_t seed) {
  Random random(seed);
  const auto size = static_cast<std::size_t>(d);
  Eigen::MatrixXd a(d, d);
  for (int i = 0; i < d; ++i) {
    for (int j = 0; j < d; ++j)
      a(i, j) = random.normal() * std::pow(spread, random.uniform()) + (i == j ? 2.0 : 0.0);
  }
  const Eigen::MatrixXd s = a * a.transpose() / d;
  Gram gram;
  gram.s = Matrix(size, size);
  for (int i = 0; i < d; ++i) {
    for (int j = 0; j < d; ++j)
      gram.s(static_cast<std::size_t>(i), static_cast<std::size_t>(j)) = 0.5 * (s(i, j) + s(j, i));
  }
  gram.n = 1000;
  gram.mean.assign(size, 0);
  for (int i = 0; i < d; ++i) gram.names.push_back(std::to_string(i));
  return gram;
}

// The score by a factorisation of its own, parents left out that are not allowed.
long double plain_score(const Gram& gram, const Constraints& constraints, const std::vector<int>& order) {
  long double sum = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const int node = order[k];
    const Matrix& s =
        gram.part_of.empty() || gram.part_of[static_cast<std::size_t>(node)] < 0
            ? gram.s
            : gram.parts[static_cast<std::size_t>(gram.part_of[static_cast<std::size_t>(node)])].s;
    std::vector<int> nodes;
    for (std::size_t i = 0; i < k; ++i) {
      if (constraints.allowed(order[i], node)) nodes.push_back(order[i]);
    }
    nodes.push_back(node);
    const auto m = static_cast<Eigen::Index>(nodes.size());
    Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic> part(m, m);
    for (Eigen::Index i = 0; i < m; ++i) {
      for (Eigen::Index j = 0; j < m; ++j) {
        part(i, j) = s(static_cast<std::size_t>(nodes[static_cast<std::size_t>(i)]),
                       static_cast<std::size_t>(nodes[static_cast<std::size_t>(j)]));
      }
    }
    const long double root = part.llt().matrixLLT()(m - 1, m - 1);
    sum += 0.5L * root * root;
  }
  return sum;
}

void expect_exact(OrderState& state, const Gram& gram, const Constraints& constraints, double tolerance) {
  const long double score = plain_score(gram, constraints, state.order());
  EXPECT_NEAR(static_cast<double>(score), state.score(), tolerance * static_cast<double>(score));
  std::vector<Delta> moves;
  state.insertions(std::numeric_limits<double>::infinity(), moves);
  state.swaps(std::numeric_limits<double>::infinity(), moves);
  for (const Delta& move : moves) {
    std::vector<int> order = state.order();
    move_nodes(order, move);
    ASSERT_TRUE(constraints.admits(order));
    const auto difference = static_cast<double>(plain_score(gram, constraints, order) - score);
    ASSERT_NEAR(move.difference, difference,
                tolerance * static_cast<double>(score) + 1e-9 * std::abs(difference))
        << (move.kind == Delta::Kind::Swap ? "swap " : "insert ") << move.from << " " << move.to;
  }
}

class EveryIsa : public testing::TestWithParam<Isa> {};

TEST_P(EveryIsa, DifferencesAreThoseOfRefactorisation) {
  if (GetParam() > best_isa()) GTEST_SKIP() << "not on this processor";
  for (int round = 0; round < 40; ++round) {
    const int d = 2 + round % 29;
    const Gram gram = random_gram(d, 1 + round % 3, static_cast<std::uint64_t>(round));
    const Constraints none(static_cast<std::size_t>(d));
    const auto state = make_least_squares_state(gram, none, {.threads = 1, .isa = GetParam()});
    state->reset(random_order(d, none, 7, static_cast<std::uint64_t>(round)));
    expect_exact(*state, gram, none, 1e-12);
  }
}

INSTANTIATE_TEST_SUITE_P(LeastSquaresState, EveryIsa, testing::Values(Isa::Scalar, Isa::Avx2, Isa::Avx512),
                         [](const auto& test) { return std::string(name(test.param)); });

TEST(LeastSquaresState, MovesKeepScoreAndDifferencesExact) {
  Random random(3);
  for (const int d : {2, 3, 8, 17, 30}) {
    const Gram gram = random_gram(d, 2, static_cast<std::uint64_t>(d));
    const Constraints none(static_cast<std::size_t>(d));
    const auto state = make_least_squares_state(gram, none, {.refresh = 1000, .threads = 1});
    state->reset(random_order(d, none, 7, 0));
    for (int round = 0; round < 12; ++round) {
      std::vector<Delta> moves;
      state->insertions(std::numeric_limits<double>::infinity(), moves);
      state->swaps(std::numeric_limits<double>::infinity(), moves);
      const Delta move = moves[random.below(moves.size())];
      std::vector<int> order = state->order();
      move_nodes(order, move);
      const double expected = state->score() + move.difference;
      state->apply({&move, 1});
      EXPECT_EQ(state->order(), order);
      EXPECT_NEAR(state->score(), expected, 1e-11 * std::abs(expected));
      expect_exact(*state, gram, none, 1e-11);
    }
  }
}

TEST(LeastSquaresState, ForbiddenParentsAndMomentsOfSingleNodesAreRefitExactly) {
  Random random(5);
  for (int round = 0; round < 25; ++round) {
    const int d = 3 + round % 8;
    Gram gram = random_gram(d, 2, static_cast<std::uint64_t>(round));
    Knowledge knowledge;
    for (int i = 0; i < d; ++i) {
      const int from = static_cast<int>(random.below(static_cast<std::uint64_t>(d)));
      const int to = static_cast<int>(random.below(static_cast<std::uint64_t>(d)));
      if (from != to) knowledge.forbidden.push_back({from, to});
    }
    if (round % 2 == 1) {
      const Gram other = random_gram(d, 2, 100 + static_cast<std::uint64_t>(round));
      gram.parts.push_back({other.s, 500, other.mean});
      gram.part_of.assign(static_cast<std::size_t>(d), -1);
      gram.part_of[0] = gram.part_of[static_cast<std::size_t>(d - 1)] = 0;
    }
    const Constraints constraints(knowledge, gram.names);
    const auto state = make_least_squares_state(gram, constraints, {.threads = 1});
    state->reset(random_order(d, constraints, 7, static_cast<std::uint64_t>(round)));
    expect_exact(*state, gram, constraints, 1e-11);
    const Matrix w = state->weights();
    for (const Edge& edge : knowledge.forbidden) {
      EXPECT_EQ(w(static_cast<std::size_t>(edge.from), static_cast<std::size_t>(edge.to)), 0);
    }
  }
}

TEST(LeastSquaresState, WeightsAreThoseOfTheRegressions) {
  const int d = 9;
  const Gram gram = random_gram(d, 2, 1);
  const Constraints none(d);
  const auto state = make_least_squares_state(gram, none, {.threads = 1});
  state->reset(random_order(d, none, 1, 0));
  const Matrix w = state->weights();
  // S (I - W) is 0 where the row's node stands before the column's: normal equations.
  for (std::size_t k = 0; k < d; ++k) {
    const auto effect = static_cast<std::size_t>(state->order()[k]);
    for (std::size_t i = 0; i < k; ++i) {
      const auto cause = static_cast<std::size_t>(state->order()[i]);
      double residual = gram.s(cause, effect);
      for (std::size_t t = 0; t < d; ++t) residual -= gram.s(cause, t) * w(t, effect);
      EXPECT_NEAR(residual, 0, 1e-11 * gram.s(effect, effect));
    }
  }
}

}  // namespace
}  // namespace xchg::dag
