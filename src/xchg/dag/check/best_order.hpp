// The least score that any order has, by dynamic programming over sets of nodes with plain costs.
#pragma once

#include <optional>
#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/dag/check/plain_score.hpp"
#include "xchg/dag/check/rules.hpp"

namespace xchg::dag::check {

// At most so many nodes are tried.
inline constexpr std::size_t most_nodes = 12;

// Whether least_order_score() answers within seconds.
bool can_try_all_orders(const PlainScore& score, std::size_t nodes);

// min over all orders that the rules admit; nothing when a fit cannot be relied on. Throws CancelledError.
std::optional<double> least_order_score(const PlainScore& score, const Rules& rules, std::size_t nodes,
                                        Progress& progress);

// For scores that take subsets: entry m is the least cost of the node over the subsets of the candidates
// whose bits m has, and that contain every required one.
std::vector<double> least_over_subsets(const PlainScore& score, const Rules& rules, int node,
                                       const std::vector<int>& candidates);

}  // namespace xchg::dag::check
