// Any score: the nodes between are fitted anew. Costs of (node, set of predecessors) are kept.
#include <array>
#include <cmath>
#include <limits>
#include <mutex>
#include <unordered_map>

#include "xchg/core/parallel.hpp"
#include "xchg/core/threads.hpp"
#include "xchg/dag/order/order_state.hpp"

namespace xchg::dag {
namespace {

using Set =
    std::vector<std::uint64_t>;  // a bit a node, the last word names the node whose predecessors they are

Set set_of(int node, std::span<const int> predecessors, int nodes) {
  Set set(static_cast<std::size_t>(nodes + 63) / 64 + 1);
  for (const int p : predecessors) set[static_cast<std::size_t>(p) / 64] |= std::uint64_t{1} << (p % 64);
  set.back() = static_cast<std::uint64_t>(node);
  return set;
}

struct SetHash {
  std::size_t operator()(const Set& set) const {
    std::uint64_t hash = 0x9e3779b97f4a7c15ULL;
    for (const std::uint64_t word : set) {
      hash ^= word;
      hash *= 0xff51afd7ed558ccdULL;
      hash ^= hash >> 32;
    }
    return static_cast<std::size_t>(hash);
  }
};

// Costs of earlier fits; several threads may ask.
class Cache {
 public:
  bool find(const Set& set, double& cost) {
    Shard& shard = shard_of(set);
    const std::scoped_lock lock(shard.mutex);
    const auto found = shard.costs.find(set);
    if (found == shard.costs.end()) return false;
    cost = found->second;
    ++shard.hits;
    return true;
  }
  void add(Set set, double cost) {
    Shard& shard = shard_of(set);
    const std::scoped_lock lock(shard.mutex);
    // Of two threads that fitted the same at once only one counts: numbers do not depend on threads.
    ++(shard.costs.emplace(std::move(set), cost).second ? shard.fits : shard.hits);
  }
  // Also makes room, which would depend on threads while they add.
  void count(Statistics& statistics) {
    statistics.refits = statistics.cache_hits = 0;
    for (Shard& shard : shards_) {
      const std::scoped_lock lock(shard.mutex);
      statistics.refits += shard.fits;
      statistics.cache_hits += shard.hits;
      if (shard.costs.size() >= most) shard.costs.clear();
    }
  }

 private:
  static constexpr std::size_t most = 200'000;  // a shard
  struct Shard {
    std::mutex mutex;
    std::unordered_map<Set, double, SetHash> costs;
    std::int64_t hits = 0, fits = 0;
  };
  Shard& shard_of(const Set& set) { return shards_[SetHash()(set) % shards_.size()]; }

  std::array<Shard, 16> shards_;
};

class RefitState final : public OrderState {
 public:
  RefitState(const NodeScore& score, const Constraints& constraints, const Options& options)
      : model_(score), constraints_(constraints), threads_(resolve_threads(options.threads)) {
    statistics.isa = resolve_isa(options.isa);
    statistics.refresh = options.refresh;
  }

  int nodes() const override { return model_.nodes(); }
  const std::vector<int>& order() const override { return order_; }
  double score() const override { return score_; }
  bool separated() const override {
    return std::any_of(fits_.begin(), fits_.end(), [](const NodeFit& fit) { return fit.separated; });
  }

  void reset(std::span<const int> order) override {
    order_.assign(order.begin(), order.end());
    fits_.assign(order_.size(), {});
    fit_positions(0, order_.size());
    changed();
  }

  void insertions(double below, std::vector<Delta>& moves) override;
  void swaps(double below, std::vector<Delta>& moves) override;
  double difference(const Delta& move) override;
  void apply(std::span<const Delta> moves) override;
  Matrix weights() override;
  double refresh() override { return 0; }

