// The sums of the Lagrangian bound: what a candidate would save if it were a medoid,
//   rho_x = sum over o of min(0, w(o) d(o, x) - u(o)).
//
// Every version adds in the same eight lanes (object o goes to lane o mod 8) and then the lanes in the same
// order, so that the sums do not depend on the instruction set; they differ in how many lanes a register
// holds.
#pragma once

#include <cstdint>
#include <cstring>

namespace xchg::kmedoids {

// `width` values of T in one register (GCC, Clang).
template <class T, int width>
struct Register {
  using Type [[gnu::vector_size(width * sizeof(T))]] = T;

  static Type load(const T* from) {
    Type values;
    std::memcpy(&values, from, sizeof values);
    return values;
  }
};

// `row` holds d(., x), `multipliers` and `weights` (null: all 1) hold u and w; n values each.
template <int width, class T>
double reduced_cost(const T* row, const double* multipliers, const double* weights, std::int64_t n) {
  constexpr std::int64_t lanes = 8;
  using Doubles = Register<double, width>;
  typename Doubles::Type sums[lanes / width] = {};
  const std::int64_t whole = n - n % lanes;
  for (std::int64_t o = 0; o < whole; o += lanes) {
    for (std::int64_t part = 0; part < lanes / width; ++part) {
      const std::int64_t at = o + part * width;
      auto term = __builtin_convertvector((Register<T, width>::load(row + at)), typename Doubles::Type);
      if (weights != nullptr) term *= Doubles::load(weights + at);
      term -= Doubles::load(multipliers + at);
      sums[part] += term < 0.0 ? term : typename Doubles::Type{};
    }
  }
  double lane[lanes];
  std::memcpy(lane, sums, sizeof lane);
  for (std::int64_t o = whole; o < n; ++o) {
    const double weight = weights == nullptr ? 1.0 : weights[o];
    const double term = weight * static_cast<double>(row[o]) - multipliers[o];
    if (term < 0) lane[o - whole] += term;
  }
  return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

template <class T>
using ReducedCost = double (*)(const T* row, const double* multipliers, const double* weights,
                               std::int64_t n);

template <class T>
ReducedCost<T> reduced_cost_scalar(T type);
template <class T>
ReducedCost<T> reduced_cost_avx2(T type);
template <class T>
ReducedCost<T> reduced_cost_avx512(T type);

}  // namespace xchg::kmedoids
