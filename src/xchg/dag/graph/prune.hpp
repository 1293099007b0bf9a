// From the regression on an order to a graph.
#pragma once

#include "xchg/dag/learn.hpp"
#include "xchg/dag/score/node_score.hpp"

namespace xchg::dag {

// Fills in w, score_graph, se and se_order of a result that has order and w_order. Edges that knowledge
// requires stay. `data` may be null for scores from second moments.
void prune(Result& result, const Gram& gram, const Data* data, const NodeScore& score,
           const Constraints& constraints, const Options& options);

// Upper tail of Student's t distribution, both sides: P(|T| >= t) with `freedom` degrees.
double t_test_p(double t, double freedom);

}  // namespace xchg::dag
