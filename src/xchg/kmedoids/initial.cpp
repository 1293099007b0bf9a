#include "xchg/kmedoids/initial.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <type_traits>

#include "xchg/core/error.hpp"
#include "xchg/core/parallel.hpp"
#include "xchg/kmedoids/bound.hpp"

namespace xchg::kmedoids {
namespace {

constexpr int bound_start_steps = 100;

void stop_if_cancelled(const Progress& progress) {
  if (progress.cancelled())
    throw CancelledError("cancelled during the initialisation, before there was a first clustering");
}

// Medoids chosen so far, and the distance of every object to the nearest of them.
template <class T>
class Chosen {
 public:
  explicit Chosen(const Problem<T>& problem) : problem_(problem) {
    others_.resize(static_cast<std::size_t>(problem.n));
    std::iota(others_.begin(), others_.end(), Index{0});
  }

  void add(Index medoid) {
    const T* row = problem_.row(medoid, buffer_);
    if (medoids_.empty()) nearest_.assign(row, row + problem_.n);
    for (std::size_t o = 0; o < nearest_.size(); ++o) nearest_[o] = std::min(nearest_[o], row[o]);
    medoids_.push_back(medoid);
    others_.erase(std::lower_bound(others_.begin(), others_.end(), medoid));
  }

  const std::vector<Index>& medoids() const { return medoids_; }
  const std::vector<Index>& others() const { return others_; }  // ascending
  const std::vector<T>& nearest() const { return nearest_; }

 private:
  const Problem<T>& problem_;
  std::vector<Index> medoids_, others_;
  std::vector<T> nearest_;
  std::vector<T> buffer_;
};

std::vector<Index> sample_of(const std::vector<Index>& objects, std::size_t size, Random& random) {
  std::vector<Index> sample;
  for (const std::uint64_t at :
       sample_without_replacement(objects.size(), std::min(size, objects.size()), random))
    sample.push_back(objects[at]);
  std::sort(sample.begin(), sample.end());
  return sample;
}

// The member of the sample that leaves the least TD on it, together with the medoids chosen before.
template <class T>
Index best_of_sample(const Problem<T>& problem, const std::vector<Index>& sample, const Chosen<T>& chosen) {
  Index best = -1;
  Sum<T> best_sum = 0;
  for (const Index x : sample) {
    Sum<T> sum = 0;
    for (const Index o : sample) {
      T distance = problem.at(o, x);
      if (!chosen.medoids().empty())
        distance = std::min(distance, chosen.nearest()[static_cast<std::size_t>(o)]);
      sum += problem.weight(o) * static_cast<Sum<T>>(distance);
    }
    if (best < 0 || sum < best_sum) {
      best = x;
      best_sum = sum;
    }
  }
  return best;
}

// weight * distance^power of every object, and their sum.
template <class T>
double potentials(const Problem<T>& problem, const std::vector<T>& nearest, double power,
                  std::vector<double>& terms) {
  terms.resize(nearest.size());
  double sum = 0;
  for (std::size_t o = 0; o < nearest.size(); ++o) {
    const auto distance = static_cast<double>(nearest[o]);
    const double term = power == 1 ? distance : std::pow(distance, power);
    terms[o] = distance == 0 ? 0 : static_cast<double>(problem.weight(static_cast<Index>(o))) * term;
    sum += terms[o];
  }
  return sum;
}

// An object with probability proportional to its term. The sum is positive.
Index draw(const std::vector<double>& terms, double sum, Random& random) {
  const double goal = random.uniform() * sum;
  double passed = 0;
  Index last = 0;
  for (std::size_t o = 0; o < terms.size(); ++o) {
    if (terms[o] == 0) continue;
    passed += terms[o];
    last = static_cast<Index>(o);
    if (passed > goal) break;
  }
  return last;
}

// Sum over l of d(o, l) for every object: rows are added up, in their order.
template <class T>
std::vector<double> sums_to_all(const Problem<T>& problem, Progress& progress) {
  std::vector<double> sums(static_cast<std::size_t>(problem.n));
  std::vector<T> buffer;
  for (Index x = 0; x < problem.n; ++x) {
    stop_if_cancelled(progress);
    const T* row = problem.row(x, buffer);
    for (std::size_t o = 0; o < sums.size(); ++o) sums[o] += static_cast<double>(row[o]);
  }
  return sums;
}

}  // namespace

bool is_random(Init init) { return init == Init::Random || init == Init::LAB || init == Init::PlusPlus; }

std::vector<Index> random_start(Index n, int k, Random& random) {
  std::vector<Index> medoids;
  for (const std::uint64_t x :
       sample_without_replacement(static_cast<std::uint64_t>(n), static_cast<std::uint64_t>(k), random)) {
    medoids.push_back(static_cast<Index>(x));
  }
  return medoids;
}

template <class T>
std::vector<Index> lab_start(const Problem<T>& problem, int k, Random& random, Progress& progress) {
  const auto size = 10 + static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(problem.n))));
  progress.begin("LAB", k, "medoids");
  Chosen<T> chosen(problem);
  for (int i = 0; i < k; ++i) {
    stop_if_cancelled(progress);
    chosen.add(best_of_sample(problem, sample_of(chosen.others(), size, random), chosen));
    progress.update(i + 1);
  }
  return chosen.medoids();
}

