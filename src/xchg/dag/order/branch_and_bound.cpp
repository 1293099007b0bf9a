#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"
#include "xchg/dag/order/conditional.hpp"
#include "xchg/dag/order/exact.hpp"
#include "xchg/dag/order/remaining_bound.hpp"
#include "xchg/dag/order/set_table.hpp"
#include "xchg/dag/order/sets.hpp"

namespace xchg::dag {
namespace {

constexpr std::size_t most_nodes = 128;
constexpr std::uint64_t default_memory = std::uint64_t{1} << 30;
// A record with its share of the deque and of the slots; an entry of the queue, with room for it to double.
constexpr std::uint64_t bytes_a_record = 64, bytes_an_entry = 64;
constexpr double tolerance = 1e-12;  // relative: scores this close count as equal

// A set to be expanded: least bound first, larger sets first among equals.
struct Open {
  double bound = 0;
  double cost = 0;  // when it was put in; the entry is stale when the record has less
  SetTable::Index index = 0;
  int size = 0;

  bool operator<(const Open& other) const {
    if (bound != other.bound) return bound > other.bound;
    if (size != other.size) return size < other.size;
    return index > other.index;
  }
};

// S with the nodes of a set eliminated: the Schur complement of the others.
class Complement {
 public:
  explicit Complement(const Matrix& s) : s_(s), a_(s.rows, s.rows) {}

  void compute(const WideSet& set) {
    rest.clear();
    nodes_.clear();
    const int d = static_cast<int>(s_.rows);
    for (int j = 0; j < d; ++j) (set.has(j) ? nodes_ : rest).push_back(j);
    const std::size_t taken = nodes_.size();
    nodes_.insert(nodes_.end(), rest.begin(), rest.end());
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      for (std::size_t k = i; k < nodes_.size(); ++k) {
        a_(i, k) = s_(static_cast<std::size_t>(nodes_[i]), static_cast<std::size_t>(nodes_[k]));
      }
    }
    log_pivots = 0;
    for (std::size_t t = 0; t < taken; ++t) {
      const double* pivot_row = a_.row(t).data();
      log_pivots += std::log(pivot_row[t]);
      for (std::size_t i = t + 1; i < nodes_.size(); ++i) {
        const double factor = pivot_row[i] / pivot_row[t];
        double* row = a_.row(i).data();
        for (std::size_t k = i; k < nodes_.size(); ++k) row[k] -= factor * pivot_row[k];
      }
    }
    taken_ = taken;
  }

  // Of the i-th and k-th of the rest.
  double at(std::size_t i, std::size_t k) const {
    return a_(taken_ + std::min(i, k), taken_ + std::max(i, k));
  }

  std::vector<int> rest;
  double log_pivots = 0;  // log det S of the set

 private:
  const Matrix& s_;
  Matrix a_;
  std::vector<int> nodes_;
  std::size_t taken_ = 0;
};

// Again and again the node of least variance given those taken.
std::vector<int> greedy_order(const Matrix& s, const Precedence& precedence) {
  Complement complement(s);
  std::vector<int> order;
  for (WideSet set; order.size() < s.rows; set = set.with(order.back())) {
    complement.compute(set);
    double least = std::numeric_limits<double>::infinity();
    int next = -1;
    for (std::size_t k = 0; k < complement.rest.size(); ++k) {
      const int node = complement.rest[k];
      const std::vector<int> needed = precedence.forced_before(static_cast<std::size_t>(node));
      if (std::any_of(needed.begin(), needed.end(), [&](int i) { return !set.has(i); })) continue;
      if (next < 0 || complement.at(k, k) < least) {
        least = complement.at(k, k);
        next = node;
      }
    }
    order.push_back(next);
  }
  return order;
}

class BestFirst {
 public:
  BestFirst(const Matrix& s, Precedence precedence, std::vector<int> incumbent)
      : s_(s), log_det_(log_determinant(s)), complement_(s), predecessors_(s.rows) {
    incumbent_ = incumbent.empty() ? greedy_order(s, precedence) : std::move(incumbent);
    score_ = least_squares_of_order(s_, incumbent_);
    least_ = imply_precedence(s, enough(), precedence);
    for (std::size_t j = 0; j < s.rows; ++j) {
      log_least_.push_back(std::log(least_[j]));
      for (const int i : precedence.forced_before(j)) predecessors_[j] = predecessors_[j].with(i);
    }
    const SetTable::Index root = table_.find_or_add({});
    table_[root].cost = 0;
    complement_.compute({});
    for (std::size_t k = 0; k < complement_.rest.size(); ++k) limit(k, complement_.at(k, k));
    queue_.push({least_half_sum(limits_, log_det_, enough()), 0, root, 0});
  }

  // No order scores below.
  double lower_bound() const { return queue_.empty() ? score_ : std::min(score_, queue_.top().bound); }
  bool done() const { return queue_.empty() || queue_.top().bound >= enough(); }
  // What tables and queue need; more than any machine has when the numbers of records run out.
  std::uint64_t bytes() const {
    if (table_.full()) return std::numeric_limits<std::uint64_t>::max();
    return table_.size() * bytes_a_record + queue_.size() * bytes_an_entry;
  }
  std::int64_t expanded() const { return expanded_; }
  double score() const { return score_; }
  const std::vector<int>& incumbent() const { return incumbent_; }

