// The cost of a node given the set of its predecessors: what every score is made of.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "xchg/dag/data.hpp"
#include "xchg/dag/knowledge.hpp"
#include "xchg/dag/options.hpp"

namespace xchg::dag {

// A node regressed on predecessors.
struct NodeFit {
  double cost = 0;
  std::vector<double>
      weights;  // (|predecessors|) W(p, node), in the order in which they were given; 0 where left out
  std::vector<double> parameters;  // all of the model, for a warm start; empty where weights are all
  bool separated = false;          // stopped at |w| = 30
};

// c(j | P) of one score. fit() and cost() may be called from several threads at once. The order score is the
// sum of the costs of all nodes given those before them.
class NodeScore {
 public:
  virtual ~NodeScore() = default;

  virtual int nodes() const = 0;
  // `predecessors` ascending, without `node`; those that knowledge forbids as parents are left out of the
  // regression. `warm` is an earlier fit of the same node (perhaps on other predecessors,
  // `warm_predecessors`); convex scores end at the same optimum with and without it, to their tolerance.
  virtual NodeFit fit(int node, std::span<const int> predecessors, const NodeFit* warm = nullptr,
                      std::span<const int> warm_predecessors = {}) const = 0;
  virtual double cost(int node, std::span<const int> predecessors) const {
    return fit(node, predecessors).cost;
  }

  // dQ/dW(i, node) for all i (d), with L1 the least element of the subdifferential; 0 at i = node. Empty
  // where there is no such thing (Bic, Mlp).
  virtual std::vector<double> gradient(int /*node*/, std::span<const int> /*predecessors*/,
                                       const NodeFit& /*fit*/) const {
    return {};
  }
  // Costs are a function of the set alone: exact search may use them.
  virtual bool is_set_function() const { return true; }
  // Larger sets cost no more (all but Bic): what pruned search and bounds need.
  virtual bool is_monotone() const { return true; }
};

// 1/2 r(j | P) from Gram matrices, each node from its own (interventions).
std::unique_ptr<NodeScore> make_least_squares_score(const Gram& gram, const Constraints& constraints);

// The score of the options. `data` is null when only second moments are known; `seed` is that of the nets'
// random starts. Keeps references to all arguments. Throws InputError when the score needs rows and there are
// none, or values it cannot take (names row, column and value).
std::unique_ptr<NodeScore> make_node_score(const Gram& gram, const Data* data, const Constraints& constraints,
                                           Score score, const ScoreOptions& options, std::uint64_t seed);

}  // namespace xchg::dag
