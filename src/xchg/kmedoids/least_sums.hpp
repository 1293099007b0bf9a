// The least of k sums for many objects at once: min over i of loss[i] + table[i][x].
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "xchg/core/isa.hpp"
#include "xchg/kmedoids/evaluate.hpp"

namespace xchg::kmedoids {

// least[x] = min over i < k of loss[i] + table[i * stride + x], for 0 <= x < count; k >= 1. The least value
// is the same in whatever order it is looked for.
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

template <class S>
using LeastSums = void (*)(const S*, const S*, std::int64_t, std::int64_t, std::int64_t, S*);

template <class S>
LeastSums<S> least_sums_scalar(S type);
template <class S>
LeastSums<S> least_sums_avx2(S type);
template <class S>
LeastSums<S> least_sums_avx512(S type);

}  // namespace xchg::kmedoids