 private:
  std::vector<int> sorted_before(std::size_t position) const {
    std::vector<int> before(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(position));
    std::sort(before.begin(), before.end());
    return before;
  }
  const NodeFit& fit_of(int node) const { return fits_[static_cast<std::size_t>(node)]; }
  int at(int position) const { return order_[static_cast<std::size_t>(position)]; }
  bool legal(int from, int to) const {
    return to >= leftmost_[static_cast<std::size_t>(from)] &&
           to <= rightmost_[static_cast<std::size_t>(from)];
  }
  double cost(int position, const std::vector<int>& predecessors);
  double cost_with(int position, int added) {
    std::vector<int> set = sorted_before(static_cast<std::size_t>(position));
    set.insert(std::lower_bound(set.begin(), set.end(), added), added);
    return cost(position, set);
  }
  double cost_without(int position, int left_out) {
    std::vector<int> set = sorted_before(static_cast<std::size_t>(position));
    set.erase(std::lower_bound(set.begin(), set.end(), left_out));
    return cost(position, set);
  }
  std::vector<Delta> insertions_of(int from);
  std::vector<Delta> swaps_of(int from);
  void scan(double below, std::vector<Delta>& moves, std::vector<Delta> (RefitState::*row)(int));
  void fit_positions(std::size_t begin, std::size_t end);
  void changed();

  const NodeScore& model_;
  const Constraints& constraints_;
  int threads_;
  std::vector<int> order_, leftmost_, rightmost_;
  std::vector<NodeFit> fits_;                       // by node
  std::vector<std::vector<int>> fit_predecessors_;  // by node, ascending
  Cache cache_;
  double score_ = 0;
};

void RefitState::changed() {
  score_ = 0;
  for (const int node : order_) score_ += fit_of(node).cost;
  constraints_.reach(order_, leftmost_, rightmost_);
  cache_.count(statistics);
}

// The node at a position with other predecessors. Scores that are no function of the set start at the present
// fit, so that the number is that of the fit which apply() makes.
double RefitState::cost(int position, const std::vector<int>& predecessors) {
  const int node = at(position);
  const NodeFit* warm = &fit_of(node);
  const auto& warm_predecessors = fit_predecessors_[static_cast<std::size_t>(node)];
  if (!model_.is_set_function()) return model_.fit(node, predecessors, warm, warm_predecessors).cost;
  Set set = set_of(node, predecessors, nodes());
  double value = 0;
  if (cache_.find(set, value)) return value;
  value = model_.cost(node, predecessors);
  cache_.add(std::move(set), value);
  return value;
}

void RefitState::fit_positions(std::size_t begin, std::size_t end) {
  fit_predecessors_.resize(order_.size());
  parallel_for(
      threads_, static_cast<std::int64_t>(end - begin), 1, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t i = first; i < last; ++i) {
          const std::size_t position = begin + static_cast<std::size_t>(i);
          const auto node = static_cast<std::size_t>(order_[position]);
          std::vector<int> predecessors = sorted_before(position);
          const bool warm = !model_.is_set_function() && !fits_[node].parameters.empty();
          fits_[node] =
              model_.fit(static_cast<int>(node), predecessors, warm ? &fits_[node] : nullptr,
                         warm ? std::span<const int>(fit_predecessors_[node]) : std::span<const int>());
          fit_predecessors_[node] = std::move(predecessors);
        }
      });
}

// All legal targets of the node at `from`: its own cost there, and those that it passes.
std::vector<Delta> RefitState::insertions_of(int from) {
  std::vector<Delta> row;
  const int node = at(from);
  double passed = 0;
  for (int to = from - 1; to >= leftmost_[static_cast<std::size_t>(from)]; --to) {
    passed += cost_with(to, node) - fit_of(at(to)).cost;
    const double own = cost(from, sorted_before(static_cast<std::size_t>(to))) - fit_of(node).cost;
    if (to < from - 1) row.push_back({Delta::Kind::Insert, from, to, passed + own});
  }
  passed = 0;
  for (int to = from + 1; to <= rightmost_[static_cast<std::size_t>(from)]; ++to) {
    passed += cost_without(to, node) - fit_of(at(to)).cost;
    std::vector<int> before = sorted_before(static_cast<std::size_t>(to) + 1);
    before.erase(std::lower_bound(before.begin(), before.end(), node));
    row.push_back({Delta::Kind::Insert, from, to, passed + cost(from, before) - fit_of(node).cost});
  }
  std::sort(row.begin(), row.end(), [](const Delta& a, const Delta& b) { return a.to < b.to; });
  return row;
}

