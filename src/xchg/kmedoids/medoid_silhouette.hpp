// Swap searches for the average medoid silhouette (Lenssen & Schubert: "Clustering by direct optimization of
// the medoid silhouette", SISAP 2022; PAMMEDSIL: van der Laan, Pollard & Bryan 2003).
#pragma once

#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/kmedoids/search.hpp"
#include "xchg/kmedoids/silhouette_state.hpp"

namespace xchg::kmedoids {

// All of them swap until no single swap improves the average medoid silhouette (then they return true), a
// limit is reached or the caller cancels. They add to `statistics`. Changes of the loss that differ by less
// than 1e-12 of the total weight count as equal; of equal swaps the one with the smallest object is taken,
// then with the smallest slot. The swaps do not depend on threads and instruction set.

// FasterMSC: candidates are visited in `order` (all n objects); the first whose best swap improves is swapped
// in at once. A candidate costs O(n + k).
template <class T>
bool fastermsc(SilhouetteState<T>& state, const std::vector<Index>& order, const SearchLimits& limits,
               Statistics& statistics, Progress& progress);

// FastMSC: the best swap of all, O(n^2 + nk) for each.
template <class T>
bool fastmsc(SilhouetteState<T>& state, const SearchLimits& limits, Statistics& statistics,
             Progress& progress);

// PAMMEDSIL: the same swaps, each evaluated by itself, O(n^2 k). To be read: the oracle of the other two.
template <class T>
bool pammedsil(SilhouetteState<T>& state, const SearchLimits& limits, Statistics& statistics,
               Progress& progress);

}  // namespace xchg::kmedoids