  void expand() {
    const Open open = queue_.top();
    queue_.pop();
    const SetRecord record = table_[open.index];
    if (open.cost > record.cost) return;
    ++expanded_;
    complement_.compute(record.set);
    for (std::size_t k = 0; k < complement_.rest.size(); ++k) {
      const int node = complement_.rest[k];
      if (record.set.contains(predecessors_[static_cast<std::size_t>(node)])) append(record, open, k);
    }
  }

 private:
  // Bounds from here on belong to no better order.
  double enough() const { return score_ - tolerance * std::abs(score_); }

  // The k-th of the rest comes next.
  void append(const SetRecord& record, const Open& open, std::size_t k) {
    const int node = complement_.rest[k];
    const double variance = complement_.at(k, k);
    const double cost = record.cost + 0.5 * variance;
    const WideSet set = record.set.with(node);
    const SetRecord* known = table_.find(set);
    if (known != nullptr && known->cost <= cost) return;
    limits_.clear();
    for (std::size_t i = 0; i < complement_.rest.size(); ++i) {
      if (i == k) continue;
      const double shared = complement_.at(i, k);
      limit(i, complement_.at(i, i) - shared * shared / variance);
    }
    const double log_det = log_det_ - complement_.log_pivots - std::log(variance);
    const double bound = std::max(open.bound, cost + least_half_sum(limits_, log_det, enough() - cost));
    if (bound >= enough()) return;
    const SetTable::Index index = table_.find_or_add(set);
    table_[index].cost = cost;
    table_[index].last = node;
    if (limits_.least.empty()) {
      improve(set);
    } else {
      queue_.push({bound, cost, index, open.size + 1});
    }
  }

  // The full set was reached at a lower cost than the incumbent's.
  void improve(WideSet set) {
    std::vector<int> order;
    while (set.size() > 0) {
      order.push_back(table_.find(set)->last);
      set = set.without(order.back());
    }
    std::reverse(order.begin(), order.end());
    const double score = least_squares_of_order(s_, order);
    if (score < score_) {
      score_ = score;
      incumbent_ = std::move(order);
    }
  }

  // Of the k-th of the rest.
  void limit(std::size_t k, double most) {
    const auto j = static_cast<std::size_t>(complement_.rest[k]);
    limits_.add(least_[j], log_least_[j], most);
  }

  const Matrix& s_;
  double log_det_;
  Complement complement_;
  std::vector<WideSet> predecessors_;  // of knowledge, and what holds in every better order
  std::vector<double> least_, log_least_;
  std::vector<int> incumbent_;
  double score_ = 0;
  SetTable table_;
  std::priority_queue<Open> queue_;
  std::int64_t expanded_ = 0;
  VarianceLimits limits_;
};

void check(const Gram& gram, const Constraints& constraints, const std::vector<int>& incumbent) {
  const std::size_t d = gram.nodes();
  if (d > most_nodes) {
    throw LimitError(
        "branch and bound takes at most " + std::to_string(most_nodes) + " nodes, not " + std::to_string(d),
        "use another method");
  }
  if (incumbent.empty()) return;
  std::vector<int> sorted = incumbent;
  std::sort(sorted.begin(), sorted.end());
  bool fine = sorted.size() == d;
  for (std::size_t k = 0; fine && k < d; ++k) fine = sorted[k] == static_cast<int>(k);
  if (!fine || !constraints.admits(incumbent)) {
    throw InputError("the order to begin with is none of the nodes' that knowledge admits");
  }
}

}  // namespace

ExactResult branch_and_bound(const Gram& gram, const Constraints& constraints, std::vector<int> incumbent,
                             const ExactOptions& options, Progress& progress) {
  check(gram, constraints, incumbent);
  const Deadline deadline(progress, options.time_limit_seconds);
  const std::uint64_t memory = options.memory_budget_bytes > 0 ? options.memory_budget_bytes : default_memory;
  BestFirst search(gram.s, Precedence(constraints), std::move(incumbent));
  ExactResult result;
  progress.begin("branch and bound", 0, "sets");
  for (std::int64_t round = 0; !search.done() && result.stopped_by.empty(); ++round) {
    if (round % 64 == 0) {
      if (const char* reason = deadline.reason()) result.stopped_by = reason;
      progress.update(static_cast<double>(search.expanded()));
    }
    if (round % 65536 == 0) {
      progress.note("score " + text::brief(search.score(), 10) + ", at least " +
                    text::brief(search.lower_bound(), 10));
    }
    if (search.bytes() >= memory) result.stopped_by = "memory limit";
    if (result.stopped_by.empty()) search.expand();
  }
  result.proven = search.done();
  if (result.proven) result.stopped_by.clear();
  result.order = search.incumbent();
  result.score = search.score();
  result.lower_bound = result.proven ? result.score : search.lower_bound();
  result.sets = search.expanded();
  return result;
}

}  // namespace xchg::dag
