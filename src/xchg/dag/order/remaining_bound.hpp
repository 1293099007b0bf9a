// What the nodes that are not yet in an order cost at least, under least squares.
//
// Let m be the nodes taken and the others have, in whatever order they follow, residual variances r_j. Then
//   product of r_j = det S_(rest|m),   rho_j <= r_j <= v_j,
// where v_j = r(j | m) and rho_j = r(j | all that may precede j). The least sum under these conditions is at
// r_j = clamp(lambda, rho_j, v_j) with lambda from the product; by Lagrangian duality every lambda > 0 gives
// the lower bound sum of (r_j - lambda log r_j) + lambda log det. It is at least (|rest|) det^(1/|rest|), and
// at least the sum of rho_j.
#pragma once

#include <vector>

#include "xchg/dag/knowledge.hpp"
#include "xchg/dag/matrix.hpp"

namespace xchg::dag {

class RemainingBound {
 public:
  RemainingBound(const Matrix& s, const Constraints& constraints);

  // 1/2 the least sum for these nodes, v_j in their order, and log det S_(rest|m).
  double operator()(const std::vector<int>& rest, const double* variances, double log_det) const;

  // log det S.
  double log_det() const { return log_det_; }

 private:
  std::vector<double> least_, log_least_;  // rho_j
  double log_det_ = 0;
};

}  // namespace xchg::dag
