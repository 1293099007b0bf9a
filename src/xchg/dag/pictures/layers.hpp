// Internal to the layout: layers of nodes, and of the virtual nodes that long edges pass through.
#pragma once

#include <vector>

#include "xchg/dag/knowledge.hpp"

namespace xchg::dag {

// The layer of every node: below its parents, at most `most` nodes each, edges short. Throws InputError for a
// cycle.
std::vector<std::size_t> assign_layers(std::size_t nodes, const std::vector<Edge>& edges, std::size_t most);

// Nodes 0..nodes-1 and behind them the virtual ones; every link joins neighbouring layers.
struct Layers {
  std::vector<std::vector<std::size_t>> rows;   // (layers) from left to right
  std::vector<std::vector<std::size_t>> above;  // (all nodes) joined in the layer above
  std::vector<std::vector<std::size_t>> below;  // and in the one below
  std::vector<std::size_t> layer;               // (all nodes)
  std::vector<std::vector<std::size_t>> chain;  // (edges) the virtual nodes on it
  std::size_t real = 0;                         // how many are not virtual
};
Layers with_virtual_nodes(std::size_t nodes, const std::vector<Edge>& edges,
                          const std::vector<std::size_t>& layer);

// Reorders the rows so that links cross less: sweeps by medians, then exchanges of neighbours. Returns the
// crossings that stay.
std::size_t reduce_crossings(Layers& layers);

// Crossings of links between all neighbouring layers.
std::size_t count_crossings(const Layers& layers);

}  // namespace xchg::dag
