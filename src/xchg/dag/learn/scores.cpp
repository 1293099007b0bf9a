// Scores of given orders, and all their neighbours.
#include <limits>

#include "xchg/core/threads.hpp"
#include "xchg/dag/learn.hpp"
#include "xchg/dag/learn/checks.hpp"
#include "xchg/dag/learn/runs.hpp"
#include "xchg/dag/learn/units.hpp"

namespace xchg::dag {
namespace {

double score_of(const Gram& gram, const Data* data, std::span<const int> order, const Options& options) {
  check_options(options, gram.names, data != nullptr);
  check_order(order, gram.names);
  if (options.score == Score::LeastSquares) require_independent(gram);
  const Units units(gram, options);
  const Constraints constraints =
      options.knowledge.empty() ? Constraints(gram.nodes()) : Constraints(options.knowledge, gram.names);
  const auto score = make_node_score(units.gram(), data, constraints, options.score,
                                     units.options().score_options, options.seed);
  const Problem problem{units.gram(), data, constraints, *score, units.options()};
  const auto state = make_state(problem, resolve_threads(options.threads));
  state->reset(order);
  Result result;
  result.score_order = state->score();
  units.restore(result);
  return result.score_order;
}

}  // namespace

double score_order(const Gram& gram, std::span<const int> order) {
  return score_order(gram, order, Options());
}

double score_order(const Gram& gram, std::span<const int> order, const Options& options) {
  return score_of(gram, nullptr, order, options);
}

double score_order(const Data& data, const GramOptions& gram_options, std::span<const int> order,
                   const Options& options) {
  const GramOptions used = with_targets(gram_options, options.knowledge, data.names);
  return score_of(gram(data, used), &data, order, options);
}

std::vector<Delta> neighbourhood(const Gram& gram, std::span<const int> order) {
  check_order(order, gram.names);
  require_independent(gram);
  const Options options;
  const Units units(gram, options);
  const Constraints constraints(gram.nodes());
  const auto state = make_least_squares_state(units.gram(), constraints, options);
  state->reset(order);
  std::vector<Delta> moves;
  if (order.size() < 2) return moves;
  state->insertions(std::numeric_limits<double>::infinity(), moves);
  state->swaps(std::numeric_limits<double>::infinity(), moves);
  Result scale;
  scale.score_order = 1;
  units.restore(scale);
  for (Delta& move : moves) move.difference *= scale.score_order;
  return moves;
}

}  // namespace xchg::dag
