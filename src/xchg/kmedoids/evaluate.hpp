// Evaluation of one candidate against all k slots at once (FastPAM1's decomposition, Schubert & Rousseeuw
// 2021).
//
// With D = d(o, x), d1 and d2 the distances of o to its nearest and second nearest medoid, replacing the
// medoid of slot i by x changes TD by R_i + A + C_i, where R_i is the removal loss of the slot and
//   A   = sum over D < d1 of w (D - d1)
//   C_i = sum over near(o) = i, D < d2 of w (max(D, d1) - d2)
// Objects with D >= d2 contribute nothing, and that is the vast majority: a vector filter finds the others 64
// at a time, and a scalar path adds them in the order of the objects. So the sums do not depend on the
// instruction set.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <type_traits>

#include "xchg/core/isa.hpp"

namespace xchg::kmedoids {

// Sums of int32 are exact in int64 (overflow is excluded at the door), all others are double.
template <class T>
using Sum = std::conditional_t<std::is_integral_v<T>, std::int64_t, double>;

// What the evaluation reads of a state.
template <class T>
struct StateView {
  std::int64_t n = 0;
  const std::int32_t* near = nullptr;  // slot of the nearest medoid
  const T* d1 = nullptr;               // its distance
  const T* d2 = nullptr;               // distance of the second nearest medoid
  const Sum<T>* weights = nullptr;     // null: all 1
};

// Bit i is set where row[i] < bound[i], for 64 objects.
template <Isa isa, class T>
struct Filter {
  static std::uint64_t below(const T* row, const T* bound) {
    std::uint64_t mask = 0;
    for (int i = 0; i < 64; ++i) mask |= std::uint64_t{row[i] < bound[i]} << i;
    return mask;
  }
};

// Adds the terms of candidate row `row` to `correction` (k values, set to the removal losses by the caller)
// and returns A.
template <Isa isa, class T>
Sum<T> evaluate_row(const StateView<T>& state, const T* row, Sum<T>* correction) {
  Sum<T> shared = 0;
  const auto add = [&](std::int64_t o) {
    const Sum<T> distance = row[o], nearest = state.d1[o];
    const Sum<T> weight = state.weights == nullptr ? Sum<T>{1} : state.weights[o];
    shared += weight * (std::min(distance, nearest) - nearest);
    correction[state.near[o]] += weight * (std::max(distance, nearest) - static_cast<Sum<T>>(state.d2[o]));
  };
  std::int64_t start = 0;
  for (; start + 64 <= state.n; start += 64) {
    std::uint64_t mask = Filter<isa, T>::below(row + start, state.d2 + start);
    for (; mask != 0; mask &= mask - 1) add(start + std::countr_zero(mask));
  }
  for (; start < state.n; ++start) {
    if (row[start] < state.d2[start]) add(start);
  }
  return shared;
}

// The filter alone, for a whole row: bit i % 64 of masks[i / 64] is set where row[i] < bound[i], i < n.
template <Isa isa, class T>
void filter_row(const T* row, const T* bound, std::int64_t n, std::uint64_t* masks) {
  std::int64_t start = 0;
  for (; start + 64 <= n; start += 64) *masks++ = Filter<isa, T>::below(row + start, bound + start);
  if (start == n) return;
  *masks = 0;
  for (std::int64_t i = start; i < n; ++i) *masks |= std::uint64_t{row[i] < bound[i]} << (i - start);
}

template <class T>
using FilterRow = void (*)(const T*, const T*, std::int64_t, std::uint64_t*);

template <class T>
FilterRow<T> filter_row_scalar(T type);
template <class T>
FilterRow<T> filter_row_avx2(T type);
template <class T>
FilterRow<T> filter_row_avx512(T type);

template <class T>
using EvaluateRow = Sum<T> (*)(const StateView<T>&, const T*, Sum<T>*);

template <class T>
EvaluateRow<T> evaluate_row_scalar(T type);
template <class T>
EvaluateRow<T> evaluate_row_avx2(T type);
template <class T>
EvaluateRow<T> evaluate_row_avx512(T type);

}  // namespace xchg::kmedoids
