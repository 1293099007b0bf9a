// A matrix turned over.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "xchg/kmedoids/dissimilarity.hpp"

namespace xchg::kmedoids {

// (rows, columns) row-major to (columns, rows), in tiles that stay in the cache.
template <class T>
std::vector<T> transposed(std::span<const T> values, Index rows, Index columns) {
  constexpr Index tile = 32;
  std::vector<T> result(values.size());
  for (Index i0 = 0; i0 < rows; i0 += tile) {
    for (Index j0 = 0; j0 < columns; j0 += tile) {
      for (Index i = i0; i < std::min(i0 + tile, rows); ++i) {
        for (Index j = j0; j < std::min(j0 + tile, columns); ++j) {
          result[static_cast<std::size_t>(j * rows + i)] = values[static_cast<std::size_t>(i * columns + j)];
        }
      }
    }
  }
  return result;
}

}  // namespace xchg::kmedoids
