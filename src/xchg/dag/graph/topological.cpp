#include <cmath>
#include <functional>
#include <queue>

#include "xchg/core/error.hpp"
#include "xchg/dag/graph.hpp"

namespace xchg::dag {
namespace {

// Removes nodes without parents or without children until none is left: what stays has cycles, or lies
// between them.
std::vector<char> core_of_cycles(const Matrix& w) {
  const std::size_t d = w.rows;
  std::vector<char> inside(d, 1);
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t node = 0; node < d; ++node) {
      if (inside[node] == 0) continue;
      bool parent = false, child = false;
      for (std::size_t other = 0; other < d; ++other) {
        if (inside[other] == 0) continue;
        parent = parent || w(other, node) != 0;
        child = child || w(node, other) != 0;
      }
      if (!parent || !child) {
        inside[node] = 0;
        changed = true;
      }
    }
  }
  return inside;
}

bool reaches(const Matrix& w, std::size_t from, std::size_t to) {
  std::vector<char> seen(w.rows);
  std::vector<std::size_t> open{from};
  while (!open.empty()) {
    const std::size_t node = open.back();
    open.pop_back();
    if (node == to) return true;
    for (std::size_t next = 0; next < w.rows; ++next) {
      if (w(node, next) != 0 && seen[next]++ == 0) open.push_back(next);
    }
  }
  return false;
}

}  // namespace

std::optional<std::vector<int>> topological_order(const Matrix& w) {
  const std::size_t d = w.rows;
  if (w.columns != d) throw InputError("a matrix of weights is not square", {}, "(d, d)");
  std::vector<int> parents(d);
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j < d; ++j) parents[j] += w(i, j) != 0;
  }
  std::priority_queue<int, std::vector<int>, std::greater<>> free;
  for (std::size_t j = 0; j < d; ++j) {
    if (parents[j] == 0) free.push(static_cast<int>(j));
  }
  std::vector<int> order;
  while (!free.empty()) {
    const int node = free.top();
    free.pop();
    order.push_back(node);
    for (std::size_t j = 0; j < d; ++j) {
      if (w(static_cast<std::size_t>(node), j) != 0 && --parents[j] == 0) free.push(static_cast<int>(j));
    }
  }
  if (order.size() < d) return std::nullopt;
  return order;
}

std::vector<Edge> break_cycles(Matrix& w) {
  std::vector<Edge> removed;
  while (!topological_order(w)) {
    const std::vector<char> inside = core_of_cycles(w);
    double least = 0;
    Edge weakest{-1, -1};
    for (std::size_t i = 0; i < w.rows; ++i) {
      for (std::size_t j = 0; j < w.rows; ++j) {
        if (w(i, j) == 0 || inside[i] == 0 || inside[j] == 0) continue;
        const double weight = std::abs(w(i, j));
        if ((weakest.from >= 0 && weight >= least) || !reaches(w, j, i)) continue;
        least = weight;
        weakest = {static_cast<int>(i), static_cast<int>(j)};
      }
    }
    w(static_cast<std::size_t>(weakest.from), static_cast<std::size_t>(weakest.to)) = 0;
    removed.push_back(weakest);
  }
  return removed;
}

Matrix adjacency(const Matrix& w) {
  Matrix a(w.rows, w.columns);
  for (std::size_t i = 0; i < w.values.size(); ++i) a.values[i] = w.values[i] != 0 ? 1 : 0;
  return a;
}

Matrix adjacency(const Cpdag& graph, std::size_t nodes) {
  Matrix a(nodes, nodes);
  for (const Edge& edge : graph.directed)
    a(static_cast<std::size_t>(edge.from), static_cast<std::size_t>(edge.to)) = 1;
  for (const Edge& edge : graph.undirected) {
    a(static_cast<std::size_t>(edge.from), static_cast<std::size_t>(edge.to)) = 1;
    a(static_cast<std::size_t>(edge.to), static_cast<std::size_t>(edge.from)) = 1;
  }
  return a;
}

}  // namespace xchg::dag
