#include "xchg/kmedoids/verify_silhouette.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "xchg/core/error.hpp"

namespace xchg::kmedoids {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// 1 - least / second least of some distances.
double silhouette_of(double p, double q, double r) {
  std::array<double, 3> distances{p, q, r};
  std::sort(distances.begin(), distances.end());
  return distances[1] > 0 ? 1 - distances[0] / distances[1] : 1;
}

// The nearest three medoids of an object as (distance, slot), infinitely far where there are fewer.
using Nearest = std::array<std::pair<double, std::size_t>, 3>;

Nearest nearest_three(const Dissimilarity& data, Index object, const std::vector<Index>& medoids) {
  std::vector<std::pair<double, std::size_t>> all;
  for (std::size_t slot = 0; slot < medoids.size(); ++slot)
    all.emplace_back(data.at(object, medoids[slot]), slot);
  all.resize(std::max<std::size_t>(3, all.size()), {infinity, medoids.size()});
  std::partial_sort(all.begin(), all.begin() + 3, all.end());
  return {all[0], all[1], all[2]};
}

double weight_of(std::span<const double> weights, Index object) {
  return weights.empty() ? 1 : weights[static_cast<std::size_t>(object)];
}

bool contains(const std::vector<Index>& medoids, Index object) {
  return std::find(medoids.begin(), medoids.end(), object) != medoids.end();
}

// Ties go to the smallest slot, medoids to themselves.
std::vector<std::int32_t> labels_of(const Dissimilarity& data, const std::vector<Index>& medoids) {
  std::vector<std::int32_t> labels;
  for (Index o = 0; o < data.size(); ++o) {
    std::size_t best = 0;
    for (std::size_t slot = 1; slot < medoids.size(); ++slot) {
      if (data.at(o, medoids[slot]) < data.at(o, medoids[best])) best = slot;
    }
    labels.push_back(static_cast<std::int32_t>(best));
  }
  for (std::size_t slot = 0; slot < medoids.size(); ++slot)
    labels[static_cast<std::size_t>(medoids[slot])] = static_cast<std::int32_t>(slot);
  return labels;
}

}  // namespace

double recomputed_medoid_silhouette(const Dissimilarity& data, const std::vector<Index>& medoids,
                                    std::span<const double> weights) {
  if (medoids.size() < 2) return 0;
  long double sum = 0, total = 0;
  for (Index o = 0; o < data.size(); ++o) {
    const Nearest nearest = nearest_three(data, o, medoids);
    const auto weight = static_cast<long double>(weight_of(weights, o));
    sum += weight * static_cast<long double>(silhouette_of(nearest[0].first, nearest[1].first, infinity));
    total += weight;
  }
  return static_cast<double>(sum / total);
}

double recomputed_mean_silhouette(const Dissimilarity& data, std::span<const std::int32_t> labels, int k) {
  if (k < 2) return 0;
  const auto clusters = static_cast<std::size_t>(k);
  long double sum = 0;
  for (Index o = 0; o < data.size(); ++o) {
    std::vector<double> totals(clusters), counts(clusters);
    for (Index p = 0; p < data.size(); ++p) {
      const auto label = static_cast<std::size_t>(labels[static_cast<std::size_t>(p)]);
      totals[label] += data.at(o, p);
      counts[label] += p == o ? 0 : 1;
    }
    const auto own = static_cast<std::size_t>(labels[static_cast<std::size_t>(o)]);
    if (counts[own] == 0) continue;
    const double inside = totals[own] / counts[own];
    double outside = infinity;
    for (std::size_t other = 0; other < clusters; ++other) {
      if (other != own) outside = std::min(outside, totals[other] / counts[other]);
    }
    if (inside < outside) sum += static_cast<long double>(1 - inside / outside);
    if (inside > outside) sum += static_cast<long double>(outside / inside - 1);
  }
  return static_cast<double>(sum / static_cast<long double>(data.size()));
}

SilhouetteSwap best_medoid_silhouette_swap(const Dissimilarity& data, const std::vector<Index>& medoids,
                                           std::span<const double> weights, Progress& progress) {
  std::vector<Nearest> nearest;
  double total = 0;
  for (Index o = 0; o < data.size(); ++o) {
    nearest.push_back(nearest_three(data, o, medoids));
    total += weight_of(weights, o);
  }
  SilhouetteSwap best;
  progress.begin("verifying swaps", static_cast<double>(data.size()), "candidates");
  for (Index x = 0; x < data.size(); ++x) {
    if (contains(medoids, x)) continue;
    if (progress.cancelled()) throw CancelledError("cancelled while verifying");
    double kept = 0;                                 // gain if no medoid were removed
    std::vector<double> extra(medoids.size(), 0.0);  // what the removal of each adds to that
    for (Index o = 0; o < data.size(); ++o) {
      const auto& [first, second, third] = nearest[static_cast<std::size_t>(o)];
      const double weight = weight_of(weights, o), distance = data.at(o, x);
      const double with_all = silhouette_of(first.first, second.first, distance);
      kept += weight * (with_all - silhouette_of(first.first, second.first, infinity));
      extra[first.second] += weight * (silhouette_of(second.first, third.first, distance) - with_all);
      extra[second.second] += weight * (silhouette_of(first.first, third.first, distance) - with_all);
    }
    for (std::size_t slot = 0; slot < medoids.size(); ++slot) {
      const double gain = (kept + extra[slot]) / total;
      if (best.slot < 0 || gain > best.gain) best = {gain, static_cast<Index>(slot), x};
    }
    progress.update(static_cast<double>(x + 1));
  }
  return best;
}

SilhouetteSwap best_silhouette_swap(const Dissimilarity& data, const std::vector<Index>& medoids,
                                    Progress& progress) {
  const int k = static_cast<int>(medoids.size());
  const double now = recomputed_mean_silhouette(data, labels_of(data, medoids), k);
  SilhouetteSwap best;
  progress.begin("verifying swaps", static_cast<double>(data.size()), "candidates");
  for (Index x = 0; x < data.size(); ++x) {
    if (contains(medoids, x)) continue;
    for (std::size_t slot = 0; slot < medoids.size(); ++slot) {
      if (progress.cancelled()) throw CancelledError("cancelled while verifying");
      std::vector<Index> swapped = medoids;
      swapped[slot] = x;
      const double gain = recomputed_mean_silhouette(data, labels_of(data, swapped), k) - now;
      if (best.slot < 0 || gain > best.gain) best = {gain, static_cast<Index>(slot), x};
    }
    progress.update(static_cast<double>(x + 1));
  }
  return best;
}

}  // namespace xchg::kmedoids
