#include "xchg/dag/check/best_order.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "xchg/core/error.hpp"

namespace xchg::dag::check {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

using Mask = std::size_t;

std::vector<int> members(Mask set, const std::vector<int>& candidates) {
  std::vector<int> result;
  for (std::size_t k = 0; k < candidates.size(); ++k) {
    if ((set >> k & 1) != 0) result.push_back(candidates[k]);
  }
  return result;
}

// (2^p) the cost of the node on each subset of the candidates, as the order score counts it.
std::optional<std::vector<double>> costs(const PlainScore& score, const Rules& rules, int node,
                                         const std::vector<int>& candidates) {
  if (score.takes_subsets()) return least_over_subsets(score, rules, node, candidates);
  std::vector<double> result(Mask{1} << candidates.size());
  for (Mask set = 0; set < result.size(); ++set) {
    const PlainFit fit = score.fit(node, members(set, candidates));
    if (!fit.trouble.empty()) return std::nullopt;
    result[set] = fit.cost;
  }
  return result;
}

}  // namespace

bool can_try_all_orders(const PlainScore& score, std::size_t nodes) {
  constexpr double most_work = 2e10;
  if (nodes > most_nodes) return false;
  return static_cast<double>(nodes) * std::exp2(static_cast<double>(nodes) - 1) * score.work() <= most_work;
}

std::vector<double> least_over_subsets(const PlainScore& score, const Rules& rules, int node,
                                       const std::vector<int>& candidates) {
  std::vector<double> least(Mask{1} << candidates.size());
  Mask required = 0;
  for (std::size_t k = 0; k < candidates.size(); ++k)
    required |= rules.required(candidates[k], node) ? Mask{1} << k : 0;
  for (Mask set = 0; set < least.size(); ++set) {
    least[set] = (set & required) == required ? score.fit(node, members(set, candidates)).cost : infinity;
    for (std::size_t k = 0; k < candidates.size(); ++k) {
      if ((set >> k & 1) != 0) least[set] = std::min(least[set], least[set ^ (Mask{1} << k)]);
    }
  }
  return least;
}

std::optional<double> least_order_score(const PlainScore& score, const Rules& rules, std::size_t nodes,
                                        Progress& progress) {
  const auto d = static_cast<int>(nodes);
  std::vector<std::vector<int>> candidates(nodes);
  std::vector<std::vector<double>> cost(nodes);
  progress.begin("trying all orders", static_cast<double>(nodes), "nodes");
  for (int j = 0; j < d; ++j) {
    if (progress.cancelled()) throw CancelledError("cancelled while trying all orders");
    std::vector<int> others(nodes);
    std::iota(others.begin(), others.end(), 0);
    std::erase(others, j);
    const auto at = static_cast<std::size_t>(j);
    candidates[at] = rules.allowed(j, others);
    auto found = costs(score, rules, j, candidates[at]);
    if (!found) return std::nullopt;
    cost[at] = std::move(*found);
    progress.update(j + 1);
  }
  // best[m]: of the orders of the nodes of m.
  std::vector<double> best(Mask{1} << nodes, infinity);
  best[0] = 0;
  for (Mask set = 1; set < best.size(); ++set) {
    for (int last = 0; last < d; ++last) {
      if ((set >> last & 1) == 0) continue;
      bool admitted = true;
      Mask parents = 0;
      for (int other = 0; other < d; ++other) {
        const bool inside = (set >> other & 1) != 0;
        admitted = admitted && !(inside ? rules.before(last, other) : rules.before(other, last));
      }
      if (!admitted) continue;
      const auto at = static_cast<std::size_t>(last);
      for (std::size_t k = 0; k < candidates[at].size(); ++k) parents |= (set >> candidates[at][k] & 1) << k;
      best[set] = std::min(best[set], best[set ^ (Mask{1} << last)] + cost[at][parents]);
    }
  }
  return best.back();
}

}  // namespace xchg::dag::check
