#include "xchg/kmedoids/medoid_silhouette.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "xchg/core/parallel.hpp"
#include "xchg/kmedoids/dispatch.hpp"

namespace xchg::kmedoids {
namespace {

// A window holds so many candidates at least, and beyond that no more steps than these, so that cancelling
// does not take long.
constexpr Index smallest_window = 32;
constexpr Index largest_work = 1 << 25;

struct BestSwap {
  double change = 0;  // of the loss
  int slot = -1;
};

// What one thread needs to evaluate candidates.
template <class T>
struct Scratch {
  std::vector<T> row;
  std::vector<std::uint64_t> masks;
  std::vector<double> change;
};

// Evaluates one candidate against all slots at once. Where it is not nearer than the third medoid, an object
// contributes only what the removal of its nearest or second does, which is known; the others are corrected.
template <class T>
class AllSlots {
 public:
  AllSlots(const SilhouetteState<T>& state, Isa isa) : state_(&state), filter_(filter_function(isa)) {}

  // About what one evaluation costs.
  Index steps() const { return state_->problem().n; }

  // Change of the loss for every slot, into scratch.change.
  void evaluate(Index candidate, Scratch<T>& scratch) const {
    const T* row = state_->problem().row(candidate, scratch.row);
    find_near_objects(row, scratch.masks);
    scratch.change = state_->removal_loss();
    double shared = 0;
    for (std::size_t block = 0; block < scratch.masks.size(); ++block) {
      for (std::uint64_t mask = scratch.masks[block]; mask != 0; mask &= mask - 1) {
        const std::size_t o = 64 * block + static_cast<std::size_t>(std::countr_zero(mask));
        add(state_->objects()[o], static_cast<double>(row[o]), shared, scratch.change.data());
      }
    }
    for (double& change : scratch.change) change += shared;
  }

 private:
  static FilterRow<T> filter_function([[maybe_unused]] Isa isa) { return XCHG_KERNEL(isa, filter_row, T{}); }

  // The objects that are nearer to the candidate than to their third medoid; without one, all.
  void find_near_objects(const T* row, std::vector<std::uint64_t>& masks) const {
    const auto n = static_cast<std::size_t>(state_->problem().n);
    masks.resize((n + 63) / 64);
    if (state_->k() > 2) {
      filter_(row, state_->d3().data(), state_->problem().n, masks.data());
      return;
    }
    std::fill(masks.begin(), masks.end(), ~std::uint64_t{0});
    if (n % 64 != 0) masks.back() >>= 64 - n % 64;
  }

  // With rho the loss when no medoid near the object is removed, when its nearest is, when its second is.
  static void add(const SilhouetteObject& object, double distance, double& shared, double* change) {
    const double a = object.d1, b = object.d2;
    const double with_nearest = distance < a ? silhouette_loss(distance, a) : silhouette_loss(a, distance);
    const double with_second = distance < b ? silhouette_loss(distance, b) : silhouette_loss(b, distance);
    const double with_both = distance < b ? with_nearest : object.loss;
    shared += object.weight * (with_both - object.loss);
    change[object.near] += object.weight * ((with_second - with_both) - object.near_removed);
    change[object.second] += object.weight * ((with_nearest - with_both) - object.second_removed);
  }

  const SilhouetteState<T>* state_;
  FilterRow<T> filter_;
};

// Evaluates every slot by itself, from the definition: an object's nearest two medoids after the swap are
// among the candidate and those of its nearest three that stay.
template <class T>
class OneSlotAtATime {
 public:
  explicit OneSlotAtATime(const SilhouetteState<T>& state) : state_(&state) {}

  Index steps() const { return state_->problem().n * state_->k(); }

