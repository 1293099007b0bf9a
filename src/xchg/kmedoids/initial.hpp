// Starts of a swap search.
#pragma once

#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/core/random.hpp"
#include "xchg/kmedoids/kmedoids.hpp"
#include "xchg/kmedoids/problem.hpp"

namespace xchg::kmedoids {

// k different objects, uniform.
std::vector<Index> random_start(Index n, int k, Random& random);

// BUILD (Kaufman & Rousseeuw 1990): the object with the least sum of dissimilarities, then k-1 times the
// object that lowers TD most; ties go to the smallest index, and it goes on when nothing is gained. O(n^2 k).
// Throws CancelledError when cancelled, since half a start is no result.
template <class T>
std::vector<Index> build_start(const Problem<T>& problem, int k, int threads, Progress& progress);

// The single best medoid: the object with the least sum of dissimilarities, ties to the smallest index.
template <class T>
Index best_single(const Problem<T>& problem, int threads, Progress& progress);

}  // namespace xchg::kmedoids
