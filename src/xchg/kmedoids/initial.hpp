// Starts of a swap search. All throw CancelledError when cancelled, since half a start is no result.
#pragma once

#include <cstdint>
#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/core/random.hpp"
#include "xchg/kmedoids/kmedoids.hpp"
#include "xchg/kmedoids/problem.hpp"
#include "xchg/kmedoids/search.hpp"

namespace xchg::kmedoids {

// The start that Options::init names, with its k, medoids, ties and plusplus_power.
template <class T>
std::vector<Index> find_start(const Problem<T>& problem, const Options& options, Random& random,
                              const SearchLimits& limits, Progress& progress);

// Whether it draws random numbers.
bool is_random(Init init);

// k different objects, uniform.
std::vector<Index> random_start(Index n, int k, Random& random);

// BUILD (Kaufman & Rousseeuw 1990): the object with the least sum of dissimilarities, then k-1 times the
// object that lowers TD most; ties go to the smallest index (or largest), and it goes on when nothing is
// gained. Lazy (Minoux 1978): what an object gains can only shrink while medoids are added, so that only the
// objects with the best last known gains are evaluated again. Rounding cannot mislead it: gains are sums in
// a fixed order of terms that only shrink. O(n^2) and a few rows for each medoid; `evaluated`, if given,
// counts the rows after those of the sums.
template <class T>
std::vector<Index> build_start(const Problem<T>& problem, int k, Ties ties, const SearchLimits& limits,
                               Progress& progress, std::int64_t* evaluated = nullptr);

// The single best medoid: the object with the least sum of dissimilarities.
template <class T>
Index best_single(const Problem<T>& problem, int threads, Progress& progress, Ties ties = Ties::First);

// LAB (Schubert & Rousseeuw 2019): BUILD where each medoid is chosen from a fresh sample of 10 + sqrt(n)
// other objects, by what it gains on the sample. O(nk).
template <class T>
std::vector<Index> lab_start(const Problem<T>& problem, int k, Random& random, Progress& progress);

// k-means++ (Arthur & Vassilvitskii 2007) for dissimilarities: the first object uniform, the others with
// probability proportional to weight * (distance to the nearest medoid)^power, each the best of
// 2 + floor(ln k) draws. Uniform among the rest when all distances are 0. O(nk log k).
template <class T>
std::vector<Index> plusplus_start(const Problem<T>& problem, int k, double power, Random& random,
                                  Progress& progress);

// Park & Jun (2009): the k objects x with the least sum over o of w(o) d(o, x) / (sum over l of d(o, l));
// ties go to the smallest index. O(n^2).
template <class T>
std::vector<Index> park_jun_start(const Problem<T>& problem, int k, int threads, Progress& progress);

}  // namespace xchg::kmedoids
