#include "xchg/kmedoids/fastpam.hpp"

#include <memory>
#include <mutex>
#include <tuple>

#include "xchg/kmedoids/fastpam_tables.hpp"
#include "xchg/kmedoids/split_changes.hpp"
#include "xchg/kmedoids/swap_search.hpp"

namespace xchg::kmedoids {
namespace {

// FastPAM1 that reads all rows for every swap.
template <class T>
class ScannedChanges : public SwapChanges<T> {
 public:
  ScannedChanges(const Problem<T>& problem, State<T>& state, const SearchLimits& limits, Progress& progress)
      : state_(state), split_(problem, state, limits.isa), limits_(limits), progress_(progress) {}

  bool least(std::vector<Sum<T>>& least) override {
    const Index n = state_.view().n;
    least.resize(static_cast<std::size_t>(n));
    split_.begin();
    return scan_candidates(n, n, limits_, progress_, [&](Index begin, Index end) {
      std::vector<Sum<T>> changes;
      std::vector<T> buffer;
      for (Index x = begin; x < end; ++x) {
        if (state_.is_medoid(x)) continue;
        split_.of(x, changes, buffer);
        least[static_cast<std::size_t>(x)] = *std::min_element(changes.begin(), changes.end());
      }
    });
  }

  void of(Index x, std::vector<Sum<T>>& changes) override { split_.of(x, changes, buffer_); }

 private:
  State<T>& state_;
  SplitChanges<T> split_;
  const SearchLimits& limits_;
  Progress& progress_;
  std::vector<T> buffer_;
};

template <class T>
class FastPam2 {
 public:
  FastPam2(const Problem<T>& problem, State<T>& state, double tolerance, const SearchLimits& limits,
           Statistics& statistics, Progress& progress)
      : state_(state),
        split_(problem, state, limits.isa),
        tolerance_(tolerance),
        limits_(limits),
        statistics_(statistics),
        progress_(progress),
        n_(problem.n),
        total_(state.total_deviation()) {}

  bool run() {
    if (state_.k() == n_) return true;
    for (int pass = 0; pass < limits_.max_rounds; ++pass) {
      begin_pass(statistics_, n_, total_, progress_);
      split_.begin();
      if (!find_best_of_slots()) return false;
      statistics_.evaluated += n_ - state_.k();
      std::sort(best_.begin(), best_.end(), before);
      if (!improves(best_.front().change, total_)) return true;
      if (!swap_if_better(state_, best_.front().slot, best_.front().candidate, total_, limits_, statistics_))
        return true;
      take_further_swaps();
    }
    return false;
  }

 private:
  struct Swap {
    Sum<T> change;
    Index candidate;
    int slot;
  };

  static bool before(const Swap& a, const Swap& b) {
    return std::tie(a.change, a.candidate, a.slot) < std::tie(b.change, b.candidate, b.slot);
  }

  // Ties go to the smallest object, whichever thread has finished first.
  bool find_best_of_slots() {
    best_.clear();
    for (int slot = 0; slot < state_.k(); ++slot) best_.push_back({0, n_, slot});
    std::mutex mutex;
    return scan_candidates(n_, n_, limits_, progress_, [&](Index begin, Index end) {
      std::vector<Swap> best(best_.size(), {0, n_, 0});
      std::vector<Sum<T>> changes;
      std::vector<T> buffer;
      for (Index x = begin; x < end; ++x) {
        if (state_.is_medoid(x)) continue;
        split_.of(x, changes, buffer);
        for (std::size_t slot = 0; slot < best.size(); ++slot) {
          if (changes[slot] < best[slot].change) best[slot] = {changes[slot], x, static_cast<int>(slot)};
        }
      }
      const std::lock_guard lock(mutex);
      for (std::size_t slot = 0; slot < best.size(); ++slot) {
        if (best[slot].candidate < n_ && before(best[slot], best_[slot])) best_[slot] = best[slot];
      }
    });
  }

  void take_further_swaps() {
    for (std::size_t i = 1; i < best_.size() && improves(best_[i].change, total_); ++i) {
      const Swap& swap = best_[i];
      if (state_.is_medoid(swap.candidate)) continue;
      split_.begin();
      split_.of(swap.candidate, changes_, buffer_);
      ++statistics_.evaluated;
      if (keeps_promise(changes_[static_cast<std::size_t>(swap.slot)], swap.change))
        swap_if_better(state_, swap.slot, swap.candidate, total_, limits_, statistics_);
    }
  }

  bool keeps_promise(Sum<T> now, Sum<T> predicted) const {
    const double rounding = std::is_integral_v<T> ? 0 : least_improvement * static_cast<double>(total_);
    return improves(now, total_) &&
           static_cast<double>(now) <= (1 - tolerance_) * static_cast<double>(predicted) + rounding;
  }

  State<T>& state_;
  SplitChanges<T> split_;
  double tolerance_;
  const SearchLimits& limits_;
  Statistics& statistics_;
  Progress& progress_;
  Index n_;
  Sum<T> total_;
  std::vector<Swap> best_;  // of every slot; the candidate is n where no change is below 0
  std::vector<Sum<T>> changes_;
  std::vector<T> buffer_;
};

}  // namespace

template <class T>
bool fastpam1(const Problem<T>& problem, State<T>& state, const SearchLimits& limits, Statistics& statistics,
              Progress& progress) {
  std::unique_ptr<SwapChanges<T>> changes = TabledChanges<T>::make(problem, state, limits, progress);
  if (!changes) changes = std::make_unique<ScannedChanges<T>>(problem, state, limits, progress);
  return BestImprovement<T>(state, *changes, limits, statistics, progress).run();
}

template <class T>
bool fastpam2(const Problem<T>& problem, State<T>& state, double tolerance, const SearchLimits& limits,
              Statistics& statistics, Progress& progress) {
  return FastPam2<T>(problem, state, tolerance, limits, statistics, progress).run();
}

#define XCHG_INSTANTIATE(T)                                                                          \
  template bool fastpam1(const Problem<T>&, State<T>&, const SearchLimits&, Statistics&, Progress&); \
  template bool fastpam2(const Problem<T>&, State<T>&, double, const SearchLimits&, Statistics&, Progress&);
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
