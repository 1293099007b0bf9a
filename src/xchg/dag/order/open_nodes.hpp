// Least-squares nodes without closed differences: those with forbidden parents and those with moments of
// their own (interventions).
#pragma once

#include <span>
#include <vector>

#include "xchg/dag/data.hpp"
#include "xchg/dag/knowledge.hpp"

namespace xchg::dag {

// What the residual variances of such nodes become when others leave or join their predecessors. After
// update() every question is answered from tables, by the formulas for conditional moments when one variable
// is added or left out.
class OpenNodes {
 public:
  // Keeps references.
  OpenNodes(const Gram& gram, const Constraints& constraints);

  bool any() const { return !tables_.empty(); }
  // The indices into this of all open nodes: 0..count-1.
  std::size_t count() const { return tables_.size(); }
  int node(std::size_t index) const { return tables_[index].node; }
  bool is_open(int node) const { return open_[static_cast<std::size_t>(node)] >= 0; }

  // A new order. Throws NumericError when moments are not positive definite.
  void update(std::span<const int> order, int threads);
  // Residual variance of the open node where it stands.
  double variance(std::size_t index) const;
  // With so many of the other nodes before it, taken in the order.
  double variance_after(std::size_t index, std::size_t others) const { return tables_[index].prefix[others]; }
  // With the later node v among the predecessors, or without the earlier u, or both.
  double variance_with(std::size_t index, int v) const;
  double variance_without(std::size_t index, int u) const;
  double variance_exchanged(std::size_t index, int u, int v) const;
  // W(i, node) for all i.
  void weights(std::size_t index, std::span<double> column) const;

  // 1/2 of the residual variances of an order, only they are computed.
  double half_sum(std::span<const int> order) const;

 private:
  struct Table {
    int node = 0;
    std::size_t position = 0;
    std::vector<double> prefix;       // (d) residual variance after so many others
    std::vector<int> place;           // (d) by node: index among allowed predecessors, or -1
    std::vector<int> later;           // (d) by node: index among allowed later nodes, or -1
    std::vector<double> weight;       // by predecessor
    std::vector<double> precision;    // by predecessor: diagonal of the inverse of their moments
    std::vector<double> covariance;   // by later node, with this node, given the predecessors
    std::vector<double> conditional;  // by later node: variance given the predecessors
    std::vector<double> coefficient;  // (later, predecessors): of the regression of each later node on them
  };
  void fill(Table& table, std::span<const int> order) const;

  const Gram& gram_;
  const Constraints& constraints_;
  std::vector<int> open_;  // by node: index, or -1
  std::vector<Table> tables_;
};

}  // namespace xchg::dag
