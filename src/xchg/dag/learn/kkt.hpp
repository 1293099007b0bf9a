// Conditions of Karush, Kuhn and Tucker for acyclic graphs (Wei, Gao, Yu 2020).
#pragma once

#include <optional>

#include "xchg/dag/learn/runs.hpp"
#include "xchg/dag/order/search.hpp"

namespace xchg::dag {

// max |dQ/dW(i, j)| over allowed i -> j such that i precedes j or there is no walk from j to i along W: 0 at
// a KKT point. Nothing for scores without a gradient. `worst` becomes the pair where it is reached.
std::optional<double> kkt_residual(const Problem& problem, const std::vector<int>& order, const Matrix& w,
                                   Edge* worst = nullptr);

// While an edge that closes no cycle has a gradient: goes on from an order that admits it.
void leave_non_kkt(OrderState& state, const Problem& problem, SearchClock& clock);

}  // namespace xchg::dag
