// The values and weights of the objects as the searches need them.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <variant>
#include <vector>

#include "xchg/core/error.hpp"
#include "xchg/kmedoids/problem.hpp"

namespace xchg::kmedoids {

// Weights as sums of T need them. Integer sums must not pass 2^63.
template <class T>
std::vector<Sum<T>> typed_weights(std::span<const double> weights, Index n, double largest) {
  std::vector<Sum<T>> result;
  for (const double weight : weights) result.push_back(static_cast<Sum<T>>(weight));
  if constexpr (std::is_integral_v<T>) {
    const double total =
        weights.empty() ? static_cast<double>(n) : std::accumulate(weights.begin(), weights.end(), 0.0);
    if (total * largest >= 0x1p62) {
      throw LimitError(
          fmt::format("sums of weight times dissimilarity could pass 2^63 (weights sum to {:g}, largest "
                      "dissimilarity {:g})",
                      total, largest),
          "give the dissimilarities or the weights as floating-point numbers");
    }
  }
  return result;
}

inline bool all_whole(std::span<const double> weights) {
  return std::all_of(weights.begin(), weights.end(),
                     [](double w) { return w == std::floor(w) && w < 0x1p53; });
}

// Values of another type as doubles.
template <class T>
class Widened : public RowMaker<double> {
 public:
  Widened(Rows<T> rows, Index n) : problem_{rows, n, {}} {}
  void fill(Index candidate, Index begin, Index end, double* out) const override {
    if (problem_.rows.dense != nullptr) {
      const T* row = problem_.rows.dense + candidate * problem_.n;
      std::copy(row + begin, row + end, out);
      return;
    }
    std::vector<T> made(static_cast<std::size_t>(end - begin));
    problem_.rows.maker->fill(candidate, begin, end, made.data());
    std::copy(made.begin(), made.end(), out);
  }
  double at(Index object, Index candidate) const override {
    return static_cast<double>(problem_.at(object, candidate));
  }

 private:
  Problem<T> problem_;
};

// Calls `use` with the rows of the data, as doubles where integers have broken weights, which make broken
// sums.
template <class Use>
auto with_typed_rows(const Dissimilarity& data, std::span<const double> weights, const Use& use) {
  return std::visit(
      [&]<class T>(const Rows<T>& rows) {
        if constexpr (std::is_integral_v<T>) {
          if (!all_whole(weights)) {
            const Widened<T> widened(rows, data.size());
            return use(Rows<double>{nullptr, &widened});
          }
        }
        return use(rows);
      },
      data.rows());
}

}  // namespace xchg::kmedoids
