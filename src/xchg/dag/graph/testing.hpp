// Helpers of several tests of graphs.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "xchg/core/random.hpp"
#include "xchg/dag/graph.hpp"

namespace xchg::dag::testing {

inline Matrix graph_of(std::size_t nodes, const std::vector<std::pair<std::size_t, std::size_t>>& edges) {
  Matrix w(nodes, nodes);
  for (const auto& [from, to] : edges) w(from, to) = 1;
  return w;
}

// Every acyclic graph of so many nodes.
inline std::vector<Matrix> all_graphs(std::size_t nodes) {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0; i < nodes; ++i) {
    for (std::size_t j = i + 1; j < nodes; ++j) pairs.emplace_back(i, j);
  }
  std::size_t states = 1;
  for (std::size_t k = 0; k < pairs.size(); ++k) states *= 3;
  std::vector<Matrix> graphs;
  for (std::size_t state = 0; state < states; ++state) {
    Matrix w(nodes, nodes);
    std::size_t digits = state;
    for (const auto& [i, j] : pairs) {
      if (digits % 3 == 1) w(i, j) = 1;
      if (digits % 3 == 2) w(j, i) = 1;
      digits /= 3;
    }
    // Acyclic by taking away nodes without parents: not the function under test.
    std::vector<char> gone(nodes);
    for (std::size_t round = 0; round < nodes; ++round) {
      for (std::size_t j = 0; j < nodes; ++j) {
        bool parent = false;
        for (std::size_t i = 0; i < nodes; ++i) parent = parent || (gone[i] == 0 && w(i, j) != 0);
        if (!parent) gone[j] = 1;
      }
    }
    bool acyclic = true;
    for (const char one : gone) acyclic = acyclic && one != 0;
    if (acyclic) graphs.push_back(std::move(w));
  }
  return graphs;
}

// Weights in +-[0.5, 2] along a random order.
inline Matrix random_graph(std::size_t nodes, double share, Random& random) {
  std::vector<std::size_t> order(nodes);
  for (std::size_t i = 0; i < nodes; ++i) order[i] = i;
  for (std::size_t i = nodes; i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  Matrix w(nodes, nodes);
  for (std::size_t a = 0; a < nodes; ++a) {
    for (std::size_t b = a + 1; b < nodes; ++b) {
      if (random.uniform() >= share) continue;
      w(order[a], order[b]) = (random.below(2) == 0 ? -1 : 1) * (0.5 + 1.5 * random.uniform());
    }
  }
  return w;
}

}  // namespace xchg::dag::testing
