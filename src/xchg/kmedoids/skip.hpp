// Which candidates need not be evaluated again.
//
// After an evaluation the least change v(x) >= 0 over all slots is remembered. A later swap can lower the
// change of any candidate and slot by at most a bound U that does not depend on them,
//   U = sum over changed objects of the largest drop of their term over all distances D >= 0 and slots.
// While v(x) minus the U since then is positive, no swap with x improves TD.
#pragma once

#include <algorithm>
#include <vector>

#include "xchg/kmedoids/evaluate.hpp"
#include "xchg/kmedoids/problem.hpp"

namespace xchg::kmedoids {

class Skipping {
 public:
  explicit Skipping(Index n) : slack_(static_cast<std::size_t>(n), -1.0) {}

  // No swap with `candidate` improves TD; `total` is TD, for an allowance for rounding.
  bool excludes(Index candidate, double total) const {
    return slack_[static_cast<std::size_t>(candidate)] - lost_ > 1e-10 * total;
  }
  // The least change of TD by a swap with `candidate`, found now.
  void remember(Index candidate, double least_change) {
    slack_[static_cast<std::size_t>(candidate)] = std::max(least_change, 0.0) + lost_;
    any_ = true;
  }
  // Whether anything is remembered that a swap could change.
  bool any() const { return any_; }
  // A swap lowered the change of no candidate by more than `bound`.
  void lose(double bound) { lost_ += bound; }

  // What is known of an object: nearest slot, distances of nearest and second nearest.
  struct Nearest {
    std::int32_t slot;
    double d1, d2;
  };
  // The largest drop of the term of one object that changes from `a` to `b`. The drop is piecewise linear in
  // D; looking at its corners for the slots a.slot, b.slot and all others gives these.
  static double largest_drop(const Nearest& a, const Nearest& b) {
    if (a.slot == b.slot) return std::max(0.0, b.d1 - a.d1 + std::max(0.0, a.d2 - b.d2));
    return std::max(b.d1, a.d2) - a.d1;
  }

 private:
  std::vector<double> slack_;
  double lost_ = 0;
  bool any_ = false;
};

}  // namespace xchg::kmedoids
