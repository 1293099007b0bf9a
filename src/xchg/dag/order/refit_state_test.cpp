// Differences by refits against complete recomputation, for every score.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "xchg/dag/dag.hpp"
#include "xchg/dag/order/search.hpp"
#include "xchg/dag/order/testing.hpp"

namespace xchg::dag {
namespace {

double plain_score(const NodeScore& score, const std::vector<int>& order) {
  std::vector<int> before;
  double sum = 0;
  for (const int node : order) {
    sum += score.cost(node, before);
    before.insert(std::lower_bound(before.begin(), before.end(), node), node);
  }
  return sum;
}

Data counts(std::size_t rows, std::size_t columns, std::uint64_t below) {
  Random random(9);
  Data data;
  data.x = Matrix(rows, columns);
  for (double& value : data.x.values) value = static_cast<double>(random.below(below));
  for (std::size_t i = 0; i < rows; ++i) data.x(i, 1) = random.below(3) == 0 ? data.x(i, 0) : data.x(i, 1);
  for (std::size_t j = 0; j < columns; ++j) data.names.push_back(std::to_string(j));
  return data;
}

struct Problem {
  Data data;
  Gram gram;
  Score score;
};

std::vector<Problem> problems() {
  std::vector<Problem> list;
  for (const Score score : {Score::LeastSquares, Score::L1, Score::Ridge, Score::Bic}) {
    list.push_back({{}, testing::random_gram(6, 11), score});
  }
  list.push_back({counts(80, 5, 2), {}, Score::Logistic});
  list.push_back({counts(80, 5, 5), {}, Score::Poisson});
  Data additive = read_data(XCHG_TEST_DATA "/dag/additive5.csv");
  list.push_back({additive, {}, Score::Additive});
  additive.x.values.resize(40 * additive.nodes());
  additive.x.rows = 40;
  list.push_back({additive, {}, Score::Mlp});
  for (Problem& problem : list) {
    if (problem.gram.nodes() == 0) problem.gram = gram(problem.data);
  }
  return list;
}

Constraints knowledge_of(const Gram& gram) {
  Knowledge knowledge;
  knowledge.before = {{3, 0}};
  knowledge.forbidden = {{1, 2}, {2, 4}};
  return Constraints(knowledge, gram.names);
}

Options options_of(Score score, int threads) {
  Options options{.score = score, .threads = threads};
  options.score_options.hidden_units = 4;
  return options;
}

TEST(RefitState, DifferencesAreThoseOfCompleteRefitsOfLegalMoves) {
  for (const Problem& problem : problems()) {
    const Constraints constraints = knowledge_of(problem.gram);
    const Options options = options_of(problem.score, 1);
    const auto score = make_node_score(problem.gram, &problem.data, constraints, problem.score,
                                       options.score_options, options.seed);
    const auto state = make_refit_state(*score, constraints, options);
    std::vector<int> order(problem.gram.nodes());
    std::iota(order.rbegin(), order.rend(), 0);
    state->reset(order);
    const double now = plain_score(*score, order);
    const double slack = 1e-9 * std::max(1.0, std::abs(now));
    EXPECT_NEAR(state->score(), now, slack) << name(problem.score);
    std::vector<Delta> moves;
    state->insertions(1e300, moves);
    state->swaps(1e300, moves);
    std::size_t legal = 0;
    const int d = state->nodes();
    for (int from = 0; from < d; ++from) {
      for (int to = 0; to < d; ++to) {
        for (const auto kind : {Delta::Kind::Insert, Delta::Kind::Swap}) {
          if (from == to || (kind == Delta::Kind::Swap && to < from)) continue;
          if (kind == Delta::Kind::Insert && to == from - 1) continue;
          std::vector<int> moved = order;
          move_nodes(moved, {kind, from, to, 0});
          legal += constraints.admits(moved);
          EXPECT_EQ(std::isfinite(state->difference({kind, from, to, 0})), constraints.admits(moved));
        }
      }
    }
    EXPECT_EQ(moves.size(), legal) << name(problem.score);
    for (const Delta& move : moves) {
      std::vector<int> moved = order;
      move_nodes(moved, move);
      EXPECT_NEAR(move.difference, plain_score(*score, moved) - now, slack) << name(problem.score);
      EXPECT_NEAR(state->difference(move), move.difference, slack);
    }
  }
}

TEST(RefitState, MovesChangeTheScoreByTheirDifferencesAndNoColumnOutsideThem) {
  for (const Problem& problem : problems()) {
    const Constraints constraints(problem.gram.nodes());
    const Options options = options_of(problem.score, 1);
    const auto score = make_node_score(problem.gram, &problem.data, constraints, problem.score,
                                       options.score_options, options.seed);
    const auto state = make_refit_state(*score, constraints, options);
    std::vector<int> order(problem.gram.nodes());
    std::iota(order.begin(), order.end(), 0);
    state->reset(order);
    const Matrix before = state->weights();
    const double old = state->score();
    const Delta move{Delta::Kind::Swap, 1, 3, 0};
    const double difference = state->difference(move);
    state->apply(std::span(&move, 1));
    EXPECT_NEAR(state->score(), old + difference, 1e-9 * std::max(1.0, std::abs(old))) << name(problem.score);
    EXPECT_EQ(state->order()[1], 3);
    EXPECT_EQ(state->order()[3], 1);
    const Matrix after = state->weights();
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (std::size_t j = 0; j < order.size(); ++j) {
        if (j == 0 || j > 3) {
          EXPECT_EQ(before(i, j), after(i, j)) << name(problem.score);
        }
      }
    }
  }
}

TEST(RefitState, ASearchNeverRaisesTheScoreAndEndsWhereNoMoveHelps) {
  for (const Problem& problem : problems()) {
    const Constraints constraints = knowledge_of(problem.gram);
    const Options options = options_of(problem.score, 2);
    const auto score = make_node_score(problem.gram, &problem.data, constraints, problem.score,
                                       options.score_options, options.seed);
    const auto state = make_refit_state(*score, constraints, options);
    std::vector<int> order(problem.gram.nodes());
    std::iota(order.rbegin(), order.rend(), 0);
    state->reset(order);
    double last = state->score();
    SearchClock clock(Progress::none(), 60);
    descend(*state, options, clock);
    for (const Step& step : clock.steps) {
      EXPECT_LE(step.score, last + 1e-9 * std::abs(last)) << name(problem.score);
      last = step.score;
    }
    EXPECT_TRUE(constraints.admits(state->order()));
    EXPECT_NEAR(state->score(), plain_score(*score, state->order()), 1e-9 * std::max(1.0, std::abs(last)));
    std::vector<Delta> moves;
    state->insertions(-1e-7, moves);
    state->swaps(-1e-7, moves);
    EXPECT_TRUE(moves.empty()) << name(problem.score);
    EXPECT_GT(state->statistics.refits, 0);
    EXPECT_GT(state->statistics.cache_hits, 0) << name(problem.score);
  }
}

}  // namespace
}  // namespace xchg::dag
