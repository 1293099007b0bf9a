// k-medoids by several processes together, the exact search: every process holds the state of a part of the
// objects and all of them take the same swaps.
#pragma once

#include "xchg/core/progress.hpp"
#include "xchg/kmedoids/communicator.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {

// FasterPAM (Schubert & Rousseeuw 2021). All ranks call it with the same data and options, and all get the
// same result. A rank reads the dissimilarities d(o, x) of its own objects o to all candidates, and to start
// and to search for second nearest medoids. Medoids, labels and totals do not depend on the number of ranks
// to the bit; for integers medoids and swaps are those of cluster(), for others sums are added in another
// order. Nothing is skipped (Options::skip). When one rank is cancelled or out of time, all stop with the
// best result so far; when one fails, all throw.
//
// Throws InputError for methods other than FasterPAM, for starts that read all dissimilarities (BUILD, Park &
// Jun, the bound) and for Options::certify, and what cluster() throws.
Result cluster_distributed(Communicator& communicator, const Dissimilarity& data, const Options& options,
                           Progress& progress = Progress::none());

}  // namespace xchg::kmedoids
