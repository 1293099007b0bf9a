// The searches of one call: starts, restarts, escapes.
#pragma once

#include <string>
#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/dag/learn.hpp"
#include "xchg/dag/order/order_state.hpp"

namespace xchg::dag {

// What is searched.
struct Problem {
  const Gram& gram;
  const Data* data;  // null: second moments only
  const Constraints& constraints;
  const NodeScore& score;
  const Options& options;
};

struct Found {
  std::vector<int> order;
  double score = 0;
  double score_start = 0;
  bool proven = false;
  std::optional<double> lower_bound;  // where the search has one of its own
  std::string stopped_by;             // empty: came to its end
  std::vector<Edge> removed_from_start;
  std::vector<std::string> remarks;
  std::vector<Step> steps;
  Statistics statistics;
};

// A state for the score of the problem.
std::unique_ptr<OrderState> make_state(const Problem& problem, int threads);

// The method of the options, all restarts.
Found find_order(const Problem& problem, Progress& progress);

}  // namespace xchg::dag
