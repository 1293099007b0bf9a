#include "xchg/dag/learn/honesty.hpp"

#include <fmt/format.h>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"
#include "xchg/dag/order/search.hpp"

namespace xchg::dag {
namespace {

// Beyond this the search on standardised data is not worth its time.
constexpr std::size_t most_nodes_twice = 400;
// Share of pairs in another order that counts as much.
constexpr double much = 0.2;
constexpr double little = 0.1;

std::string percent(double share) { return fmt::format("{:.0f} %", 100 * share); }

// The order that least squares finds when all variables have variance 1.
std::vector<int> standardized_order(const Gram& gram, const Options& options, Progress& progress) {
  const Gram moments = standardized(gram);
  const Constraints constraints =
      options.knowledge.empty() ? Constraints(gram.nodes()) : Constraints(options.knowledge, gram.names);
  Options search;
  search.threads = options.threads;
  search.isa = options.isa;
  const auto state = make_least_squares_state(moments, constraints, search);
  state->reset(constraints.free_order() ? variance_order(gram) : constraints.repaired(variance_order(gram)));
  SearchClock clock(progress, options.time_limit_seconds);
  descend(*state, search, clock);
  return state->order();
}

void warn(Result& result, const Options& options, bool was_standardized) {
  const Identifiability& facts = result.identifiability;
  if (result.order.size() < 3) return;
  if (options.score == Score::LeastSquares && was_standardized) {
    result.warnings.emplace_back(
        "least squares on standardised data has no model behind it: every variance is 1 by the choice of "
        "units; --score bic does not depend on units");
  } else if (facts.variance_distance < little) {
    result.warnings.push_back(
        fmt::format("sorting the columns by variance gives nearly the same order ({} of the pairs differ): "
                    "in other units it would be another",
                    percent(facts.variance_distance)));
  }
  if (!was_standardized && facts.standardized_distance && *facts.standardized_distance > much) {
    result.warnings.push_back(fmt::format(
        "on columns divided by their standard deviations {} of the pairs stand the other way round: the "
        "directions rest on the units of the columns (equal noise variances); --score bic does not depend on "
        "them",
        percent(*facts.standardized_distance)));
  }
  if (facts.varsortability && *facts.varsortability > 0.9) {
    result.warnings.push_back(
        fmt::format("varsortability is {}: sorting by variance finds such a graph, so a good result here "
                    "says little about real data",
                    text::brief(*facts.varsortability, 3)));
  }
}

}  // namespace

void add_identifiability(Result& result, const Gram& gram, const Options& options, bool was_standardized,
                         Progress& progress) {
  Identifiability& facts = result.identifiability;
  const std::vector<int> by_variance = variance_order(gram);
  facts.variance_distance = kendall_distance(result.order, by_variance);
  const bool least_squares =
      options.score == Score::LeastSquares && gram.parts.empty() && options.knowledge.empty();
  if (least_squares) facts.variance_score = score_order(gram, by_variance);
  if (least_squares && gram.nodes() > 2 && gram.nodes() <= most_nodes_twice && !progress.cancelled()) {
    facts.standardized_distance = kendall_distance(result.order, standardized_order(gram, options, progress));
  }
  if (!options.truth.empty()) {
    facts.varsortability = varsortability(options.truth, gram);
    facts.r2_sortability = r2_sortability(options.truth, gram);
  }
  warn(result, options, was_standardized);
}

}  // namespace xchg::dag
