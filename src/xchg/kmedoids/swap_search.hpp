// What the searches that look at all candidates before they swap have in common: scans over the candidates,
// the choice of the best swap, and the swap itself.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <type_traits>
#include <vector>

#include "xchg/core/parallel.hpp"
#include "xchg/kmedoids/search.hpp"
#include "xchg/kmedoids/state.hpp"

namespace xchg::kmedoids {

// Calls body(begin, end) for pieces of the candidates 0..n-1, each worth `work` steps, on the threads of
// `limits`. False when the search is to stop before the last of them: that is asked every few milliseconds.
template <class Body>
bool scan_candidates(Index n, Index work, const SearchLimits& limits, Progress& progress, const Body& body) {
  constexpr Index work_between_questions = 1 << 25;
  const Index window = std::clamp<Index>(work_between_questions / std::max<Index>(work, 1), 1, n);
  for (Index start = 0; start < n; start += window) {
    if (limits.out_of_time(progress)) return false;
    const Index count = std::min(window, n - start);
    const int threads = count * work >= limits.parallel_work ? limits.threads : 1;
    parallel_for(threads, count, std::max<Index>(1, count / (4 * threads)),
                 [&](Index begin, Index end) { body(start + begin, start + end); });
    progress.update(static_cast<double>(start + count));
  }
  return true;
}

// Change of TD when the candidate of `row` replaces the medoid in `slot`, object by object.
template <class T>
Sum<T> change_by_definition(const Problem<T>& problem, const State<T>& state, const T* row, int slot) {
  const StateView<T> view = state.view();
  Sum<T> sum = 0;
  for (Index o = 0; o < view.n; ++o) {
    const Sum<T> distance = row[o], d1 = view.d1[o], d2 = view.d2[o];
    const Sum<T> delta =
        view.near[o] == slot ? std::min(distance, d2) - d1 : std::min<Sum<T>>(distance - d1, 0);
    sum += problem.weight(o) * delta;
  }
  return sum;
}

// A swap was done that led to this TD.
template <class S>
void record_swap(S total, const SearchLimits& limits, Statistics& statistics) {
  ++statistics.swaps;
  statistics.total_deviation_per_swap.push_back(static_cast<double>(total));
  statistics.seconds_per_swap.push_back(
      std::chrono::duration<double>(std::chrono::steady_clock::now() - limits.started).count());
}

// Puts `candidate` into `slot` and keeps the books. When TD does not fall, since the gain was rounding, the
// swap is taken back and the answer is false. `before`, if given, is what State::swap() makes of it.
template <class T>
bool swap_if_better(State<T>& state, int slot, Index candidate, Sum<T>& total, const SearchLimits& limits,
                    Statistics& statistics, std::vector<Before<T>>* before = nullptr) {
  const Index removed = state.medoids()[static_cast<std::size_t>(slot)];
  const std::int64_t changed = state.swap(slot, candidate, nullptr, before);
  const Sum<T> after = state.total_deviation();
  if (!(after < total)) {
    state.swap(slot, removed);
    return false;
  }
  total = after;
  statistics.objects_changed += changed;
  record_swap(total, limits, statistics);
  return true;
}

// Begins a pass over all candidates.
template <class S>
void begin_pass(Statistics& statistics, Index n, S total, Progress& progress) {
  ++statistics.rounds;
  progress.begin(fmt::format("round {}", statistics.rounds), static_cast<double>(n), "candidates");
  progress.note(fmt::format("TD {:.10g}", static_cast<double>(total)));
}

// The changes of TD by all swaps under the present state, however they come about.
template <class T>
class SwapChanges {
 public:
  virtual ~SwapChanges() = default;
  // The least change over all slots for every object, (n); entries of medoids mean nothing. False when the
  // search is to stop.
  virtual bool least(std::vector<Sum<T>>& least) = 0;
  // The change by object x in every slot, (k), where least() found its minimum.
  virtual void of(Index x, std::vector<Sum<T>>& changes) = 0;
  // The state was swapped; these objects were something else before.
  virtual void after_swap(std::span<const Before<T>> /*before*/) {}
  // Frees the values of what rounding has added to them over several swaps; false if there is nothing to
  // free.
  virtual bool renew() { return false; }
};

// Takes the best swap of all, again and again, until none improves TD, a limit is reached or the caller
// cancels; true in the first case. Ties go to the smallest object, then to the smallest slot. Sums of
// floating point that differ by less than an improvement must be, relative to TD, are ties too: so the swaps
// do not depend on the order in which changes were summed.
template <class T>
class BestImprovement {
 public:
  BestImprovement(State<T>& state, SwapChanges<T>& changes, const SearchLimits& limits,
                  Statistics& statistics, Progress& progress)
      : state_(state),
        changes_(changes),
        limits_(limits),
        statistics_(statistics),
        progress_(progress),
        n_(state.view().n),
        total_(state.total_deviation()) {}

  bool run() {
    if (state_.k() == n_) return true;
    for (int pass = 0; pass < limits_.max_rounds; ++pass) {
      begin_pass(statistics_, n_, total_, progress_);
      if (!find()) return false;
      statistics_.evaluated += n_ - state_.k();
      if (candidate_ < 0) return true;
      if (!swap_if_better(state_, slot_, candidate_, total_, limits_, statistics_, &before_)) return true;
      changes_.after_swap(before_);
    }
    return false;
  }

 private:
  // The best swap into candidate_ and slot_; -1 if none improves TD. False when stopped.
  bool find() {
    if (!changes_.least(least_)) return false;
    choose();
    if (candidate_ >= 0 || !changes_.renew()) return true;
    if (!changes_.least(least_)) return false;
    choose();
    return true;
  }

  void choose() {
    candidate_ = -1;
    Sum<T> best = 0;
    for (Index x = 0; x < n_; ++x) {
      if (least_[static_cast<std::size_t>(x)] < best && !state_.is_medoid(x))
        best = least_[static_cast<std::size_t>(x)];
    }
    if (!improves(best, total_)) return;
    for (Index x = 0; candidate_ < 0; ++x) {
      if (equals_best(least_[static_cast<std::size_t>(x)], best) && !state_.is_medoid(x)) candidate_ = x;
    }
    changes_.of(candidate_, of_candidate_);
    const auto first = std::find_if(of_candidate_.begin(), of_candidate_.end(),
                                    [&](Sum<T> change) { return equals_best(change, best); });
    slot_ = static_cast<int>(first - of_candidate_.begin());
  }

  bool equals_best(Sum<T> change, Sum<T> best) const {
    if constexpr (std::is_integral_v<T>) {
      return change == best;
    } else {
      return change <= best + least_improvement * total_ && improves(change, total_);
    }
  }

  State<T>& state_;
  SwapChanges<T>& changes_;
  const SearchLimits& limits_;
  Statistics& statistics_;
  Progress& progress_;
  Index n_;
  Sum<T> total_;
  Index candidate_ = -1;
  int slot_ = -1;
  std::vector<Sum<T>> least_, of_candidate_;
  std::vector<Before<T>> before_;
};

}  // namespace xchg::kmedoids
