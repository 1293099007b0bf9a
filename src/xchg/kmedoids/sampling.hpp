// Searches that look at samples: of the objects (the CLARA family) or of the swaps (the CLARANS family).
#pragma once

#include "xchg/core/progress.hpp"
#include "xchg/core/random.hpp"
#include "xchg/kmedoids/search.hpp"
#include "xchg/kmedoids/state.hpp"

namespace xchg::kmedoids {

// Whether the method searches samples of the objects.
bool samples_objects(Method method);

// Whether it is one of those here, which draw random numbers whatever they start from.
bool draws_samples(Method method);

// How many objects a sample of these options has, of n.
Index sample_size(const Options& options, Index n);

// CLARA (Kaufman & Rousseeuw 1990), FastCLARA (Schubert & Rousseeuw 2019) and FasterCLARA (2021): searches
// Options::samples samples by FastPAM1 or FasterPAM, and keeps the medoids with the least TD over all
// objects. Samples contain the best medoids so far unless they are to be independent. The search on a sample
// starts with Options::init, which for Random means BUILD but for FasterCLARA, and for First and Given the
// best medoids so far. True when all searches came to their ends. In `statistics` a swap is a change to
// better medoids; rounds and candidates are those of all samples. O(n k) a sample, without reading other rows
// of the problem than those of medoids.
template <class T>
bool clara(const Problem<T>& problem, State<T>& state, const Options& options, Random& random,
           const SearchLimits& limits, Statistics& statistics, Progress& progress);

// CLARANS (Ng & Han 2002) draws a slot and a candidate, FastCLARANS (2019) a candidate for all slots, without
// drawing it twice under one state; a swap that improves TD is done. A local search ends after so many
// failures in a row as Options::maxneighbor says. The first one starts from `state`, the others of
// Options::numlocal from random medoids; the best is kept. True when all of them came to their ends. In
// `statistics` the swaps are those of the best local search, a round is a local search. Needs k >= 2.
template <class T>
bool clarans(const Problem<T>& problem, State<T>& state, const Options& options, Random& random,
             const SearchLimits& limits, Statistics& statistics, Progress& progress);

}  // namespace xchg::kmedoids
