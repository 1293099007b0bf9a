// Helpers of this room's benchmarks: times, and the data they have in common.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <map>
#include <vector>

#include "xchg/core/random.hpp"

namespace xchg::kmedoids {

inline double seconds_of(const auto& action) {
  const auto start = std::chrono::steady_clock::now();
  action();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

inline double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

// (n, d) points of a Gaussian mixture with 60 centres.
inline std::vector<double> mixture_points(std::size_t n, std::size_t d) {
  constexpr std::size_t centres = 60;
  Random random(1);
  std::vector<double> centre(centres * d), points(n * d);
  for (double& value : centre) value = 10 * random.uniform();
  for (std::size_t o = 0; o < n; ++o) {
    const std::size_t c = random.below(centres);
    for (std::size_t j = 0; j < d; ++j) points[o * d + j] = centre[c * d + j] + random.normal();
  }
  return points;
}

// (n, n) float32 distances of such points in 16 dimensions; made once for each n.
inline const std::vector<float>& mixture(std::size_t n) {
  static std::map<std::size_t, std::vector<float>> made;
  std::vector<float>& matrix = made[n];
  if (!matrix.empty()) return matrix;
  constexpr std::size_t dimensions = 16;
  const std::vector<double> points = mixture_points(n, dimensions);
  matrix.resize(n * n);
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      double sum = 0;
      for (std::size_t j = 0; j < dimensions; ++j) {
        const double difference = points[a * dimensions + j] - points[b * dimensions + j];
        sum += difference * difference;
      }
      matrix[a * n + b] = matrix[b * n + a] = static_cast<float>(std::sqrt(sum));
    }
  }
  return matrix;
}

}  // namespace xchg::kmedoids
