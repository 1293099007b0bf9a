// BUILD, lazily.
#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "xchg/core/error.hpp"
#include "xchg/core/parallel.hpp"
#include "xchg/kmedoids/dispatch.hpp"
#include "xchg/kmedoids/initial.hpp"

namespace xchg::kmedoids {
namespace {

// Sums in lanes by object: as fast as the processor adds, and in an order that depends on nothing else. Terms
// that are 0 may be left out.
template <class S>
class LaneSum {
 public:
  static constexpr Index lanes = 8;
  void add(Index object, S term) { sums_[static_cast<std::size_t>(object % lanes)] += term; }
  S total() const {
    return ((sums_[0] + sums_[1]) + (sums_[2] + sums_[3])) + ((sums_[4] + sums_[5]) + (sums_[6] + sums_[7]));
  }

 private:
  std::array<S, lanes> sums_{};
};

template <class T>
Sum<T> row_sum(const Problem<T>& problem, const T* row) {
  LaneSum<Sum<T>> sum;
  for (Index o = 0; o < problem.n; ++o) sum.add(o, problem.weight(o) * static_cast<Sum<T>>(row[o]));
  return sum.total();
}

// What is known of an object: its gain when `medoids` medoids were chosen, never above what it is now.
template <class S>
struct Known {
  S gain;
  Index object;
  int medoids;
};

template <class T>
class LazyBuild {
 public:
  LazyBuild(const Problem<T>& problem, Ties ties, const SearchLimits& limits, Progress& progress)
      : problem_(problem),
        ties_(ties),
        limits_(limits),
        progress_(progress),
        filter_(filter_function(limits)) {}

  std::vector<Index> run(int k) {
    add(best_single(problem_, limits_.threads, progress_, ties_));
    progress_.begin("BUILD", k, "medoids");
    if (k > 1) evaluate_all();
    while (static_cast<int>(medoids_.size()) < k) {
      add(next());
      progress_.update(static_cast<double>(medoids_.size()));
    }
    return medoids_;
  }

  std::int64_t evaluated() const { return evaluated_; }

 private:
  using Entry = Known<Sum<T>>;

  static FilterRow<T> filter_function([[maybe_unused]] const SearchLimits& limits) {
    return XCHG_KERNEL(limits.isa, filter_row, T{});
  }

  void add(Index medoid) {
    const T* row = problem_.row(medoid, buffer_);
    if (medoids_.empty()) nearest_.assign(row, row + problem_.n);
    for (std::size_t o = 0; o < nearest_.size(); ++o) nearest_[o] = std::min(nearest_[o], row[o]);
    medoids_.push_back(medoid);
  }

  // Change of TD, at most 0, when `candidate` is added to the medoids.
  Sum<T> gain(Index candidate, std::vector<std::uint64_t>& masks, std::vector<T>& buffer) const {
    const T* row = problem_.row(candidate, buffer);
    masks.resize(static_cast<std::size_t>((problem_.n + 63) / 64));
    filter_(row, nearest_.data(), problem_.n, masks.data());
    LaneSum<Sum<T>> sum;
    const auto add_term = [&](Index o) {
      const Sum<T> change =
          static_cast<Sum<T>>(row[o]) - static_cast<Sum<T>>(nearest_[static_cast<std::size_t>(o)]);
      sum.add(o, problem_.weight(o) * change);
    };
    for (std::size_t block = 0; block < masks.size(); ++block) {
      for (std::uint64_t mask = masks[block]; mask != 0; mask &= mask - 1)
        add_term(static_cast<Index>(block) * 64 + std::countr_zero(mask));
    }
    return sum.total();
  }

  // Evaluates entries [begin, end) of the heap under the present medoids.
  void evaluate(std::size_t begin, std::size_t end) {
    const auto count = static_cast<Index>(end - begin);
    const int threads = count * problem_.n >= limits_.parallel_work ? limits_.threads : 1;
    parallel_for(threads, count, std::max<Index>(1, count / (4 * threads)), [&](Index from, Index to) {
      std::vector<std::uint64_t> masks;
      std::vector<T> buffer;
      for (Index i = from; i < to; ++i) {
        Entry& entry = heap_[begin + static_cast<std::size_t>(i)];
        entry.gain = gain(entry.object, masks, buffer);
        entry.medoids = static_cast<int>(medoids_.size());
      }
    });
    evaluated_ += count;
    if (progress_.cancelled())
      throw CancelledError("cancelled during BUILD, before there was a first clustering");
  }