  void evaluate(Index candidate, Scratch<T>& scratch) const {
    const T* row = state_->problem().row(candidate, scratch.row);
    scratch.change.assign(static_cast<std::size_t>(state_->k()), 0.0);
    for (int slot = 0; slot < state_->k(); ++slot) {
      for (Index o = 0; o < state_->problem().n; ++o) {
        const SilhouetteObject& object = state_->objects()[static_cast<std::size_t>(o)];
        const double d3 = state_->d3_or_infinity(o), distance = static_cast<double>(row[o]);
        const double first_kept = object.near == slot ? d3 : object.d1;
        const double second_kept = object.second == slot ? d3 : object.d2;
        const auto [least, other] = std::minmax(first_kept, second_kept);
        const double nearest = std::min(distance, least);
        const double second = std::max(least, std::min(distance, other));
        scratch.change[static_cast<std::size_t>(slot)] +=
            object.weight * (silhouette_loss(nearest, second) - object.loss);
      }
    }
  }

 private:
  const SilhouetteState<T>* state_;
};

// What the searches share: evaluation of candidates on several threads, and swaps.
template <class T, class Evaluator>
class Search {
 public:
  Search(SilhouetteState<T>& state, Evaluator evaluator, const SearchLimits& limits, Statistics& statistics,
         Progress& progress)
      : state_(state),
        evaluator_(evaluator),
        limits_(limits),
        statistics_(statistics),
        progress_(progress),
        tolerance_(least_improvement * state.total_weight()) {}

  // The first improving candidate of each window is swapped in at once.
  bool eager(const std::vector<Index>& order) {
    if (state_.k() == n()) return true;
    if (limits_.max_rounds == 0) return false;
    Index position = n(), quiet = 0, window = smallest_window;
    while (quiet < n()) {
      if (position == n()) {
        if (!begin_round()) return false;
        position = 0;
      }
      const Index size = std::min({window, n() - position, n() - quiet});
      const std::span candidates =
          std::span(order).subspan(static_cast<std::size_t>(position), static_cast<std::size_t>(size));
      const Index hit = first_hit(candidates);
      const Index passed = hit < 0 ? size : hit + 1;
      count_evaluated(candidates.first(static_cast<std::size_t>(passed)));
      position += passed;
      quiet = hit < 0 ? quiet + passed : 0;
      window = hit < 0 ? std::min(2 * window, largest_window())
                       : std::max(smallest_window, std::min(window, 2 * hit));
      if (hit >= 0 &&
          !perform(found_[static_cast<std::size_t>(hit)], candidates[static_cast<std::size_t>(hit)]))
        return true;
      if (limits_.out_of_time(progress_)) return false;
      progress_.update(static_cast<double>(position));
    }
    return true;
  }

  // The best swap of all candidates.
  bool best() {
    if (state_.k() == n()) return true;
    while (begin_round()) {
      BestSwap best;
      Index object = -1;
      for (Index begin = 0; begin < n(); begin += largest_window()) {
        std::vector<Index> candidates;
        for (Index x = begin; x < std::min(begin + largest_window(), n()); ++x) candidates.push_back(x);
        evaluate(candidates);
        for (std::size_t i = 0; i < candidates.size(); ++i) {
          if (found_[i].slot < 0 || (object >= 0 && !(found_[i].change < best.change - tolerance_))) continue;
          best = found_[i];
          object = candidates[i];
        }
        count_evaluated(candidates);
        if (limits_.out_of_time(progress_)) return false;
        progress_.update(static_cast<double>(candidates.back() + 1));
      }
      if (!(best.change < -tolerance_) || !perform(best, object)) return true;
    }
    return false;
  }

 private:
  Index n() const { return state_.problem().n; }

  Index largest_window() const { return std::max(smallest_window, largest_work / evaluator_.steps()); }

  bool begin_round() {
    if (statistics_.rounds == limits_.max_rounds) return false;
    ++statistics_.rounds;
    progress_.begin(fmt::format("round {}", statistics_.rounds), static_cast<double>(n()), "candidates");
    note();
    return true;
  }

  void note() { progress_.note(fmt::format("medoid silhouette {:.6f}", state_.average())); }

