// FastPAM1 and FastPAM2: the swaps of all slots with a candidate are evaluated at once (Schubert & Rousseeuw,
// "Faster k-medoids clustering", SISAP 2019; "Fast and eager k-medoids clustering", 2021).
#pragma once

#include "xchg/core/progress.hpp"
#include "xchg/kmedoids/search.hpp"
#include "xchg/kmedoids/state.hpp"

namespace xchg::kmedoids {

// PAM's swaps: the best of all, again and again, until no swap improves TD, a limit is reached or the caller
// cancels; true in the first case. Adds to `statistics`. Needs k >= 2. The swaps do not depend on threads and
// instruction set. Where the memory budget allows it and the rows lie in memory, tables of all changes are
// kept up to date from swap to swap; otherwise all rows are read for each. Both find the same swaps.
template <class T>
bool fastpam1(const Problem<T>& problem, State<T>& state, const SearchLimits& limits, Statistics& statistics,
              Progress& progress);

// Each pass finds the best candidate of every slot and then swaps in one after the other, the best first. The
// others are evaluated again, since the state has changed, and must still improve TD by (1 - tolerance) of
// what was predicted: with tolerance 1 by anything, with 0 only if the swaps before did not affect them.
template <class T>
bool fastpam2(const Problem<T>& problem, State<T>& state, double tolerance, const SearchLimits& limits,
              Statistics& statistics, Progress& progress);

}  // namespace xchg::kmedoids