std::vector<Delta> RefitState::swaps_of(int from) {
  std::vector<Delta> row;
  for (int to = from + 1; to < nodes(); ++to) {
    if (legal(from, to) && legal(to, from)) {
      row.push_back({Delta::Kind::Swap, from, to, difference({Delta::Kind::Swap, from, to, 0})});
    }
  }
  return row;
}

void RefitState::scan(double below, std::vector<Delta>& moves, std::vector<Delta> (RefitState::*row)(int)) {
  const bool first_only = !model_.is_set_function() && below < 0;
  std::vector<std::vector<Delta>> rows(order_.size());
  // Costly scores take the first node with an improvement.
  const std::int64_t piece = first_only ? 1 : nodes();
  for (std::int64_t begin = 0; begin < nodes(); begin += piece) {
    parallel_for(threads_, piece, 1, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t i = begin + first; i < begin + last; ++i) {
        rows[static_cast<std::size_t>(i)] = (this->*row)(static_cast<int>(i));
      }
    });
    const std::size_t old = moves.size();
    for (std::int64_t i = begin; i < begin + piece; ++i) {
      for (const Delta& move : rows[static_cast<std::size_t>(i)]) {
        if (move.difference < below) moves.push_back(move);
      }
    }
    if (first_only && moves.size() > old) break;
  }
  cache_.count(statistics);
}

void RefitState::insertions(double below, std::vector<Delta>& moves) {
  scan(below, moves, &RefitState::insertions_of);
  statistics.insertions_evaluated += static_cast<std::int64_t>(order_.size() * (order_.size() - 1));
}

void RefitState::swaps(double below, std::vector<Delta>& moves) {
  scan(below, moves, &RefitState::swaps_of);
  statistics.swaps_evaluated += static_cast<std::int64_t>(order_.size() * (order_.size() - 1) / 2);
}

double RefitState::difference(const Delta& move) {
  const bool swap = move.kind == Delta::Kind::Swap;
  if (!legal(move.from, move.to) || (swap && !legal(move.to, move.from))) {
    return std::numeric_limits<double>::infinity();
  }
  std::vector<int> changed_order = order_;
  move_nodes(changed_order, move);
  std::vector<int> before = sorted_before(static_cast<std::size_t>(first_position(move)));
  double sum = 0;
  for (int k = first_position(move); k <= last_position(move); ++k) {
    const int node = changed_order[static_cast<std::size_t>(k)];
    const int position = static_cast<int>(std::find(order_.begin(), order_.end(), node) - order_.begin());
    sum += cost(position, before) - fit_of(node).cost;
    before.insert(std::lower_bound(before.begin(), before.end(), node), node);
  }
  return sum;
}

void RefitState::apply(std::span<const Delta> moves) {
  for (const Delta& move : moves) {
    move_nodes(order_, move);
    fit_positions(static_cast<std::size_t>(first_position(move)),
                  static_cast<std::size_t>(last_position(move)) + 1);
  }
  statistics.moves += static_cast<std::int64_t>(moves.size());
  changed();
}

Matrix RefitState::weights() {
  Matrix w(order_.size(), order_.size());
  for (const int node : order_) {
    const auto effect = static_cast<std::size_t>(node);
    const std::vector<int>& predecessors = fit_predecessors_[effect];
    for (std::size_t k = 0; k < predecessors.size(); ++k) {
      w(static_cast<std::size_t>(predecessors[k]), effect) = fits_[effect].weights[k];
    }
  }
  return w;
}

}  // namespace

std::unique_ptr<OrderState> make_refit_state(const NodeScore& score, const Constraints& constraints,
                                             const Options& options) {
  return std::make_unique<RefitState>(score, constraints, options);
}

}  // namespace xchg::dag
