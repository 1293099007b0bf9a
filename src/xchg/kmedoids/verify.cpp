// verify(): an independent recomputation. It reads the dissimilarities one by one through Dissimilarity::at
// and uses nothing that cluster() uses.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "xchg/core/error.hpp"
#include "xchg/kmedoids/kmedoids.hpp"
#include "xchg/kmedoids/verify_silhouette.hpp"

namespace xchg::kmedoids {
namespace {

constexpr double tolerance = 1e-9;
constexpr double infinity = std::numeric_limits<double>::infinity();

bool close(double a, double b) {
  return std::abs(a - b) <= tolerance * std::max({1.0, std::abs(a), std::abs(b)});
}

// Nearest and second nearest distance of every object, by looking at all medoids.
struct Nearest {
  std::vector<double> first, second;
};

Nearest nearest_of(const Dissimilarity& data, const std::vector<Index>& medoids) {
  Nearest result;
  for (Index o = 0; o < data.size(); ++o) {
    double first = infinity, second = infinity;
    for (const Index m : medoids) {
      const double distance = data.at(o, m);
      if (distance < first) {
        second = first;
        first = distance;
      } else {
        second = std::min(second, distance);
      }
    }
    result.first.push_back(first);
    result.second.push_back(second);
  }
  return result;
}

void check_sizes(const Dissimilarity& data, const Result& result, std::span<const double> weights) {
  const auto n = static_cast<std::size_t>(data.size());
  if (result.labels.size() != n || result.distance_to_medoid.size() != n) {
    throw InputError(fmt::format("the result has {} labels and {} distances, the data {} objects",
                                 result.labels.size(), result.distance_to_medoid.size(), n),
                     {}, "a result of these data");
  }
  if (!weights.empty() && weights.size() != n) {
    throw InputError(fmt::format("{} weights for {} objects", weights.size(), n), {}, "one weight an object");
  }
}

std::string problem_of_medoids(const Dissimilarity& data, const std::vector<Index>& medoids) {
  if (medoids.empty()) return "there is no medoid";
  std::vector<Index> sorted = medoids;
  std::sort(sorted.begin(), sorted.end());
  if (sorted.front() < 0 || sorted.back() >= data.size()) return "a medoid does not exist in the data";
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) return "a medoid is there twice";
  return "";
}

std::string problem_of_labels(const Dissimilarity& data, const Result& result, const Nearest& truth) {
  const auto k = static_cast<std::int32_t>(result.medoids.size());
  for (Index o = 0; o < data.size(); ++o) {
    const auto at = static_cast<std::size_t>(o);
    const std::int32_t label = result.labels[at];
    if (label < 0 || label >= k)
      return fmt::format("the label of object {} is {}, not 0 to {}", o, label, k - 1);
    const double own = data.at(o, result.medoids[static_cast<std::size_t>(label)]);
    if (own != truth.first[at]) {
      return fmt::format("object {} is labelled {} at distance {:.17g}, its nearest medoid is at {:.17g}", o,
                         label, own, truth.first[at]);
    }
    if (!close(own, result.distance_to_medoid[at])) {
      return fmt::format("the distance of object {} is {:.17g}, the result says {:.17g}", o, own,
                         result.distance_to_medoid[at]);
    }
  }
  for (std::int32_t slot = 0; slot < k; ++slot) {
    const Index medoid = result.medoids[static_cast<std::size_t>(slot)];
    if (result.labels[static_cast<std::size_t>(medoid)] != slot)
      return fmt::format("medoid {} is not in its own cluster", medoid);
  }
  return "";
}

// The least change of TD by any swap of one medoid for one other object, from the definition of the change.
void find_best_swap(const Dissimilarity& data, const Result& result, const Nearest& truth,
                    std::span<const double> weights, Check& check, Progress& progress) {
  const std::size_t k = result.medoids.size();
  std::vector<bool> is_medoid(static_cast<std::size_t>(data.size()));
  for (const Index m : result.medoids) is_medoid[static_cast<std::size_t>(m)] = true;
  progress.begin("verifying swaps", static_cast<double>(data.size()), "candidates");
  for (Index x = 0; x < data.size(); ++x) {
    if (is_medoid[static_cast<std::size_t>(x)]) continue;
    if (progress.cancelled()) throw CancelledError("cancelled while verifying");
    double kept = 0;                    // change if no medoid were removed
    std::vector<double> extra(k, 0.0);  // what the removal of each slot adds to that
    for (Index o = 0; o < data.size(); ++o) {
      const auto at = static_cast<std::size_t>(o);
      const double weight = weights.empty() ? 1 : weights[at];
      const double distance = data.at(o, x), before = truth.first[at];
      const double with = std::min(distance, before), without = std::min(distance, truth.second[at]);
      kept += weight * (with - before);
      extra[static_cast<std::size_t>(result.labels[at])] += weight * (without - with);
    }
    for (std::size_t slot = 0; slot < k; ++slot) {
      const double change = kept + extra[slot];
      if (check.best_swap_slot >= 0 && change >= check.best_swap_change) continue;
      check.best_swap_change = change;
      check.best_swap_slot = static_cast<Index>(slot);
      check.best_swap_object = x;
    }
    progress.update(static_cast<double>(x + 1));
  }
}

std::string problem_of_silhouettes(const Dissimilarity& data, const Result& result,
                                   std::span<const double> weights) {
  const double average = recomputed_medoid_silhouette(data, result.medoids, weights);
  if (!close(average, result.average_medoid_silhouette)) {
    return fmt::format("the average medoid silhouette is {:.17g}, the result says {:.17g}", average,
                       result.average_medoid_silhouette);
  }
  if (!result.mean_silhouette) return "";
  const double mean =
      recomputed_mean_silhouette(data, result.labels, static_cast<int>(result.medoids.size()));
  if (close(mean, *result.mean_silhouette)) return "";
  return fmt::format("the mean silhouette is {:.17g}, the result says {:.17g}", mean,
                     *result.mean_silhouette);
}

// The bound itself cannot be recomputed without its multipliers, but it must be possible.
std::string problem_of_bound(const Result& result) {
  const double total = result.total_deviation;
  if (!result.lower_bound) return result.optimal ? "the result claims to be optimal without a bound" : "";
  if (!(*result.lower_bound >= 0 && *result.lower_bound <= total))
    return fmt::format("the lower bound is {:.17g}, the total deviation {:.17g}", *result.lower_bound, total);
  const double gap = total == 0 ? 0 : (total - *result.lower_bound) / total;
  if (!result.gap || !close(*result.gap, gap))
    return fmt::format("the gap is {:.17g}, the result says {:.17g}", gap, result.gap.value_or(-1));
  if (result.optimal && gap > tolerance)
    return fmt::format("the result claims to be optimal with a gap of {:.6g}", gap);
  return "";
}

// The same for a silhouette, whose change counts negative where it rises.
void find_best_silhouette_swap(const Dissimilarity& data, const Result& result,
                               std::span<const double> weights, Check& check, Progress& progress) {
  const SilhouetteSwap best = objective(result.method) == Objective::Silhouette
                                  ? best_silhouette_swap(data, result.medoids, progress)
                                  : best_medoid_silhouette_swap(data, result.medoids, weights, progress);
  check.best_swap_change = best.gain == 0 ? 0 : -best.gain;
  check.best_swap_slot = best.slot;
  check.best_swap_object = best.object;
}

}  // namespace

