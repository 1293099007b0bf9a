// The figures of a result, from distances to nearest and second nearest medoids.
#pragma once

#include <cmath>
#include <span>
#include <vector>

#include "xchg/kmedoids/silhouette_state.hpp"

namespace xchg::kmedoids {

// Neumaier's compensated sum of weight * distance.
inline double compensated_total(const std::vector<double>& distances, std::span<const double> weights) {
  double sum = 0, lost = 0;
  for (std::size_t o = 0; o < distances.size(); ++o) {
    const double term = weights.empty() ? distances[o] : weights[o] * distances[o];
    const double next = sum + term;
    lost += std::abs(sum) >= std::abs(term) ? (sum - next) + term : (term - next) + sum;
    sum = next;
  }
  return sum + lost;
}

// Weighted mean of 1 - d1/d2; 0 for k = 1.
double average_medoid_silhouette(const auto& d1, const auto& d2, std::span<const double> weights, int k) {
  if (k == 1) return 0;
  double loss = 0, total_weight = 0;
  for (std::size_t o = 0; o < d1.size(); ++o) {
    const double weight = weights.empty() ? 1 : weights[o];
    loss += weight * silhouette_loss(static_cast<double>(d1[o]), static_cast<double>(d2[o]));
    total_weight += weight;
  }
  return 1 - loss / total_weight;
}

}  // namespace xchg::kmedoids
