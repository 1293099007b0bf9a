// Sums of products of columns, for each instruction set. Every entry is added up by the same operations in
// the same order whatever the width of a register and the number of threads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "xchg/core/isa.hpp"
#include "xchg/dag/data.hpp"

namespace xchg::dag {

inline constexpr std::int64_t product_rows = 256;  // added up before they join the whole
inline constexpr std::int64_t product_lanes = 8;

// sums(i, j) += sum over `rows` of x(r, i) x(r, j), for i in [first, last), j in [first, stride), rows of
// `stride` doubles (a multiple of product_lanes, padded with zeros).
using AddProducts = void (*)(const double* x, std::int64_t rows, std::int64_t stride, std::int64_t first,
                             std::int64_t last, double* sums);
AddProducts add_products_scalar();
AddProducts add_products_avx2();
AddProducts add_products_avx512();

template <int width>
void add_products(const double* x, std::int64_t rows, std::int64_t stride, std::int64_t first,
                  std::int64_t last, double* sums) {
  using Vector [[gnu::vector_size(width * sizeof(double))]] = double;
  constexpr std::int64_t tile = 4;
  constexpr std::int64_t parts = product_lanes / width;
  for (std::int64_t i = first; i < last; i += tile) {
    const std::int64_t count = std::min(tile, last - i);
    for (std::int64_t j = i - i % product_lanes; j < stride; j += product_lanes) {
      Vector total[tile][parts] = {};
      for (std::int64_t r = 0; r < rows; ++r) {
        const double* row = x + r * stride;
        Vector value[parts];
        std::memcpy(value, row + j, sizeof value);
        // A last tile of fewer rows reads on into the padding or the next columns, and forgets that.
        for (std::int64_t a = 0; a < tile; ++a) {
          const double factor = row[std::min(i + a, stride - 1)];
          for (std::int64_t p = 0; p < parts; ++p) total[a][p] += factor * value[p];
        }
      }
      for (std::int64_t a = 0; a < count; ++a) {
        double* out = sums + (i + a) * stride + j;
        Vector old[parts];
        std::memcpy(old, out, sizeof old);
        for (std::int64_t p = 0; p < parts; ++p) old[p] += total[a][p];
        std::memcpy(out, old, sizeof old);
      }
    }
  }
}

// Means and X^T X / n of rows (n, d) row-major without missing values; `center`: of the deviations from the
// means. Nothing is checked.
Gram::Part moments(std::span<const double> x, std::int64_t rows, std::size_t columns, bool center,
                   int threads, Isa isa);

// The same of two sets of rows together.
Gram::Part merged(const Gram::Part& a, const Gram::Part& b, bool centred);

}  // namespace xchg::dag
