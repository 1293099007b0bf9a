#include "xchg/dag/learn.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/core/threads.hpp"
#include "xchg/dag/graph/bootstrap.hpp"
#include "xchg/dag/graph/prune.hpp"
#include "xchg/dag/learn/bounds.hpp"
#include "xchg/dag/learn/checks.hpp"
#include "xchg/dag/learn/honesty.hpp"
#include "xchg/dag/learn/kkt.hpp"
#include "xchg/dag/learn/plain.hpp"
#include "xchg/dag/learn/runs.hpp"
#include "xchg/dag/learn/units.hpp"

namespace xchg::dag {
namespace {

constexpr double proven_gap = 1e-12;

bool needs_independent_columns(Score score) { return score == Score::LeastSquares || score == Score::Bic; }

// A score at its lower bound is optimal; so is the better of two orders.
void judge(Result& result, const Found& found, const Problem& problem) {
  result.stopped_by = found.stopped_by;
  result.lower_bound = found.lower_bound;
  if (const auto bound = problem.options.score == Score::Bic ? std::nullopt : score_bound(problem)) {
    result.lower_bound = result.lower_bound ? std::max(*bound, *result.lower_bound) : *bound;
  }
  const bool tight = result.lower_bound && problem.options.score != Score::Bic &&
                     result.score_order <= *result.lower_bound * (1 + proven_gap);
  const bool tiny = found.stopped_by.empty() && problem.gram.nodes() <= 2;
  if (found.proven || tight || tiny) {
    result.status = Status::Optimal;
    result.stopped_by.clear();
    result.lower_bound = result.score_order;
  } else {
    result.status = found.stopped_by.empty() ? Status::Local : Status::Interrupted;
  }
  if (!result.lower_bound) return;
  result.gap = problem.options.score == Score::Bic ? result.score_order - *result.lower_bound
                                                   : result.score_order / *result.lower_bound - 1;
}

void add_graph(Result& result, const Problem& problem) {
  prune(result, problem.gram, problem.data, problem.score, problem.constraints, problem.options);
  result.cpdag = cpdag(result.w);
  const Matrix& truth = problem.options.truth;
  if (truth.empty()) return;
  result.metrics = compare(truth, result.w);
  result.cpdag_metrics = compare(cpdag(truth), result.cpdag, result.order.size());
}

Result learn_checked(const Gram& gram, const Data* data, const Options& options, Progress& progress) {
  const Constraints constraints =
      options.knowledge.empty() ? Constraints(gram.nodes()) : Constraints(options.knowledge, gram.names);
  if (needs_independent_columns(options.score)) require_independent(gram);
  const auto score =
      make_node_score(gram, data, constraints, options.score, options.score_options, options.seed);
  const Problem problem{gram, data, constraints, *score, options};
  Found found = find_order(problem, progress);

  Result result;
  result.names = gram.names;
  result.method = options.method;
  result.order = found.order;
  const auto state = make_state(problem, resolve_threads(options.threads));
  state->reset(found.order);
  result.score_order = state->score();
  result.score_start = found.score_start;
  result.w_order = state->weights();
  result.separated = state->separated();
  result.removed_from_start = std::move(found.removed_from_start);
  result.steps = std::move(found.steps);
  result.statistics = found.statistics;
  result.warnings = std::move(found.remarks);
  judge(result, found, problem);
  result.kkt_residual = kkt_residual(problem, result.order, result.w_order);
  add_graph(result, problem);
  return result;
}

Result learn_timed(const Gram& gram, const Data* data, const GramOptions* gram_options,
                   const Options& options, Progress& progress) {
  const auto began = std::chrono::steady_clock::now();
  Result result = learn_graph(gram, data, options, progress);
  add_identifiability(result, gram, options, gram_options != nullptr && gram_options->standardize, progress);
  if (options.bootstrap > 0) bootstrap(result, *data, *gram_options, options, progress);
  result.statistics.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return result;
}

}  // namespace

std::string_view name(Status status) {
  return status == Status::Optimal ? "optimal" : status == Status::Local ? "local" : "interrupted";
}

Result learn_graph(const Gram& gram, const Data* data, const Options& options, Progress& progress) {
  check_options(options, gram.names, data != nullptr);
  const Units units(gram, options);
  Result result = learn_checked(units.gram(), data, units.options(), progress);
  units.restore(result);
  return result;
}

Result learn(const Gram& gram, const Options& options, Progress& progress) {
  check_gram(gram);
  return learn_timed(gram, nullptr, nullptr, options, progress);
}

Result learn(const Data& data, const GramOptions& gram_options, const Options& options, Progress& progress) {
  GramOptions used = with_targets(gram_options, options.knowledge, data.names);
  used.threads = options.threads;
  return learn(data, gram(data, used, progress), gram_options, options, progress);
}

Result learn(const Data& data, const Gram& moments, const GramOptions& gram_options, const Options& options,
             Progress& progress) {
  if (moments.names != data.names) {
    throw InputError("the second moments are of other variables than the rows", {}, "those of the same data");
  }
  const GramOptions used = with_targets(gram_options, options.knowledge, data.names);
  return learn_timed(moments, &data, &used, options, progress);
}

}  // namespace xchg::dag
