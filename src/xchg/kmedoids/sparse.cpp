// Matrices of which only some pairs are stored.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "xchg/kmedoids/budget.hpp"
#include "xchg/kmedoids/infinite.hpp"
#include "xchg/kmedoids/places.hpp"
#include "xchg/kmedoids/problem.hpp"

namespace xchg::kmedoids {
namespace {

// Compressed sparse rows, each in ascending order of columns.
template <class T>
struct Compressed {
  std::vector<Index> starts, columns;
  std::vector<T> values;
};

template <class T>
class SparseRows : public RowMaker<T> {
 public:
  SparseRows(Compressed<T> rows, T absent)
      : rows_(std::move(rows)),
        absent_(absent),
        absent_is_greatest_(std::all_of(rows_.values.begin(), rows_.values.end(),
                                        [absent](T value) { return value <= absent; })) {}

  void fill(Index candidate, Index begin, Index end, T* out) const override {
    std::fill_n(out, end - begin, absent_);
    for (auto at = find(candidate, begin); at < last(candidate) && column(at) < end; ++at)
      out[column(at) - begin] = rows_.values[at];
    if (candidate >= begin && candidate < end) out[candidate - begin] = 0;
  }
  T at(Index object, Index candidate) const override {
    if (object == candidate) return 0;
    const auto at = find(candidate, object);
    return at < last(candidate) && column(at) == object ? rows_.values[at] : absent_;
  }
  std::optional<StoredEntries<T>> stored(Index candidate) const override {
    if (!absent_is_greatest_) return std::nullopt;
    const auto first = static_cast<std::size_t>(rows_.starts[static_cast<std::size_t>(candidate)]);
    const std::size_t count = last(candidate) - first;
    return StoredEntries<T>{std::span(rows_.columns).subspan(first, count),
                            std::span(rows_.values).subspan(first, count)};
  }

 private:
  Index column(std::size_t at) const { return rows_.columns[at]; }
  std::size_t last(Index row) const {
    return static_cast<std::size_t>(rows_.starts[static_cast<std::size_t>(row) + 1]);
  }
  // The first stored entry of a row whose column is at least this.
  std::size_t find(Index row, Index column) const {
    const auto first = rows_.columns.begin() + rows_.starts[static_cast<std::size_t>(row)];
    const auto end = rows_.columns.begin() + rows_.starts[static_cast<std::size_t>(row) + 1];
    return static_cast<std::size_t>(std::lower_bound(first, end, column) - rows_.columns.begin());
  }

