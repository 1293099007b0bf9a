// An order of the nodes under some score, and what moves in it would change.
#pragma once

#include <algorithm>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "xchg/dag/learn.hpp"
#include "xchg/dag/matrix.hpp"
#include "xchg/dag/options.hpp"
#include "xchg/dag/score/node_score.hpp"

namespace xchg::dag {

// Positions that a move changes: closed interval.
inline int first_position(const Delta& move) { return std::min(move.from, move.to); }
inline int last_position(const Delta& move) { return std::max(move.from, move.to); }

// The order before a move becomes this.
void move_nodes(std::vector<int>& order, const Delta& move);

// The state of a search. Differences are exact: of scores of complete refits. Moves that constraints forbid
// do not occur. Scans run on several threads; their results do not depend on how many.
class OrderState {
 public:
  virtual ~OrderState() = default;

  virtual int nodes() const = 0;
  virtual const std::vector<int>& order() const = 0;
  virtual double score() const = 0;
  // Begins anew. The order satisfies the constraints.
  virtual void reset(std::span<const int> order) = 0;

  // All moves with a difference below `below`, by (from, to). An adjacent exchange occurs once among
  // insertions, as that of the left node.
  virtual void insertions(double below, std::vector<Delta>& moves) = 0;
  virtual void swaps(double below, std::vector<Delta>& moves) = 0;
  // The differences of single moves, infinity where constraints forbid them.
  virtual double difference(const Delta& move) = 0;

  // Makes moves whose intervals are disjoint. The score afterwards is the old one plus the differences.
  virtual void apply(std::span<const Delta> moves) = 0;

  // (d, d) by node number: W of the regression on all allowed predecessors.
  virtual Matrix weights() = 0;
  // Factorises or refits everything anew; returns the relative change of the score.
  virtual double refresh() = 0;
  // Whether a fit reached |w| = 30.
  virtual bool separated() const { return false; }

  Statistics statistics;
};

// Least squares by closed differences (nodes with forbidden parents or moments of their own by refits).
std::unique_ptr<OrderState> make_least_squares_state(const Gram& gram, const Constraints& constraints,
                                                     const Options& options);
// Any score, by refitting the nodes between. With a cache of costs by node and set.
std::unique_ptr<OrderState> make_refit_state(const NodeScore& score, const Constraints& constraints,
                                             const Options& options);

}  // namespace xchg::dag
