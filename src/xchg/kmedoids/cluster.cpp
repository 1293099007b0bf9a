// cluster(): checks, starts, the search, and the result recomputed from scratch.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"
#include "xchg/kmedoids/bound.hpp"
#include "xchg/kmedoids/checks.hpp"
#include "xchg/kmedoids/fasterpam.hpp"
#include "xchg/kmedoids/fastpam.hpp"
#include "xchg/kmedoids/initial.hpp"
#include "xchg/kmedoids/kmedoids.hpp"
#include "xchg/kmedoids/medoid_silhouette.hpp"
#include "xchg/kmedoids/pam.hpp"
#include "xchg/kmedoids/pamsil.hpp"
#include "xchg/kmedoids/range.hpp"
#include "xchg/kmedoids/sampling.hpp"
#include "xchg/kmedoids/swap_search.hpp"
#include "xchg/kmedoids/totals.hpp"
#include "xchg/kmedoids/typed.hpp"

namespace xchg::kmedoids {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Whether one start led to a better result than another, by what the method optimises.
bool better(const Result& a, const Result& b) {
  switch (objective(a.method)) {
    case Objective::MedoidSilhouette:
      return a.average_medoid_silhouette > b.average_medoid_silhouette;
    case Objective::Silhouette:
      return a.mean_silhouette > b.mean_silhouette;
    case Objective::TotalDeviation:
      break;
  }
  return a.total_deviation < b.total_deviation;
}

template <class T>
class Run {
 public:
  Run(const Rows<T>& rows, const Dissimilarity& data, const Options& options, Progress& progress)
      : options_(options), data_(data), progress_(progress) {
    problem_ = {rows, data.size(), typed_weights<T>(options.weights, data.size(), data.largest())};
    limits_ = search_limits(options);
    if (options.method == Method::PAMSIL)
      check_pamsil_size(problem_.n, options.k, limits_.memory_budget_bytes);
  }

  Result run() {
    const int starts = random_starts() ? options_.restarts : 1;
    std::optional<Result> best;
    int done = 0;
    while (done < starts && !(best && limits_.out_of_time(progress_))) {
      const int group = std::min(starts - done, in_lockstep(starts) ? lockstep_group() : 1);
      try {
        for (Result& result : group > 1 ? several_starts(done, group) : one_start(done)) {
          if (!best || better(result, *best)) best = std::move(result);
        }
      } catch (const Error& error) {
        if (!best) throw;
        best->stopped_by = error.what();
        break;
      }
      done += group;
    }
    if (best->stopped_by.empty() && limits_.out_of_time(progress_)) best->stopped_by = reason_to_stop();
    best->converged = best->converged && done == starts;
    if (best->converged) best->stopped_by.clear();
    best->statistics.restarts_done = done;
    best->statistics.seconds_init = seconds_init_;
    best->statistics.seconds_swap = seconds_swap_;
    if (options_.certify) certify(*best);
    return *std::move(best);
  }

  // FasterPAM for every k of a range; all searches use a row while it is at hand.
  std::vector<Result> run_range(int k_min, int k_max) {
    std::vector<std::pair<int, int>> starts;  // number, k
    for (int number = 0; number < (random_starts() ? options_.restarts : 1); ++number) {
      for (int k = k_min; k <= k_max; ++k) starts.emplace_back(number, k);
    }
    const auto all = static_cast<std::size_t>(k_max - k_min + 1);
    std::vector<std::optional<Result>> best(all);
    std::size_t done = 0;
    while (done < starts.size() && !(done >= all && limits_.out_of_time(progress_))) {
      const std::size_t count = std::min(starts.size() - done, static_cast<std::size_t>(lockstep_group()));
      for (Result& result : several_starts(std::span(starts).subspan(done, count))) {
        std::optional<Result>& known = best[result.medoids.size() - static_cast<std::size_t>(k_min)];
        if (!known || better(result, *known)) known = std::move(result);
      }
      done += count;
    }
    std::vector<Result> results;
    for (std::optional<Result>& result : best) {
      result->converged = result->converged && done == starts.size();
      if (!result->converged && limits_.out_of_time(progress_)) result->stopped_by = reason_to_stop();
      results.push_back(*std::move(result));
    }
    return results;
  }

  LowerBound bound() {
    Bound<T> found =
        find_bound(problem_, options_.k, options_.certify_steps, options_.medoids, limits_, progress_);
    const Result medoids = finish(State<T>(problem_, std::move(found.medoids)), found.converged, {});
    LowerBound bound;
    bound.lower_bound = std::min(found.lower_bound, medoids.total_deviation);
    bound.multipliers = std::move(found.multipliers);
    bound.medoids = medoids.medoids;
    bound.total_deviation = medoids.total_deviation;
    bound.gap = gap(bound.lower_bound, bound.total_deviation);
    bound.optimal = proven(bound.lower_bound, medoids);
    bound.lower_bound_per_step = std::move(found.lower_bound_per_step);
    bound.upper_bound_per_step = std::move(found.upper_bound_per_step);
    return bound;
  }

