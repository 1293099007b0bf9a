// Evaluation of a candidate whose row is a few entries (StoredEntries): all other objects are at the greatest
// distance of all, which is not below anybody's second nearest, so they contribute nothing.
#pragma once

#include "xchg/kmedoids/dissimilarity.hpp"
#include "xchg/kmedoids/evaluate.hpp"

namespace xchg::kmedoids {

// What evaluate_row() would return and add for the whole row, to the bit; O(entries).
template <bool weighted, class T>
Sum<T> evaluate_stored_weighted(const StateView<T>& state, Index candidate, const StoredEntries<T>& row,
                                Sum<T>* correction) {
  std::array<Sum<T>, Passing<T>::lanes> shared{};
  Passing<T> passing;
  Index block = 0;  // of 64 objects: terms are added where evaluate_row() adds them
  const auto add = [&](Index object, T distance) {
    if (!(distance < state.d2[object])) return;
    if (object / 64 != block && passing.full())
      add_terms<Isa::Scalar, weighted>(state, passing, shared, correction);
    block = object / 64;
    const auto at = static_cast<std::size_t>(passing.count);
    passing.distance[at] = distance;
    passing.d1[at] = state.d1[object];
    passing.d2[at] = state.d2[object];
    passing.near[at] = state.near[object];
    passing.object[at] = object;
    ++passing.count;
  };
  bool itself = false;  // the candidate has been added, in its place
  for (std::size_t i = 0; i < row.objects.size(); ++i) {
    const Index object = row.objects[i];
    if (!itself && object >= candidate) {
      add(candidate, T{0});
      itself = true;
    }
    if (object != candidate) add(object, row.values[i]);
  }
  if (!itself) add(candidate, T{0});
  add_terms<Isa::Scalar, weighted>(state, passing, shared, correction);
  return sum_of_lanes<Isa::Scalar>(shared);
}

template <class T>
Sum<T> evaluate_stored(const StateView<T>& state, Index candidate, const StoredEntries<T>& row,
                       Sum<T>* correction) {
  return state.weights == nullptr ? evaluate_stored_weighted<false>(state, candidate, row, correction)
                                  : evaluate_stored_weighted<true>(state, candidate, row, correction);
}

}  // namespace xchg::kmedoids