template <class T>
std::vector<Index> plusplus_start(const Problem<T>& problem, int k, double power, Random& random,
                                  Progress& progress) {
  const int trials = 2 + static_cast<int>(std::log(static_cast<double>(k)));
  progress.begin("k-means++", k, "medoids");
  Chosen<T> chosen(problem);
  chosen.add(static_cast<Index>(random.below(static_cast<std::uint64_t>(problem.n))));
  std::vector<double> terms, with;
  std::vector<T> nearest, buffer;
  while (static_cast<int>(chosen.medoids().size()) < k) {
    stop_if_cancelled(progress);
    const double sum = potentials(problem, chosen.nearest(), power, terms);
    Index best = -1;
    double least = 0;
    for (int trial = 0; trial < trials && sum > 0; ++trial) {
      const Index x = draw(terms, sum, random);
      const T* row = problem.row(x, buffer);
      nearest = chosen.nearest();
      for (std::size_t o = 0; o < nearest.size(); ++o) nearest[o] = std::min(nearest[o], row[o]);
      const double left = potentials(problem, nearest, power, with);
      if (best < 0 || left < least) {
        best = x;
        least = left;
      }
    }
    if (best < 0) best = chosen.others()[random.below(chosen.others().size())];
    chosen.add(best);
    progress.update(static_cast<double>(chosen.medoids().size()));
  }
  return chosen.medoids();
}

template <class T>
std::vector<Index> park_jun_start(const Problem<T>& problem, int k, int threads, Progress& progress) {
  progress.begin("Park and Jun", 0, "objects");
  const std::vector<double> to_all = sums_to_all(problem, progress);
  std::vector<std::pair<double, Index>> values(static_cast<std::size_t>(problem.n));
  parallel_for(threads, problem.n, piece_size(problem.n), [&](Index begin, Index end) {
    std::vector<T> buffer;
    for (Index x = begin; x < end; ++x) {
      const T* row = problem.row(x, buffer);
      double sum = 0;
      for (Index o = 0; o < problem.n; ++o) {
        const double whole = to_all[static_cast<std::size_t>(o)];
        if (whole > 0) sum += static_cast<double>(problem.weight(o)) * static_cast<double>(row[o]) / whole;
      }
      values[static_cast<std::size_t>(x)] = {sum, x};
    }
  });
  std::partial_sort(values.begin(), values.begin() + k, values.end());
  std::vector<Index> medoids;
  for (int i = 0; i < k; ++i) medoids.push_back(values[static_cast<std::size_t>(i)].second);
  return medoids;
}

template <class T>
std::vector<Index> find_start(const Problem<T>& problem, const Options& options, Random& random,
                              const SearchLimits& limits, Progress& progress) {
  switch (options.init) {
    case Init::Random:
      return random_start(problem.n, options.k, random);
    case Init::Build:
      return build_start(problem, options.k, options.ties, limits, progress);
    case Init::LAB:
      return lab_start(problem, options.k, random, progress);
    case Init::PlusPlus:
      return plusplus_start(problem, options.k, options.plusplus_power, random, progress);
    case Init::ParkJun:
      return park_jun_start(problem, options.k, limits.threads, progress);
    case Init::Given:
      return options.medoids;
    case Init::First:
      break;
    case Init::Bound:
      return find_bound(problem, options.k, bound_start_steps, {}, limits, progress).medoids;
  }
  std::vector<Index> first(static_cast<std::size_t>(options.k));
  std::iota(first.begin(), first.end(), Index{0});
  return first;
}

#define XCHG_INSTANTIATE(T)                                                                               \
  template std::vector<Index> find_start(const Problem<T>&, const Options&, Random&, const SearchLimits&, \
                                         Progress&);                                                      \
  template std::vector<Index> lab_start(const Problem<T>&, int, Random&, Progress&);                      \
  template std::vector<Index> plusplus_start(const Problem<T>&, int, double, Random&, Progress&);         \
  template std::vector<Index> park_jun_start(const Problem<T>&, int, int, Progress&);
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
