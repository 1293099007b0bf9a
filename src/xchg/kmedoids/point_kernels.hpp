// Distances from one point to many. The coordinates of the many are transposed, (d, stride), so that one
// instruction works on several objects; every pair is computed over the dimensions in order, which makes all
// instruction sets, and any part of a row, agree to the bit.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "xchg/core/isa.hpp"
#include "xchg/kmedoids/dissimilarity.hpp"

namespace xchg::kmedoids {

// What a kernel works on: distances from `center`, (d) contiguous, to the objects [begin, end) into out[0,
// end - begin).
struct PointRowCall {
  const double* center = nullptr;
  const double* columns = nullptr;  // coordinate j of object o at [j * stride + o]
  Index stride = 0, d = 0, begin = 0, end = 0;
  double p = 2;               // Minkowski: exponent
  Index window = 0;           // DTW: |i - j| of aligned positions is at most this
  double* scratch = nullptr;  // DTW: dtw_scratch(d) values
  double* out = nullptr;
};
using PointRow = void (*)(const PointRowCall& call);

constexpr Index point_block = 256;
constexpr Index dtw_block = 32;
constexpr std::size_t dtw_scratch(Index d) { return static_cast<std::size_t>(2 * (d + 1) * dtw_block); }

// What one dimension adds to the sums of an object at distance `difference` in it.
template <Metric metric>
double point_term(double difference) {
  if constexpr (metric == Metric::Manhattan || metric == Metric::Chebyshev) return std::abs(difference);
  if constexpr (metric == Metric::Hamming) return difference != 0 ? 1 : 0;
  return difference * difference;
}

// Cosine and correlation come as unit vectors: 1 - u.v = |u - v|^2 / 2, which is exactly 0 for equal ones and
// loses nothing for near ones.
template <Metric metric>
double point_distance(double sum, [[maybe_unused]] const PointRowCall& call) {
  if constexpr (metric == Metric::Euclidean) return std::sqrt(sum);
  if constexpr (metric == Metric::Cosine || metric == Metric::Correlation) return std::min(sum / 2, 2.0);
  if constexpr (metric == Metric::Hamming) return sum / static_cast<double>(call.d);
  return sum;
}

template <Isa isa, Metric metric>
void point_row(const PointRowCall& call) {
  std::array<double, point_block> sums;
  for (Index start = call.begin; start < call.end; start += point_block) {
    const Index count = std::min(point_block, call.end - start);
    std::fill_n(sums.begin(), count, 0.0);
    for (Index j = 0; j < call.d; ++j) {
      const double* column = call.columns + j * call.stride + start;
      const double center = call.center[j];
      for (Index o = 0; o < count; ++o) {
        double& sum = sums[static_cast<std::size_t>(o)];
        const double term = point_term<metric>(column[o] - center);
        sum = metric == Metric::Chebyshev ? std::max(sum, term) : sum + term;
      }
    }
    double* out = call.out + (start - call.begin);
    for (Index o = 0; o < count; ++o)
      out[o] = point_distance<metric>(sums[static_cast<std::size_t>(o)], call);
  }
}

// Minkowski: the differences are divided by the greatest of them, so that no power overflows or vanishes.
template <Isa isa>
void minkowski_row(const PointRowCall& call) {
  std::array<double, point_block> sums, greatest;
  for (Index start = call.begin; start < call.end; start += point_block) {
    const Index count = std::min(point_block, call.end - start);
    PointRowCall part = call;
    part.begin = start;
    part.end = start + count;
    part.out = greatest.data();
    point_row<isa, Metric::Chebyshev>(part);
    std::fill_n(sums.begin(), count, 0.0);
    for (Index j = 0; j < call.d; ++j) {
      const double* column = call.columns + j * call.stride + start;
      const double center = call.center[j];
      for (Index o = 0; o < count; ++o) {
        const double scale = greatest[static_cast<std::size_t>(o)];
        if (scale > 0)
          sums[static_cast<std::size_t>(o)] += std::pow(std::abs(column[o] - center) / scale, call.p);
      }
    }
    double* out = call.out + (start - call.begin);
    for (Index o = 0; o < count; ++o) {
      const auto at = static_cast<std::size_t>(o);
      out[o] = greatest[at] > 0 ? greatest[at] * std::pow(sums[at], 1 / call.p) : 0;
    }
  }
}

// Jaccard of 0/1 vectors: |A xor B| / |A or B|, 0 when both are empty.
template <Isa isa>
void jaccard_row(const PointRowCall& call) {
  std::array<double, point_block> different, either;
  for (Index start = call.begin; start < call.end; start += point_block) {
    const Index count = std::min(point_block, call.end - start);
    std::fill_n(different.begin(), count, 0.0);
    std::fill_n(either.begin(), count, 0.0);
    for (Index j = 0; j < call.d; ++j) {
      const double* column = call.columns + j * call.stride + start;
      const double center = call.center[j];
      for (Index o = 0; o < count; ++o) {
        different[static_cast<std::size_t>(o)] += std::abs(column[o] - center);
        either[static_cast<std::size_t>(o)] += std::max(column[o], center);
      }
    }
    double* out = call.out + (start - call.begin);
    for (Index o = 0; o < count; ++o)
      out[o] = different[static_cast<std::size_t>(o)] / std::max(1.0, either[static_cast<std::size_t>(o)]);
  }
}

// Dynamic time warping (Sakoe, Chiba 1978) with the costs |a - b|, several objects side by side: cell (i, j)
// of the table is cost + min(above, left, diagonal), two rows of it at a time.
template <Isa isa>
void dtw_row(const PointRowCall& call) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const Index d = call.d, width = (d + 1) * dtw_block;
  for (Index start = call.begin; start < call.end; start += dtw_block) {
    const Index count = std::min(dtw_block, call.end - start);
    double* previous = call.scratch;
    double* current = call.scratch + width;
    std::fill_n(previous, width, infinity);
    std::fill_n(previous, dtw_block, 0.0);
    for (Index i = 1; i <= d; ++i) {
      const Index first = std::max<Index>(1, i - call.window), last = std::min(d, i + call.window);
      std::fill_n(current + (first - 1) * dtw_block, dtw_block, infinity);
      if (last < d) std::fill_n(current + (last + 1) * dtw_block, dtw_block, infinity);
      const double center = call.center[i - 1];
      for (Index j = first; j <= last; ++j) {
        const double* column = call.columns + (j - 1) * call.stride + start;
        const double* above = previous + j * dtw_block;
        const double* diagonal = above - dtw_block;
        const double* left = current + (j - 1) * dtw_block;
        double* cell = current + j * dtw_block;
        for (Index o = 0; o < count; ++o)
          cell[o] = std::abs(column[o] - center) + std::min(std::min(above[o], left[o]), diagonal[o]);
      }
      std::swap(previous, current);
    }
    std::copy_n(previous + d * dtw_block, count, call.out + (start - call.begin));
  }
}

template <Isa isa>
PointRow point_row_of(Metric metric) {
  switch (metric) {
    case Metric::Euclidean:
      return &point_row<isa, Metric::Euclidean>;
    case Metric::SquaredEuclidean:
      return &point_row<isa, Metric::SquaredEuclidean>;
    case Metric::Manhattan:
      return &point_row<isa, Metric::Manhattan>;
    case Metric::Chebyshev:
      return &point_row<isa, Metric::Chebyshev>;
    case Metric::Minkowski:
      return &minkowski_row<isa>;
    case Metric::Cosine:
    case Metric::Correlation:
      return &point_row<isa, Metric::Cosine>;
    case Metric::Hamming:
      return &point_row<isa, Metric::Hamming>;
    case Metric::Jaccard:
      return &jaccard_row<isa>;
    case Metric::DTW:
      return &dtw_row<isa>;
    case Metric::Gower:
    case Metric::Levenshtein:
      break;
  }
  return nullptr;
}

PointRow point_row_scalar(Metric metric);
PointRow point_row_avx2(Metric metric);
PointRow point_row_avx512(Metric metric);

}  // namespace xchg::kmedoids
