// Rows of a distance matrix from points. Coordinates are transposed, (d, n), so that one instruction works on
// several objects; every pair is summed over the dimensions in order, which makes all instruction sets agree
// to the bit.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "xchg/core/isa.hpp"
#include "xchg/kmedoids/dissimilarity.hpp"

namespace xchg::kmedoids {

// Distances from point x to the objects [begin, end) into row[begin..end).
using PointRow = void (*)(const double* transposed, Index n, Index d, Index x, Index begin, Index end,
                          double* row);

template <Isa isa, Metric metric>
void point_row(const double* transposed, Index n, Index d, Index x, Index begin, Index end, double* row) {
  constexpr Index block = 256;
  std::array<double, block> sums;
  for (Index start = begin; start < end; start += block) {
    const Index count = std::min(block, end - start);
    std::fill_n(sums.begin(), count, 0.0);
    for (Index j = 0; j < d; ++j) {
      const double* column = transposed + j * n;
      const double center = column[x];
      for (Index o = 0; o < count; ++o) {
        const double difference = column[start + o] - center;
        if constexpr (metric == Metric::Euclidean) {
          sums[static_cast<std::size_t>(o)] += difference * difference;
        } else {
          sums[static_cast<std::size_t>(o)] += std::abs(difference);
        }
      }
    }
    for (Index o = 0; o < count; ++o) {
      const double sum = sums[static_cast<std::size_t>(o)];
      row[start + o] = metric == Metric::Euclidean ? std::sqrt(sum) : sum;
    }
  }
}

template <Isa isa>
PointRow point_row_of(Metric metric) {
  return metric == Metric::Euclidean ? &point_row<isa, Metric::Euclidean>
                                     : &point_row<isa, Metric::Manhattan>;
}

PointRow point_row_scalar(Metric metric);
PointRow point_row_avx2(Metric metric);
PointRow point_row_avx512(Metric metric);

}  // namespace xchg::kmedoids
