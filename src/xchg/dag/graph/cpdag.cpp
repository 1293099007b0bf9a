// Equivalence classes: edges that have the same direction in every acyclic graph of equal independences
// (Chickering, "A transformational characterization of equivalent Bayesian network structures", UAI 1995).
#include <algorithm>

#include "xchg/core/error.hpp"
#include "xchg/dag/graph.hpp"

namespace xchg::dag {
namespace {

enum class Label : unsigned char { Unknown, Compelled, Reversible };

struct Graph {
  std::size_t d;
  std::vector<int> order, place;
  std::vector<std::vector<int>> parents;
  std::vector<Label> labels;  // (d, d)

  Label& label(int from, int to) {
    return labels[static_cast<std::size_t>(from) * d + static_cast<std::size_t>(to)];
  }
  bool has(int from, int to) const {
    const auto& list = parents[static_cast<std::size_t>(to)];
    return std::find(list.begin(), list.end(), from) != list.end();
  }
};

Graph graph_of(const Matrix& w) {
  const auto order = topological_order(w);
  if (!order) throw InputError("the graph has a cycle", {}, "an acyclic one");
  Graph graph{w.rows, *order, std::vector<int>(w.rows), std::vector<std::vector<int>>(w.rows),
              std::vector<Label>(w.rows * w.rows, Label::Unknown)};
  for (std::size_t k = 0; k < w.rows; ++k)
    graph.place[static_cast<std::size_t>(graph.order[k])] = static_cast<int>(k);
  // Parents of a node from the latest to the earliest.
  for (auto node = graph.order.rbegin(); node != graph.order.rend(); ++node) {
    for (std::size_t j = 0; j < w.rows; ++j) {
      if (w(static_cast<std::size_t>(*node), j) != 0) graph.parents[j].push_back(*node);
    }
  }
  return graph;
}

void label_unknown(Graph& graph, int y, Label label) {
  for (const int parent : graph.parents[static_cast<std::size_t>(y)]) {
    if (graph.label(parent, y) == Label::Unknown) graph.label(parent, y) = label;
  }
}

// The edges into y, from the one x -> y of the latest x on that has no label yet.
void label_edges_into(Graph& graph, int y) {
  for (const int x : graph.parents[static_cast<std::size_t>(y)]) {
    if (graph.label(x, y) != Label::Unknown) continue;
    bool all = false;
    for (const int w : graph.parents[static_cast<std::size_t>(x)]) {
      if (graph.label(w, x) != Label::Compelled) continue;
      if (!graph.has(w, y)) {
        for (const int parent : graph.parents[static_cast<std::size_t>(y)])
          graph.label(parent, y) = Label::Compelled;
        all = true;
        break;
      }
      graph.label(w, y) = Label::Compelled;
    }
    if (all) return;
    const auto& parents = graph.parents[static_cast<std::size_t>(y)];
    const bool other =
        std::any_of(parents.begin(), parents.end(), [&](int z) { return z != x && !graph.has(z, x); });
    label_unknown(graph, y, other ? Label::Compelled : Label::Reversible);
  }
}

}  // namespace

Cpdag cpdag(const Matrix& w) {
  Graph graph = graph_of(w);
  for (const int y : graph.order) label_edges_into(graph, y);
  Cpdag result;
  for (int i = 0; i < static_cast<int>(graph.d); ++i) {
    for (int j = 0; j < static_cast<int>(graph.d); ++j) {
      if (w(static_cast<std::size_t>(i), static_cast<std::size_t>(j)) == 0) continue;
      if (graph.label(i, j) == Label::Compelled) {
        result.directed.push_back({i, j});
      } else {
        result.undirected.push_back({std::min(i, j), std::max(i, j)});
      }
    }
  }
  std::sort(result.undirected.begin(), result.undirected.end());
  return result;
}

}  // namespace xchg::dag
