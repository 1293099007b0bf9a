// FasterPAM: eager swaps (Schubert & Rousseeuw 2021).
#pragma once

#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/kmedoids/search.hpp"
#include "xchg/kmedoids/state.hpp"

namespace xchg::kmedoids {

// Swaps until no single swap improves TD, a limit is reached or the caller cancels; true in the first case.
// Candidates are visited in `order` (all n objects); the first whose best swap improves TD is swapped in at
// once. Adds to `statistics`. The swaps do not depend on threads and instruction set.
template <class T>
bool fasterpam(const Problem<T>& problem, State<T>& state, const std::vector<Index>& order,
               const SearchLimits& limits, Statistics& statistics, Progress& progress);

}  // namespace xchg::kmedoids
