// Graphs: orders of them, equivalence classes, and how far one is from another.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "xchg/dag/knowledge.hpp"
#include "xchg/dag/matrix.hpp"

namespace xchg::dag {

// A topological order of the graph W(i, j) != 0, smallest free node first (Kahn), or nothing when it has a
// cycle.
std::optional<std::vector<int>> topological_order(const Matrix& w);

// Makes a graph acyclic: the edge of least |W| (ties: first by row, then column) is removed again and again,
// among those on a cycle, while there is one. Returns them in the order of their removal.
std::vector<Edge> break_cycles(Matrix& w);

// What a Markov equivalence class of acyclic graphs has in common.
struct Cpdag {
  std::vector<Edge> directed;    // the same direction in every member
  std::vector<Edge> undirected;  // from < to: both directions occur
};

// The class of an acyclic graph, by the compelled edges (Chickering 1995). Throws InputError for a cycle.
Cpdag cpdag(const Matrix& w);

// The number of acyclic graphs in the class, up to `most`.
std::uint64_t class_size(const Cpdag& graph, std::size_t nodes, std::uint64_t most = 1'000'000);

// How an estimate differs from the truth; as NOTEARS counts (Zheng et al. 2018).
struct Metrics {
  int shd = 0;  // extra + missing + reversed; a reversed edge counts once
  int extra = 0, missing = 0, reversed = 0;
  int true_positive = 0;
  int predicted = 0, edges = 0;              // of estimate and truth
  double tpr = 0, fdr = 0, fpr = 0;          // rates; 0 where their denominator is 0
  double precision = 0, recall = 0, f1 = 0;  // of directed edges
  std::optional<int> sid;                    // structural intervention distance, up to 100 nodes
};

// Of the graphs W != 0. The estimate may have a pair in both directions (an undirected edge, counted as right
// where the truth has one); sid then is absent. Throws InputError when sizes differ or the truth has a cycle.
Metrics compare(const Matrix& truth, const Matrix& estimate);
// Of the equivalence classes.
Metrics compare(const Cpdag& truth, const Cpdag& estimate, std::size_t nodes);

// Structural intervention distance (Peters, Buehlmann 2015): pairs (i, j) whose interventional distribution
// the estimate's parents of i get wrong. Throws InputError unless both are acyclic.
int structural_intervention_distance(const Matrix& truth, const Matrix& estimate);

// 0/1 of W != 0 (d, d); for the class directed edges once, undirected ones in both directions.
Matrix adjacency(const Matrix& w);
// The same of a class: directed edges once, undirected ones in both directions.
Matrix adjacency(const Cpdag& graph, std::size_t nodes);

}  // namespace xchg::dag
