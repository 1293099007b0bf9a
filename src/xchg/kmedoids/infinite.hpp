// Infinite dissimilarities of a given matrix.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <type_traits>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"
#include "xchg/kmedoids/dissimilarity.hpp"

namespace xchg::kmedoids {

// How many values are infinite; none of integers.
template <class T>
std::int64_t count_infinite(std::span<const T> values) {
  if constexpr (std::is_integral_v<T>) return 0;
  return std::count(values.begin(), values.end(), std::numeric_limits<T>::infinity());
}

// Replaces them by 2 * n * (largest finite value), which no sum of finite ones passes; by 2 * n where all
// finite ones are 0. Throws NumericError when that is over the range of T.
template <class T>
void replace_infinite(std::span<T> values, Index n) {
  if constexpr (std::is_floating_point_v<T>) {
    constexpr T infinity = std::numeric_limits<T>::infinity();
    double largest = 0;
    for (const T value : values) {
      if (value < infinity) largest = std::max(largest, static_cast<double>(value));
    }
    const double penalty = 2 * static_cast<double>(n) * (largest > 0 ? largest : 1);
    if (!(penalty <= static_cast<double>(std::numeric_limits<T>::max()))) {
      throw NumericError("the penalty for infinite dissimilarities, 2 * n * " + text::exact(largest) +
                         ", is over the range of the values; scale them");
    }
    std::replace(values.begin(), values.end(), infinity, static_cast<T>(penalty));
  }
}

}  // namespace xchg::kmedoids
