// What the tables of FastPAM1 need for many candidates at once. Every result has its own order of operations,
// so all instruction sets give the same bits.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "xchg/core/isa.hpp"
#include "xchg/kmedoids/evaluate.hpp"

namespace xchg::kmedoids {

// least[x] = min over i < k of loss[i] + table[i * stride + x], for 0 <= x < count; k >= 1.
template <Isa isa, class S>
void least_sums(const S* loss, const S* table, std::int64_t k, std::int64_t stride, std::int64_t count,
                S* least) {
  constexpr std::int64_t block = 256;
  std::array<S, block> best;
  for (std::int64_t start = 0; start < count; start += block) {
    const std::int64_t width = std::min(block, count - start);
    const auto at = [&](std::int64_t i, std::int64_t x) { return loss[i] + table[i * stride + start + x]; };
    for (std::int64_t x = 0; x < width; ++x) best[static_cast<std::size_t>(x)] = at(0, x);
    for (std::int64_t i = 1; i < k; ++i) {
      for (std::int64_t x = 0; x < width; ++x) {
        const S sum = at(i, x), before = best[static_cast<std::size_t>(x)];
        best[static_cast<std::size_t>(x)] = sum < before ? sum : before;
      }
    }
    std::copy_n(best.begin(), width, least + start);
  }
}

// The terms of one object in A and C, as a function of D = d(o, x).
template <class S>
struct Terms {
  S weight, d1, d2;

  S shared(S distance) const { return weight * (std::min(distance, d1) - d1); }
  S correction(S distance) const { return weight * std::min<S>(std::max(distance, d1) - d2, 0); }
};

// Replaces the terms of one object, whose distances to the candidates 0 <= x < count are in `row`: in A, and
// in the rows of C of its nearest slots before and now, which may be the same.
template <Isa isa, class T>
void replace_terms(const T* __restrict row, std::int64_t count, const Terms<Sum<T>>& before,
                   const Terms<Sum<T>>& now, Sum<T>* __restrict shared, Sum<T>* before_row, Sum<T>* now_row) {
  using S = Sum<T>;
  const Terms<S> old_terms = before, new_terms = now;
  for (std::int64_t x = 0; x < count; ++x) {
    const S distance = row[x];
    shared[x] += new_terms.shared(distance) - old_terms.shared(distance);
  }
  if (before_row == now_row) {
    S* __restrict both = now_row;
    for (std::int64_t x = 0; x < count; ++x) {
      const S distance = row[x];
      both[x] += new_terms.correction(distance) - old_terms.correction(distance);
    }
    return;
  }
  S* __restrict from = before_row;
  S* __restrict to = now_row;
  for (std::int64_t x = 0; x < count; ++x) {
    const S distance = row[x];
    from[x] -= old_terms.correction(distance);
    to[x] += new_terms.correction(distance);
  }
}

template <class S>
using LeastSums = void (*)(const S*, const S*, std::int64_t, std::int64_t, std::int64_t, S*);
template <class T>
using ReplaceTerms = void (*)(const T*, std::int64_t, const Terms<Sum<T>>&, const Terms<Sum<T>>&, Sum<T>*,
                              Sum<T>*, Sum<T>*);

template <class S>
LeastSums<S> least_sums_scalar(S type);
template <class S>
LeastSums<S> least_sums_avx2(S type);
template <class S>
LeastSums<S> least_sums_avx512(S type);

template <class T>
ReplaceTerms<T> replace_terms_scalar(T type);
template <class T>
ReplaceTerms<T> replace_terms_avx2(T type);
template <class T>
ReplaceTerms<T> replace_terms_avx512(T type);

}  // namespace xchg::kmedoids
