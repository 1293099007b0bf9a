#include <cmath>
#include <limits>

#include "xchg/core/error.hpp"
#include "xchg/dag/order/sets.hpp"

namespace xchg::dag {

std::vector<int> nodes_of(NodeSet set) {
  std::vector<int> nodes;
  for (; set != 0; set &= set - 1) nodes.push_back(std::countr_zero(set));
  return nodes;
}

std::vector<NodeSet> predecessor_sets(const Constraints& constraints) {
  const int d = static_cast<int>(constraints.nodes());
  std::vector<NodeSet> sets(constraints.nodes());
  for (int a = 0; a < d; ++a) {
    for (int b = 0; b < d; ++b) {
      if (constraints.before(a, b)) sets[static_cast<std::size_t>(b)] |= set_of(a);
    }
  }
  return sets;
}

std::vector<NodeSet> successor_sets(const Constraints& constraints) {
  const int d = static_cast<int>(constraints.nodes());
  std::vector<NodeSet> sets(constraints.nodes());
  for (int a = 0; a < d; ++a) {
    for (int b = 0; b < d; ++b) {
      if (constraints.before(a, b)) sets[static_cast<std::size_t>(a)] |= set_of(b);
    }
  }
  return sets;
}

Deadline::Deadline(const Progress& progress, double seconds)
    : progress_(progress), seconds_(seconds), began_(std::chrono::steady_clock::now()) {}

const char* Deadline::reason() const {
  if (progress_.cancelled()) return "cancelled";
  if (seconds_ > 0 &&
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count() >= seconds_) {
    return "time limit";
  }
  return nullptr;
}

std::uint64_t exact_bytes(std::size_t nodes) {
  return nodes < 61 ? std::uint64_t{8} << nodes : std::numeric_limits<std::uint64_t>::max();
}

void require_table(std::size_t nodes, const ExactOptions& options) {
  const std::uint64_t needed = exact_bytes(nodes);
  const std::uint64_t allowed = options.memory_budget_bytes > 0
                                    ? options.memory_budget_bytes
                                    : exact_bytes(static_cast<std::size_t>(options.node_limit));
  if (needed <= allowed) return;
  throw LimitError("the exact search keeps a number for each set of the " + std::to_string(nodes) + " nodes",
                   needed, allowed, "allow more memory, or use branch-and-bound or another method");
}

std::vector<int> order_of_table(const double* best, const std::vector<NodeSet>& successors,
                                const std::function<double(int node, NodeSet before)>& cost) {
  const std::size_t d = successors.size();
  std::vector<int> order(d);
  NodeSet set = (NodeSet{1} << d) - 1;
  for (std::size_t at = d; at-- > 0;) {
    double least = std::numeric_limits<double>::infinity();
    int last = -1;
    for (const int j : nodes_of(set)) {
      const NodeSet before = set & ~set_of(j);
      if ((successors[static_cast<std::size_t>(j)] & set) != 0 || std::isinf(best[before])) continue;
      const double value = best[before] + cost(j, before);
      if (last < 0 || value < least - 1e-12 * std::abs(least)) {
        least = value;
        last = j;
      }
    }
    if (last < 0) throw NumericError("the exact search met costs that are not finite");
    order[at] = last;
    set &= ~set_of(last);
  }
  return order;
}

}  // namespace xchg::dag
