// Sums over directed walks, which rank the pairs that TOPO exchanges.
#pragma once

#include <span>

#include "xchg/dag/matrix.hpp"
#include "xchg/dag/options.hpp"

namespace xchg::dag {

// (d, d): T(j, i) = [grad h(|W|)](i, j), the sum over walks from j to i of products of |weights|, weighted as
// h weights their lengths (LogDet: all 1; Exponential: 1/k!; Polynomial: as (I + A/d)^(d-1) does). W respects
// `order`; by a triangular recurrence in that order, so that pairs without a walk have exactly 0.
Matrix walk_weights(const Matrix& w, std::span<const int> order, Acyclicity acyclicity);

// h(|W|) of any square matrix; 0 for acyclic graphs alone. LogDet throws NumericError when the spectral
// radius of |W| is 1 or more.
double acyclicity(const Matrix& w, Acyclicity function);

}  // namespace xchg::dag
