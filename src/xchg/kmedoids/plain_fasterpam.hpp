// FasterPAM written to be read: the oracle of the tests and the baseline of the benchmarks. One candidate at
// a time, one object at a time; after a swap all objects are looked at and all removal losses summed anew, as
// the published implementations do.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

namespace xchg::kmedoids::plain {

struct Outcome {
  std::vector<std::size_t> medoids;
  std::vector<double> total_deviation_per_swap;
};

// How a symmetric matrix is walked for one candidate: along its row, or down its column (one cache line per
// value).
enum class Layout { Rows, Columns };

template <class T, Layout layout = Layout::Rows>
class FasterPam {
 public:
  FasterPam(const T* matrix, std::size_t n, std::vector<std::size_t> medoids)
      : matrix_(matrix), n_(n), medoids_(std::move(medoids)), objects_(n), is_medoid_(n) {
    for (const std::size_t m : medoids_) is_medoid_[m] = true;
    for (std::size_t o = 0; o < n_; ++o) assign(o);
    sum_losses();
  }

  // Swaps until a full cycle since the last swap found nothing. At least two medoids.
  Outcome run() {
    Outcome outcome;
    double total = total_deviation();
    std::size_t last = n_;
    for (bool swapped = true; swapped;) {
      swapped = false;
      for (std::size_t x = 0; x < n_ && x != last; ++x) {
        if (is_medoid_[x]) continue;
        const auto [slot, change] = best_slot(x);
        if (!(change < -1e-12 * total)) continue;
        swap(slot, x);
        total = total_deviation();
        outcome.total_deviation_per_swap.push_back(total);
        last = x;
        swapped = true;
      }
    }
    outcome.medoids = medoids_;
    return outcome;
  }

 private:
  struct Object {
    std::size_t near = 0, second = 0;
    double d1 = 0, d2 = 0;
  };

  double at(std::size_t object, std::size_t candidate) const {
    return static_cast<double>(layout == Layout::Rows ? matrix_[candidate * n_ + object]
                                                      : matrix_[object * n_ + candidate]);
  }

  void assign(std::size_t o) {
    Object best{0, 0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
    for (std::size_t slot = 0; slot < medoids_.size(); ++slot) {
      const double distance = at(o, medoids_[slot]);
      if (distance < best.d1 || medoids_[slot] == o) {
        best = {slot, best.near, distance, best.d1};
      } else if (distance < best.d2) {
        best.second = slot;
        best.d2 = distance;
      }
    }
    objects_[o] = best;
  }

  double total_deviation() const {
    double total = 0;
    for (const Object& object : objects_) total += object.d1;
    return total;
  }

  void sum_losses() {
    loss_.assign(medoids_.size(), 0.0);
    for (const Object& object : objects_) loss_[object.near] += object.d2 - object.d1;
  }

  // The slot for which swapping in x lowers TD most, and by how much.
  std::pair<std::size_t, double> best_slot(std::size_t x) const {
    std::vector<double> change = loss_;
    double shared = 0;
    for (std::size_t o = 0; o < n_; ++o) {
      const double distance = at(o, x);
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

  void swap(std::size_t slot, std::size_t x) {
    is_medoid_[medoids_[slot]] = false;
    is_medoid_[x] = true;
    medoids_[slot] = x;
    for (std::size_t o = 0; o < n_; ++o) {
      const Object& object = objects_[o];
      if (object.near == slot || object.second == slot || at(o, x) < object.d2 || o == x) assign(o);
    }
    sum_losses();
  }

  const T* matrix_;
  std::size_t n_;
  std::vector<std::size_t> medoids_;
  std::vector<Object> objects_;
  std::vector<bool> is_medoid_;
  std::vector<double> loss_;
};

}  // namespace xchg::kmedoids::plain