  BestSwap evaluate_one(Index candidate, Scratch<T>& scratch) const {
    BestSwap best;
    if (state_.is_medoid(candidate)) return best;
    evaluator_.evaluate(candidate, scratch);
    for (std::size_t slot = 0; slot < scratch.change.size(); ++slot) {
      if (best.slot < 0 || scratch.change[slot] < best.change - tolerance_)
        best = {scratch.change[slot], static_cast<int>(slot)};
    }
    return best;
  }

  bool worth_threads(std::size_t candidates) const {
    return limits_.threads > 1 &&
           static_cast<Index>(candidates) * evaluator_.steps() >= limits_.parallel_work;
  }

  // The best swap of each candidate, into found_.
  void evaluate(std::span<const Index> candidates) {
    found_.assign(candidates.size(), {});
    const auto count = static_cast<Index>(candidates.size());
    const int threads = worth_threads(candidates.size()) ? limits_.threads : 1;
    const Index grain = threads == 1 ? count : std::max<Index>(1, count / (4 * threads));
    parallel_for(threads, count, grain, [&](Index begin, Index end) {
      Scratch<T> scratch;
      for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
        found_[i] = evaluate_one(candidates[i], scratch);
    });
  }

  // Which of the candidates is the first that improves; -1: none.
  Index first_hit(std::span<const Index> candidates) {
    const bool parallel = worth_threads(candidates.size());
    if (parallel) evaluate(candidates);
    if (!parallel) found_.assign(candidates.size(), {});
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (!parallel) found_[i] = evaluate_one(candidates[i], scratch_);
      if (found_[i].change < -tolerance_) return static_cast<Index>(i);
    }
    return -1;
  }

  void count_evaluated(std::span<const Index> candidates) {
    statistics_.evaluated +=
        std::count_if(candidates.begin(), candidates.end(), [&](Index x) { return !state_.is_medoid(x); });
  }

  // False if the gain was only rounding; then the swap is taken back.
  bool perform(const BestSwap& swap, Index candidate) {
    const Index removed = state_.medoids()[static_cast<std::size_t>(swap.slot)];
    const double before = state_.loss();
    const std::int64_t changed = state_.swap(swap.slot, candidate);
    if (!(state_.loss() < before)) {
      state_.swap(swap.slot, removed);
      return false;
    }
    ++statistics_.swaps;
    statistics_.objects_changed += changed;
    statistics_.total_deviation_per_swap.push_back(state_.total_deviation());
    statistics_.objective_per_swap.push_back(state_.average());
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - limits_.started;
    statistics_.seconds_per_swap.push_back(passed.count());
    note();
    return true;
  }

  SilhouetteState<T>& state_;
  Evaluator evaluator_;
  const SearchLimits& limits_;
  Statistics& statistics_;
  Progress& progress_;
  double tolerance_;
  std::vector<BestSwap> found_;
  Scratch<T> scratch_;
};

}  // namespace

template <class T>
bool fastermsc(SilhouetteState<T>& state, const std::vector<Index>& order, const SearchLimits& limits,
               Statistics& statistics, Progress& progress) {
  return Search(state, AllSlots(state, limits.isa), limits, statistics, progress).eager(order);
}

template <class T>
bool fastmsc(SilhouetteState<T>& state, const SearchLimits& limits, Statistics& statistics,
             Progress& progress) {
  return Search(state, AllSlots(state, limits.isa), limits, statistics, progress).best();
}

template <class T>
bool pammedsil(SilhouetteState<T>& state, const SearchLimits& limits, Statistics& statistics,
               Progress& progress) {
  return Search(state, OneSlotAtATime(state), limits, statistics, progress).best();
}

#define XCHG_INSTANTIATE(T)                                                                                 \
  template bool fastermsc(SilhouetteState<T>&, const std::vector<Index>&, const SearchLimits&, Statistics&, \
                          Progress&);                                                                       \
  template bool fastmsc(SilhouetteState<T>&, const SearchLimits&, Statistics&, Progress&);                  \
  template bool pammedsil(SilhouetteState<T>&, const SearchLimits&, Statistics&, Progress&);
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
