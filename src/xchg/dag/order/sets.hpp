// Sets of nodes as bits, and what all exact searches share.
#pragma once

#include <bit>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/dag/knowledge.hpp"
#include "xchg/dag/order/exact.hpp"

namespace xchg::dag {

// Node j is bit j.
using NodeSet = std::uint64_t;

inline NodeSet set_of(int node) { return NodeSet{1} << node; }
// The nodes of a set, ascending.
std::vector<int> nodes_of(NodeSet set);

// For each node those that must stand before it.
std::vector<NodeSet> predecessor_sets(const Constraints& constraints);
// For each node those that must stand after it.
std::vector<NodeSet> successor_sets(const Constraints& constraints);

// Whether a search has to end before its time. stop() may be called from several threads.
class Deadline {
 public:
  // 0 seconds or less: no limit.
  Deadline(const Progress& progress, double seconds);
  bool stop() const { return reason() != nullptr; }
  // "cancelled", "time limit" or null.
  const char* reason() const;

 private:
  const Progress& progress_;
  double seconds_;
  std::chrono::steady_clock::time_point began_;
};

// Throws LimitError unless the table of a set function of so many nodes is allowed.
void require_table(std::size_t nodes, const ExactOptions& options);

// The order behind best (2^d), last node first found: of those with
// best(m) = best(m \ j) + cost(j, m \ j) to 1e-12 the smallest.
std::vector<int> order_of_table(const double* best, const std::vector<NodeSet>& successors,
                                const std::function<double(int node, NodeSet before)>& cost);

}  // namespace xchg::dag
