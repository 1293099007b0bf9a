#include "xchg/kmedoids/pam.hpp"

#include "xchg/kmedoids/swap_search.hpp"

namespace xchg::kmedoids {
namespace {

template <class T>
class NaiveChanges : public SwapChanges<T> {
 public:
  NaiveChanges(const Problem<T>& problem, const State<T>& state, const SearchLimits& limits,
               Progress& progress)
      : problem_(problem), state_(state), limits_(limits), progress_(progress) {}

  bool least(std::vector<Sum<T>>& least) override {
    least.resize(static_cast<std::size_t>(problem_.n));
    return scan_candidates(problem_.n, problem_.n * state_.k(), limits_, progress_,
                           [&](Index begin, Index end) {
                             std::vector<T> buffer;
                             for (Index x = begin; x < end; ++x) {
                               if (state_.is_medoid(x)) continue;
                               const T* row = problem_.row(x, buffer);
                               Sum<T> best = change(row, 0);
                               for (int slot = 1; slot < state_.k(); ++slot)
                                 best = std::min(best, change(row, slot));
                               least[static_cast<std::size_t>(x)] = best;
                             }
                           });
  }

  void of(Index x, std::vector<Sum<T>>& changes) override {
    const T* row = problem_.row(x, buffer_);
    changes.clear();
    for (int slot = 0; slot < state_.k(); ++slot) changes.push_back(change(row, slot));
  }

 private:
  Sum<T> change(const T* row, int slot) const { return change_by_definition(problem_, state_, row, slot); }

  const Problem<T>& problem_;
  const State<T>& state_;
  const SearchLimits& limits_;
  Progress& progress_;
  std::vector<T> buffer_;
};

// Sum of weight * d(o, x) over the members o of a cluster.
template <class T>
Sum<T> sum_within(const Problem<T>& problem, const std::vector<Index>& members, const T* row) {
  Sum<T> sum = 0;
  for (const Index o : members) sum += problem.weight(o) * static_cast<Sum<T>>(row[o]);
  return sum;
}

// The medoids of the next round: the first member with the least sum, but the old one if it is as good.
template <class T>
std::vector<Index> best_members(const Problem<T>& problem, const State<T>& state, const SearchLimits& limits,
                                Progress& progress) {
  std::vector<std::vector<Index>> members(static_cast<std::size_t>(state.k()));
  for (Index o = 0; o < problem.n; ++o)
    members[static_cast<std::size_t>(state.nearest()[static_cast<std::size_t>(o)])].push_back(o);
  std::vector<Sum<T>> sums(static_cast<std::size_t>(problem.n));
  const bool done =
      scan_candidates(problem.n, problem.n / state.k(), limits, progress, [&](Index begin, Index end) {
        std::vector<T> buffer;
        for (Index x = begin; x < end; ++x) {
          const auto slot = static_cast<std::size_t>(state.nearest()[static_cast<std::size_t>(x)]);
          sums[static_cast<std::size_t>(x)] = sum_within(problem, members[slot], problem.row(x, buffer));
        }
      });
  if (!done) return {};
  std::vector<Index> medoids = state.medoids();
  for (std::size_t slot = 0; slot < medoids.size(); ++slot) {
    for (const Index x : members[slot]) {
      if (sums[static_cast<std::size_t>(x)] < sums[static_cast<std::size_t>(medoids[slot])])
        medoids[slot] = x;
    }
  }
  return medoids;
}

}  // namespace

template <class T>
bool pam(const Problem<T>& problem, State<T>& state, const SearchLimits& limits, Statistics& statistics,
         Progress& progress) {
  NaiveChanges<T> changes(problem, state, limits, progress);
  return BestImprovement<T>(state, changes, limits, statistics, progress).run();
}

template <class T>
bool alternating(const Problem<T>& problem, State<T>& state, const SearchLimits& limits,
                 Statistics& statistics, Progress& progress) {
  Sum<T> total = state.total_deviation();
  for (int round = 0; round < limits.max_rounds; ++round) {
    begin_pass(statistics, problem.n, total, progress);
    const std::vector<Index> medoids = best_members(problem, state, limits, progress);
    if (medoids.empty()) return false;
    statistics.evaluated += problem.n;
    if (medoids == state.medoids()) return true;
    State<T> next(problem, medoids);
    if (!(next.total_deviation() < total)) return true;  // the gain was rounding
    total = next.total_deviation();
    for (std::size_t o = 0; o < static_cast<std::size_t>(problem.n); ++o) {
      if (next.d1()[o] != state.d1()[o] || next.d2()[o] != state.d2()[o] ||
          next.nearest()[o] != state.nearest()[o]) {
        ++statistics.objects_changed;
      }
    }
    state = std::move(next);
    record_swap(total, limits, statistics);
  }
  return false;
}

#define XCHG_INSTANTIATE(T)                                                                     \
  template bool pam(const Problem<T>&, State<T>&, const SearchLimits&, Statistics&, Progress&); \
  template bool alternating(const Problem<T>&, State<T>&, const SearchLimits&, Statistics&, Progress&);
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
