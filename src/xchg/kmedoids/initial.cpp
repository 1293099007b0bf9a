#include "xchg/kmedoids/initial.hpp"

#include <algorithm>
#include <limits>

#include "xchg/core/error.hpp"
#include "xchg/core/parallel.hpp"

namespace xchg::kmedoids {
namespace {

// Smallest index among the least values; `taken` objects do not count.
template <class S>
Index first_least(const std::vector<S>& values, const std::vector<bool>& taken) {
  Index best = -1;
  for (std::size_t x = 0; x < values.size(); ++x) {
    if (!taken[x] && (best < 0 || values[x] < values[static_cast<std::size_t>(best)]))
      best = static_cast<Index>(x);
  }
  return best;
}

template <class T>
std::vector<Sum<T>> row_sums(const Problem<T>& problem, int threads) {
  std::vector<Sum<T>> sums(static_cast<std::size_t>(problem.n));
  parallel_for(threads, problem.n, piece_size(problem.n), [&](Index begin, Index end) {
    std::vector<T> buffer;
    for (Index x = begin; x < end; ++x) {
      const T* row = problem.row(x, buffer);
      Sum<T> sum = 0;
      for (Index o = 0; o < problem.n; ++o) sum += problem.weight(o) * static_cast<Sum<T>>(row[o]);
      sums[static_cast<std::size_t>(x)] = sum;
    }
  });
  return sums;
}

// Change of TD when each object in turn is added to the medoids; `nearest` holds the distances to them.
template <class T>
void addition_gains(const Problem<T>& problem, const std::vector<T>& nearest, const std::vector<bool>& taken,
                    int threads, std::vector<Sum<T>>& gains) {
  parallel_for(threads, problem.n, piece_size(problem.n), [&](Index begin, Index end) {
    std::vector<T> buffer;
    for (Index x = begin; x < end; ++x) {
      if (taken[static_cast<std::size_t>(x)]) continue;
      const T* row = problem.row(x, buffer);
      Sum<T> gain = 0;
      for (Index o = 0; o < problem.n; ++o) {
        const T before = nearest[static_cast<std::size_t>(o)];
        const Sum<T> change = static_cast<Sum<T>>(std::min(row[o], before)) - static_cast<Sum<T>>(before);
        gain += problem.weight(o) * change;
      }
      gains[static_cast<std::size_t>(x)] = gain;
    }
  });
}

}  // namespace

std::vector<Index> random_start(Index n, int k, Random& random) {
  std::vector<Index> medoids;
  for (const std::uint64_t x :
       sample_without_replacement(static_cast<std::uint64_t>(n), static_cast<std::uint64_t>(k), random)) {
    medoids.push_back(static_cast<Index>(x));
  }
  return medoids;
}

template <class T>
Index best_single(const Problem<T>& problem, int threads, Progress& progress) {
  progress.begin("first medoid", 0, "objects");
  return first_least(row_sums(problem, threads), std::vector<bool>(static_cast<std::size_t>(problem.n)));
}

template <class T>
std::vector<Index> build_start(const Problem<T>& problem, int k, int threads, Progress& progress) {
  const auto n = static_cast<std::size_t>(problem.n);
  std::vector<bool> taken(n);
  std::vector<Index> medoids{best_single(problem, threads, progress)};
  std::vector<T> buffer;
  const T* first = problem.row(medoids.front(), buffer);
  std::vector<T> nearest(first, first + n);
  taken[static_cast<std::size_t>(medoids.front())] = true;
  std::vector<Sum<T>> gains(n, std::numeric_limits<Sum<T>>::max());
  progress.begin("BUILD", k, "medoids");
  while (static_cast<int>(medoids.size()) < k) {
    if (progress.cancelled())
      throw CancelledError("cancelled during BUILD, before there was a first clustering");
    addition_gains(problem, nearest, taken, threads, gains);
    const Index x = first_least(gains, taken);
    medoids.push_back(x);
    taken[static_cast<std::size_t>(x)] = true;
    const T* row = problem.row(x, buffer);
    for (std::size_t o = 0; o < n; ++o) nearest[o] = std::min(nearest[o], row[o]);
    progress.update(static_cast<double>(medoids.size()));
  }
  return medoids;
}

#define XCHG_INSTANTIATE(T)                                                        \
  template std::vector<Index> build_start(const Problem<T>&, int, int, Progress&); \
  template Index best_single(const Problem<T>&, int, Progress&);
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
