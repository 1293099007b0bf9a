// Medoid silhouettes from their definition; oracles of the tests.
#pragma once

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids::testing {

// Weighted mean of 1 - d1 / d2, 0/0 counting as 1; at least two medoids.
inline double medoid_silhouette(const Dissimilarity& data, const std::vector<Index>& medoids,
                                const std::vector<double>& weights = {}) {
  double sum = 0, total = 0;
  for (Index o = 0; o < data.size(); ++o) {
    std::vector<double> distances;
    for (const Index medoid : medoids) distances.push_back(data.at(o, medoid));
    std::sort(distances.begin(), distances.end());
    const double weight = weights.empty() ? 1 : weights[static_cast<std::size_t>(o)];
    sum += weight * (distances[1] > 0 ? 1 - distances[0] / distances[1] : 1);
    total += weight;
  }
  return sum / total;
}

// The greatest gain by one swap, by computing everything anew for each; 0 if none gains.
inline double best_swap_gain(const Dissimilarity& data, const std::vector<Index>& medoids,
                             const std::vector<double>& weights = {}) {
  const double now = medoid_silhouette(data, medoids, weights);
  double best = 0;
  for (std::size_t slot = 0; slot < medoids.size(); ++slot) {
    for (Index x = 0; x < data.size(); ++x) {
      if (std::find(medoids.begin(), medoids.end(), x) != medoids.end()) continue;
      std::vector<Index> swapped = medoids;
      swapped[slot] = x;
      best = std::max(best, medoid_silhouette(data, swapped, weights) - now);
    }
  }
  return best;
}

// The greatest over all sets of k medoids, and the first set that has it; small n only.
inline std::pair<double, std::vector<Index>> greatest_medoid_silhouette(
    const Dissimilarity& data, int k, const std::vector<double>& weights = {}) {
  std::vector<bool> chosen(static_cast<std::size_t>(data.size()));
  std::fill(chosen.begin(), chosen.begin() + k, true);
  std::pair<double, std::vector<Index>> best{-std::numeric_limits<double>::infinity(), {}};
  do {
    std::vector<Index> medoids;
    for (std::size_t x = 0; x < chosen.size(); ++x) {
      if (chosen[x]) medoids.push_back(static_cast<Index>(x));
    }
    const double value = medoid_silhouette(data, medoids, weights);
    if (value > best.first) best = {value, medoids};
  } while (std::prev_permutation(chosen.begin(), chosen.end()));
  return best;
}

}  // namespace xchg::kmedoids::testing
