// Places for the nodes of an acyclic graph, for a picture: layer below layer (Sugiyama, Tagawa, Toda 1981).
#pragma once

#include <utility>
#include <vector>

#include "xchg/dag/knowledge.hpp"

namespace xchg::dag {

// Places in the plane; y is the layer, 0 on top, every edge leads down. Nodes of one layer are at least 1
// apart.
struct Layout {
  std::vector<double> x, y;                                   // (nodes)
  std::vector<std::vector<std::pair<double, double>>> bends;  // (edges) between its ends, from top to bottom
  std::size_t layers = 0;                                     //
  std::size_t crossings = 0;                                  // of edges between neighbouring layers
};

// Layers hold at most `most_in_layer` nodes (0: about the root of their number). The same graph always gets
// the same picture. Throws InputError when the edges have a cycle.
Layout layered_layout(std::size_t nodes, const std::vector<Edge>& edges, std::size_t most_in_layer = 0);

}  // namespace xchg::dag
