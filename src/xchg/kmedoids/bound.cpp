#include "xchg/kmedoids/bound.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <set>

#include "xchg/core/parallel.hpp"
#include "xchg/kmedoids/dispatch.hpp"
#include "xchg/kmedoids/fasterpam.hpp"
#include "xchg/kmedoids/initial.hpp"
#include "xchg/kmedoids/reduced_cost.hpp"

namespace xchg::kmedoids {
namespace {

// Measured on the 40 OR-Library instances (600 steps): the plain subgradient with factor 2 and patience 10
// proves 22 optima, these prove 24.
constexpr double first_factor = 1;     // of the step length
constexpr double deflection = 0.7;     // share of the last direction in the next one, against zigzagging
constexpr int patience = 20;           // steps without progress after which the factor is halved
constexpr double least_factor = 1e-5;  // steps that small move nothing
constexpr int first_search_step = 15;  // from here on the sets of the bound are worth a search
constexpr int search_every = 8;        // new sets
constexpr int most_searches = 60;

// The relaxation for fixed multipliers.
template <class T>
class Relaxation {
 public:
  Relaxation(const Problem<T>& problem, int k, const SearchLimits& limits)
      : problem_(problem),
        k_(k),
        threads_(limits.threads),
        reduced_cost_(function(limits.isa)),
        weights_(problem.weights.begin(), problem.weights.end()),
        costs_(static_cast<std::size_t>(problem.n)) {}

  // Weighted distance of every object to the nearest other one, where the multipliers start.
  std::vector<double> nearest_other() const {
    const auto n = static_cast<std::size_t>(problem_.n);
    std::vector<double> nearest(n, 0.0);
    for_object_ranges(problem_.n, [&](Index begin, Index end) {
      std::vector<T> least(static_cast<std::size_t>(end - begin), std::numeric_limits<T>::max());
      std::vector<T> buffer;
      for (Index x = 0; x < problem_.n; ++x) {
        const T* row = part_of_row(x, begin, end, buffer);
        for (Index o = begin; o < end; ++o) {
          T& value = least[static_cast<std::size_t>(o - begin)];
          if (o != x && row[o - begin] < value) value = row[o - begin];
        }
      }
      for (Index o = begin; o < end; ++o) {
        nearest[static_cast<std::size_t>(o)] =
            weight(o) * static_cast<double>(least[static_cast<std::size_t>(o - begin)]);
      }
    });
    return nearest;
  }

  // Solves it. Afterwards value(), allowance() and chosen() belong to these multipliers.
  void solve(const std::vector<double>& multipliers) {
    parallel_for(threads_, problem_.n, piece_size(problem_.n), [&](Index begin, Index end) {
      std::vector<T> buffer;
      for (Index x = begin; x < end; ++x) {
        costs_[static_cast<std::size_t>(x)] =
            reduced_cost_(problem_.row(x, buffer), multipliers.data(),
                          weights_.empty() ? nullptr : weights_.data(), problem_.n);
      }
    });
    choose();
    const double sum = std::accumulate(multipliers.begin(), multipliers.end(), 0.0);
    double saved = 0;
    for (const Index x : chosen_) saved += costs_[static_cast<std::size_t>(x)];
    value_ = sum + saved;
    // Every term w d - u that counts is off by at most 2^-51 u, each of the k + 1 sums by n 2^-53 times what
    // it adds; twice that is taken off. (No multiplier is negative, no saving positive.)
    constexpr double unit = 0x1p-52;
    allowance_ = 2 * unit * k_ * sum + unit * static_cast<double>(problem_.n + 16) * (sum - saved);
  }

  double value() const { return value_; }
  // value() - allowance() is below the TD of any k medoids.
  double allowance() const { return allowance_; }
  // The candidates of the k smallest sums, ascending; ties go to the smallest index.
  const std::vector<Index>& chosen() const { return chosen_; }

