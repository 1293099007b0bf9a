#include "xchg/dag/pictures/layers.hpp"

#include <algorithm>

#include "xchg/core/error.hpp"

namespace xchg::dag {
namespace {

using Lists = std::vector<std::vector<std::size_t>>;

struct Neighbours {
  Lists parents, children;
};

Neighbours neighbours(std::size_t nodes, const std::vector<Edge>& edges) {
  Neighbours result{Lists(nodes), Lists(nodes)};
  for (const Edge& edge : edges) {
    result.parents[static_cast<std::size_t>(edge.to)].push_back(static_cast<std::size_t>(edge.from));
    result.children[static_cast<std::size_t>(edge.from)].push_back(static_cast<std::size_t>(edge.to));
  }
  return result;
}

// The number of edges on the longest path that begins at each node.
std::vector<std::size_t> heights(const Neighbours& graph) {
  const std::size_t nodes = graph.parents.size();
  std::vector<std::size_t> height(nodes), open(nodes), ready;
  for (std::size_t i = 0; i < nodes; ++i) {
    open[i] = graph.children[i].size();
    if (open[i] == 0) ready.push_back(i);
  }
  for (std::size_t k = 0; k < ready.size(); ++k) {
    for (const std::size_t parent : graph.parents[ready[k]]) {
      height[parent] = std::max(height[parent], height[ready[k]] + 1);
      if (--open[parent] == 0) ready.push_back(parent);
    }
  }
  if (ready.size() < nodes) throw InputError("the graph has a cycle", {}, "an acyclic one");
  return height;
}

// Moves nodes to the layer with room that makes their edges shortest, until none moves.
void shorten(const Neighbours& graph, std::size_t most, std::vector<std::size_t>& layer) {
  const std::size_t layers = *std::max_element(layer.begin(), layer.end()) + 1;
  std::vector<std::size_t> count(layers);
  for (const std::size_t one : layer) ++count[one];
  bool moved = true;
  for (std::size_t round = 0; moved && round < layers; ++round) {
    moved = false;
    for (std::size_t node = 0; node < layer.size(); ++node) {
      const auto& parents = graph.parents[node];
      const auto& children = graph.children[node];
      if (parents.size() == children.size()) continue;
      std::size_t low = 0, high = layers - 1;
      for (const std::size_t parent : parents) low = std::max(low, layer[parent] + 1);
      for (const std::size_t child : children) high = std::min(high, layer[child] - 1);
      const bool down = children.size() > parents.size();
      std::size_t best = layer[node];
      for (std::size_t to = low; to <= high; ++to) {
        if (count[to] < most && (down ? to > best : to < best)) best = to;
      }
      if (best == layer[node]) continue;
      --count[layer[node]];
      ++count[best];
      layer[node] = best;
      moved = true;
    }
  }
}

}  // namespace

std::vector<std::size_t> assign_layers(std::size_t nodes, const std::vector<Edge>& edges, std::size_t most) {
  const Neighbours graph = neighbours(nodes, edges);
  const std::vector<std::size_t> height = heights(graph);
  std::vector<std::size_t> layer(nodes), open(nodes), ready;
  for (std::size_t i = 0; i < nodes; ++i) {
    open[i] = graph.parents[i].size();
    if (open[i] == 0) ready.push_back(i);
  }
  // From the top, those with the longest way to go first (Coffman, Graham 1972).
  std::size_t current = 0;
  for (; !ready.empty(); ++current) {
    std::sort(ready.begin(), ready.end(), [&](std::size_t a, std::size_t b) {
      return height[a] != height[b] ? height[a] > height[b] : a < b;
    });
    const std::size_t taken = std::min(most, ready.size());
    std::vector<std::size_t> next(ready.begin() + static_cast<std::ptrdiff_t>(taken), ready.end());
    for (std::size_t k = 0; k < taken; ++k) {
      layer[ready[k]] = current;
      for (const std::size_t child : graph.children[ready[k]]) {
        if (--open[child] == 0) next.push_back(child);
      }
    }
    ready = std::move(next);
  }
  if (nodes > 0) shorten(graph, most, layer);
  return layer;
}

Layers with_virtual_nodes(std::size_t nodes, const std::vector<Edge>& edges,
                          const std::vector<std::size_t>& layer) {
  Layers result;
  result.real = nodes;
  result.layer = layer;
  result.rows.resize(layer.empty() ? 0 : *std::max_element(layer.begin(), layer.end()) + 1);
  result.above.resize(nodes);
  result.below.resize(nodes);
  for (std::size_t i = 0; i < nodes; ++i) result.rows[layer[i]].push_back(i);
  const auto link = [&](std::size_t a, std::size_t b) {
    result.below[a].push_back(b);
    result.above[b].push_back(a);
  };
  for (const Edge& edge : edges) {
    auto last = static_cast<std::size_t>(edge.from);
    const auto to = static_cast<std::size_t>(edge.to);
    std::vector<std::size_t> chain;
    for (std::size_t at = layer[last] + 1; at < layer[to]; ++at) {
      const std::size_t node = result.layer.size();
      result.layer.push_back(at);
      result.above.emplace_back();
      result.below.emplace_back();
      result.rows[at].push_back(node);
      link(last, node);
      chain.push_back(node);
      last = node;
    }
    link(last, to);
    result.chain.push_back(std::move(chain));
  }
  return result;
}

}  // namespace xchg::dag
