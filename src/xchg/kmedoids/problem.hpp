// What the searches work on: typed candidate rows and the weights of the objects.
#pragma once

#include <vector>

#include "xchg/kmedoids/dissimilarity.hpp"
#include "xchg/kmedoids/evaluate.hpp"

// Instantiates a template for every type of values: M(T) is one explicit instantiation.
#define XCHG_KMEDOIDS_FOR_EACH_VALUE(M) \
  M(double) M(float) M(std::int32_t) M(std::int64_t) M(std::uint16_t) M(std::uint8_t)

namespace xchg::kmedoids {

template <class T>
struct Problem {
  Rows<T> rows;
  Index n = 0;
  std::vector<Sum<T>> weights;  // empty: all 1

  // d(object, candidate).
  T at(Index object, Index candidate) const {
    return rows.dense != nullptr ? rows.dense[candidate * n + object] : rows.maker->at(object, candidate);
  }
  // Candidate row d(., candidate): where it lies, or made in `buffer`, which must live as long as it is used.
  const T* row(Index candidate, std::vector<T>& buffer) const {
    if (rows.dense != nullptr) return rows.dense + candidate * n;
    buffer.resize(static_cast<std::size_t>(n));
    rows.maker->fill(candidate, 0, n, buffer.data());
    return buffer.data();
  }
  Sum<T> weight(Index object) const {
    return weights.empty() ? Sum<T>{1} : weights[static_cast<std::size_t>(object)];
  }
};

}  // namespace xchg::kmedoids
