#include "xchg/dag/learn/checks.hpp"

#include <fmt/format.h>

#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/core/threads.hpp"

namespace xchg::dag {
namespace {

void require_in(double value, double low, double high, const char* what) {
  if (!(value >= low && value <= high)) {
    throw InputError(fmt::format("{} is {}", what, value), {},
                     high == std::numeric_limits<double>::infinity() ? fmt::format("at least {}", low)
                                                                     : fmt::format("{} to {}", low, high));
  }
}

constexpr double any = std::numeric_limits<double>::infinity();

void check_topo(const Options& options, std::size_t nodes) {
  const double pairs = static_cast<double>(nodes) * static_cast<double>(nodes - 1) / 2;
  if (options.size_small != 0) require_in(options.size_small, 1, pairs, "the size of the small set");
  if (options.size_large != 0) require_in(options.size_large, 1, pairs, "the size of the large set");
  require_in(options.large_rounds, -1, any, "the number of rounds with the large set");
  require_in(options.min_gradient, 0, any, "the least gradient");
}

void check_score(const ScoreOptions& options) {
  require_in(options.lambda1, 0, 1e300, "lambda1");
  require_in(options.lambda2, 0, 1e300, "lambda2");
  require_in(options.degree, 1, 3, "the degree");
  require_in(options.hidden_units, 1, 10000, "the number of hidden units");
}

}  // namespace

void check_options(const Options& options, const std::vector<std::string>& names, bool rows) {
  const std::size_t nodes = names.size();
  if (nodes == 0) throw InputError("there is no variable", {}, "at least one column");
  if (nodes > 1) check_topo(options, nodes);
  check_score(options.score_options);
  require_in(options.restarts, 1, 1e6, "the number of restarts");
  require_in(options.perturbations, 0, 1e9, "the number of perturbations");
  require_in(options.tabu_steps, 0, 1e9, "the number of tabu steps");
  require_in(options.exact_limit, 1, 63, "the limit of exact search");
  require_in(options.refresh, 1, 1e9, "the number of moves between factorisations");
  require_in(options.threshold, 0, any, "the threshold");
  require_in(options.bootstrap, 0, 1e9, "the number of resamples");
  if (!(options.alpha > 0 && options.alpha < 1)) {
    throw InputError(fmt::format("alpha is {}", options.alpha), {}, "a number between 0 and 1");
  }
  if (!(options.time_limit_seconds > 0)) throw InputError("the time limit is not above 0 s");
  resolve_threads(options.threads);
  resolve_isa(options.isa);
  if (options.start == Start::Given) check_order(options.order, names);
  if (options.start == Start::Matrix) check_weights(options.start_matrix, nodes, "start matrix");
  if (!options.truth.empty()) check_weights(options.truth, nodes, "true graph");
  if (options.method == Method::BranchAndBound && options.score != Score::LeastSquares) {
    throw InputError("branch and bound is for least squares", {}, "--exact for other scores");
  }
  if (options.method == Method::Exact && options.score == Score::Mlp) {
    throw InputError("nets have no proven optimum: where their training ends depends on where it begins", {},
                     "--method insert, swap or topo");
  }
  const bool needs_rows = options.score == Score::Logistic || options.score == Score::Poisson ||
                          options.score == Score::Additive || options.score == Score::Mlp;
  if (needs_rows && !options.default_prune && options.prune != Prune::Threshold &&
      options.prune != Prune::None) {
    throw InputError(fmt::format("edges of the score {} are pruned by a threshold only", name(options.score)),
                     {}, "--prune threshold or none");
  }
  if (!rows && needs_rows) {
    throw InputError(
        fmt::format("the score {} needs the rows, not only their second moments", name(options.score)), {},
        "a table of observations");
  }
  if (!rows && options.bootstrap > 0) {
    throw InputError("the bootstrap needs the rows, not only their second moments", {},
                     "a table of observations");
  }
}

void check_order(std::span<const int> order, const std::vector<std::string>& names) {
  std::vector<int> count(names.size());
  for (const int node : order) {
    if (node < 0 || static_cast<std::size_t>(node) >= names.size()) {
      throw InputError(fmt::format("the order has node number {}", node), {},
                       fmt::format("numbers from 0 to {}", names.size() - 1));
    }
    ++count[static_cast<std::size_t>(node)];
  }
  std::string missing, repeated;
  for (std::size_t node = 0; node < names.size(); ++node) {
    if (count[node] == 0) missing += (missing.empty() ? "" : ", ") + names[node];
    if (count[node] > 1) repeated += (repeated.empty() ? "" : ", ") + names[node];
  }
  if (missing.empty() && repeated.empty()) return;
  std::string problem = "the order is no permutation:";
  if (!repeated.empty()) problem += " repeated " + repeated + (missing.empty() ? "" : ";");
  if (!missing.empty()) problem += " missing " + missing;
  throw InputError(problem, {}, "every variable once");
}

GramOptions with_targets(const GramOptions& options, const Knowledge& knowledge,
                         const std::vector<std::string>& names) {
  GramOptions result = options;
  for (const auto& [regime, nodes] : knowledge.targets) {
    auto& targets = result.targets[regime];
    for (const int node : nodes) {
      if (node < 0 || static_cast<std::size_t>(node) >= names.size()) {
        throw InputError(fmt::format("target {} of regime {} is no variable", node, regime));
      }
      targets.push_back(names[static_cast<std::size_t>(node)]);
    }
  }
  return result;
}

void check_weights(const Matrix& w, std::size_t nodes, const std::string& what) {
  if (w.rows != nodes || w.columns != nodes) {
    throw InputError(fmt::format("the {} is {} by {}", what, w.rows, w.columns), {},
                     fmt::format("{} by {}, a row and a column for each variable", nodes, nodes));
  }
  for (std::size_t i = 0; i < nodes; ++i) {
    for (std::size_t j = 0; j < nodes; ++j) {
      if (!std::isfinite(w(i, j))) {
        throw InputError(fmt::format("the {} has no finite number at row {}, column {}", what, i + 1, j + 1));
      }
    }
    if (w(i, i) != 0) {
      throw InputError(fmt::format("the {} has {} on its diagonal, at row {}", what, w(i, i), i + 1), {},
                       "0: no variable is its own parent");
    }
  }
}

}  // namespace xchg::dag
