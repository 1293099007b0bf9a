#include "xchg/kmedoids/sampling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "xchg/core/parallel.hpp"
#include "xchg/kmedoids/fasterpam.hpp"
#include "xchg/kmedoids/fastpam.hpp"
#include "xchg/kmedoids/initial.hpp"
#include "xchg/kmedoids/split_changes.hpp"
#include "xchg/kmedoids/swap_search.hpp"

namespace xchg::kmedoids {
namespace {

// The dissimilarities between the objects of a sample, as a problem of its own.
template <class T>
class SampledProblem {
 public:
  SampledProblem(const Problem<T>& whole, std::vector<Index> objects, int threads)
      : objects_(std::move(objects)) {
    const auto size = static_cast<Index>(objects_.size());
    values_.resize(objects_.size() * objects_.size());
    // Values that have to be made are worth a thread; copying is not.
    parallel_for(whole.rows.dense == nullptr ? threads : 1, size, 16, [&](Index begin, Index end) {
      for (Index x = begin; x < end; ++x) {
        for (Index o = 0; o < size; ++o)
          values_[static_cast<std::size_t>(x * size + o)] = whole.at(object(o), object(x));
      }
    });
    problem_ = {{values_.data(), nullptr}, size, {}};
    if (whole.weights.empty()) return;
    for (const Index o : objects_) problem_.weights.push_back(whole.weight(o));
  }
  SampledProblem(const SampledProblem&) = delete;
  SampledProblem& operator=(const SampledProblem&) = delete;

  const Problem<T>& problem() const { return problem_; }
  Index object(Index of_sample) const { return objects_[static_cast<std::size_t>(of_sample)]; }
  // Their places in the sample, or -1.
  std::vector<Index> places(const std::vector<Index>& objects) const {
    std::vector<Index> result;
    for (const Index o : objects) {
      const auto at = std::lower_bound(objects_.begin(), objects_.end(), o);
      result.push_back(at != objects_.end() && *at == o ? at - objects_.begin() : -1);
    }
    return result;
  }

 private:
  std::vector<Index> objects_;  // ascending
  std::vector<T> values_;
  Problem<T> problem_;
};

// `size` objects in ascending order: those of `included` and others, uniform.
std::vector<Index> sample_with(std::vector<Index> included, Index n, Index size, Random& random) {
  std::sort(included.begin(), included.end());
  const auto others = static_cast<std::uint64_t>(n) - included.size();
  std::vector<Index> sample = included;
  for (const std::uint64_t drawn :
       sample_without_replacement(others, static_cast<std::uint64_t>(size) - included.size(), random)) {
    auto object = static_cast<Index>(drawn);  // the drawn-th of those not included
    for (const Index before : included) object += before <= object ? 1 : 0;
    sample.push_back(object);
  }
  std::sort(sample.begin(), sample.end());
  return sample;
}

template <class T>
class Clara {
 public:
  Clara(const Problem<T>& problem, State<T>& state, const Options& options, Random& random,
        const SearchLimits& limits, Statistics& statistics, Progress& progress)
      : problem_(problem),
        state_(state),
        options_(options),
        random_(random),
        limits_(limits),
        statistics_(statistics),
        progress_(progress) {}

  bool run() {
    if (limits_.max_rounds == 0) return false;
    Sum<T> total = state_.total_deviation();
    bool converged = true;
    for (int number = 0; number < options_.samples; ++number) {
      if (limits_.out_of_time(progress_)) return false;
      progress_.begin(fmt::format("sample {}", number + 1), 0, "objects");
      auto [medoids, search_converged] = search_sample();
      converged = converged && search_converged;
      State<T> found(problem_, std::move(medoids));
      if (!(found.total_deviation() < total)) continue;
      state_ = std::move(found);
      total = state_.total_deviation();
      record_swap(total, limits_, statistics_);
    }
    return converged;
  }

