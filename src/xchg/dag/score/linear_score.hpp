// What the scores from second moments have in common.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "xchg/dag/score/node_score.hpp"

namespace xchg::dag {

// 1/2 r(j | P), or with `ridge` > 0 the least of 1/(2n) |x_j - X_P w|^2 + ridge/2 |w|^2.
std::unique_ptr<NodeScore> make_ridge_score(const Gram& gram, const Constraints& constraints, double ridge);
// With lambda |w|_1 instead: see l1_score.cpp.
std::unique_ptr<NodeScore> make_l1_score(const Gram& gram, const Constraints& constraints, double lambda);
// n log r(j | Pa) + |Pa| log n, the least over Pa within P that contain the required parents.
std::unique_ptr<NodeScore> make_bic_score(const Gram& gram, const Constraints& constraints);

// (d) d/dW(i, node) of 1/(2n) |X - XW|^2 = -(S (I - W))(i, node); 0 at i = node.
std::vector<double> least_squares_gradient(const Gram& gram, int node, std::span<const int> predecessors,
                                           std::span<const double> weights);

// Weights of all predecessors from those of the allowed ones: 0 for the others.
std::vector<double> spread(std::span<const int> predecessors, std::span<const int> allowed,
                           std::span<const double> weights);

}  // namespace xchg::dag
