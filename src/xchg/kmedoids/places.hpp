// Where something stands in a matrix or table, for messages.
#pragma once

#include <fmt/format.h>

#include <limits>
#include <string>
#include <type_traits>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"
#include "xchg/kmedoids/dissimilarity.hpp"

namespace xchg::kmedoids {

// The place of element (row, column), both 0-based: line and cell of the file, or the file alone when it is
// not known on which line its rows begin.
inline Where place(const std::string& source, std::size_t first_line, Index row, Index column) {
  if (first_line == 0) return {.file = source};
  return {.file = source,
          .line = first_line + static_cast<std::size_t>(row),
          .column = static_cast<std::size_t>(column) + 1};
}

inline std::string element(Index row, Index column) {
  return fmt::format("row {}, column {}", row + 1, column + 1);
}

template <class T>
std::string shown(T value) {
  if constexpr (std::is_integral_v<T>) return fmt::format("{}", value);
  return text::exact(static_cast<double>(value));
}

// Whether a value may be a dissimilarity: not NaN, not negative, and finite unless infinite ones are wanted.
template <class T>
bool is_dissimilarity(T value, bool infinite = false) {
  if constexpr (std::is_integral_v<T>) return value >= 0;
  return value >= 0 && (infinite || value <= std::numeric_limits<T>::max());
}

inline std::string expected_dissimilarity(bool infinite) {
  return infinite ? "a dissimilarity >= 0, perhaps infinite"
                  : "a finite dissimilarity >= 0 (--infinite=penalty replaces infinite ones)";
}

}  // namespace xchg::kmedoids
