#include "xchg/kmedoids/pamsil.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "xchg/core/error.hpp"
#include "xchg/core/parallel.hpp"

namespace xchg::kmedoids {
namespace {

constexpr double most_additions = 1e12;
// Between two questions whether to stop there are about so many additions, or one candidate for each thread.
constexpr double window_additions = 1e9;

// The dissimilarities as doubles: row p holds d(., p).
template <class T>
std::vector<double> matrix_of(const Problem<T>& problem) {
  std::vector<double> matrix;
  matrix.reserve(static_cast<std::size_t>(problem.n * problem.n));
  std::vector<T> buffer;
  for (Index p = 0; p < problem.n; ++p) {
    const T* row = problem.row(p, buffer);
    std::transform(row, row + problem.n, std::back_inserter(matrix),
                   [](T value) { return static_cast<double>(value); });
  }
  return matrix;
}

struct BestSwap {
  double silhouette = -2;  // less than any
  int slot = -1;
};

struct Scratch {
  std::vector<std::int32_t> labels;
  std::vector<double> sums, sizes;  // (k, n) and (k)
};

template <class T>
class Pamsil {
 public:
  Pamsil(const Problem<T>& problem, State<T>& state, const SearchLimits& limits, Statistics& statistics,
         Progress& progress)
      : problem_(problem),
        state_(state),
        limits_(limits),
        statistics_(statistics),
        progress_(progress),
        matrix_(matrix_of(problem)) {
    Scratch scratch{.labels = state.nearest()};
    silhouette_ = mean_silhouette(scratch);
  }

  bool run() {
    while (begin_round()) {
      BestSwap best;
      Index object = -1;
      const Index window = window_size();
      for (Index begin = 0; begin < n(); begin += window) {
        const Index end = std::min(begin + window, n());
        const std::vector<BestSwap> found = evaluate(begin, end);
        for (Index x = begin; x < end; ++x) {
          const BestSwap& swap = found[static_cast<std::size_t>(x - begin)];
          if (swap.slot >= 0) ++statistics_.evaluated;
          if (!(swap.silhouette > best.silhouette + least_improvement)) continue;
          best = swap;
          object = x;
        }
        if (limits_.out_of_time(progress_)) return false;
        progress_.update(static_cast<double>(end));
      }
      if (!(best.silhouette > silhouette_ + least_improvement)) return true;
      perform(best, object);
    }
    return false;
  }

 private:
  Index n() const { return problem_.n; }

  bool begin_round() {
    if (statistics_.rounds == limits_.max_rounds) return false;
    ++statistics_.rounds;
    progress_.begin(fmt::format("round {}", statistics_.rounds), static_cast<double>(n()), "candidates");
    progress_.note(fmt::format("mean silhouette {:.6f}", silhouette_));
    return true;
  }

  double additions_per_candidate() const {
    return static_cast<double>(state_.k()) * static_cast<double>(n()) * static_cast<double>(n());
  }

  Index window_size() const {
    const double window = std::min(static_cast<double>(n()), window_additions / additions_per_candidate());
    return std::max<Index>(limits_.threads, static_cast<Index>(window));
  }

  std::vector<BestSwap> evaluate(Index begin, Index end) const {
    std::vector<BestSwap> found(static_cast<std::size_t>(end - begin));
    const double additions = additions_per_candidate() * static_cast<double>(end - begin);
    const int threads = additions >= static_cast<double>(limits_.parallel_work) ? limits_.threads : 1;
    const Index grain = std::max<Index>(1, (end - begin) / (4 * threads));
    parallel_for(threads, end - begin, grain, [&](Index first, Index last) {
      Scratch scratch;
      for (Index i = first; i < last; ++i)
        found[static_cast<std::size_t>(i)] = evaluate_one(begin + i, scratch);
    });
    return found;
  }

  BestSwap evaluate_one(Index candidate, Scratch& scratch) const {
    BestSwap best;
    if (state_.is_medoid(candidate)) return best;
    for (int slot = 0; slot < state_.k(); ++slot) {
      assign(slot, candidate, scratch.labels);
      const double silhouette = mean_silhouette(scratch);
      if (silhouette > best.silhouette + least_improvement) best = {silhouette, slot};
    }
    return best;
  }

