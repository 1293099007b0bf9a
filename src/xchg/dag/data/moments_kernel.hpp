// Sums of products of columns, for each instruction set. Columns lie in panels of 8: value of row r, column j
// at [(j / 8 * stride + r) * 8 + j % 8]. Products lie in blocks of 8 by 8 for pairs p <= q of panels, row by
// row. Every entry is added up row after row by a multiplication and an addition (no fused ones), whatever
// the width of a register.
#pragma once

#include <cstdint>
#include <cstring>

namespace xchg::dag {

inline constexpr std::int64_t panel_width = 8;
inline constexpr std::int64_t block_size = panel_width * panel_width;

// Where the block of panels (p, p) begins, of `panels` panels; those of (p, q) follow.
constexpr std::int64_t block_of(std::int64_t p, std::int64_t panels) {
  return (p * panels - p * (p - 1) / 2) * block_size;
}

struct MomentCall {
  const double* x = nullptr;  // rows (count, columns), row-major
  std::int64_t count = 0, columns = 0, panels = 0;
  std::int64_t stride = 0;        // rows that a panel has room for
  const double* shift = nullptr;  // (panels * 8)
  const double* scale = nullptr;  // (panels * 8)
  double* packed = nullptr;       // (panels, stride, 8); zeros behind the last column
  double* sums = nullptr;         // (panels * 8) out: sums of columns
  double* products = nullptr;     // out: their products
};
using AddMoments = void (*)(const MomentCall& call);
void add_moments_scalar(const MomentCall& call);
void add_moments_avx2(const MomentCall& call);
void add_moments_avx512(const MomentCall& call);

// `width` doubles in a register.
template <int width>
using Wide [[gnu::vector_size(width * sizeof(double))]] = double;

// Moves a few rows of one panel as (x - shift) scale and goes on adding up its columns.
template <int width>
void pack_rows(const MomentCall& call, std::int64_t p, std::int64_t begin, std::int64_t end) {
  constexpr int parts = panel_width / width;
  const std::int64_t first = p * panel_width;
  const bool whole = first + panel_width <= call.columns;
  Wide<width> shift[parts], scale[parts], sum[parts];
  std::memcpy(shift, call.shift + first, sizeof shift);
  std::memcpy(scale, call.scale + first, sizeof scale);
  std::memcpy(sum, call.sums + first, sizeof sum);
  double* out = call.packed + (p * call.stride + begin) * panel_width;
  for (std::int64_t r = begin; r < end; ++r, out += panel_width) {
    const double* row = call.x + r * call.columns + first;
    Wide<width> values[parts];
    if (whole) {
      std::memcpy(values, row, sizeof values);
    } else {
      double last[panel_width];
      for (std::int64_t j = 0; j < panel_width; ++j)
        last[j] = first + j < call.columns ? row[j] : call.shift[first + j];
      std::memcpy(values, last, sizeof values);
    }
    for (int part = 0; part < parts; ++part) {
      values[part] = (values[part] - shift[part]) * scale[part];
      sum[part] += values[part];
    }
    std::memcpy(out, values, sizeof values);
  }
  std::memcpy(call.sums + first, sum, sizeof sum);
}

template <int width>
void pack(const MomentCall& call) {
  constexpr std::int64_t rows_together = 16;  // memory is read in its order
  std::memset(call.sums, 0, sizeof(double) * static_cast<std::size_t>(call.panels * panel_width));
  for (std::int64_t begin = 0; begin < call.count; begin += rows_together) {
    const std::int64_t end = begin + rows_together < call.count ? begin + rows_together : call.count;
    for (std::int64_t p = 0; p < call.panels; ++p) pack_rows<width>(call, p, begin, end);
  }
}

// `height` columns of panel `a` with `group` panels from `b` on, over some rows; sums stay in registers.
template <int width, int height, int group>
[[gnu::always_inline]] inline void add_tile(const double* a, const double* b, std::int64_t panel_stride,
                                            std::int64_t count, double* out) {
  constexpr int parts = panel_width / width;
  Wide<width> sum[height][group * parts];
#pragma GCC unroll 8
  for (int i = 0; i < height; ++i) {
#pragma GCC unroll 4
    for (int g = 0; g < group; ++g)
      std::memcpy(&sum[i][g * parts], out + g * block_size + i * panel_width, sizeof(double) * panel_width);
  }
  for (std::int64_t r = 0; r < count; ++r) {
    Wide<width> values[group * parts];
#pragma GCC unroll 4
    for (int g = 0; g < group; ++g)
      std::memcpy(&values[g * parts], b + g * panel_stride + r * panel_width, sizeof(double) * panel_width);
#pragma GCC unroll 8
    for (int i = 0; i < height; ++i) {
      const double factor = a[r * panel_width + i];
#pragma GCC unroll 16
      for (int k = 0; k < group * parts; ++k) sum[i][k] += factor * values[k];
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < height; ++i) {
#pragma GCC unroll 4
    for (int g = 0; g < group; ++g)
      std::memcpy(out + g * block_size + i * panel_width, &sum[i][g * parts], sizeof(double) * panel_width);
  }
}

// The whole height of a panel, `height` columns at a time.
template <int width, int height, int group>
void add_blocks(const double* a, const double* b, std::int64_t panel_stride, std::int64_t count,
                double* out) {
  for (int i = 0; i < panel_width; i += height)
    add_tile<width, height, group>(a + i, b, panel_stride, count, out + i * panel_width);
}

// Tiles as large as the registers: `height` columns with up to `group` panels.
template <int width, int height, int group>
void add_moments(const MomentCall& call) {
  constexpr std::int64_t rows_together = 256;  // of a panel: 16 KiB, which stay in the nearest cache
  pack<width>(call);
  const std::int64_t panel_stride = call.stride * panel_width;
  std::memset(call.products, 0,
              sizeof(double) * static_cast<std::size_t>(block_of(call.panels, call.panels)));
  for (std::int64_t from = 0; from < call.count; from += rows_together) {
    const std::int64_t count = call.count - from < rows_together ? call.count - from : rows_together;
    for (std::int64_t p = 0; p < call.panels; ++p) {
      const double* a = call.packed + p * panel_stride + from * panel_width;
      double* out = call.products + block_of(p, call.panels);
      std::int64_t q = p;
      for (; q + group <= call.panels; q += group) {
        add_blocks<width, height, group>(a, a + (q - p) * panel_stride, panel_stride, count,
                                         out + (q - p) * block_size);
      }
      for (; q < call.panels; ++q) {
        add_blocks<width, height, 1>(a, a + (q - p) * panel_stride, panel_stride, count,
                                     out + (q - p) * block_size);
      }
    }
  }
}

}  // namespace xchg::dag
