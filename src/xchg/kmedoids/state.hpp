// The state of a swap search: medoids, and for every object its nearest and second nearest of them. The third
// nearest is kept where it is known without a search, which spares most searches for a new second.
#pragma once

#include <span>
#include <vector>

#include "xchg/kmedoids/evaluate.hpp"
#include "xchg/kmedoids/problem.hpp"

namespace xchg::kmedoids {

// What the nearest and second nearest medoid of an object were before a swap.
template <class T>
struct Before {
  Index object;
  std::int32_t near;
  T d1, d2;
};

template <class T>
class State {
 public:
  // Assigns every object to `medoids` (k different objects) from scratch, O(nk).
  State(const Problem<T>& problem, std::vector<Index> medoids);

  int k() const { return static_cast<int>(medoids_.size()); }
  const std::vector<Index>& medoids() const { return medoids_; }
  bool is_medoid(Index object) const { return slot_of_[static_cast<std::size_t>(object)] >= 0; }
  Sum<T> total_deviation() const;
  StateView<T> view() const;
  // R_i of every slot.
  const std::vector<Sum<T>>& removal_loss() const { return removal_loss_; }
  // Recomputes the removal losses, which drift by rounding while they are updated.
  void recompute_removal_loss();

  // Puts `candidate` into `slot`; updates only the objects that change. Returns of how many the nearest or
  // the second nearest did. `row` is the candidate's row if the caller has it; `before`, if given, is filled
  // with what these objects, in ascending order, had before.
  std::int64_t swap(int slot, Index candidate, const T* row = nullptr,
                    std::vector<Before<T>>* before = nullptr);

  const std::vector<std::int32_t>& nearest() const { return near_; }
  const std::vector<std::int32_t>& second() const { return second_; }
  const std::vector<T>& d1() const { return d1_; }
  const std::vector<T>& d2() const { return d2_; }

 private:
  void assign_all();
  void assign(Index object);
  void find_others(Index object, int nearest_slot);
  void update(std::size_t o, int slot, T distance, std::vector<Before<T>>* before);
  void update_medoid(Index object, int slot, T distance);
  void update_object(std::size_t o, int slot, T distance);
  void update_third(std::size_t o, int slot, T distance);
  void promote_third(std::size_t o, int slot, T distance);
  bool reached_by(std::size_t o, int slot, T distance) const {
    return distance < d2_[o] || near_[o] == slot || second_[o] == slot;
  }
  void change_removal_loss(Index object, int sign);

  const Problem<T>* problem_;
  std::vector<Index> medoids_;
  std::vector<std::int32_t> slot_of_;  // slot of a medoid, -1 for the other objects
  std::vector<std::int32_t> near_, second_;
  std::vector<std::int32_t> third_;  // -1: not known
  std::vector<T> d1_, d2_;
  std::vector<T> d3_;  // 0 where the third is not known, so that no distance is below it
  std::vector<Sum<T>> removal_loss_;
  std::vector<T> buffer_;
};

#define XCHG_DECLARE(T) extern template class State<T>;
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_DECLARE)
#undef XCHG_DECLARE

}  // namespace xchg::kmedoids
