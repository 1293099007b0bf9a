// Linear regression of a node on others from second moments.
#pragma once

#include <span>
#include <vector>

#include "xchg/dag/data.hpp"
#include "xchg/dag/knowledge.hpp"

namespace xchg::dag {

// Those of the predecessors that may be parents of the node, in the same order.
std::vector<int> allowed_predecessors(const Constraints& constraints, int node,
                                      std::span<const int> predecessors);

// A node regressed on parents.
struct Regression {
  double residual = 0;          // S_jj - b^T (S_PP + ridge I)^-1 b: without ridge the residual variance
  std::vector<double> weights;  // (|parents|)
  std::vector<double> inverse_diagonal;  // (|parents|) of (S_PP + ridge I)^-1; empty unless asked for
};

// The node's own moments (gram.matrix_of) are used. Throws InputError when parents depend on each other: a
// pivot of at most 1e-12 of its diagonal entry.
Regression regress(const Gram& gram, int node, std::span<const int> parents, double ridge = 0,
                   bool with_inverse_diagonal = false);
// regress().residual alone, for a third of the price.
double residual_variance(const Gram& gram, int node, std::span<const int> parents, double ridge = 0);

// Upper triangle U (row-major, `size` columns) of A = U^T U in place of that of A, of the first `pivots`
// rows; what is below stays A minus their part (the Schur complement). Returns the first row whose pivot is
// at most `tolerance` of the diagonal entry before, or `pivots`.
std::size_t factorise(std::span<double> a, std::size_t size, std::size_t pivots, double tolerance);

}  // namespace xchg::dag