  // 1 - (how many of the chosen serve the object), the subgradient; 0 for objects without weight.
  std::vector<double> subgradient(const std::vector<double>& multipliers) const {
    std::vector<double> gradient(static_cast<std::size_t>(problem_.n), 1.0);
    for_object_ranges(k_, [&](Index begin, Index end) {
      std::vector<T> buffer;
      for (const Index x : chosen_) {
        const T* row = part_of_row(x, begin, end, buffer);
        for (Index o = begin; o < end; ++o) {
          const double served = weight(o) * static_cast<double>(row[o - begin]);
          gradient[static_cast<std::size_t>(o)] -= served < multipliers[static_cast<std::size_t>(o)] ? 1 : 0;
        }
      }
      for (Index o = begin; o < end; ++o) {
        if (weight(o) == 0) gradient[static_cast<std::size_t>(o)] = 0;
      }
    });
    return gradient;
  }

 private:
  static ReducedCost<T> function([[maybe_unused]] Isa isa) { return XCHG_KERNEL(isa, reduced_cost, T{}); }

  double weight(Index object) const {
    return weights_.empty() ? 1.0 : weights_[static_cast<std::size_t>(object)];
  }

  // Splits the objects for a loop that reads `rows` rows.
  void for_object_ranges(Index rows, const std::function<void(Index, Index)>& body) const {
    parallel_for(threads_, problem_.n, std::max<Index>(256, piece_size(rows)), body);
  }

  const T* part_of_row(Index x, Index begin, Index end, std::vector<T>& buffer) const {
    if (problem_.rows.dense != nullptr) return problem_.rows.dense + x * problem_.n + begin;
    buffer.resize(static_cast<std::size_t>(end - begin));
    problem_.rows.maker->fill(x, begin, end, buffer.data());
    return buffer.data();
  }

  void choose() {
    chosen_.resize(costs_.size());
    std::iota(chosen_.begin(), chosen_.end(), Index{0});
    const auto before = [this](Index a, Index b) {
      const double left = costs_[static_cast<std::size_t>(a)], right = costs_[static_cast<std::size_t>(b)];
      return left != right ? left < right : a < b;
    };
    std::nth_element(chosen_.begin(), chosen_.begin() + k_, chosen_.end(), before);
    chosen_.resize(static_cast<std::size_t>(k_));
    std::sort(chosen_.begin(), chosen_.end());
  }

  const Problem<T>& problem_;
  int k_;
  int threads_;
  ReducedCost<T> reduced_cost_;
  std::vector<double> weights_;
  std::vector<double> costs_;
  std::vector<Index> chosen_;
  double value_ = 0, allowance_ = 0;
};

// Passes on only whether to stop.
class OnlyCancel : public Progress {
 public:
  explicit OnlyCancel(const Progress& progress) : progress_(progress) {}
  bool cancelled() const override { return progress_.cancelled(); }

 private:
  const Progress& progress_;
};

template <class T>
class BoundSearch {
 public:
  BoundSearch(const Problem<T>& problem, int k, int steps, std::vector<Index> medoids,
              const SearchLimits& limits, Progress& progress)
      : problem_(problem),
        k_(k),
        steps_(steps),
        limits_(limits),
        progress_(progress),
        relaxation_(problem, k, limits),
        order_(static_cast<std::size_t>(problem.n)),
        direction_(static_cast<std::size_t>(problem.n), 0.0) {
    limits_.max_rounds = SearchLimits{}.max_rounds;
    std::iota(order_.begin(), order_.end(), Index{0});
    if (medoids.empty()) return;
    const State<T> state(problem, std::move(medoids));
    bound_.medoids = state.medoids();
    bound_.total_deviation = state.total_deviation();
  }

  Bound<T> run() {
    if (k_ == problem_.n || k_ == 1) return exact();
    progress_.begin("lower bound", steps_, "steps");
    multipliers_ = relaxation_.nearest_other();
    for (int step = 1; step <= steps_; ++step) {
      if (limits_.out_of_time(progress_) && !bound_.medoids.empty()) break;
      relaxation_.solve(multipliers_);
      keep_bound();
      if (step >= first_search_step || bound_.medoids.empty()) search_from_chosen();
      record(step);
      if (proves(bound_.lower_bound, bound_.total_deviation) || !(factor_ >= least_factor) || !move()) break;
    }
    return std::move(bound_);
  }

