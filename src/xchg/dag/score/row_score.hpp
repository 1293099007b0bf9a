// Scores that need the rows.
#pragma once

#include <memory>

#include "xchg/dag/score/node_score.hpp"

namespace xchg::dag {

// Mean of log(1 + e^m) - x m; columns of 0 and 1. Throws InputError (row, column, value).
std::unique_ptr<NodeScore> make_logistic_score(const Data& data, const Constraints& constraints,
                                               bool intercept);
// Mean of e^m - x m; columns of counts. Throws InputError (row, column, value).
std::unique_ptr<NodeScore> make_poisson_score(const Data& data, const Constraints& constraints,
                                              bool intercept);
// 1/(2n) |x_j - sum of polynomials of each predecessor|^2.
std::unique_ptr<NodeScore> make_additive_score(const Data& data, const Constraints& constraints, int degree);
// One hidden layer of sigmoids for each node.
std::unique_ptr<NodeScore> make_mlp_score(const Data& data, const Constraints& constraints,
                                          const ScoreOptions& options, std::uint64_t seed);

}  // namespace xchg::dag
