// Names of the options, and sizes that depend on the number of nodes.
#include "xchg/dag/options.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"

namespace xchg::dag {
namespace {

template <class T>
using Named = std::pair<T, std::string_view>;

constexpr std::array scores{
    Named<Score>{Score::LeastSquares, "least-squares"},
    Named<Score>{Score::L1, "l1"},
    Named<Score>{Score::Ridge, "ridge"},
    Named<Score>{Score::Bic, "bic"},
    Named<Score>{Score::Logistic, "logistic"},
    Named<Score>{Score::Poisson, "poisson"},
    Named<Score>{Score::Additive, "additive"},
    Named<Score>{Score::Mlp, "mlp"},
};
constexpr std::array methods{
    Named<Method>{Method::Insert, "insert"},
    Named<Method>{Method::Swap, "swap"},
    Named<Method>{Method::Topo, "topo"},
    Named<Method>{Method::Exact, "exact"},
    Named<Method>{Method::BranchAndBound, "branch-and-bound"},
};
constexpr std::array starts{
    Named<Start>{Start::MinVar, "minvar"},     Named<Start>{Start::Random, "random"},
    Named<Start>{Start::Given, "given"},       Named<Start>{Start::Matrix, "matrix"},
    Named<Start>{Start::Identity, "identity"}, Named<Start>{Start::Variance, "variance"},
};
constexpr std::array acyclicities{
    Named<Acyclicity>{Acyclicity::LogDet, "log-det"},
    Named<Acyclicity>{Acyclicity::Exponential, "exponential"},
    Named<Acyclicity>{Acyclicity::Polynomial, "polynomial"},
};
constexpr std::array batches{
    Named<Batch>{Batch::Best, "best"},
    Named<Batch>{Batch::Greedy, "greedy"},
    Named<Batch>{Batch::Single, "single"},
};
constexpr std::array prunes{
    Named<Prune>{Prune::TTest, "t-test"},      Named<Prune>{Prune::Threshold, "threshold"},
    Named<Prune>{Prune::Bic, "bic"},           Named<Prune>{Prune::L1, "l1"},
    Named<Prune>{Prune::Adaptive, "adaptive"}, Named<Prune>{Prune::None, "none"},
};
constexpr std::array missings{
    Named<Missing>{Missing::Error, "error"},
    Named<Missing>{Missing::Listwise, "listwise"},
    Named<Missing>{Missing::Pairwise, "pairwise"},
    Named<Missing>{Missing::Em, "em"},
};

template <class T, std::size_t Count>
std::vector<std::string> all_names(const std::array<Named<T>, Count>& list) {
  std::vector<std::string> names;
  for (const auto& entry : list) names.emplace_back(entry.second);
  return names;
}

template <class T, std::size_t Count>
std::string_view name_in(const std::array<Named<T>, Count>& list, T value) {
  return list.at(static_cast<std::size_t>(value)).second;
}

template <class T, std::size_t Count>
T parse_in(const std::array<Named<T>, Count>& list, std::string_view what, const std::string& text) {
  for (const auto& [value, name] : list) {
    if (text == name) return value;
  }
  std::string expected = "one of";
  for (const auto& entry : list) expected += (&entry == list.data() ? " " : ", ") + std::string(entry.second);
  throw InputError("unknown " + std::string(what) + " '" + text + "'", {}, expected);
}

}  // namespace

std::string_view name(Score value) { return name_in(scores, value); }
std::string_view name(Method value) { return name_in(methods, value); }
std::string_view name(Start value) { return name_in(starts, value); }
std::string_view name(Acyclicity value) { return name_in(acyclicities, value); }
std::string_view name(Batch value) { return name_in(batches, value); }
std::string_view name(Prune value) { return name_in(prunes, value); }
std::string_view name(Missing value) { return name_in(missings, value); }

Score parse_score(const std::string& text) { return parse_in(scores, "score", text); }
Method parse_method(const std::string& text) { return parse_in(methods, "method", text); }
Start parse_start(const std::string& text) { return parse_in(starts, "start", text); }
Acyclicity parse_acyclicity(const std::string& text) {
  return parse_in(acyclicities, "acyclicity function", text);
}
Batch parse_batch(const std::string& text) { return parse_in(batches, "batch", text); }
Prune parse_prune(const std::string& text) { return parse_in(prunes, "way of pruning", text); }
Missing parse_missing(const std::string& text) {
  return parse_in(missings, "treatment of missing values", text);
}

std::vector<std::string> score_names() { return all_names(scores); }
std::vector<std::string> method_names() { return all_names(methods); }
std::vector<std::string> start_names() { return all_names(starts); }
std::vector<std::string> acyclicity_names() { return all_names(acyclicities); }
std::vector<std::string> batch_names() { return all_names(batches); }
std::vector<std::string> prune_names() { return all_names(prunes); }
std::vector<std::string> missing_names() { return all_names(missings); }

TopoSizes topo_release_sizes(int nodes, bool linear) {
  const int all = nodes * (nodes - 1) / 2;
  if (all < 1) return {};
  const auto clamped = [all](int size) { return std::clamp(size, 1, all); };
  if (!linear) return {clamped(nodes), clamped(3 * nodes), 1};
  const double d = nodes;
  const int most = std::min(static_cast<int>(std::floor(std::sqrt(d) * (d - 1) * std::log10(d))), all);
  const int base = static_cast<int>(std::floor(1.5 * d));
  return {clamped(std::min(base, most)), clamped(std::max(base, most)), std::min(nodes / 10, 1)};
}

}  // namespace xchg::dag
