// Random acyclic graphs.
#pragma once

#include <vector>

#include "xchg/core/random.hpp"
#include "xchg/dag/knowledge.hpp"
#include "xchg/dag/simulate.hpp"

namespace xchg::dag {

// Edges between places 0..d-1 of a topological order: from < to.
std::vector<Edge> random_edges(GraphKind kind, int nodes, double degree, Random& random);

}  // namespace xchg::dag
