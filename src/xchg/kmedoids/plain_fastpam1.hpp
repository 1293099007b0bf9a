// FastPAM1 written to be read, the baseline of the benchmarks: all candidates are evaluated for every swap,
// one object at a time, all slots at once. After a swap all objects are assigned anew.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

namespace xchg::kmedoids::plain {

// Row x of the (n, n) matrix holds d(., x). Swaps from `medoids` (at least two) until none improves TD; gives
// TD after each.
template <class T>
class FastPam1 {
 public:
  FastPam1(const T* matrix, std::size_t n, std::vector<std::size_t> medoids)
      : matrix_(matrix), n_(n), medoids_(std::move(medoids)), objects_(n) {}

  std::vector<double> run() {
    std::vector<double> totals;
    for (;;) {
      assign();
      const double total = total_deviation();
      if (searched_) totals.push_back(total);
      searched_ = true;
      const Swap best = best_swap();
      if (!(best.change < -1e-12 * total)) return totals;
      medoids_[best.slot] = best.candidate;
    }
  }

 private:
  struct Object {
    std::size_t near;
    double d1, d2;
  };
  struct Swap {
    double change;
    std::size_t candidate, slot;
  };

  void assign() {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    std::fill(objects_.begin(), objects_.end(), Object{0, infinity, infinity});
    for (std::size_t slot = 0; slot < medoids_.size(); ++slot) {
      const T* row = matrix_ + medoids_[slot] * n_;
      for (std::size_t o = 0; o < n_; ++o) {
        const auto distance = static_cast<double>(row[o]);
        Object& object = objects_[o];
        if (distance < object.d1 || o == medoids_[slot])
          object = {slot, distance, object.d1};
        else
          object.d2 = std::min(object.d2, distance);
      }
    }
  }

  double total_deviation() const {
    double total = 0;
    for (const Object& object : objects_) total += object.d1;
    return total;
  }

  Swap best_swap() const {
    std::vector<double> loss(medoids_.size());
    for (const Object& object : objects_) loss[object.near] += object.d2 - object.d1;
    Swap best{0, 0, 0};
    for (std::size_t x = 0; x < n_; ++x) {
      if (std::find(medoids_.begin(), medoids_.end(), x) != medoids_.end()) continue;
      const auto [slot, change] = best_slot(matrix_ + x * n_, loss);
      if (change < best.change) best = {change, x, slot};
    }
    return best;
  }

  std::pair<std::size_t, double> best_slot(const T* row, std::vector<double> change) const {
    double shared = 0;
    for (std::size_t o = 0; o < n_; ++o) {
      const auto distance = static_cast<double>(row[o]);
      const Object& object = objects_[o];
      if (distance < object.d1) {
        shared += distance - object.d1;
        change[object.near] += object.d1 - object.d2;
      } else if (distance < object.d2) {
        change[object.near] += distance - object.d2;
      }
    }
    const auto best = std::min_element(change.begin(), change.end());
    return {static_cast<std::size_t>(best - change.begin()), *best + shared};
  }

  const T* matrix_;
  std::size_t n_;
  std::vector<std::size_t> medoids_;
  std::vector<Object> objects_;
  bool searched_ = false;
};

}  // namespace xchg::kmedoids::plain