 private:
  std::pair<std::vector<Index>, bool> search_sample() {
    const std::vector<Index> included =
        options_.independent_samples ? std::vector<Index>{} : state_.medoids();
    const SampledProblem<T> sample(
        problem_, sample_with(included, problem_.n, sample_size(options_, problem_.n), random_),
        limits_.threads);
    State<T> state(sample.problem(), start(sample));
    Statistics statistics;
    const bool converged = search(sample.problem(), state, statistics);
    statistics_.rounds += statistics.rounds;
    statistics_.evaluated += statistics.evaluated;
    statistics_.objects_changed += statistics.objects_changed;
    std::vector<Index> medoids;
    for (const Index place : state.medoids()) medoids.push_back(sample.object(place));
    return {medoids, converged};
  }

  std::vector<Index> start(const SampledProblem<T>& sample) {
    Options options = options_;
    if (options.init == Init::Random && options.method != Method::FasterCLARA) options.init = Init::Build;
    if (options.init == Init::First || options.init == Init::Given) {
      options.medoids = sample.places(state_.medoids());
      const bool has_all = *std::min_element(options.medoids.begin(), options.medoids.end()) >= 0;
      options.init = has_all ? Init::Given : Init::Random;
    }
    return find_start(sample.problem(), options, random_, limits_, progress_);
  }

  bool search(const Problem<T>& sample, State<T>& state, Statistics& statistics) {
    if (state.k() == 1) {
      state = State<T>(sample, {best_single(sample, limits_.threads, progress_)});
      statistics.rounds = 1;
      statistics.evaluated = sample.n;
      return true;
    }
    if (options_.method != Method::FasterCLARA)
      return fastpam1(sample, state, limits_, statistics, progress_);
    std::vector<Index> order(static_cast<std::size_t>(sample.n));
    std::iota(order.begin(), order.end(), Index{0});
    return fasterpam(sample, state, order, limits_, statistics, progress_);
  }

  const Problem<T>& problem_;
  State<T>& state_;  // the best so far
  const Options& options_;
  Random& random_;
  const SearchLimits& limits_;
  Statistics& statistics_;
  Progress& progress_;
};

template <class T>
class LocalSearch {
 public:
  LocalSearch(const Problem<T>& problem, State<T>& state, Random& random, const SearchLimits& limits,
              Statistics& statistics, Progress& progress)
      : problem_(problem),
        state_(state),
        random_(random),
        limits_(limits),
        statistics_(statistics),
        progress_(progress),
        split_(problem, state, limits.isa),
        total_(state.total_deviation()) {
    for (Index x = 0; x < problem.n; ++x) {
      if (!state.is_medoid(x)) others_.push_back(x);
    }
  }

  // Single swaps, drawn with replacement, until `most` in a row have failed.
  bool draw_swaps(Index most) {
    for (Index failures = 0; failures < most; ++failures) {
      if (limits_.out_of_time(progress_)) return false;
      const auto slot = static_cast<int>(random_.below(static_cast<std::uint64_t>(state_.k())));
      const std::size_t place = random_.below(others_.size());
      ++statistics_.evaluated;
      const T* row = problem_.row(others_[place], buffer_);
      if (improves(change_by_definition(problem_, state_, row, slot), total_) && swap(slot, place))
        failures = -1;
    }
    return true;
  }

  // Candidates for all slots, none twice before a swap, until `most` in a row have failed.
  bool draw_candidates(Index most) {
    std::vector<Sum<T>> changes;
    const auto all = static_cast<Index>(others_.size());
    for (Index failures = 0; failures < std::min(most, all); ++failures) {
      if (limits_.out_of_time(progress_)) return false;
      const auto drawn = static_cast<std::size_t>(failures);  // so many have been put to the front
      std::swap(others_[drawn], others_[drawn + random_.below(others_.size() - drawn)]);
      ++statistics_.evaluated;
      split_.of(others_[drawn], changes, buffer_);
      const auto best = std::min_element(changes.begin(), changes.end());
      if (improves(*best, total_) && swap(static_cast<int>(best - changes.begin()), drawn)) failures = -1;
    }
    return true;
  }

