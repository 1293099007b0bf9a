// Distances from a few points to many. The coordinates of the many lie in blocks of 16 objects, one dimension
// after the other, so that one instruction works on several objects; every pair is computed over the
// dimensions in order, which makes all instruction sets, and any part of a row, agree to the bit. All
// functions name the instruction set that they are compiled for: the linker keeps one of several of the same
// name.
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>

#include "xchg/core/isa.hpp"
#include "xchg/kmedoids/dissimilarity.hpp"

namespace xchg::kmedoids {

constexpr Index point_lanes = 16;   // objects in a block
constexpr int most_candidates = 4;  // of one call
using Lanes = std::array<double, point_lanes>;

// What a kernel works on: distances from each of the first `candidates` of `centers`, (d) contiguous each, to
// the objects [begin, end), into outs[c][0, end - begin).
struct PointRowCall {
  std::array<const double*, most_candidates> centers{};
  std::array<double*, most_candidates> outs{};
  int candidates = 1;
  const double* blocks = nullptr;  // coordinate j of object o at [(o / 16 * d + j) * 16 + o % 16]
  Index d = 0, begin = 0, end = 0;
  double p = 2;               // Minkowski: exponent
  Index window = 0;           // DTW: |i - j| of aligned positions is at most this
  double* scratch = nullptr;  // DTW: dtw_scratch(d) values
};
using PointRow = void (*)(const PointRowCall& call);

constexpr std::size_t dtw_scratch(Index d) { return static_cast<std::size_t>(2 * (d + 1) * point_lanes); }

// Calls distances(block, lanes) for the blocks of a call, which fills lanes[c] for every candidate, and
// copies what belongs to [begin, end).
template <Isa isa, class Distances>
void for_blocks(const PointRowCall& call, const Distances& distances) {
  alignas(64) std::array<Lanes, most_candidates> lanes;
  for (Index first = call.begin / point_lanes * point_lanes; first < call.end; first += point_lanes) {
    distances(call.blocks + first * call.d, lanes);
    const Index low = std::max(call.begin, first), high = std::min(call.end, first + point_lanes);
    for (std::size_t c = 0; c < static_cast<std::size_t>(call.candidates); ++c)
      std::copy(lanes[c].begin() + (low - first), lanes[c].begin() + (high - first),
                call.outs[c] + (low - call.begin));
  }
}

// The compiler does not take square roots of several values at once where errno could be wanted.
template <Isa isa>
void take_square_roots(Lanes& values) {
  double* at = values.data();
#if defined(__AVX512F__)
  for (Index i = 0; i < point_lanes; i += 8)
    _mm512_storeu_pd(at + i, _mm512_maskz_sqrt_pd(0xff, _mm512_loadu_pd(at + i)));
#elif defined(__AVX__)
  for (Index i = 0; i < point_lanes; i += 4)
    _mm256_storeu_pd(at + i, _mm256_sqrt_pd(_mm256_loadu_pd(at + i)));
#else
  for (Index i = 0; i < point_lanes; ++i) at[i] = std::sqrt(at[i]);
#endif
}

// Eight lanes that the compiler keeps in registers.
using Vector = double __attribute__((vector_size(64)));

// Adds what one dimension contributes at `difference` in it.
template <Metric metric>
[[gnu::always_inline]] inline void add_dimension(Vector& sum, const Vector& difference) {
  if constexpr (metric == Metric::Manhattan || metric == Metric::Chebyshev) {
    const Vector absolute = difference < 0 ? -difference : difference;
    if constexpr (metric == Metric::Manhattan) {
      sum += absolute;
    } else {
      sum = sum < absolute ? absolute : sum;
    }
  } else if constexpr (metric == Metric::Hamming) {
    const Vector zero{}, one = zero + 1.0;
    sum += difference != 0 ? one : zero;
  } else {
    sum += difference * difference;
  }
}

// Cosine and correlation come as unit vectors: 1 - u.v = |u - v|^2 / 2, which is exactly 0 for equal ones and
// loses nothing for near ones.
template <Isa isa, Metric metric>
void finish(Lanes& sums, [[maybe_unused]] const PointRowCall& call) {
  if constexpr (metric == Metric::Euclidean) take_square_roots<isa>(sums);
  if constexpr (metric == Metric::Cosine || metric == Metric::Correlation) {
    for (double& sum : sums) sum = std::min(sum / 2, 2.0);
  }
  if constexpr (metric == Metric::Hamming) {
    for (double& sum : sums) sum /= static_cast<double>(call.d);
  }
}

// `count` candidates from `first` on against one block.
template <Isa isa, Metric metric, int count>
void tile(const PointRowCall& call, std::size_t first, const double* block,
          std::array<Lanes, most_candidates>& lanes) {
  Vector sums[count][2] = {};
  for (Index j = 0; j < call.d; ++j) {
    Vector low, high;
    std::memcpy(&low, block + j * point_lanes, sizeof low);
    std::memcpy(&high, block + j * point_lanes + point_lanes / 2, sizeof high);
#pragma GCC unroll 4
    for (int c = 0; c < count; ++c) {
      const double center = call.centers[first + static_cast<std::size_t>(c)][j];
      add_dimension<metric>(sums[c][0], low - center);
      add_dimension<metric>(sums[c][1], high - center);
    }
  }
  for (int c = 0; c < count; ++c) {
    Lanes& out = lanes[first + static_cast<std::size_t>(c)];
    std::memcpy(out.data(), sums[c], sizeof out);
    finish<isa, metric>(out, call);
  }
}

// Four candidates share what is loaded of a block where there are registers for their sums, otherwise two.
template <Isa isa, Metric metric>
void point_row(const PointRowCall& call) {
  constexpr int together = isa == Isa::Avx512 ? 4 : 2;
  for_blocks<isa>(call, [&](const double* block, std::array<Lanes, most_candidates>& lanes) {
    int c = 0;
    for (; c + together <= call.candidates; c += together)
      tile<isa, metric, together>(call, static_cast<std::size_t>(c), block, lanes);
    for (; c < call.candidates; ++c) tile<isa, metric, 1>(call, static_cast<std::size_t>(c), block, lanes);
  });
}

// A kernel that takes its candidates one by one: distances(center, block, lanes).
template <Isa isa, class Distances>
void one_by_one(const PointRowCall& call, const Distances& distances) {
  for_blocks<isa>(call, [&](const double* block, std::array<Lanes, most_candidates>& lanes) {
    for (std::size_t c = 0; c < static_cast<std::size_t>(call.candidates); ++c)
      distances(call.centers[c], block, lanes[c]);
  });
}

// Minkowski: the differences are divided by the greatest of them, so that no power overflows or vanishes.
template <Isa isa>
void minkowski_row(const PointRowCall& call) {
  one_by_one<isa>(call, [&](const double* center, const double* block, Lanes& out) {
    Lanes greatest{}, sums{};
    for (Index j = 0; j < call.d; ++j) {
      for (std::size_t o = 0; o < greatest.size(); ++o)
        greatest[o] =
            std::max(greatest[o], std::abs(block[j * point_lanes + static_cast<Index>(o)] - center[j]));
    }
    for (Index j = 0; j < call.d; ++j) {
      for (std::size_t o = 0; o < sums.size(); ++o) {
        const double difference = std::abs(block[j * point_lanes + static_cast<Index>(o)] - center[j]);
        if (greatest[o] > 0) sums[o] += std::pow(difference / greatest[o], call.p);
      }
    }
    for (std::size_t o = 0; o < sums.size(); ++o)
      out[o] = greatest[o] > 0 ? greatest[o] * std::pow(sums[o], 1 / call.p) : 0;
  });
}

// Jaccard of 0/1 vectors: |A xor B| / |A or B|, 0 when both are empty.
template <Isa isa>
void jaccard_row(const PointRowCall& call) {
  one_by_one<isa>(call, [&](const double* center, const double* block, Lanes& out) {
    Lanes different{}, either{};
    for (Index j = 0; j < call.d; ++j) {
      const double* column = block + j * point_lanes;
      for (std::size_t o = 0; o < out.size(); ++o) {
        different[o] += std::abs(column[o] - center[j]);
        either[o] += std::max(column[o], center[j]);
      }
    }
    for (std::size_t o = 0; o < out.size(); ++o) out[o] = different[o] / std::max(1.0, either[o]);
  });
}

// Dynamic time warping (Sakoe, Chiba 1978) with the costs |a - b|, several objects side by side: cell (i, j)
// of the table is cost + min(above, left, diagonal), two rows of it at a time.
template <Isa isa>
void dtw_row(const PointRowCall& call) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const Index d = call.d, width = (d + 1) * point_lanes;
  one_by_one<isa>(call, [&](const double* center, const double* block, Lanes& out) {
    double* previous = call.scratch;
    double* current = call.scratch + width;
    std::fill_n(previous, width, infinity);
    std::fill_n(previous, point_lanes, 0.0);
    for (Index i = 1; i <= d; ++i) {
      const Index first = std::max<Index>(1, i - call.window), last = std::min(d, i + call.window);
      std::fill_n(current + (first - 1) * point_lanes, point_lanes, infinity);
      if (last < d) std::fill_n(current + (last + 1) * point_lanes, point_lanes, infinity);
      for (Index j = first; j <= last; ++j) {
        const double* column = block + (j - 1) * point_lanes;
        const double* above = previous + j * point_lanes;
        const double* diagonal = above - point_lanes;
        const double* left = current + (j - 1) * point_lanes;
        double* cell = current + j * point_lanes;
        for (Index o = 0; o < point_lanes; ++o)
          cell[o] = std::abs(column[o] - center[i - 1]) + std::min(std::min(above[o], left[o]), diagonal[o]);
      }
      std::swap(previous, current);
    }
    std::copy_n(previous + d * point_lanes, point_lanes, out.begin());
  });
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
