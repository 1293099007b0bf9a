// Loops over rows of the factors, for each instruction set. Every number is computed by the same operations
// in the same order whatever the width of a register, so that results do not depend on it.
//
// Matrices have rows of `stride` doubles, a multiple of row_alignment; what lies beyond the d-th is padding.
// R is upper triangular (R(k, i) = L(i, k) for the Cholesky factor L of S in the order), M = L^-1 lower
// triangular; their other triangles hold zeros.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

namespace xchg::dag {

inline constexpr std::int64_t row_alignment = 8;

// What the kernels of one instruction set are.
struct Kernels {
  // Factorises the upper triangle of `a` in place. Returns the position of the first pivot that is not above
  // 0, or -1.
  std::int64_t (*factorise)(double* a, std::int64_t d, std::int64_t stride);
  // m = L^-1 from r.
  void (*invert)(const double* r, double* m, std::int64_t d, std::int64_t stride);
  // y(i) -= sum over t < count of c(t) rows(t)(i), in the order of t, for i from `begin` (rounded down) to
  // `end`.
  void (*subtract)(double* y, const double* const* rows, const double* c, int count, std::int64_t begin,
                   std::int64_t end);
  // (x, y) <- (c x + s y, c y - s x) from `begin` (rounded down) to `end`.
  void (*rotate)(double* x, double* y, double c, double s, std::int64_t begin, std::int64_t end);
  // Twice the differences of all insertions to the left of nodes p in [begin, end) (multiples of the
  // alignment, or d): out(a, p), a < p. weight(k): 1, or 0 where the cost of k is not what is counted. v(k,
  // p) = V_p(k) is kept where `v` is not null.
  void (*insert_left)(const double* r, const double* weight, std::int64_t stride, std::int64_t begin,
                      std::int64_t end, double* out, double* v);
  // The same to the right: out(b, p), b > p.
  void (*insert_right)(const double* m, const double* variance, const double* weight, std::int64_t d,
                       std::int64_t stride, std::int64_t begin, std::int64_t end, double* out);
  // Twice the differences of the exchanges of position a with all b > a: out(b). `scratch`: 3 * stride.
  void (*swaps)(const double* r, const double* m, const double* v, const double* weight, std::int64_t a,
                std::int64_t d, std::int64_t stride, double* out, double* scratch);
};

const Kernels& kernels_scalar();
const Kernels& kernels_avx2();
const Kernels& kernels_avx512();

namespace kernel {

template <int width>
struct Wide {
  using Type [[gnu::vector_size(width * sizeof(double))]] = double;

