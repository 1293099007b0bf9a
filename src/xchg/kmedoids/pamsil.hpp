// PAMSIL: swaps for the mean silhouette itself (van der Laan, Pollard & Bryan 2003).
#pragma once

#include "xchg/core/progress.hpp"
#include "xchg/kmedoids/search.hpp"
#include "xchg/kmedoids/state.hpp"

namespace xchg::kmedoids {

// Throws LimitError when one round over all swaps would be hopeless, n^2 k (n - k) > 1e12 additions, or when
// the matrix that the search needs is over the budget.
void check_pamsil_size(Index n, int k, std::uint64_t memory_budget_bytes);

// Performs the best swap of all until none improves the mean silhouette (then it returns true), a limit is
// reached or the caller cancels. Every swap is evaluated by itself: all objects assigned and all silhouettes
// computed anew, O(n^2 k (n - k)) for one swap done. Values that differ by less than 1e-12 count as equal; of
// equal swaps the one with the smallest object is taken, then with the smallest slot. The swaps do not depend
// on threads. At least two medoids.
template <class T>
bool pamsil(const Problem<T>& problem, State<T>& state, const SearchLimits& limits, Statistics& statistics,
            Progress& progress);

}  // namespace xchg::kmedoids