  // The labels after a swap: as before except for objects that lose or gain, ties to the smallest slot, and
  // medoids to themselves, as a fresh assignment would have them.
  void assign(int slot, Index candidate, std::vector<std::int32_t>& labels) const {
    labels = state_.nearest();
    const double* row = matrix_.data() + candidate * n();
    for (std::size_t o = 0; o < labels.size(); ++o) {
      const bool loses = labels[o] == slot;
      if (!loses && state_.is_medoid(static_cast<Index>(o))) continue;
      const auto stays_at = static_cast<double>(loses ? state_.d2()[o] : state_.d1()[o]);
      if (loses) labels[o] = state_.second()[o];
      if (row[o] < stays_at || (row[o] == stays_at && slot < labels[o])) labels[o] = slot;
    }
    labels[static_cast<std::size_t>(candidate)] = slot;
  }

  // Of scratch.labels. Adds in the order in which silhouette() does, so that the values are the same.
  double mean_silhouette(Scratch& scratch) const {
    const auto count = static_cast<std::size_t>(n()), k = static_cast<std::size_t>(state_.k());
    scratch.sums.assign(k * count, 0.0);
    scratch.sizes.assign(k, 0.0);
    for (std::size_t p = 0; p < count; ++p) {
      const auto label = static_cast<std::size_t>(scratch.labels[p]);
      ++scratch.sizes[label];
      const double* row = matrix_.data() + p * count;
      double* sums = scratch.sums.data() + label * count;
      for (std::size_t o = 0; o < count; ++o) sums[o] += row[o];
    }
    double total = 0;
    for (std::size_t o = 0; o < count; ++o) total += silhouette_of(o, scratch);
    return total / static_cast<double>(count);
  }

  double silhouette_of(std::size_t o, const Scratch& scratch) const {
    const auto count = static_cast<std::size_t>(n());
    const auto own = static_cast<std::size_t>(scratch.labels[o]);
    if (scratch.sizes[own] == 1) return 0;
    const double a = scratch.sums[own * count + o] / (scratch.sizes[own] - 1);
    double b = std::numeric_limits<double>::infinity();
    for (std::size_t slot = 0; slot < scratch.sizes.size(); ++slot) {
      if (slot != own) b = std::min(b, scratch.sums[slot * count + o] / scratch.sizes[slot]);
    }
    const double larger = std::max(a, b);
    return larger > 0 ? (b - a) / larger : 0;
  }

  void perform(const BestSwap& swap, Index candidate) {
    statistics_.objects_changed += state_.swap(swap.slot, candidate);
    state_ = State<T>(problem_, state_.medoids());  // ties fall as in a fresh assignment
    silhouette_ = swap.silhouette;
    ++statistics_.swaps;
    statistics_.total_deviation_per_swap.push_back(static_cast<double>(state_.total_deviation()));
    statistics_.objective_per_swap.push_back(silhouette_);
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - limits_.started;
    statistics_.seconds_per_swap.push_back(passed.count());
  }

  const Problem<T>& problem_;
  State<T>& state_;
  const SearchLimits& limits_;
  Statistics& statistics_;
  Progress& progress_;
  std::vector<double> matrix_;
  double silhouette_ = 0;
};

}  // namespace

void check_pamsil_size(Index n, int k, std::uint64_t memory_budget_bytes) {
  const auto objects = static_cast<double>(n), slots = static_cast<double>(k);
  const double additions = objects * objects * slots * (objects - slots);
  if (additions > most_additions) {
    throw LimitError(fmt::format("pamsil would need {:.2g} additions a round for n = {}, k = {} (limit {:g})",
                                 additions, n, k, most_additions),
                     "--method fastermsc fits; it maximises the medoid silhouette");
  }
  const std::uint64_t bytes = static_cast<std::uint64_t>(n) * static_cast<std::uint64_t>(n) * sizeof(double);
  if (bytes > memory_budget_bytes)
    throw LimitError("the matrix that pamsil needs", bytes, memory_budget_bytes, "--method fastermsc fits");
}

template <class T>
bool pamsil(const Problem<T>& problem, State<T>& state, const SearchLimits& limits, Statistics& statistics,
            Progress& progress) {
  return state.k() == problem.n || Pamsil<T>(problem, state, limits, statistics, progress).run();
}

#define XCHG_INSTANTIATE(T) \
  template bool pamsil(const Problem<T>&, State<T>&, const SearchLimits&, Statistics&, Progress&);
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
