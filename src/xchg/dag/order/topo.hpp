// Parts of TOPO that are of use by themselves: its sizes, and the pairs that a round considers.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "xchg/dag/matrix.hpp"
#include "xchg/dag/options.hpp"

namespace xchg::dag {

// The sizes that the options ask for with d nodes: min(5 d, all), all and 10 where they do not say. Throws
// InputError for sizes outside 1..d(d-1)/2.
TopoSizes topo_sizes(const Options& options, int nodes);

// Node j stands before node i; `walks` is [grad h]_ij, the weight of the walks from j to i that exchanging
// the two would destroy.
struct TopoPair {
  int i = 0, j = 0;
  double walks = 0;
};

// All pairs of an order, least walks first; ties by (i, j).
std::vector<TopoPair> topo_pairs(const Matrix& w, std::span<const int> order, Acyclicity acyclicity);

// How many of the pairs have walks of at most the size-th one's, tau, up to 1e-12 max(1, tau): all ties
// count.
std::size_t topo_candidates(std::span<const TopoPair> pairs, int size);

}  // namespace xchg::dag
