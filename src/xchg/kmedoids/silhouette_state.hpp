// The state of a search for the medoid silhouette: medoids, and for every object its nearest three of them.
#pragma once

#include <array>
#include <limits>
#include <span>
#include <vector>

#include "xchg/kmedoids/problem.hpp"

namespace xchg::kmedoids {

// rho(a, b) = a / b for a <= b, 0 for a = 0 (also 0/0) and for b infinite. The medoid silhouette of an object
// is 1 - rho(d1, d2) (Lenssen & Schubert 2022).
inline double silhouette_loss(double a, double b) { return a == 0 ? 0 : a / b; }

// An object and the terms of its loss that do not depend on the candidate. One cache line, since objects are
// read here and there.
struct alignas(64) SilhouetteObject {
  double d1 = 0, d2 = 0;           // to the nearest and the second nearest medoid
  double loss = 0;                 // rho(d1, d2)
  double near_removed = 0;         // rho(d2, d3) - rho(d1, d2)
  double second_removed = 0;       // rho(d1, d3) - rho(d1, d2)
  double weight = 1;               //
  std::int32_t near = -1;          // slots
  std::int32_t second = -1;        //
  std::int32_t third = -1;         // -1 for k = 2, where d3 is infinite
  std::int32_t slot_of_self = -1;  // of a medoid
};

// At least two medoids.
template <class T>
class SilhouetteState {
 public:
  // Assigns every object to `medoids` (k >= 2 different objects) from scratch, O(nk). `weights` is empty or
  // (n). `problem` must outlive the state.
  SilhouetteState(const Problem<T>& problem, std::span<const double> weights, std::vector<Index> medoids);

  int k() const { return static_cast<int>(medoids_.size()); }
  const Problem<T>& problem() const { return *problem_; }
  const std::vector<Index>& medoids() const { return medoids_; }
  bool is_medoid(Index object) const { return objects_[static_cast<std::size_t>(object)].slot_of_self >= 0; }
  const std::vector<SilhouetteObject>& objects() const { return objects_; }
  // Distance to the third nearest medoid; for k = 2 the greatest value of T, which counts as infinite.
  const std::vector<T>& d3() const { return d3_; }
  double d3_or_infinity(Index object) const {
    const auto o = static_cast<std::size_t>(object);
    return objects_[o].third < 0 ? std::numeric_limits<double>::infinity() : static_cast<double>(d3_[o]);
  }
  // By how much the loss grows when the medoid of each slot is removed; recomputed after every swap, so that
  // it never drifts.
  const std::vector<double>& removal_loss() const { return removal_loss_; }
  // Sum of weight * rho(d1, d2), which the searches minimise.
  double loss() const { return loss_; }
  double total_weight() const { return total_weight_; }
  // Average medoid silhouette: 1 - loss / total weight.
  double average() const { return 1 - loss_ / total_weight_; }
  // Sum of weight * d1.
  double total_deviation() const { return total_deviation_; }

  // Puts `candidate` into `slot`. Returns of how many objects the nearest three medoids were looked at anew.
  std::int64_t swap(int slot, Index candidate);

 private:
  struct Place {
    std::int32_t slot = -1;
    T distance{};
  };
  // The nearest medoids of an object by rising distance.
  struct Nearest {
    std::array<Place, 3> places;
    int count = 0;
    void insert(Place place, bool first);
  };

  Nearest nearest_of(std::size_t o) const;
  void assign(std::size_t o);
  void store(std::size_t o, const Nearest& nearest);
  void sum();

  const Problem<T>* problem_;
  std::vector<Index> medoids_;
  std::vector<SilhouetteObject> objects_;
  std::vector<T> d1_, d2_, d3_;
  std::vector<double> removal_loss_;
  double loss_ = 0, total_weight_ = 0, total_deviation_ = 0;
  std::vector<T> buffer_;
};

#define XCHG_DECLARE(T) extern template class SilhouetteState<T>;
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_DECLARE)
#undef XCHG_DECLARE

}  // namespace xchg::kmedoids
