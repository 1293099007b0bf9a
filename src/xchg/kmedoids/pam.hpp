// PAM (Kaufman & Rousseeuw 1990) and the alternating scheme: the classics, written to be read.
#pragma once

#include "xchg/core/progress.hpp"
#include "xchg/kmedoids/search.hpp"
#include "xchg/kmedoids/state.hpp"

namespace xchg::kmedoids {

// The best swap of all by the definition of its change, one swap at a time, O(k n (n-k)) for each: the oracle
// of fastpam1(), whose swaps it takes. Goes on until no swap improves TD, a limit is reached or the caller
// cancels; true in the first case. Adds to `statistics`.
template <class T>
bool pam(const Problem<T>& problem, State<T>& state, const SearchLimits& limits, Statistics& statistics,
         Progress& progress);

// Assigns all objects, then replaces each medoid by the member of its cluster with the least sum of
// dissimilarities, until nothing changes; a baseline whose optima are worse. All replacements of a round are
// one swap in `statistics`, and all members are its evaluated candidates.
template <class T>
bool alternating(const Problem<T>& problem, State<T>& state, const SearchLimits& limits,
                 Statistics& statistics, Progress& progress);

}  // namespace xchg::kmedoids