  void evaluate_all() {
    for (Index x = 0; x < problem_.n; ++x) {
      if (x != medoids_.front()) heap_.push_back({0, x, 0});
    }
    constexpr Index work_between_questions = 1 << 25;
    const auto window = static_cast<std::size_t>(std::max<Index>(1, work_between_questions / problem_.n));
    for (std::size_t begin = 0; begin < heap_.size(); begin += window)
      evaluate(begin, std::min(begin + window, heap_.size()));
    std::make_heap(heap_.begin(), heap_.end(), later());
  }

  // Order of the heap: the best gain first, ties as asked for.
  auto later() const {
    return [last = ties_ == Ties::Last](const Entry& a, const Entry& b) {
      if (a.gain != b.gain) return a.gain > b.gain;
      return last ? a.object < b.object : a.object > b.object;
    };
  }

  // Takes the object that gains most: the first whose gain is known for the present medoids. Until then the
  // foremost are evaluated again, on several threads a few of them at once.
  Index next() {
    const Index batch = limits_.threads > 1 ? 4 * limits_.threads : 1;
    const std::size_t most =
        batch * problem_.n >= limits_.parallel_work ? static_cast<std::size_t>(batch) : 1;
    const int now = static_cast<int>(medoids_.size());
    while (heap_.front().medoids != now) {
      auto end = heap_.end();
      for (std::size_t i = 0; i < most && end != heap_.begin() && heap_.front().medoids != now; ++i)
        std::pop_heap(heap_.begin(), end--, later());
      evaluate(static_cast<std::size_t>(end - heap_.begin()), heap_.size());
      while (end != heap_.end()) std::push_heap(heap_.begin(), ++end, later());
    }
    std::pop_heap(heap_.begin(), heap_.end(), later());
    const Index object = heap_.back().object;
    heap_.pop_back();
    return object;
  }

  const Problem<T>& problem_;
  Ties ties_;
  const SearchLimits& limits_;
  Progress& progress_;
  FilterRow<T> filter_;
  std::vector<Index> medoids_;
  std::vector<T> nearest_;  // distance of every object to them
  std::vector<Entry> heap_;
  std::vector<T> buffer_;
  std::int64_t evaluated_ = 0;
};

}  // namespace

template <class T>
std::vector<Index> build_start(const Problem<T>& problem, int k, Ties ties, const SearchLimits& limits,
                               Progress& progress, std::int64_t* evaluated) {
  LazyBuild<T> build(problem, ties, limits, progress);
  std::vector<Index> medoids = build.run(k);
  if (evaluated != nullptr) *evaluated = build.evaluated();
  return medoids;
}

template <class T>
Index best_single(const Problem<T>& problem, int threads, Progress& progress, Ties ties) {
  progress.begin("first medoid", static_cast<double>(problem.n), "objects");
  std::vector<Sum<T>> sums(static_cast<std::size_t>(problem.n));
  const Index window = std::max<Index>(1, (Index{1} << 26) / problem.n);
  for (Index start = 0; start < problem.n; start += window) {
    if (progress.cancelled()) throw CancelledError("cancelled before there was a first clustering");
    const Index count = std::min(window, problem.n - start);
    parallel_for(threads, count, piece_size(problem.n), [&](Index begin, Index end) {
      std::vector<T> buffer;
      for (Index x = start + begin; x < start + end; ++x)
        sums[static_cast<std::size_t>(x)] = row_sum(problem, problem.row(x, buffer));
    });
    progress.update(static_cast<double>(start + count));
  }
  const auto best = ties == Ties::First ? std::min_element(sums.begin(), sums.end())
                                        : std::prev(std::min_element(sums.rbegin(), sums.rend()).base());
  return static_cast<Index>(best - sums.begin());
}

#define XCHG_INSTANTIATE(T)                                                                             \
  template std::vector<Index> build_start(const Problem<T>&, int, Ties, const SearchLimits&, Progress&, \
                                          std::int64_t*);                                               \
  template Index best_single(const Problem<T>&, int, Progress&, Ties);
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
