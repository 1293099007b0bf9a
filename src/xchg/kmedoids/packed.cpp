// The packed upper triangle of a symmetric matrix.
#include <cmath>

#include "xchg/kmedoids/budget.hpp"
#include "xchg/kmedoids/infinite.hpp"
#include "xchg/kmedoids/places.hpp"
#include "xchg/kmedoids/problem.hpp"

namespace xchg::kmedoids {
namespace {

// Where (i, i + 1) stands.
Index row_start(Index i, Index n) { return i * n - i * (i + 1) / 2; }

template <class T>
class PackedRows : public RowMaker<T> {
 public:
  // `owned` is empty or what `values` is a view of.
  PackedRows(std::span<const T> values, std::vector<T> owned, Index n)
      : owned_(std::move(owned)), values_(values), n_(n) {}

  // The part before the diagonal stands in a column of the triangle, one step shorter in each row.
  void fill(Index candidate, Index begin, Index end, T* out) const override {
    const Index before = std::min(candidate, end);
    for (Index o = begin; o < before; ++o) out[o - begin] = value(o, candidate);
    if (candidate >= begin && candidate < end) out[candidate - begin] = 0;
    const Index after = std::max(candidate + 1, begin);
    if (after < end) {
      std::copy_n(values_.data() + row_start(candidate, n_) + after - candidate - 1, end - after,
                  out + after - begin);
    }
  }
  T at(Index object, Index candidate) const override {
    if (object == candidate) return 0;
    return object < candidate ? value(object, candidate) : value(candidate, object);
  }

 private:
  T value(Index i, Index j) const { return values_[static_cast<std::size_t>(row_start(i, n_) + j - i - 1)]; }

  std::vector<T> owned_;
  std::span<const T> values_;
  Index n_;
};

// The n of n (n - 1) / 2 values.
Index objects_of(std::size_t length, const MatrixOptions& options) {
  const auto n =
      static_cast<std::size_t>(std::llround((1 + std::sqrt(1 + 8 * static_cast<double>(length))) / 2));
  if (length > 0 && n * (n - 1) / 2 == length) return static_cast<Index>(n);
  const std::size_t below = n * (n - 1) / 2 > length ? n - 1 : n;
  throw InputError(fmt::format("{} values are no packed triangle", length), {options.source},
                   fmt::format("n (n - 1) / 2 values, such as {} for {} objects or {} for {}",
                               below * (below - 1) / 2, below, (below + 1) * below / 2, below + 1));
}

template <class T>
void check_triangle(std::span<const T> values, Index n, const MatrixOptions& options) {
  Index i = 0, j = 1;
  for (std::size_t at = 0; at < values.size(); ++at) {
    if (!is_dissimilarity(values[at], options.infinite_penalty)) {
      throw InputError(fmt::format("value {}, of {}, is {}", at + 1, element(i, j), shown(values[at])),
                       {options.source}, expected_dissimilarity(options.infinite_penalty));
    }
    if (++j == n) {
      ++i;
      j = i + 1;
    }
  }
}

}  // namespace

template <class T>
Dissimilarity Dissimilarity::packed(std::vector<T> values, const MatrixOptions& options, Matrix keep,
                                    int threads) {
  const std::span<const T> view(values);
  return packed_of(view, std::move(values), options).kept(keep, options.memory_budget_bytes, threads);
}

template <class T>
Dissimilarity Dissimilarity::packed_view(std::span<const T> values, const MatrixOptions& options, Matrix keep,
                                         int threads) {
  return packed_of(values, std::vector<T>(), options).kept(keep, options.memory_budget_bytes, threads);
}

template <class T>
Dissimilarity Dissimilarity::packed_of(std::span<const T> values, std::vector<T> owned,
                                       const MatrixOptions& options) {
  const Index n = objects_of(values.size(), options);
  check_triangle(values, n, options);
  const std::int64_t infinite = count_infinite(values);
  if (infinite > 0) {
    if (owned.empty()) owned.assign(values.begin(), values.end());
    replace_infinite(std::span<T>(owned), n);
    values = owned;
  }
  double largest = std::numeric_limits<double>::infinity();
  if constexpr (std::is_integral_v<T>)
    largest = static_cast<double>(*std::max_element(values.begin(), values.end()));
  Dissimilarity result =
      made<T>(std::make_shared<PackedRows<T>>(values, std::move(owned), n), n, true, largest);
  result.infinite_replaced_ = 2 * infinite;
  return result;
}

#define XCHG_INSTANTIATE(T)                                                                        \
  template Dissimilarity Dissimilarity::packed(std::vector<T>, const MatrixOptions&, Matrix, int); \
  template Dissimilarity Dissimilarity::packed_view(std::span<const T>, const MatrixOptions&, Matrix, int);
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
