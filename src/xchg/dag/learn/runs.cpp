#include "xchg/dag/learn/runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <numeric>
#include <thread>

#include "xchg/core/error.hpp"
#include "xchg/core/parallel.hpp"
#include "xchg/core/threads.hpp"
#include "xchg/dag/identifiability.hpp"
#include "xchg/dag/learn/kkt.hpp"
#include "xchg/dag/learn/silent.hpp"
#include "xchg/dag/order/exact.hpp"
#include "xchg/dag/order/factor.hpp"
#include "xchg/dag/order/search.hpp"
#include "xchg/dag/order/sets.hpp"

namespace xchg::dag {
namespace {

std::vector<int> identity(std::size_t nodes) {
  std::vector<int> order(nodes);
  std::iota(order.begin(), order.end(), 0);
  return order;
}

std::vector<int> least_variance_order(const Problem& problem, Found& found) {
  try {
    Factor factor(problem.gram.s, problem.options.isa);
    factor.factorise_by_least_variance(problem.constraints);
    return factor.order();
  } catch (const NumericError&) {
    // Only scores that take dependent columns come here.
    found.remarks.emplace_back(
        "columns depend on each other, so the search began with the order by variance");
    return variance_order(problem.gram);
  }
}

std::vector<int> matrix_order(const Problem& problem, Found& found) {
  Matrix w = problem.options.start_matrix;
  found.removed_from_start = break_cycles(w);
  return *topological_order(w);
}

// The order that run 0 begins with.
std::vector<int> first_order(const Problem& problem, Found& found) {
  const Options& options = problem.options;
  const auto nodes = problem.gram.nodes();
  switch (options.start) {
    case Start::MinVar:
      return least_variance_order(problem, found);
    case Start::Random:
      return random_order(static_cast<int>(nodes), problem.constraints, options.seed, 0);
    case Start::Given:
      return options.order;
    case Start::Matrix:
      return matrix_order(problem, found);
    case Start::Identity:
      return identity(nodes);
    case Start::Variance:
      return variance_order(problem.gram);
  }
  return {};
}

struct Run {
  std::vector<int> order;
  double score = 0, score_start = 0;
  std::string stopped_by;
  std::vector<Step> steps;
  Statistics statistics;
};

void search(OrderState& state, const Problem& problem, int number, SearchClock& clock) {
  const Options& options = problem.options;
  if (options.method == Method::Topo) {
    topo(state, problem.score, options, clock);
  } else {
    descend(state, options, clock);
  }
  // Streams of random numbers: 0 is that of the start.
  if (options.perturbations > 0) {
    perturb(state, problem.constraints, options, 1 + static_cast<std::uint64_t>(number), clock);
  }
  if (options.tabu_steps > 0) tabu(state, options, clock);
  if (options.method != Method::Topo) leave_non_kkt(state, problem, clock);
}

Run run_from(std::vector<int> order, const Problem& problem, int number, int threads, SearchClock& clock) {
  const auto state = make_state(problem, threads);
  if (!problem.constraints.free_order()) order = problem.constraints.repaired(order);
  clock.run(number);
  state->reset(order);
  Run run;
  run.score_start = state->score();
  clock.step("start", 0, run.score_start);
  if (problem.gram.nodes() > 1) search(*state, problem, number, clock);
  run.order = state->order();
  run.score = state->score();
  run.stopped_by = clock.stopped_by();
  run.statistics = state->statistics;
  return run;
}

void add(Statistics& sum, const Statistics& run) {
  sum.insertions_evaluated += run.insertions_evaluated;
  sum.swaps_evaluated += run.swaps_evaluated;
  sum.moves += run.moves;
  sum.factorisations += run.factorisations;
  sum.refits += run.refits;
  sum.cache_hits += run.cache_hits;
  sum.largest_drift = std::max(sum.largest_drift, run.largest_drift);
  sum.refresh = sum.refresh == 0 ? run.refresh : std::min(sum.refresh, run.refresh);
  sum.isa = run.isa;
  ++sum.runs;
}

// All restarts on several threads; each is the same whatever their number.
std::vector<Run> several_runs(const Problem& problem, const std::vector<int>& first, Progress& progress) {
  const Options& options = problem.options;
  std::vector<Run> runs(static_cast<std::size_t>(options.restarts));
  const SearchClock whole(progress, options.time_limit_seconds);
  const auto caller = std::this_thread::get_id();
  std::atomic<int> done{0};
  progress.begin("restarts", options.restarts, "runs");
  parallel_for(resolve_threads(options.threads), options.restarts, 1, [&](std::int64_t begin, std::int64_t) {
    Silent silent(progress);
    const double left = whole.seconds_left();
    Run& run = runs[static_cast<std::size_t>(begin)];
    if (begin > 0 && (silent.cancelled() || left <= 0)) return;  // never begun
    SearchClock clock(silent, left);
    const double began = whole.seconds();
    const auto number = static_cast<int>(begin);
    auto order = begin == 0 ? first
                            : random_order(static_cast<int>(problem.gram.nodes()), problem.constraints,
                                           options.seed + static_cast<std::uint64_t>(begin), 0);
    run = run_from(std::move(order), problem, number, 1, clock);
    run.steps = std::move(clock.steps);
    for (Step& step : run.steps) step.seconds += began;
    ++done;
    if (std::this_thread::get_id() == caller) progress.update(done);
  });
  return runs;
}

Found by_moves(const Problem& problem, Progress& progress) {
  const Options& options = problem.options;
  Found found;
  const std::vector<int> first = first_order(problem, found);
  const bool chosen = options.start == Start::Given || options.start == Start::Matrix;
  if (chosen && !problem.constraints.admits(first)) {
    found.remarks.push_back(
        "the knowledge rules the start out: the search began with the nearest order that it admits");
  }
  std::vector<Run> runs;
  if (options.restarts == 1) {
    SearchClock clock(progress, options.time_limit_seconds);
    progress.begin("search", 0, "steps");
    runs.push_back(run_from(first, problem, 0, resolve_threads(options.threads), clock));
    runs.back().steps = std::move(clock.steps);
  } else {
    runs = several_runs(problem, first, progress);
  }
  std::size_t best = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (runs[i].order.empty()) {
      found.stopped_by =
          progress.cancelled() ? "cancelled" : fmt::format("time limit of {} s", options.time_limit_seconds);
      continue;
    }
    if (!runs[i].stopped_by.empty()) found.stopped_by = runs[i].stopped_by;
    if (runs[i].score < runs[best].score) best = i;
    add(found.statistics, runs[i].statistics);
    found.steps.insert(found.steps.end(), runs[i].steps.begin(), runs[i].steps.end());
  }
  found.order = runs[best].order;
  found.score = runs[best].score;
  found.score_start = runs[0].score_start;
  found.statistics.best_run = static_cast<int>(best);
  return found;
}

bool has_closed_form(const Problem& problem) {
  return problem.options.score == Score::LeastSquares && !problem.constraints.any_restricted() &&
         problem.gram.parts.empty();
}

ExactOptions exact_options(const Options& options, double seconds) {
  ExactOptions exact;
  exact.node_limit = options.exact_limit;
  exact.memory_budget_bytes = options.memory_budget_bytes;
  exact.time_limit_seconds =
      std::isfinite(options.time_limit_seconds) ? std::max(options.time_limit_seconds - seconds, 1e-9) : 0;
  exact.threads = resolve_threads(options.threads);
  exact.isa = options.isa;
  return exact;
}

// The table of all sets finds its order whatever the search before it did.
void remark_on_search_options(const Options& options, Found& found) {
  std::string given;
  const auto add = [&](bool is_given, const char* what) {
    if (is_given) given += (given.empty() ? "" : ", ") + std::string(what);
  };
  add(options.restarts > 1, "restarts");
  add(options.perturbations > 0, "perturbations");
  add(options.tabu_steps > 0, "tabu steps");
  add(!options.default_batch, "batch");
  if (given.empty()) return;
  found.remarks.push_back(
      given +
      ": only for the search before the proof, whose order would have been the result had "
      "the proof been stopped; the proven order does not depend on it");
}

// First a search by moves, so that there is an order if the proof is stopped.
Found proven(const Problem& problem, Progress& progress) {
  const bool by_table = problem.options.method == Method::Exact;
  if (by_table) require_table(problem.gram.nodes(), exact_options(problem.options, 0));
  if (!by_table && !has_closed_form(problem)) {
    throw InputError("branch and bound takes neither forbidden edges nor interventions", {}, "--exact");
  }
  Options heuristic = problem.options;
  heuristic.method = Method::Insert;
  const Problem searched{problem.gram, problem.data, problem.constraints, problem.score, heuristic};
  SearchClock clock(progress, problem.options.time_limit_seconds);
  Found found = by_moves(searched, progress);
  if (!found.stopped_by.empty()) return found;
  ExactOptions options = exact_options(problem.options, clock.seconds());
  options.incumbent = found.order;
  ExactResult exact;
  if (!by_table) {
    exact = branch_and_bound(problem.gram, problem.constraints, found.order, options, progress);
  } else {
    exact = has_closed_form(problem) ? exact_order(problem.gram, problem.constraints, options, progress)
                                     : exact_order(problem.score, problem.constraints, options, progress);
  }
  found.statistics.sets = exact.sets;
  found.proven = exact.proven;
  if (!exact.order.empty()) found.order = exact.order;
  if (exact.proven) found.lower_bound = exact.score;
  if (exact.proven && by_table) remark_on_search_options(problem.options, found);
  if (!exact.proven) {
    if (exact.lower_bound > 0) found.lower_bound = exact.lower_bound;
    found.stopped_by = exact.stopped_by;
  }
  found.steps.push_back({clock.seconds(), 0, "exact", 0, exact.order.empty() ? found.score : exact.score});
  return found;
}

}  // namespace

std::unique_ptr<OrderState> make_state(const Problem& problem, int threads) {
  Options options = problem.options;
  options.threads = threads;
  if (options.score == Score::LeastSquares) {
    return make_least_squares_state(problem.gram, problem.constraints, options);
  }
  return make_refit_state(problem.score, problem.constraints, options);
}

Found find_order(const Problem& problem, Progress& progress) {
  const bool exact =
      problem.options.method == Method::Exact || problem.options.method == Method::BranchAndBound;
  return exact && problem.gram.nodes() > 1 ? proven(problem, progress) : by_moves(problem, progress);
}

}  // namespace xchg::dag
