// Searches over orders by moves.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/core/random.hpp"
#include "xchg/dag/order/order_state.hpp"

namespace xchg::dag {

// Cancellation and time limit of a search, and the record of its steps.
class SearchClock {
 public:
  SearchClock(Progress& progress, double time_limit_seconds);
  // True once the search must stop; says why in stopped_by().
  bool stop();
  const std::string& stopped_by() const { return stopped_by_; }
  double seconds() const;
  void step(const std::string& kind, int moves, double score);
  void run(int number) { run_ = number; }
  std::vector<Step> steps;
  Progress& progress() { return progress_; }

 private:
  Progress& progress_;
  double limit_, began_;
  int run_ = 0;
  std::string stopped_by_;
};

// A move counts as an improvement when its difference is below -1e-12 |score| (accumulated rounding).
double improvement_bound(double score);

// Of improving moves those to make together: disjoint intervals. Best: the greatest total gain.
std::vector<Delta> choose_batch(std::span<const Delta> moves, int nodes, Batch batch);

// Method::Insert and Method::Swap from the state's order to a local optimum (or a stop).
void descend(OrderState& state, const Options& options, SearchClock& clock);

// Method::Topo (2.3 of the published method): rounds over the small set of pairs, at most s0 over the large
// one.
void topo(OrderState& state, const NodeScore& score, const Options& options, SearchClock& clock);

}  // namespace xchg::dag
