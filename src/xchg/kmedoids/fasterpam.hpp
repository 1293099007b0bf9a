// FasterPAM: eager swaps (Schubert & Rousseeuw 2021), of one start or of several in lockstep.
#pragma once

#include <memory>
#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/kmedoids/search.hpp"
#include "xchg/kmedoids/state.hpp"

namespace xchg::kmedoids {

// One of several searches of the same problem; their numbers of medoids may differ.
template <class T>
struct EagerSearch {
  State<T> state;
  Statistics statistics;
  bool converged = false;
};

// Swaps until no single swap improves TD, a limit is reached or the caller cancels; true in the first case.
// Candidates are visited in `order` (all n objects); the first whose best swap improves TD is swapped in at
// once. Adds to `statistics`. The swaps do not depend on threads, instruction set and skipping.
template <class T>
bool fasterpam(const Problem<T>& problem, State<T>& state, const std::vector<Index>& order,
               const SearchLimits& limits, Statistics& statistics, Progress& progress);

// The same for several searches, which visit a candidate while its row is in the cache, or made just once.
// Each does what it would do alone.
template <class T>
void fasterpam_lockstep(const Problem<T>& problem, std::vector<EagerSearch<T>>& searches,
                        const std::vector<Index>& order, const SearchLimits& limits, Progress& progress);

}  // namespace xchg::kmedoids
