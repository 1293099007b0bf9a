// Least squares by closed differences: all insertions of an order in O(d^2), all swaps in O(d^3 / 6), from
// the factor of S and its inverse.
#include <algorithm>
#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/core/parallel.hpp"
#include "xchg/core/threads.hpp"
#include "xchg/dag/order/factor.hpp"
#include "xchg/dag/order/open_nodes.hpp"
#include "xchg/dag/order/order_state.hpp"

namespace xchg::dag {
namespace {

// Below so many nodes a scan costs less than starting threads.
constexpr std::int64_t threaded_insertions = 400;
constexpr std::int64_t threaded_swaps = 96;
constexpr double drift_limit = 1e-9;

class LeastSquaresState final : public OrderState {
 public:
  LeastSquaresState(const Gram& gram, const Constraints& constraints, const Options& options)
      : constraints_(constraints),
        threads_(resolve_threads(options.threads)),
        factor_(gram.s, options.isa),
        open_(gram, constraints),
        left_(factor_.nodes()),
        right_(factor_.nodes()) {
    statistics.isa = resolve_isa(options.isa);
    statistics.refresh = std::max(1, options.refresh);
  }

  int nodes() const override { return static_cast<int>(factor_.nodes()); }
  const std::vector<int>& order() const override { return factor_.order(); }
  double score() const override { return score_; }

  void reset(std::span<const int> order) override {
    factor_.factorise(order);
    ++statistics.factorisations;
    moves_since_refresh_ = 0;
    inverted_ = false;
    changed();
  }

  void insertions(double below, std::vector<Delta>& moves) override;
  void swaps(double below, std::vector<Delta>& moves) override;
  double difference(const Delta& move) override;
  void apply(std::span<const Delta> moves) override;
  Matrix weights() override;
  double refresh() override;

 private:
  void changed();
  void scan_insertions();
  void scan_swaps();
  void add_open_insertions();
  void add_open_swaps();
  void need_inverse();
  bool legal(std::int64_t from, std::int64_t to) const {
    return free_ || (to >= leftmost_[static_cast<std::size_t>(from)] &&
                     to <= rightmost_[static_cast<std::size_t>(from)]);
  }
  double insertion(std::int64_t from, std::int64_t to) const {
    return 0.5 * (to < from ? left_[to][from] : right_[to][from]);
  }

