// The plain twin of the states of a search: every difference is that of two complete totals. For tests.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "xchg/dag/order/order_state.hpp"

namespace xchg::dag::testing {

class PlainState : public OrderState {
 public:
  // Keeps references to both.
  PlainState(const NodeScore& score, const Constraints& constraints)
      : node_score_(score), constraints_(constraints) {}

  int nodes() const override { return node_score_.nodes(); }
  const std::vector<int>& order() const override { return order_; }
  double score() const override { return score_; }
  void reset(std::span<const int> order) override {
    order_.assign(order.begin(), order.end());
    score_ = total(order_);
  }

  void insertions(double below, std::vector<Delta>& moves) override {
    for (int from = 0; from < nodes(); ++from) {
      for (int to = 0; to < nodes(); ++to) {
        if (to != from && to != from - 1) add({Delta::Kind::Insert, from, to, 0}, below, moves);
      }
    }
  }
  void swaps(double below, std::vector<Delta>& moves) override {
    for (int a = 0; a < nodes(); ++a) {
      for (int b = a + 1; b < nodes(); ++b) add({Delta::Kind::Swap, a, b, 0}, below, moves);
    }
  }
  double difference(const Delta& move) override {
    std::vector<int> order = order_;
    moved(order, move);
    return constraints_.admits(order) ? total(order) - score_ : std::numeric_limits<double>::infinity();
  }
  void apply(std::span<const Delta> moves) override {
    for (const Delta& move : moves) moved(order_, move);
    score_ = total(order_);
  }
  Matrix weights() override {
    Matrix w(order_.size(), order_.size());
    for (std::size_t k = 0; k < order_.size(); ++k) {
      const std::vector<int> before = sorted(order_, k);
      const NodeFit fit = node_score_.fit(order_[k], before);
      for (std::size_t i = 0; i < k; ++i) {
        w(static_cast<std::size_t>(before[i]), static_cast<std::size_t>(order_[k])) = fit.weights[i];
      }
    }
    return w;
  }
  double refresh() override {
    reset(std::vector<int>(order_));
    return 0;
  }

 private:
  static std::vector<int> sorted(const std::vector<int>& order, std::size_t count) {
    std::vector<int> before(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count));
    std::sort(before.begin(), before.end());
    return before;
  }
  static void moved(std::vector<int>& order, const Delta& move) {
    const int node = order[static_cast<std::size_t>(move.from)];
    if (move.kind == Delta::Kind::Swap) {
      std::swap(order[static_cast<std::size_t>(move.from)], order[static_cast<std::size_t>(move.to)]);
    } else {
      order.erase(order.begin() + move.from);
      order.insert(order.begin() + move.to, node);
    }
  }
  double total(const std::vector<int>& order) const {
    double sum = 0;
    for (std::size_t k = 0; k < order.size(); ++k) sum += node_score_.cost(order[k], sorted(order, k));
    return sum;
  }
  void add(Delta move, double below, std::vector<Delta>& moves) {
    move.difference = difference(move);
    if (move.difference < below) moves.push_back(move);
  }

  const NodeScore& node_score_;
  const Constraints& constraints_;
  std::vector<int> order_;
  double score_ = 0;
};

}  // namespace xchg::dag::testing
