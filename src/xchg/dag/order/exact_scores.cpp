#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "xchg/core/error.hpp"
#include "xchg/core/parallel.hpp"
#include "xchg/dag/order/exact.hpp"
#include "xchg/dag/order/sets.hpp"

namespace xchg::dag {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Dynamic programming over sets layer by layer (by their size): a set asks only for sets with one node less.
class SetTable {
 public:
  SetTable(const NodeScore& score, const Constraints& constraints)
      : score_(score),
        d_(score.nodes()),
        predecessors_(predecessor_sets(constraints)),
        successors_(successor_sets(constraints)),
        best_(std::make_unique<double[]>(std::size_t{1} << d_)) {}

  double cost(int node, NodeSet before) const { return score_.cost(node, nodes_of(before)); }

  double total(const std::vector<int>& order) const {
    double sum = 0;
    NodeSet before = 0;
    for (const int node : order) {
      sum += cost(node, before);
      before |= set_of(node);
    }
    return sum;
  }

  // Again and again the node of least cost given those taken.
  std::vector<int> greedy_order() const {
    std::vector<int> order;
    for (NodeSet taken = 0; static_cast<int>(order.size()) < d_; taken |= set_of(order.back())) {
      double least = infinity;
      int next = -1;
      for (const int j : nodes_of(~taken & full())) {
        if ((predecessors_[static_cast<std::size_t>(j)] & ~taken) != 0) continue;
        const double value = cost(j, taken);
        if (next < 0 || value < least) {
          least = value;
          next = j;
        }
      }
      order.push_back(next);
    }
    return order;
  }

  // Leaves out sets from which no order gets below `bound` (an attained total): whatever the order, each node
  // costs at least what it does given all that may stand before it.
  void use_bound(double bound) {
    bound_ = bound + 1e-9 * std::abs(bound);
    for (int j = 0; j < d_; ++j) {
      rest_.push_back(cost(j, full() & ~successors_[static_cast<std::size_t>(j)] & ~set_of(j)));
    }
  }

  // What the nodes cost at least; only after use_bound().
  double least_total() const {
    double sum = 0;
    for (const double least : rest_) sum += least;
    return rest_.empty() ? -infinity : sum;
  }

  // Fills in the sets of `size` nodes; returns how many were not left out.
  std::int64_t layer(const std::vector<NodeSet>& sets, int threads, const Deadline& deadline) {
    std::vector<unsigned char> kept(sets.size());
    parallel_for(threads, static_cast<std::int64_t>(sets.size()), 16,
                 [&](std::int64_t begin, std::int64_t end) {
                   for (std::int64_t i = begin; i < end && !deadline.stop(); ++i) {
                     const NodeSet set = sets[static_cast<std::size_t>(i)];
                     best_[set] = value(set);
                     kept[static_cast<std::size_t>(i)] = best_[set] < infinity;
                   }
                 });
    return std::count(kept.begin(), kept.end(), 1);
  }

  std::vector<int> order() const {
    return order_of_table(best_.get(), successors_,
                          [this](int j, NodeSet before) { return cost(j, before); });
  }

 private:
  NodeSet full() const { return (NodeSet{1} << d_) - 1; }

  double value(NodeSet set) const {
    const std::vector<int> nodes = nodes_of(set);
    for (const int j : nodes) {
      if ((predecessors_[static_cast<std::size_t>(j)] & ~set) != 0) return infinity;
    }
    double least = infinity;
    for (const int j : nodes) {
      const NodeSet before = set & ~set_of(j);
      if (std::isinf(best_[before]) || (successors_[static_cast<std::size_t>(j)] & set) != 0) continue;
      least = std::min(least, best_[before] + cost(j, before));
    }
    if (rest_.empty()) return least;
    double rest = 0;
    for (const int j : nodes_of(~set & full())) rest += rest_[static_cast<std::size_t>(j)];
    return least + rest > bound_ ? infinity : least;
  }

  const NodeScore& score_;
  int d_;
  std::vector<NodeSet> predecessors_, successors_;
  std::unique_ptr<double[]> best_;
  double bound_ = infinity;
  std::vector<double> rest_;  // (d) least cost of each node; empty: not used
};

// All sets of `size` of d nodes, ascending.
std::vector<NodeSet> sets_of_size(int d, int size) {
  std::vector<NodeSet> sets;
  const NodeSet end = NodeSet{1} << d;
  for (NodeSet set = (NodeSet{1} << size) - 1; set < end;) {
    sets.push_back(set);
    const NodeSet low = set & (~set + 1), next = set + low;  // Gosper's hack
    set = next | (((set ^ next) / low) >> 2);
  }
  return sets;
}

}  // namespace

ExactResult exact_order(const NodeScore& score, const Constraints& constraints, const ExactOptions& options,
                        Progress& progress) {
  const int d = score.nodes();
  require_table(static_cast<std::size_t>(d), options);
  if (!score.is_set_function()) {
    throw InputError("the exact search needs costs that depend on the set of predecessors alone");
  }
  const Deadline deadline(progress, options.time_limit_seconds);
  SetTable table(score, constraints);
  ExactResult result;
  if (score.is_monotone()) {
    const double greedy = table.total(table.greedy_order());
    table.use_bound(options.incumbent.empty() ? greedy : std::min(greedy, table.total(options.incumbent)));
  }
  progress.begin("exact order", std::ldexp(1.0, d), "sets");
  result.sets = 1;
  double done = 1;
  for (int size = 1; size <= d; ++size) {
    const std::vector<NodeSet> sets = sets_of_size(d, size);
    result.sets += table.layer(sets, options.threads, deadline);
    if (const char* reason = deadline.reason()) {
      result.order = options.incumbent;
      if (!result.order.empty()) result.score = table.total(result.order);
      result.lower_bound = table.least_total();
      result.stopped_by = reason;
      return result;
    }
    progress.update(done += static_cast<double>(sets.size()));
  }
  result.order = table.order();
  result.score = table.total(result.order);
  result.lower_bound = result.score;
  result.proven = true;
  return result;
}

}  // namespace xchg::dag
