// Scores that no order is below.
#pragma once

#include <optional>

#include "xchg/dag/learn/runs.hpp"

namespace xchg::dag {

// The larger of (d/2) det(S)^(1/d) and 1/2 sum of the residual variances given all others, for least squares
// and its penalised forms; with moments of single nodes only the latter. Nothing for other scores or
// dependent columns.
std::optional<double> score_bound(const Problem& problem);

}  // namespace xchg::dag