 private:
  std::string reason_to_stop() const { return progress_.cancelled() ? "cancelled" : "the time limit"; }

  bool random_starts() const {
    return is_random(options_.init) || options_.shuffle || draws_samples(options_.method);
  }

  // Whether several starts go through the candidates together: they must do so in the same order.
  bool in_lockstep(int starts) const {
    return starts > 1 && options_.method == Method::FasterPAM && options_.k > 1 && !options_.shuffle;
  }
  // As many as fit; the number must not depend on the threads, since a time limit cuts between groups.
  int lockstep_group() const {
    constexpr std::uint64_t most = 16, bytes_an_object = 128;
    const std::uint64_t bytes = bytes_an_object * static_cast<std::uint64_t>(problem_.n);
    return static_cast<int>(std::clamp<std::uint64_t>(limits_.memory_budget_bytes / 4 / bytes, 1, most));
  }

  struct Start {
    Random random;
    State<T> state;
    Statistics statistics;
  };
  Start start(int number) {
    const auto begun = Clock::now();
    Random random(options_.seed, static_cast<std::uint64_t>(number));
    State<T> state(problem_, start_medoids(random));
    Statistics statistics;
    statistics.isa = limits_.isa;
    statistics.best_start = number;
    statistics.total_deviation_init = static_cast<double>(state.total_deviation());
    seconds_init_ += seconds_since(begun);
    return {random, std::move(state), std::move(statistics)};
  }

  // Searches of samples make their start on the sample and only need some medoids to be better than.
  std::vector<Index> start_medoids(Random& random) {
    const bool any = samples_objects(options_.method) && options_.init != Init::Given;
    return any && options_.init != Init::First ? random_start(problem_.n, options_.k, random)
                                               : find_start(problem_, options_, random, limits_, progress_);
  }

  std::vector<Result> one_start(int number) {
    Start one = start(number);
    const auto begun = Clock::now();
    const bool single = options_.k == 1 && !samples_objects(options_.method);
    const bool converged =
        single ? single_medoid(one.state, one.statistics) : search(one.state, one.random, one.statistics);
    seconds_swap_ += seconds_since(begun);
    std::vector<Result> result;
    result.push_back(finish(one.state, converged, std::move(one.statistics)));
    return result;
  }

  std::vector<Result> several_starts(int first, int count) {
    std::vector<std::pair<int, int>> starts;
    for (int number = first; number < first + count; ++number) starts.emplace_back(number, options_.k);
    return several_starts(starts);
  }

  // Pairs of a number and a k.
  std::vector<Result> several_starts(std::span<const std::pair<int, int>> starts) {
    std::vector<Result> results;
    std::vector<EagerSearch<T>> searches;
    for (const auto& [number, k] : starts) {
      options_.k = k;
      if (k == 1) {
        results.push_back(std::move(one_start(number).front()));
        continue;
      }
      Start one = start(number);
      searches.push_back({std::move(one.state), std::move(one.statistics), false});
    }
    const auto begun = Clock::now();
    fasterpam_lockstep(problem_, searches, order(), limits_, progress_);
    seconds_swap_ += seconds_since(begun);
    for (EagerSearch<T>& search : searches)
      results.push_back(finish(search.state, search.converged, std::move(search.statistics)));
    return results;
  }

  // In which candidates are visited.
  std::vector<Index> order() const {
    if (!options_.order.empty()) return options_.order;
    std::vector<Index> ascending(static_cast<std::size_t>(problem_.n));
    std::iota(ascending.begin(), ascending.end(), Index{0});
    return ascending;
  }

  bool search(State<T>& state, Random& random, Statistics& statistics) {
    std::vector<Index> order = this->order();
    if (options_.shuffle) shuffle(std::span(order), random);
    switch (options_.method) {
      case Method::FasterPAM:
        return fasterpam(problem_, state, order, limits_, statistics, progress_);
      case Method::FastPAM1:
        return fastpam1(problem_, state, limits_, statistics, progress_);
      case Method::FastPAM2:
        return fastpam2(problem_, state, options_.fastpam2_tolerance, limits_, statistics, progress_);
      case Method::PAM:
        return pam(problem_, state, limits_, statistics, progress_);
      case Method::Alternating:
        return alternating(problem_, state, limits_, statistics, progress_);
      case Method::CLARA:
      case Method::FastCLARA:
      case Method::FasterCLARA:
        return clara(problem_, state, options_, random, limits_, statistics, progress_);
      case Method::CLARANS:
      case Method::FastCLARANS:
        return clarans(problem_, state, options_, random, limits_, statistics, progress_);
      case Method::PAMSIL:
        return pamsil(problem_, state, limits_, statistics, progress_);
      case Method::FasterMSC:
      case Method::FastMSC:
      case Method::PAMMEDSIL:
        break;
    }
    return search_medoid_silhouette(state, order, statistics);
  }