Check verify(const Dissimilarity& data, const Result& result, std::span<const double> weights,
             Progress& progress) {
  check_sizes(data, result, weights);
  Check check;
  check.problem = problem_of_medoids(data, result.medoids);
  if (!check.problem.empty()) return check;
  const Nearest truth = nearest_of(data, result.medoids);
  long double total = 0;
  for (std::size_t o = 0; o < truth.first.size(); ++o) {
    total +=
        static_cast<long double>(truth.first[o]) * static_cast<long double>(weights.empty() ? 1 : weights[o]);
  }
  check.total_deviation = static_cast<double>(total);
  check.problem = problem_of_labels(data, result, truth);
  if (!check.problem.empty()) return check;
  if (!close(check.total_deviation, result.total_deviation)) {
    check.problem = fmt::format("the total deviation is {:.17g}, the result says {:.17g}",
                                check.total_deviation, result.total_deviation);
    return check;
  }
  check.problem = problem_of_silhouettes(data, result, weights);
  if (check.problem.empty()) check.problem = problem_of_bound(result);
  if (!check.problem.empty()) return check;
  const bool silhouettes = objective(result.method) != Objective::TotalDeviation && result.medoids.size() > 1;
  if (silhouettes) find_best_silhouette_swap(data, result, weights, check, progress);
  if (!silhouettes) find_best_swap(data, result, truth, weights, check, progress);
  check.swap_optimal = check.best_swap_change >= -tolerance * (silhouettes ? 1 : check.total_deviation);
  if (result.converged && ends_swap_optimal(result.method) && !check.swap_optimal) {
    check.problem =
        fmt::format("not converged: object {} for the medoid of cluster {} changes {} by {:.6g}",
                    check.best_swap_object, check.best_swap_slot,
                    silhouettes ? "the loss of silhouette" : "the total deviation", check.best_swap_change);
    return check;
  }
  check.right = true;
  return check;
}

}  // namespace xchg::kmedoids
