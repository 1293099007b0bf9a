// Residual variances straight from second moments; for the places where speed does not matter.
#pragma once

#include <span>
#include <vector>

#include "xchg/dag/matrix.hpp"

namespace xchg::dag {

// r(j | P) = S_jj - S_jP S_PP^-1 S_Pj.
double residual_variance(const Matrix& s, int node, std::span<const int> predecessors);

// S_PP^-1 S_Pj, in the order of the predecessors.
std::vector<double> regression(const Matrix& s, int node, std::span<const int> predecessors);

// 1/2 sum of r(order[k] | those before) for all k: one Cholesky factorisation in this order.
double least_squares_of_order(const Matrix& s, std::span<const int> order);

}  // namespace xchg::dag