  const Constraints& constraints_;
  int threads_;
  Factor factor_;
  OpenNodes open_;
  Rows left_, right_, v_, swaps_;
  std::vector<double> counted_, variance_;  // by position
  std::vector<int> leftmost_, rightmost_;
  bool free_ = true, inverted_ = false, insertions_known_ = false, swaps_known_ = false;
  int moves_since_refresh_ = 0;
  double score_ = 0;
};

// What depends on the order alone, after every change of it.
void LeastSquaresState::changed() {
  const std::int64_t d = factor_.nodes();
  insertions_known_ = swaps_known_ = false;
  free_ = constraints_.free_order();
  if (!free_) constraints_.reach(factor_.order(), leftmost_, rightmost_);
  counted_.assign(static_cast<std::size_t>(factor_.r().stride()), 1.0);
  variance_.assign(static_cast<std::size_t>(factor_.r().stride()), 0.0);
  for (std::int64_t k = 0; k < d; ++k) variance_[static_cast<std::size_t>(k)] = factor_.variance(k);
  if (!open_.any()) {
    score_ = factor_.half_sum();
    return;
  }
  score_ = 0;
  for (std::int64_t k = 0; k < d; ++k) {
    const auto at = static_cast<std::size_t>(k);
    if (open_.is_open(factor_.order()[at])) counted_[at] = 0;
    score_ += 0.5 * counted_[at] * variance_[at];
  }
  score_ += open_.half_sum(factor_.order());
}

void LeastSquaresState::need_inverse() {
  if (inverted_) return;
  factor_.invert();
  inverted_ = true;
}

void LeastSquaresState::scan_insertions() {
  if (insertions_known_) return;
  need_inverse();
  const std::int64_t d = factor_.nodes();
  const std::int64_t stride = factor_.r().stride();
  const int threads = d >= threaded_insertions ? threads_ : 1;
  const std::int64_t grain = threads == 1 ? d : 128;
  parallel_for(threads, d, grain, [&](std::int64_t begin, std::int64_t end) {
    factor_.kernels().insert_left(factor_.r().data(), counted_.data(), stride, begin, end, left_.data(),
                                  nullptr);
    factor_.kernels().insert_right(factor_.m().data(), variance_.data(), counted_.data(), d, stride, begin,
                                   end, right_.data());
  });
  if (open_.any()) {
    open_.update(factor_.order(), threads_);
    add_open_insertions();
  }
  insertions_known_ = true;
  statistics.insertions_evaluated += d * (d - 1);
}

void LeastSquaresState::add_open_insertions() {
  const auto& order = factor_.order();
  const std::int64_t d = factor_.nodes();
  for (std::size_t index = 0; index < open_.count(); ++index) {
    const std::int64_t k = std::find(order.begin(), order.end(), open_.node(index)) - order.begin();
    const double now = open_.variance(index);
    for (std::int64_t to = 0; to < d; ++to) {
      if (to == k) continue;
      (to < k ? left_[to][k] : right_[to][k]) +=
          open_.variance_after(index, static_cast<std::size_t>(to)) - now;
    }
    for (std::int64_t p = k + 1; p < d; ++p) {
      const double gain = open_.variance_with(index, order[static_cast<std::size_t>(p)]) - now;
      for (std::int64_t to = 0; to <= k; ++to) left_[to][p] += gain;
    }
    for (std::int64_t p = 0; p < k; ++p) {
      const double loss = open_.variance_without(index, order[static_cast<std::size_t>(p)]) - now;
      for (std::int64_t to = k; to < d; ++to) right_[to][p] += loss;
    }
  }
}

void LeastSquaresState::scan_swaps() {
  if (swaps_known_) return;
  need_inverse();
  const std::int64_t d = factor_.nodes();
  const std::int64_t stride = factor_.r().stride();
  if (swaps_.stride() == 0) {
    swaps_ = Rows(d);
    v_ = Rows(d);
  }
  // V_p(k) for all p and k is a by-product of the insertions to the left.
  const std::vector<double> ones(counted_.size(), 1.0);
  Rows& scratch = swaps_;
  factor_.kernels().insert_left(factor_.r().data(), ones.data(), stride, 0, d, scratch.data(), v_.data());
  const int threads = d >= threaded_swaps ? threads_ : 1;
  parallel_for(threads, d, threads == 1 ? d : 8, [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> sums(static_cast<std::size_t>(3 * stride));
    for (std::int64_t a = begin; a < end; ++a) {
      factor_.kernels().swaps(factor_.r().data(), factor_.m().data(), v_.data(), counted_.data(), a, d,
                              stride, swaps_[a], sums.data());
    }
  });
  if (open_.any()) {
    open_.update(factor_.order(), threads_);
    add_open_swaps();
  }
  swaps_known_ = true;
  statistics.swaps_evaluated += d * (d - 1) / 2;
}

void LeastSquaresState::add_open_swaps() {
  const auto& order = factor_.order();
  const std::int64_t d = factor_.nodes();
  const auto at = [&](std::int64_t k) { return order[static_cast<std::size_t>(k)]; };
  for (std::size_t index = 0; index < open_.count(); ++index) {
    const std::int64_t k = std::find(order.begin(), order.end(), open_.node(index)) - order.begin();
    const double now = open_.variance(index);
    for (std::int64_t b = k + 1; b < d; ++b) {
      swaps_[k][b] += open_.variance_after(index, static_cast<std::size_t>(b)) - now;
    }
    for (std::int64_t a = 0; a < k; ++a) {
      swaps_[a][k] += open_.variance_after(index, static_cast<std::size_t>(a)) - now;
      for (std::int64_t b = k + 1; b < d; ++b)
        swaps_[a][b] += open_.variance_exchanged(index, at(a), at(b)) - now;
    }
  }
}

void LeastSquaresState::insertions(double below, std::vector<Delta>& moves) {
  scan_insertions();
  const std::int64_t d = factor_.nodes();
  const std::size_t old = moves.size();
  const double twice = 2 * below;
  for (std::int64_t to = 0; to < d; ++to) {
    const double* row = right_[to];
    for (std::int64_t from = 0; from < to; ++from) {
      if (row[from] < twice && legal(from, to)) {
        moves.push_back({Delta::Kind::Insert, static_cast<int>(from), static_cast<int>(to), 0.5 * row[from]});
      }
    }
    row = left_[to];
    for (std::int64_t from = to + 2; from < d; ++from) {
      if (row[from] < twice && legal(from, to)) {
        moves.push_back({Delta::Kind::Insert, static_cast<int>(from), static_cast<int>(to), 0.5 * row[from]});
      }
    }
  }
  std::sort(moves.begin() + static_cast<std::ptrdiff_t>(old), moves.end(),
            [](const Delta& a, const Delta& b) { return a.from != b.from ? a.from < b.from : a.to < b.to; });
}

void LeastSquaresState::swaps(double below, std::vector<Delta>& moves) {
  scan_swaps();
  const std::int64_t d = factor_.nodes();
  for (std::int64_t a = 0; a < d; ++a) {
    for (std::int64_t b = a + 1; b < d; ++b) {
      if (swaps_[a][b] < 2 * below && legal(a, b) && legal(b, a)) {
        moves.push_back({Delta::Kind::Swap, static_cast<int>(a), static_cast<int>(b), 0.5 * swaps_[a][b]});
      }
    }
  }
}

double LeastSquaresState::difference(const Delta& move) {
  const std::int64_t a = move.from, b = move.to;
  const bool swap = move.kind == Delta::Kind::Swap;
  if (!legal(a, b) || (swap && !legal(b, a))) return std::numeric_limits<double>::infinity();
  if (swap) {
    scan_swaps();
    return 0.5 * swaps_[std::min(a, b)][std::max(a, b)];
  }
  if (a == b) return 0;
  scan_insertions();
  return insertion(a, b);
}

void LeastSquaresState::apply(std::span<const Delta> moves) {
  const std::int64_t d = factor_.nodes();
  std::int64_t distance = 0;
  double expected = score_;
  for (const Delta& move : moves) {
    const std::int64_t length = last_position(move) - first_position(move);
    distance += move.kind == Delta::Kind::Swap ? 2 * length : length;
    expected += move.difference;
  }
  statistics.moves += static_cast<std::int64_t>(moves.size());
  moves_since_refresh_ += static_cast<int>(moves.size());
  // A rotation of two rows of R and M costs about 12 d operations, factor and inverse 2/3 d^3.
  if (!inverted_ || moves_since_refresh_ >= statistics.refresh || distance * 18 > d * d) {
    std::vector<int> order = factor_.order();
    for (const Delta& move : moves) move_nodes(order, move);
    reset(order);
  } else {
    for (const Delta& move : moves) {
      const int a = first_position(move), b = last_position(move);
      if (move.kind == Delta::Kind::Insert) {
        factor_.move(move.from, move.to);
      } else {
        factor_.move(b, a);
        if (b > a + 1) factor_.move(a + 1, b);
      }
    }
    changed();
  }
  const double drift = std::abs(score_ - expected) / std::abs(score_);
  statistics.largest_drift = std::max(statistics.largest_drift, drift);
  if (drift > drift_limit && statistics.refresh > 1) statistics.refresh = std::max(1, statistics.refresh / 4);
}

double LeastSquaresState::refresh() {
  const double old = score_;
  reset(std::vector<int>(factor_.order()));
  const double drift = std::abs(old - score_) / std::abs(score_);
  statistics.largest_drift = std::max(statistics.largest_drift, drift);
  return drift;
}

Matrix LeastSquaresState::weights() {
  need_inverse();
  const auto d = static_cast<std::size_t>(factor_.nodes());
  const auto& order = factor_.order();
  Matrix w(d, d);
  for (std::size_t k = 0; k < d; ++k) {
    const auto effect = static_cast<std::size_t>(order[k]);
    if (counted_[k] == 0) continue;
    const double* row = factor_.m()[static_cast<std::int64_t>(k)];
    const double root = factor_.r()[static_cast<std::int64_t>(k)][k];
    for (std::size_t i = 0; i < k; ++i) w(static_cast<std::size_t>(order[i]), effect) = -row[i] * root;
  }
  if (!open_.any()) return w;
  open_.update(order, threads_);
  std::vector<double> column(d);
  for (std::size_t index = 0; index < open_.count(); ++index) {
    open_.weights(index, column);
    for (std::size_t i = 0; i < d; ++i) w(i, static_cast<std::size_t>(open_.node(index))) = column[i];
  }
  return w;
}

}  // namespace

std::unique_ptr<OrderState> make_least_squares_state(const Gram& gram, const Constraints& constraints,
                                                     const Options& options) {
  return std::make_unique<LeastSquaresState>(gram, constraints, options);
}

}  // namespace xchg::dag
