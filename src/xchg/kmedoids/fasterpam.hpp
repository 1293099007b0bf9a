// FasterPAM: eager swaps (Schubert & Rousseeuw 2021).
#pragma once

#include <chrono>
#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/kmedoids/kmedoids.hpp"
#include "xchg/kmedoids/state.hpp"

namespace xchg::kmedoids {

struct SearchLimits {
  // A window of candidates is evaluated in parallel only if it has so many (object, candidate) pairs, about a
  // millisecond of work: waking threads costs tens of microseconds, and much more on a busy machine.
  static constexpr Index default_parallel_work = 1 << 22;

  int max_rounds = 300;
  int threads = 1;
  Isa isa = Isa::Scalar;  // resolved
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  Index parallel_work = default_parallel_work;
};

// Swaps until no single swap improves TD, a limit is reached or the caller cancels; true in the first case.
// Candidates are visited in `order` (all n objects); the first whose best swap improves TD is swapped in at
// once. Adds to `statistics`. The swaps do not depend on threads and instruction set.
template <class T>
bool fasterpam(const Problem<T>& problem, State<T>& state, const std::vector<Index>& order,
               const SearchLimits& limits, Statistics& statistics, Progress& progress);

}  // namespace xchg::kmedoids
