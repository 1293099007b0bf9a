// Searches over orders by moves.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "xchg/core/progress.hpp"
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
  double seconds_left() const { return limit_ - seconds(); }
  // Records a step and shows the score.
  void step(const std::string& kind, int moves, double score);
  void run(int number) { run_ = number; }
  Progress& progress() { return progress_; }

  std::vector<Step> steps;

 private:
  Progress& progress_;
  double limit_, began_;
  int run_ = 0;
  double best_shown_;
  std::string stopped_by_;
};

// A move is an improvement when its difference is below this: -1e-12 |score|, for rounding.
double improvement_bound(double score);

// Of improving moves those to make together, with disjoint intervals, by position. Best: of the greatest
// total gain, by dynamic programming over positions.
std::vector<Delta> choose_batch(std::span<const Delta> moves, int nodes, Batch batch);

// The batch of the options: `default_batch` means Best, in Topo Greedy.
Batch batch_of(const Options& options);

// Method::Insert or Method::Swap, from the state's order to a local optimum (or a stop).
void descend(OrderState& state, const Options& options, SearchClock& clock);

// Iterated local search: max(3, d/10) nodes go to random places, then descend(); kept when not worse.
void perturb(OrderState& state, const Constraints& constraints, const Options& options, std::uint64_t stream,
             SearchClock& clock);

// Tabu search: the best insertion of a node that was not moved within the last 7 + sqrt(d) steps, also
// upwards. Ends at a local optimum that is no worse than where it began.
void tabu(OrderState& state, const Options& options, SearchClock& clock);

// An order that satisfies the constraints, random otherwise.
std::vector<int> random_order(int nodes, const Constraints& constraints, std::uint64_t seed,
                              std::uint64_t stream);

// Method::Topo: rounds over the small set of pairs, at most s0 over the large one.
void topo(OrderState& state, const NodeScore& score, const Options& options, SearchClock& clock);

}  // namespace xchg::dag
