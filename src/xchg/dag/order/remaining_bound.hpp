// What the nodes that are not yet in an order cost at least, under least squares.
//
// Let m be the nodes taken and the others have, in whatever order they follow, residual variances r_j. Then
//   product of r_j = det S_(rest|m),   rho_j <= r_j <= v_j,
// where v_j = r(j | m) and rho_j = r(j | all that may precede j). The least sum under these conditions is at
// r_j = clamp(lambda, rho_j, v_j) with lambda from the product; by Lagrangian duality every lambda > 0 gives
// the lower bound sum of (r_j - lambda log r_j) + lambda log det. It is at least |rest| det^(1/|rest|), and
// at least the sum of rho_j.
//
// With the score of a known order such bounds also say which nodes must precede which in every better order:
// where k before j costs too much, j is before k. That in turn raises rho_j and lowers v_k, until nothing new
// follows.
#pragma once

#include <span>
#include <vector>

#include "xchg/dag/knowledge.hpp"
#include "xchg/dag/matrix.hpp"

namespace xchg::dag {

// A partial order of nodes, transitively closed.
class Precedence {
 public:
  explicit Precedence(const Constraints& constraints);

  std::size_t nodes() const { return nodes_; }
  bool before(std::size_t a, std::size_t b) const { return before_[a * nodes_ + b] != 0; }
  // a before b, and what follows. Not when b is before a.
  void add(std::size_t a, std::size_t b);
  // All that must stand before the node, and all that may, ascending.
  std::vector<int> forced_before(std::size_t node) const;
  std::vector<int> possible_before(std::size_t node) const;

 private:
  std::size_t nodes_;
  std::vector<unsigned char> before_;
};

// Limits of residual variances.
struct VarianceLimits {
  std::vector<double> least, log_least, most;

  void clear();
  void add(double low, double log_low, double high);
};

// 1/2 the least sum of variances within the limits whose product has this logarithm; or as soon as it is
// known to be `enough`, at least that.
double least_half_sum(const VarianceLimits& limits, double log_det, double enough);

// Adds all a before b that hold in every order below `score` and follow from pairs alone. Returns rho.
std::vector<double> imply_precedence(const Matrix& s, double score, Precedence& precedence);

// log det S.
double log_determinant(const Matrix& s);

}  // namespace xchg::dag
