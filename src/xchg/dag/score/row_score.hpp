// Scores that need the rows.
#pragma once

#include <memory>

#include "xchg/dag/score/node_score.hpp"

namespace xchg::dag {

// Mean of log(1 + e^m) - x m; columns of 0 and 1. With `lambda1` > 0: + lambda1 |w|_1, without the intercept.
// Throws InputError (row, column, value).
std::unique_ptr<NodeScore> make_logistic_score(const Data& data, const Constraints& constraints,
                                               bool intercept, double lambda1 = 0);
// Mean of e^m - x m; columns of counts; else the same.
std::unique_ptr<NodeScore> make_poisson_score(const Data& data, const Constraints& constraints,
                                              bool intercept, double lambda1 = 0);
// 1/(2n) |x_j - sum of polynomials of each predecessor|^2.
std::unique_ptr<NodeScore> make_additive_score(const Data& data, const Constraints& constraints, int degree);
// One hidden layer of sigmoids for each node; `seed` is that of their random starts.
std::unique_ptr<NodeScore> make_mlp_score(const Data& data, const Constraints& constraints,
                                          const ScoreOptions& options, std::uint64_t seed);

}  // namespace xchg::dag
