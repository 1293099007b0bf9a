// Evaluation of one candidate against all k slots at once (FastPAM1's decomposition, Schubert & Rousseeuw
// 2021).
//
// With D = d(o, x), d1 and d2 the distances of o to its nearest and second nearest medoid, replacing the
// medoid of slot i by x changes TD by R_i + A + C_i, where R_i is the removal loss of the slot and
//   A   = sum over D < d1 of w (D - d1)
//   C_i = sum over near(o) = i, D < d2 of w (max(D, d1) - d2)
// Objects with D >= d2 contribute nothing, and that is the vast majority: a vector filter finds the others 64
// at a time and collects what is known of them, in the order of the objects; their terms are then computed
// several at a time. A is summed in 8 lanes by place in the collection, C_i in order: so the sums do not
// depend on the instruction set.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
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

// What is known of the objects that pass the filter, in their order.
template <class T>
struct Passing {
  static constexpr int lanes = 8;
  static constexpr int capacity = 512;          // full when another block of 64 might not fit
  static constexpr int slack = 64 + 2 * lanes;  // vector stores may write past the end

  int count = 0;
  std::array<T, capacity + slack> distance, d1, d2;
  std::array<std::int32_t, capacity + slack> near;
  std::array<std::int64_t, capacity + slack> object;  // only when there are weights

  bool full() const { return count > capacity - 64; }
};

// Appends the objects of a block of 64 whose bits are set. Instruction sets may do it several at a time.
template <Isa isa, class T>
struct Collect {
  static void append(const StateView<T>& state, const T* row, std::int64_t start, std::uint64_t mask,
                     Passing<T>& passing) {
    append_singly(state, row, start, mask, passing);
  }
  static void append_singly(const StateView<T>& state, const T* row, std::int64_t start, std::uint64_t mask,
                            Passing<T>& passing) {
    auto at = static_cast<std::size_t>(passing.count);
    for (; mask != 0; mask &= mask - 1) {
      const std::int64_t o = start + std::countr_zero(mask);
      passing.distance[at] = row[o];
      passing.d1[at] = state.d1[o];
      passing.d2[at] = state.d2[o];
      passing.near[at] = state.near[o];
      passing.object[at] = o;
      ++at;
    }
    passing.count = static_cast<int>(at);
  }
};

// Adds the terms of the collected objects and empties the collection.
template <Isa isa, bool weighted, class T>
void add_terms(const StateView<T>& state, Passing<T>& passing, std::array<Sum<T>, Passing<T>::lanes>& shared,
               Sum<T>* correction) {
  constexpr std::size_t lanes = Passing<T>::lanes;
  const auto count = static_cast<std::size_t>(passing.count);
  const std::size_t padded = (count + lanes - 1) / lanes * lanes;
  for (std::size_t i = count; i < padded; ++i) passing.distance[i] = passing.d1[i] = passing.d2[i] = T{0};
  std::array<Sum<T>, Passing<T>::capacity + lanes> terms;
  for (std::size_t i = 0; i < padded; i += lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const Sum<T> distance = passing.distance[i + lane], nearest = passing.d1[i + lane];
      Sum<T> gain = std::min(distance, nearest) - nearest;
      Sum<T> term = std::max(distance, nearest) - static_cast<Sum<T>>(passing.d2[i + lane]);
      if constexpr (weighted) {
        if (i + lane < count) {
          const Sum<T> weight = state.weights[passing.object[i + lane]];
          gain *= weight;
          term *= weight;
        }
      }
      shared[lane] += gain;
      terms[i + lane] = term;
    }
  }
  for (std::size_t i = 0; i < count; ++i) correction[passing.near[i]] += terms[i];
  passing.count = 0;
}

template <Isa isa, class S>
S sum_of_lanes(const std::array<S, 8>& shared) {
  return ((shared[0] + shared[1]) + (shared[2] + shared[3])) +
         ((shared[4] + shared[5]) + (shared[6] + shared[7]));
}

template <Isa isa, bool weighted, class T>
Sum<T> evaluate_row_weighted(const StateView<T>& state, const T* row, Sum<T>* correction) {
  std::array<Sum<T>, Passing<T>::lanes> shared{};
  Passing<T> passing;
  std::int64_t start = 0;
  for (; start + 64 <= state.n; start += 64) {
    // Hardware does not look past the end of a page: half of the time would be waiting for memory.
    for (std::size_t byte = 0; byte < 64 * sizeof(T); byte += 64)
      __builtin_prefetch(reinterpret_cast<const char*>(row + start) + 8192 + byte);
    const std::uint64_t mask = Filter<isa, T>::below(row + start, state.d2 + start);
    if (mask == 0) continue;
    if constexpr (weighted) {
      Collect<isa, T>::append_singly(state, row, start, mask, passing);
    } else {
      Collect<isa, T>::append(state, row, start, mask, passing);
    }
    if (passing.full()) add_terms<isa, weighted>(state, passing, shared, correction);
  }
  std::uint64_t rest = 0;
  for (std::int64_t o = start; o < state.n; ++o) rest |= std::uint64_t{row[o] < state.d2[o]} << (o - start);
  Collect<isa, T>::append_singly(state, row, start, rest, passing);
  add_terms<isa, weighted>(state, passing, shared, correction);
  return sum_of_lanes<isa>(shared);
}

// Adds the terms of candidate row `row` to `correction` (k values, set to the removal losses by the caller)
// and returns A.
template <Isa isa, class T>
Sum<T> evaluate_row(const StateView<T>& state, const T* row, Sum<T>* correction) {
  return state.weights == nullptr ? evaluate_row_weighted<isa, false>(state, row, correction)
                                  : evaluate_row_weighted<isa, true>(state, row, correction);
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
