// Distances of graphs.
#include <fmt/format.h>

#include "xchg/core/error.hpp"
#include "xchg/dag/graph.hpp"

namespace xchg::dag {
namespace {

constexpr std::size_t most_nodes_sid = 100;

enum class Link { None, Forward, Backward, Both };

Link link(const Matrix& a, std::size_t i, std::size_t j) {
  const bool forward = a(i, j) != 0, backward = a(j, i) != 0;
  if (forward && backward) return Link::Both;
  return forward ? Link::Forward : backward ? Link::Backward : Link::None;
}

double share(int part, int whole) { return whole == 0 ? 0 : static_cast<double>(part) / whole; }

// Pairs of a truth that may have undirected edges (Both). Right: the same link, or undirected where the other
// has a direction (as NOTEARS counts).
Metrics count(const Matrix& truth, const Matrix& estimate) {
  Metrics metrics;
  const std::size_t d = truth.rows;
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = i + 1; j < d; ++j) {
      const Link real = link(truth, i, j), found = link(estimate, i, j);
      metrics.edges += real != Link::None;
      metrics.predicted += found != Link::None;
      if (real == Link::None && found != Link::None) {
        ++metrics.extra;
      } else if (real != Link::None && found == Link::None) {
        ++metrics.missing;
      } else if (real != Link::None) {
        const bool right = real == found || found == Link::Both || real == Link::Both;
        ++(right ? metrics.true_positive : metrics.reversed);
      }
    }
  }
  metrics.shd = metrics.extra + metrics.missing + metrics.reversed;
  const int pairs = static_cast<int>(d * (d - 1) / 2);
  const int wrong = metrics.reversed + metrics.extra;
  metrics.tpr = share(metrics.true_positive, metrics.edges);
  metrics.fdr = share(wrong, metrics.predicted);
  metrics.fpr = share(wrong, pairs - metrics.edges);
  metrics.precision = share(metrics.true_positive, metrics.predicted);
  metrics.recall = metrics.tpr;
  metrics.f1 = share(2 * metrics.true_positive, metrics.predicted + metrics.edges);
  return metrics;
}

void require_same_size(const Matrix& truth, const Matrix& estimate) {
  if (truth.rows != truth.columns || estimate.rows != truth.rows || estimate.columns != truth.columns) {
    throw InputError(fmt::format("graphs of {} by {} and {} by {}", truth.rows, truth.columns, estimate.rows,
                                 estimate.columns),
                     {}, "two square matrices of the same size");
  }
}

}  // namespace

Metrics compare(const Matrix& truth, const Matrix& estimate) {
  require_same_size(truth, estimate);
  if (!topological_order(truth)) throw InputError("the true graph has a cycle", {}, "an acyclic one");
  Metrics metrics = count(truth, estimate);
  if (truth.rows <= most_nodes_sid && topological_order(estimate)) {
    metrics.sid = structural_intervention_distance(truth, estimate);
  }
  return metrics;
}

Metrics compare(const Cpdag& truth, const Cpdag& estimate, std::size_t nodes) {
  const Matrix a = adjacency(truth, nodes), b = adjacency(estimate, nodes);
  Metrics metrics = count(a, b);
  // Between classes an undirected edge is a statement of its own: it differs from a directed one.
  for (std::size_t i = 0; i < nodes; ++i) {
    for (std::size_t j = i + 1; j < nodes; ++j) {
      const Link real = link(a, i, j), found = link(b, i, j);
      if (real != Link::None && found != Link::None && real != found &&
          (real == Link::Both || found == Link::Both)) {
        ++metrics.reversed;
        ++metrics.shd;
        --metrics.true_positive;
      }
    }
  }
  metrics.tpr = metrics.recall = share(metrics.true_positive, metrics.edges);
  metrics.precision = share(metrics.true_positive, metrics.predicted);
  metrics.fdr = share(metrics.reversed + metrics.extra, metrics.predicted);
  metrics.fpr =
      share(metrics.reversed + metrics.extra, static_cast<int>(nodes * (nodes - 1) / 2) - metrics.edges);
  metrics.f1 = share(2 * metrics.true_positive, metrics.predicted + metrics.edges);
  return metrics;
}

}  // namespace xchg::dag
