#include "xchg/kmedoids/fasterpam.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

#include "xchg/core/parallel.hpp"
#include "xchg/kmedoids/dispatch.hpp"

namespace xchg::kmedoids {
namespace {

// The removal losses are recomputed after so many candidates without a swap; only evaluations after that
// count towards convergence, so that drift by rounding cannot hide a swap.
constexpr Index settle_after = 32;
// A window never holds more pairs than this, so that cancelling does not take long.
constexpr Index largest_work = 1 << 25;

template <class T>
struct BestSwap {
  Sum<T> change = 0;
  int slot = -1;
};

template <class T>
class FasterPam {
 public:
  FasterPam(const Problem<T>& problem, State<T>& state, const std::vector<Index>& order,
            const SearchLimits& limits, Statistics& statistics, Progress& progress)
      : problem_(problem),
        state_(state),
        order_(order),
        limits_(limits),
        statistics_(statistics),
        progress_(progress),
        evaluate_(evaluate_function(limits.isa)),
        total_(state.total_deviation()) {}

  bool run() {
    if (state_.k() == problem_.n) return true;
    if (limits_.max_rounds == 0) return false;
    begin_round();
    while (!(settled_ && quiet_ >= problem_.n)) {
      if (position_ == problem_.n) {
        if (statistics_.rounds == limits_.max_rounds) return false;
        begin_round();
      }
      position_ += visit_window();
      if (stuck_) return true;
      if (limits_.out_of_time(progress_)) return false;
      progress_.update(static_cast<double>(position_));
    }
    return true;
  }

 private:
  static EvaluateRow<T> evaluate_function([[maybe_unused]] Isa isa) {
    return XCHG_KERNEL(isa, evaluate_row, T{});
  }

  void begin_round() {
    position_ = 0;
    ++statistics_.rounds;
    if (!settled_) settle();
    progress_.begin(fmt::format("round {}", statistics_.rounds), static_cast<double>(problem_.n),
                    "candidates");
    progress_.note(fmt::format("TD {:.10g}", static_cast<double>(total_)));
  }

  // From here on the removal losses are exact, and only now positions begin to count towards convergence.
  void settle() {
    if constexpr (!std::is_integral_v<T>) state_.recompute_removal_loss();
    settled_ = true;
    quiet_ = 0;
  }

  // Evaluates candidates from position_ on up to the first improving one, which is swapped in, or to the end
  // of the window. Returns how many positions were passed.
  Index visit_window() {
    const Index left =
        std::min(problem_.n - position_, settled_ ? problem_.n - quiet_ : settle_after - quiet_);
    const bool parallel =
        limits_.threads > 1 && std::min(window_, left) * problem_.n >= limits_.parallel_work;
    const Index window = std::min(left, parallel ? window_ : settle_after);
    const Index hit = parallel ? first_hit_parallel(window) : first_hit_sequential(window);
    const Index passed = hit < 0 ? window : hit + 1;
    count_evaluated(passed);
    if (hit < 0) {
      window_ = std::min(window_ * 2, std::max(settle_after, largest_work / problem_.n));
      quiet_ += window;
      if (!settled_ && quiet_ >= settle_after) settle();
    } else {
      window_ = std::max(settle_after, std::min(window_, 2 * hit));
      perform(best_, order_[static_cast<std::size_t>(position_ + hit)]);
    }
    return passed;
  }

  BestSwap<T> evaluate(Index candidate, std::vector<Sum<T>>& correction, std::vector<T>& buffer) const {
    correction = state_.removal_loss();
    const Sum<T> shared = evaluate_(state_.view(), problem_.row(candidate, buffer), correction.data());
    BestSwap<T> best;
    for (int slot = 0; slot < state_.k(); ++slot) {
      const Sum<T> change = correction[static_cast<std::size_t>(slot)] + shared;
      if (best.slot < 0 || change < best.change) best = {change, slot};
    }
    return best;
  }

  Index first_hit_sequential(Index window) {
    for (Index i = 0; i < window; ++i) {
      const Index candidate = order_[static_cast<std::size_t>(position_ + i)];
      if (state_.is_medoid(candidate)) continue;
      best_ = evaluate(candidate, correction_, buffer_);
      if (improves(best_.change, total_)) return i;
    }
    return -1;
  }

  Index first_hit_parallel(Index window) {
    std::vector<BestSwap<T>> found(static_cast<std::size_t>(window));
    const Index grain = std::max<Index>(1, window / (4 * limits_.threads));
    parallel_for(limits_.threads, window, grain, [&](Index begin, Index end) {
      std::vector<Sum<T>> correction;
      std::vector<T> buffer;
      for (Index i = begin; i < end; ++i) {
        const Index candidate = order_[static_cast<std::size_t>(position_ + i)];
        if (!state_.is_medoid(candidate))
          found[static_cast<std::size_t>(i)] = evaluate(candidate, correction, buffer);
      }
    });
    for (Index i = 0; i < window; ++i) {
      best_ = found[static_cast<std::size_t>(i)];
      if (best_.slot >= 0 && improves(best_.change, total_)) return i;
    }
    return -1;
  }

  // Counted as the sequential search would, so that the figure does not depend on the windows.
  void count_evaluated(Index positions) {
    for (Index i = 0; i < positions; ++i) {
      if (!state_.is_medoid(order_[static_cast<std::size_t>(position_ + i)])) ++statistics_.evaluated;
    }
  }

  void perform(const BestSwap<T>& swap, Index candidate) {
    const Index removed = state_.medoids()[static_cast<std::size_t>(swap.slot)];
    const std::int64_t changed = state_.swap(swap.slot, candidate);
    const Sum<T> total = state_.total_deviation();
    if (!(total < total_)) {  // the gain was rounding: take it back
      state_.swap(swap.slot, removed);
      stuck_ = true;
      return;
    }
    total_ = total;
    ++statistics_.swaps;
    statistics_.objects_changed += changed;
    statistics_.total_deviation_per_swap.push_back(static_cast<double>(total));
    quiet_ = 0;
    settled_ = std::is_integral_v<T>;
    progress_.note(fmt::format("TD {:.10g}", static_cast<double>(total)));
  }

  const Problem<T>& problem_;
  State<T>& state_;
  const std::vector<Index>& order_;
  const SearchLimits& limits_;
  Statistics& statistics_;
  Progress& progress_;
  EvaluateRow<T> evaluate_;
  Sum<T> total_;
  BestSwap<T> best_;
  std::vector<Sum<T>> correction_;
  std::vector<T> buffer_;
  Index position_ = 0;    // in order_
  Index quiet_ = 0;       // positions passed since the last swap or settling
  bool settled_ = false;  // the removal losses are exact
  Index window_ = settle_after;
  bool stuck_ = false;
};

}  // namespace

template <class T>
bool fasterpam(const Problem<T>& problem, State<T>& state, const std::vector<Index>& order,
               const SearchLimits& limits, Statistics& statistics, Progress& progress) {
  return FasterPam<T>(problem, state, order, limits, statistics, progress).run();
}

#define XCHG_INSTANTIATE(T)                                                                             \
  template bool fasterpam(const Problem<T>&, State<T>&, const std::vector<Index>&, const SearchLimits&, \
                          Statistics&, Progress&);
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