 private:
  // One medoid or all objects: the optimum is known.
  Bound<T> exact() {
    std::vector<Index> medoids = order_;
    if (k_ == 1) medoids = {best_single(problem_, limits_.threads, progress_)};
    const State<T> state(problem_, std::move(medoids));
    offer(state, true);
    bound_.lower_bound = static_cast<double>(bound_.total_deviation);
    // The best of sums that are rounded.
    if constexpr (!std::is_integral_v<T>) bound_.lower_bound *= 1 - 0x1p-51 * static_cast<double>(problem_.n);
    record(1);
    return std::move(bound_);
  }

  void keep_bound() {
    double bound = relaxation_.value() - relaxation_.allowance();
    if constexpr (std::is_integral_v<T>) bound = std::ceil(bound);
    if (bound > bound_.lower_bound) {
      bound_.lower_bound = bound;
      bound_.multipliers = multipliers_;
    }
    if (relaxation_.value() > best_value_) {
      best_value_ = relaxation_.value();
      idle_ = 0;
    } else if (++idle_ == patience) {
      factor_ /= 2;
      idle_ = 0;
    }
  }

  // FasterPAM from every few of the sets that were not there before.
  void search_from_chosen() {
    if (searches_ == most_searches || !seen_.insert(relaxation_.chosen()).second) return;
    if (new_sets_++ % search_every != 0) return;
    ++searches_;
    State<T> state(problem_, relaxation_.chosen());
    Statistics statistics;
    OnlyCancel progress(progress_);
    const bool converged = fasterpam(problem_, state, order_, limits_, statistics, progress);
    offer(state, converged);
  }

  void offer(const State<T>& state, bool converged) {
    if (!bound_.medoids.empty() && !(state.total_deviation() < bound_.total_deviation)) return;
    bound_.medoids = state.medoids();
    bound_.total_deviation = state.total_deviation();
    bound_.improved = true;
    bound_.converged = converged;
  }

  void record(int step) {
    bound_.lower_bound_per_step.push_back(bound_.lower_bound);
    bound_.upper_bound_per_step.push_back(static_cast<double>(bound_.total_deviation));
    progress_.note(fmt::format("bound {:.10g}, TD {:.10g}", bound_.lower_bound,
                               static_cast<double>(bound_.total_deviation)));
    progress_.update(step);
  }

  // One step along the deflected subgradient; false when the subgradient is 0, so that the bound is the
  // greatest.
  bool move() {
    const std::vector<double> gradient = relaxation_.subgradient(multipliers_);
    if (std::all_of(gradient.begin(), gradient.end(), [](double g) { return g == 0; })) return false;
    for (std::size_t o = 0; o < gradient.size(); ++o)
      direction_[o] = gradient[o] + deflection * direction_[o];
    const double norm = std::inner_product(direction_.begin(), direction_.end(), direction_.begin(), 0.0);
    if (norm == 0) return true;
    const double step = factor_ * (static_cast<double>(bound_.total_deviation) - relaxation_.value()) / norm;
    for (std::size_t o = 0; o < gradient.size(); ++o)
      multipliers_[o] = std::max(0.0, multipliers_[o] + step * direction_[o]);
    return true;
  }

  const Problem<T>& problem_;
  int k_;
  int steps_;
  SearchLimits limits_;
  Progress& progress_;
  Relaxation<T> relaxation_;
  std::vector<Index> order_;
  Bound<T> bound_;
  std::vector<double> multipliers_, direction_;
  double best_value_ = -std::numeric_limits<double>::infinity();
  double factor_ = first_factor;
  int idle_ = 0;
  std::set<std::vector<Index>> seen_;
  int new_sets_ = 0, searches_ = 0;
};

}  // namespace

template <class T>
Bound<T> find_bound(const Problem<T>& problem, int k, int steps, std::vector<Index> medoids,
                    const SearchLimits& limits, Progress& progress) {
  return BoundSearch<T>(problem, k, steps, std::move(medoids), limits, progress).run();
}

#define XCHG_INSTANTIATE(T)                                                                          \
  template Bound<T> find_bound(const Problem<T>&, int, int, std::vector<Index>, const SearchLimits&, \
                               Progress&);
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
