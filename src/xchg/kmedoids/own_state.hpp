// The state of a swap search for some of the objects: all medoids, and for each object of a range its nearest
// and second nearest of them.
#pragma once

#include <cstdint>
#include <vector>

#include "xchg/kmedoids/evaluate.hpp"
#include "xchg/kmedoids/problem.hpp"

namespace xchg::kmedoids {

template <class T>
class OwnState {
 public:
  // Assigns the objects begin..end-1 to `medoids` (k different objects, in the range or not), O(k) each. Ties
  // go to the smallest slot, but a medoid is always nearest to itself.
  OwnState(const Problem<T>& problem, std::vector<Index> medoids, Index begin, Index end, int threads);

  int k() const { return static_cast<int>(medoids_.size()); }
  const std::vector<Index>& medoids() const { return medoids_; }
  bool is_medoid(Index object) const;
  // Of the objects of the range, in order; d2 is the greatest value of T where k = 1.
  const std::vector<std::int32_t>& nearest() const { return near_; }
  const std::vector<T>& d1() const { return d1_; }
  const std::vector<T>& d2() const { return d2_; }

  // For the objects from..to-1, a part of the range: what evaluations read, ...
  StateView<T> view(Index from, Index to) const;
  // ... their share of TD, ...
  Sum<T> total_deviation(Index from, Index to) const;
  // ... and of the loss by removing the medoid of each slot, (k).
  std::vector<Sum<T>> removal_loss(Index from, Index to) const;

  // d(o, candidate) for the objects of the range, where they lie or made in `buffer`.
  const T* row(Index candidate, std::vector<T>& buffer) const;

  // Puts `candidate` into `slot`. Returns for how many objects of the range the nearest or the second nearest
  // changed.
  std::int64_t swap(int slot, Index candidate);

 private:
  Index size() const { return end_ - begin_; }
  void assign_rows(Index from, Index to);
  void assign(std::size_t at);
  bool replace(std::size_t at, int slot, T distance);

  const Problem<T>* problem_;
  std::vector<Index> medoids_;
  Index begin_, end_;
  std::vector<std::int32_t> slots_;  // of the medoids in the range; -1 for other objects
  std::vector<std::int32_t> near_, second_;
  std::vector<T> d1_, d2_;
  std::vector<T> buffer_;
};

#define XCHG_DECLARE(T) extern template class OwnState<T>;
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_DECLARE)
#undef XCHG_DECLARE

}  // namespace xchg::kmedoids