  Compressed<T> rows_;
  T absent_;
  bool absent_is_greatest_;
};

template <class T>
void check_structure(Index n, std::span<const Index> starts, std::span<const Index> columns,
                     std::span<const T> values, const MatrixOptions& options) {
  if (n < 1 || static_cast<Index>(starts.size()) != n + 1 || columns.size() != values.size() ||
      starts.front() != 0 || starts.back() != static_cast<Index>(values.size()) ||
      !std::is_sorted(starts.begin(), starts.end())) {
    throw InputError(fmt::format("{} row starts, {} columns and {} values are no sparse matrix of {} objects",
                                 starts.size(), columns.size(), values.size(), n),
                     {options.source}, "n + 1 ascending starts from 0 to the number of values");
  }
  for (Index i = 0; i < n; ++i) {
    for (Index at = starts[static_cast<std::size_t>(i)]; at < starts[static_cast<std::size_t>(i) + 1]; ++at) {
      const Index j = columns[static_cast<std::size_t>(at)];
      const T value = values[static_cast<std::size_t>(at)];
      if (j < 0 || j >= n) {
        throw InputError(fmt::format("column {} in row {} does not exist", j + 1, i + 1), {options.source},
                         fmt::format("1 to {}", n));
      }
      if (!is_dissimilarity(value, options.infinite_penalty)) {
        throw InputError(fmt::format("the value in {} is {}", element(i, j), shown(value)), {options.source},
                         expected_dissimilarity(options.infinite_penalty));
      }
      if (i == j && value != 0 && !options.zero_diagonal) {
        throw InputError(fmt::format("the diagonal value in {} is {}", element(i, i), shown(value)),
                         {options.source}, "0 (--zero-diagonal ignores the diagonal)");
      }
    }
  }
}

// Turned over: column by column. A second turn gives the rows in order.
template <class T>
Compressed<T> turned(Index n, std::span<const Index> starts, std::span<const Index> columns,
                     std::span<const T> values) {
  Compressed<T> result;
  result.starts.assign(static_cast<std::size_t>(n) + 1, 0);
  for (const Index j : columns) ++result.starts[static_cast<std::size_t>(j) + 1];
  std::partial_sum(result.starts.begin(), result.starts.end(), result.starts.begin());
  result.columns.resize(columns.size());
  result.values.resize(values.size());
  std::vector<Index> next(result.starts.begin(), result.starts.end() - 1);
  for (Index i = 0; i < n; ++i) {
    for (Index at = starts[static_cast<std::size_t>(i)]; at < starts[static_cast<std::size_t>(i) + 1]; ++at) {
      const auto to =
          static_cast<std::size_t>(next[static_cast<std::size_t>(columns[static_cast<std::size_t>(at)])]++);
      result.columns[to] = i;
      result.values[to] = values[static_cast<std::size_t>(at)];
    }
  }
  return result;
}

template <class T>
Compressed<T> turned(Index n, const Compressed<T>& rows) {
  return turned(n, std::span<const Index>(rows.starts), std::span<const Index>(rows.columns),
                std::span<const T>(rows.values));
}

template <class T>
void check_twice(Index n, const Compressed<T>& rows, bool rows_are_columns, const MatrixOptions& options) {
  for (Index i = 0; i < n; ++i) {
    for (Index at = rows.starts[static_cast<std::size_t>(i)] + 1;
         at < rows.starts[static_cast<std::size_t>(i) + 1]; ++at) {
      const Index j = rows.columns[static_cast<std::size_t>(at)];
      if (j != rows.columns[static_cast<std::size_t>(at) - 1]) continue;
      throw InputError(fmt::format("{} is stored twice", rows_are_columns ? element(j, i) : element(i, j)),
                       {options.source}, "each pair once");
    }
  }
}

// Each stored pair must be stored the other way round with the same value.
template <class T>
void check_symmetric(Index n, const Compressed<T>& rows, const Compressed<T>& columns,
                     const MatrixOptions& options) {
  constexpr double tolerance = std::is_integral_v<T> ? 0 : 1e-6;
  const std::string expected = "a symmetric matrix, or --orientation rows-are-objects or rows-are-candidates";
  for (Index i = 0; i < n; ++i) {
    const auto row = static_cast<std::size_t>(i);
    Index a = rows.starts[row], b = columns.starts[row];
    for (; a < rows.starts[row + 1] && b < columns.starts[row + 1]; ++a, ++b) {
      const auto at = static_cast<std::size_t>(a), other = static_cast<std::size_t>(b);
      if (rows.columns[at] != columns.columns[other]) break;
      const auto x = static_cast<double>(rows.values[at]), y = static_cast<double>(columns.values[other]);
      if (x == y || std::abs(x - y) <= tolerance * std::max(x, y)) continue;
      throw InputError(
          fmt::format("the matrix is not symmetric: {} holds {}, {} holds {}", element(i, rows.columns[at]),
                      shown(rows.values[at]), element(rows.columns[at], i), shown(columns.values[other])),
          {options.source}, expected);
    }
    if (a == rows.starts[row + 1] && b == columns.starts[row + 1]) continue;
    const bool here = b == columns.starts[row + 1] ||
                      (a < rows.starts[row + 1] && rows.columns[static_cast<std::size_t>(a)] <
                                                       columns.columns[static_cast<std::size_t>(b)]);
    const Index j =
        here ? rows.columns[static_cast<std::size_t>(a)] : columns.columns[static_cast<std::size_t>(b)];
    throw InputError(fmt::format("the matrix is not symmetric: {} is stored, {} is not",
                                 here ? element(i, j) : element(j, i), here ? element(j, i) : element(i, j)),
                     {options.source}, expected);
  }
}

// The dissimilarity of pairs that are not stored.
template <class T>
T absent_value(const std::vector<T>& values, const SparseOptions& options) {
  double absent = options.absent;
  if (std::isnan(absent)) {
    if (values.empty()) {
      throw InputError("no pair is stored", {options.matrix.source},
                       "the dissimilarity of absent pairs (--absent)");
    }
    absent = 2 * static_cast<double>(*std::max_element(values.begin(), values.end()));
  }
  const bool whole = absent == std::floor(absent);
  if (absent >= 0 && absent <= static_cast<double>(std::numeric_limits<T>::max()) &&
      (std::is_floating_point_v<T> || (whole && absent <= 0x1p53))) {
    return static_cast<T>(absent);
  }
  throw InputError(
      fmt::format("the dissimilarity of absent pairs is {}", text::exact(absent)), {options.matrix.source},
      std::is_integral_v<T> ? "a whole number >= 0 in the range of the values" : "a finite number >= 0");
}

}  // namespace

template <class T>
Dissimilarity Dissimilarity::sparse(Index n, std::span<const Index> starts, std::span<const Index> columns,
                                    std::span<const T> values, const SparseOptions& options) {
  const MatrixOptions& matrix = options.matrix;
  check_structure(n, starts, columns, values, matrix);
  Compressed<T> by_column = turned(n, starts, columns, values);
  check_twice(n, by_column, true, matrix);
  const bool symmetric = matrix.orientation == Orientation::Symmetric;
  if (matrix.orientation != Orientation::RowsAreObjects) {
    Compressed<T> by_row = turned(n, by_column);
    if (symmetric) check_symmetric(n, by_row, by_column, matrix);
    by_column = std::move(by_row);
  }
  const std::int64_t infinite = count_infinite(std::span<const T>(by_column.values));
  if (infinite > 0) replace_infinite(std::span<T>(by_column.values), n);
  const T absent = absent_value(by_column.values, options);
  double largest = std::numeric_limits<double>::infinity();
  if constexpr (std::is_integral_v<T>) {
    largest = static_cast<double>(absent);
    for (const T value : by_column.values) largest = std::max(largest, static_cast<double>(value));
  }
  Dissimilarity result =
      made<T>(std::make_shared<SparseRows<T>>(std::move(by_column), absent), n, symmetric, largest);
  result.infinite_replaced_ = infinite;
  return result;
}

#define XCHG_INSTANTIATE(T)                                                                           \
  template Dissimilarity Dissimilarity::sparse(Index, std::span<const Index>, std::span<const Index>, \
                                               std::span<const T>, const SparseOptions&);
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