 private:
  bool swap(int slot, std::size_t place) {
    const Index removed = state_.medoids()[static_cast<std::size_t>(slot)];
    if (!swap_if_better(state_, slot, others_[place], total_, limits_, statistics_)) return false;
    others_[place] = removed;
    split_.begin();
    return true;
  }

  const Problem<T>& problem_;
  State<T>& state_;
  Random& random_;
  const SearchLimits& limits_;
  Statistics& statistics_;
  Progress& progress_;
  SplitChanges<T> split_;
  Sum<T> total_;
  std::vector<Index> others_;  // objects that are no medoids
  std::vector<T> buffer_;
};

// Failures in a row that end a local search.
Index most_failures(const Options& options, Index n) {
  const bool fast = options.method == Method::FastCLARANS;
  const double candidates = static_cast<double>(n - options.k);
  const double neighbors = fast ? candidates : candidates * options.k;
  double most = options.maxneighbor;
  if (most == 0)
    most = fast ? 0.025 * neighbors : std::max(0.0125 * neighbors, 250.0);
  else if (most < 1)
    most *= neighbors;
  constexpr double largest = 0x1p62;
  return static_cast<Index>(std::clamp(std::ceil(most), 1.0, largest));
}

}  // namespace

bool samples_objects(Method method) {
  return method == Method::CLARA || method == Method::FastCLARA || method == Method::FasterCLARA;
}

bool draws_samples(Method method) {
  return samples_objects(method) || method == Method::CLARANS || method == Method::FastCLARANS;
}

Index sample_size(const Options& options, Index n) {
  const Index published =
      options.method == Method::CLARA ? 40 + 2 * Index{options.k} : 80 + 4 * Index{options.k};
  return std::min(n, options.sample_size != 0 ? options.sample_size : published);
}

template <class T>
bool clara(const Problem<T>& problem, State<T>& state, const Options& options, Random& random,
           const SearchLimits& limits, Statistics& statistics, Progress& progress) {
  return Clara<T>(problem, state, options, random, limits, statistics, progress).run();
}

template <class T>
bool clarans(const Problem<T>& problem, State<T>& state, const Options& options, Random& random,
             const SearchLimits& limits, Statistics& statistics, Progress& progress) {
  if (state.k() == problem.n) return true;
  if (limits.max_rounds == 0) return false;
  const Index most = most_failures(options, problem.n);
  bool converged = true;
  for (int number = 0; number < options.numlocal && converged; ++number) {
    progress.begin(fmt::format("local search {}", number + 1), 0, "candidates");
    State<T> local = number == 0 ? state : State<T>(problem, random_start(problem.n, options.k, random));
    Statistics found;
    found.total_deviation_init = static_cast<double>(local.total_deviation());
    LocalSearch<T> search(problem, local, random, limits, found, progress);
    converged =
        options.method == Method::FastCLARANS ? search.draw_candidates(most) : search.draw_swaps(most);
    ++statistics.rounds;
    statistics.evaluated += found.evaluated;
    statistics.objects_changed += found.objects_changed;
    if (number > 0 && !(local.total_deviation() < state.total_deviation())) continue;
    state = std::move(local);
    statistics.total_deviation_init = found.total_deviation_init;
    statistics.swaps = found.swaps;
    statistics.total_deviation_per_swap = std::move(found.total_deviation_per_swap);
    statistics.seconds_per_swap = std::move(found.seconds_per_swap);
  }
  return converged;
}

#define XCHG_INSTANTIATE(T)                                                                         \
  template bool clara(const Problem<T>&, State<T>&, const Options&, Random&, const SearchLimits&,   \
                      Statistics&, Progress&);                                                      \
  template bool clarans(const Problem<T>&, State<T>&, const Options&, Random&, const SearchLimits&, \
                        Statistics&, Progress&);
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