  bool search_medoid_silhouette(State<T>& state, const std::vector<Index>& order, Statistics& statistics) {
    SilhouetteState<T> silhouettes(problem_, options_.weights, state.medoids());
    const bool converged =
        options_.method == Method::FasterMSC
            ? fastermsc(silhouettes, order, limits_, statistics, progress_)
            : (options_.method == Method::FastMSC ? fastmsc<T> : pammedsil<T>)(silhouettes, limits_,
                                                                               statistics, progress_);
    state = State<T>(problem_, silhouettes.medoids());
    return converged;
  }

  // k = 1: the best medoid is the object with the least sum; one swap leads there.
  bool single_medoid(State<T>& state, Statistics& statistics) {
    if (options_.max_rounds == 0) return false;
    const Index best = best_single(problem_, limits_.threads, progress_);
    statistics.rounds = 1;
    statistics.evaluated = problem_.n;
    State<T> better(problem_, {best});
    if (better.total_deviation() < state.total_deviation()) {
      state = std::move(better);
      statistics.objects_changed = problem_.n;
      record_swap(state.total_deviation(), limits_, statistics);
    }
    return true;
  }

  static double gap(double lower_bound, double total_deviation) {
    return total_deviation == 0 ? 0 : (total_deviation - lower_bound) / total_deviation;
  }
  static bool proven(double lower_bound, const Result& result) {
    if constexpr (std::is_integral_v<T>) return proves(lower_bound, *result.total_deviation_exact);
    return proves(lower_bound, result.total_deviation);
  }

  // Adds the bound, and takes over better medoids that were found on the way to it.
  void certify(Result& result) {
    const auto begun = Clock::now();
    Bound<T> found =
        find_bound(problem_, options_.k, options_.certify_steps, result.medoids, limits_, progress_);
    if (found.improved) {
      Result better = finish(State<T>(problem_, std::move(found.medoids)),
                             result.converged && found.converged, std::move(result.statistics));
      better.stopped_by = std::move(result.stopped_by);
      result = std::move(better);
    }
    result.lower_bound = std::min(found.lower_bound, result.total_deviation);
    result.gap = gap(*result.lower_bound, result.total_deviation);
    result.optimal = proven(*result.lower_bound, result);
    result.statistics.lower_bound_per_step = std::move(found.lower_bound_per_step);
    result.statistics.upper_bound_per_step = std::move(found.upper_bound_per_step);
    result.statistics.seconds_bound = seconds_since(begun);
  }

  // Everything is taken from a fresh assignment, not from the state that the swaps kept up to date.
  Result finish(const State<T>& searched, bool converged, Statistics statistics) {
    const State<T> state(problem_, searched.medoids());
    Result result;
    result.medoids = state.medoids();
    result.labels = state.nearest();
    result.distance_to_medoid.assign(state.d1().begin(), state.d1().end());
    result.total_deviation = compensated_total(result.distance_to_medoid, options_.weights);
    if (!std::isfinite(result.total_deviation))
      throw NumericError("the total deviation is over the range of double; scale the dissimilarities");
    if constexpr (std::is_integral_v<T>) {
      result.total_deviation_exact = state.total_deviation();
      result.total_deviation = static_cast<double>(state.total_deviation());
    }
    result.average_medoid_silhouette =
        average_medoid_silhouette(state.d1(), state.d2(), options_.weights, state.k());
    if (objective(options_.method) == Objective::Silhouette)
      result.mean_silhouette = mean_silhouette(silhouette(data_, result.labels, limits_.threads));
    result.converged = converged;
    result.method = options_.method;
    result.statistics = std::move(statistics);
    return result;
  }

  Options options_;
  const Dissimilarity& data_;
  Progress& progress_;
  Problem<T> problem_;
  SearchLimits limits_;
  double seconds_init_ = 0, seconds_swap_ = 0;
};

// Calls `use` with a run of the type that the values and weights need.
template <class Use>
auto with_run(const Dissimilarity& data, const Options& options, Progress& progress, const Use& use) {
  check_options(data, options);
  return with_typed_rows(data, options.weights, [&]<class T>(const Rows<T>& rows) {
    return use(Run<T>(rows, data, options, progress));
  });
}

}  // namespace

Result cluster(const Dissimilarity& data, const Options& options, Progress& progress) {
  return with_run(data, options, progress, [](auto&& run) { return run.run(); });
}

std::optional<std::vector<Result>> cluster_each(const Dissimilarity& data, int k_min, int k_max,
                                                const Options& options, Progress& progress) {
  if (options.method != Method::FasterPAM || options.shuffle || options.certify) return std::nullopt;
  Options checked = options;
  checked.k = k_min;
  check_options(data, checked);
  checked.k = k_max;
  return with_run(data, checked, progress,
                  [&](auto&& run) { return std::optional(run.run_range(k_min, k_max)); });
}

LowerBound lower_bound(const Dissimilarity& data, const Options& options, Progress& progress) {
  if (!options.medoids.empty()) check_given_medoids(options.medoids, options.k, data.size());
  return with_run(data, options, progress, [](auto&& run) { return run.bound(); });
}

}  // namespace xchg::kmedoids