  static Type load(const double* from) {
    Type values;
    std::memcpy(&values, from, sizeof values);
    return values;
  }
  static void store(double* to, Type values) { std::memcpy(to, &values, sizeof values); }
};

constexpr std::int64_t round_down(std::int64_t i) { return i - i % row_alignment; }

template <int width, int count>
void subtract_rows(double* y, const double* const* rows, const double* c, std::int64_t begin,
                   std::int64_t end) {
  using W = Wide<width>;
  for (std::int64_t i = round_down(begin); i < end; i += width) {
    auto value = W::load(y + i);
    for (int t = 0; t < count; ++t) value -= c[t] * W::load(rows[t] + i);
    W::store(y + i, value);
  }
}

template <int width>
void subtract(double* y, const double* const* rows, const double* c, int count, std::int64_t begin,
              std::int64_t end) {
  while (count >= 8) {
    subtract_rows<width, 8>(y, rows, c, begin, end);
    rows += 8;
    c += 8;
    count -= 8;
  }
  if (count >= 4) {
    subtract_rows<width, 4>(y, rows, c, begin, end);
    rows += 4;
    c += 4;
    count -= 4;
  }
  for (; count > 0; --count) subtract_rows<width, 1>(y, rows++, c++, begin, end);
}

inline constexpr int block_rows = 8;  // factorised together before the rest of the matrix is touched

template <int width>
std::int64_t factorise(double* a, std::int64_t d, std::int64_t stride) {
  const double* rows[block_rows];
  double c[block_rows];
  for (std::int64_t first = 0; first < d; first += block_rows) {
    const std::int64_t last = first + block_rows < d ? first + block_rows : d;
    for (std::int64_t k = first; k < last; ++k) {
      double* row = a + k * stride;
      const int before = static_cast<int>(k - first);
      for (int t = 0; t < before; ++t) c[t] = rows[t][k];
      subtract<width>(row, rows, c, before, k, d);
      if (!(row[k] > 0)) return k;
      const double root = std::sqrt(row[k]);
      const double inverse = 1 / root;
      for (std::int64_t i = 0; i < k; ++i) row[i] = 0;
      row[k] = root;
      for (std::int64_t i = k + 1; i < d; ++i) row[i] *= inverse;
      rows[before] = row;
    }
    const int count = static_cast<int>(last - first);
    for (std::int64_t j = last; j < d; ++j) {
      for (int t = 0; t < count; ++t) c[t] = rows[t][j];
      subtract<width>(a + j * stride, rows, c, count, j, d);
    }
  }
  return -1;
}

template <int width>
void invert(const double* r, double* m, std::int64_t d, std::int64_t stride) {
  const double* rows[block_rows];
  double c[block_rows];
  for (std::int64_t first = 0; first < d; first += block_rows) {
    const std::int64_t last = first + block_rows < d ? first + block_rows : d;
    for (std::int64_t k = first; k < last; ++k)
      std::memset(m + k * stride, 0, static_cast<std::size_t>(stride) * sizeof(double));
    // Row k of M: (e_k - sum over t < k of L(k, t) M(t, .)) / L(k, k); eight rows t at a time for all k of
    // the block.
    for (std::int64_t from = 0; from < first; from += block_rows) {
      for (int t = 0; t < block_rows; ++t) rows[t] = m + (from + t) * stride;
      for (std::int64_t k = first; k < last; ++k) {
        for (int t = 0; t < block_rows; ++t) c[t] = r[(from + t) * stride + k];
        subtract<width>(m + k * stride, rows, c, block_rows, 0, from + block_rows);
      }
    }
    for (std::int64_t k = first; k < last; ++k) {
      const int before = static_cast<int>(k - first);
      double* row = m + k * stride;
      for (int t = 0; t < before; ++t) {
        rows[t] = m + (first + t) * stride;
        c[t] = r[(first + t) * stride + k];
      }
      subtract<width>(row, rows, c, before, 0, k);
      const double inverse = 1 / r[k * stride + k];
      for (std::int64_t i = 0; i < k; ++i) row[i] *= inverse;
      row[k] = inverse;
    }
  }
}

template <int width>
void rotate(double* x, double* y, double c, double s, std::int64_t begin, std::int64_t end) {
  using W = Wide<width>;
  for (std::int64_t i = round_down(begin); i < end; i += width) {
    const auto a = W::load(x + i), b = W::load(y + i);
    W::store(x + i, c * a + s * b);
    W::store(y + i, c * b - s * a);
  }
}

// 2 dq = V(a) - r_p - sum over k = a..p-1 of r_k L(p, k)^2 / V(k), where V(k) = sum over t = k..p of L(p,
// t)^2.
template <int width>
void insert_left(const double* r, const double* weight, std::int64_t stride, std::int64_t begin,
                 std::int64_t end, double* out, double* v) {
  using W = Wide<width>;
  constexpr std::int64_t chunk = 512;
  double sum[chunk] = {}, lost[chunk] = {}, own[chunk] = {}, counted[chunk] = {};
  for (std::int64_t left = begin; left < end; left += chunk) {
    const std::int64_t right = left + chunk < end ? left + chunk : end;
    for (std::int64_t k = right - 1; k >= 0; --k) {
      const double* row = r + k * stride;
      const double variance = weight[k] * (row[k] * row[k]);
      const std::int64_t from = k + 1 > left ? round_down(k + 1) : left;
      for (std::int64_t p = from; p < right; p += width) {
        const std::int64_t lane = p - left;
        const auto entry = W::load(row + p);
        const auto square = entry * entry;
        const auto total = W::load(sum + lane) + square;
        const auto less = W::load(lost + lane) + variance * square / total;
        W::store(sum + lane, total);
        W::store(lost + lane, less);
        W::store(out + k * stride + p, W::load(counted + lane) * (total - W::load(own + lane)) - less);
        if (v != nullptr) W::store(v + k * stride + p, total);
      }
      if (k >= left) {
        const std::int64_t lane = k - left;
        sum[lane] = row[k] * row[k];
        own[lane] = sum[lane];
        lost[lane] = 0;
        counted[lane] = weight[k];
        if (v != nullptr) v[k * stride + k] = sum[lane];
      }
    }
  }
}

// 2 dq = 1/U(b+1) - r_p + sum over k = p+1..b of r_k M(k, p)^2 / U(k), where U(k) = sum over t = p..k-1 of
// M(t, p)^2.
template <int width>
void insert_right(const double* m, const double* variance, const double* weight, std::int64_t d,
                  std::int64_t stride, std::int64_t begin, std::int64_t end, double* out) {
  using W = Wide<width>;
  constexpr std::int64_t chunk = 512;
  double sum[chunk] = {}, gained[chunk] = {}, own[chunk] = {}, counted[chunk] = {};
  for (std::int64_t left = begin; left < end; left += chunk) {
    const std::int64_t right = left + chunk < end ? left + chunk : end;
    for (std::int64_t b = left; b < d; ++b) {
      const double* row = m + b * stride;
      const double counted_variance = weight[b] * variance[b];
      const std::int64_t to = b < right ? b : right;
      for (std::int64_t p = left; p < to; p += width) {
        const std::int64_t lane = p - left;
        const auto entry = W::load(row + p);
        const auto square = entry * entry;
        const auto before = W::load(sum + lane);
        const auto total = before + square;
        const auto more = W::load(gained + lane) + counted_variance * square / before;
        W::store(sum + lane, total);
        W::store(gained + lane, more);
        W::store(out + b * stride + p, W::load(counted + lane) * (1.0 / total - W::load(own + lane)) + more);
      }
      if (b < right) {
        const std::int64_t lane = b - left;
        sum[lane] = row[b] * row[b];
        own[lane] = variance[b];
        gained[lane] = 0;
        counted[lane] = weight[b];
      }
    }
  }
}

// 2 dq = V(a) - r_b + 1/U(b+1) - r_a + sum over a < k < b of x - y^2/z - r_k: the variance x of k without u,
// its covariance y with v without u, the variance z of v without u, where u stands at a and v at b.
template <int width>
void swaps(const double* r, const double* m, const double* v, const double* weight, std::int64_t a,
           std::int64_t d, std::int64_t stride, double* out, double* scratch) {
  using W = Wide<width>;
  double* inner = scratch;            // D_b(k) = sum over t = a..k-1 of L(b, t) M(t, a)
  double* gained = scratch + stride;  // the sum over k so far
  const double first = r[a * stride + a] * r[a * stride + a];
  double sum = m[a * stride + a] * m[a * stride + a];  // U(k)
  const std::int64_t begin = round_down(a + 1);
  for (std::int64_t b = begin; b < d; b += width) {
    W::store(inner + b, W::load(r + a * stride + b) * m[a * stride + a]);
    W::store(gained + b, typename W::Type{});
  }
  for (std::int64_t k = a + 1; k < d; ++k) {
    const double* row = r + k * stride;
    const double* total = v + k * stride;
    const double entry = m[k * stride + a];
    const double next = sum + entry * entry;
    const double variance = row[k] * row[k];
    out[k] = gained[k] + weight[k] * (v[a * stride + k] - variance) + weight[a] * (1 / next - first);
    const double inverse = 1 / sum;
    const double rise = variance * (entry * entry) * inverse;  // x - r_k
    const double coefficient = -entry * row[k] * inverse;      // beta_k / U(k)
    const double counted = weight[k];
    for (std::int64_t b = round_down(k + 1); b < d; b += width) {
      const auto product = W::load(inner + b);
      const auto line = W::load(row + b);
      const auto y = row[k] * line + coefficient * product;
      const auto z = W::load(total + b) + product * product * inverse;
      W::store(gained + b, W::load(gained + b) + counted * (rise - y * y / z));
      W::store(inner + b, product + line * entry);
    }
    sum = next;
  }
}

template <int width>
const Kernels& all() {
  static constexpr Kernels kernels = {&factorise<width>, &invert<width>,      &subtract<width>,
                                      &rotate<width>,    &insert_left<width>, &insert_right<width>,
                                      &swaps<width>};
  return kernels;
}

}  // namespace kernel
}  // namespace xchg::dag
