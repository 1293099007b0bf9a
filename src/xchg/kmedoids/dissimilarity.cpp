#include "xchg/kmedoids/dissimilarity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <type_traits>

#include "xchg/core/error.hpp"
#include "xchg/core/machine.hpp"
#include "xchg/core/parallel.hpp"
#include "xchg/core/text.hpp"
#include "xchg/core/threads.hpp"
#include "xchg/kmedoids/dispatch.hpp"
#include "xchg/kmedoids/point_rows.hpp"
#include "xchg/kmedoids/problem.hpp"

namespace xchg::kmedoids {
namespace {

constexpr double symmetry_tolerance = 1e-6;

// The place of element (row, column), both 0-based: line and cell of the file, or row and column of the
// matrix.
Where place(const std::string& source, std::size_t first_line, Index row, Index column) {
  if (first_line == 0) return {.file = source};
  return {.file = source,
          .line = first_line + static_cast<std::size_t>(row),
          .column = static_cast<std::size_t>(column) + 1};
}

std::string element(Index row, Index column) { return fmt::format("row {}, column {}", row + 1, column + 1); }

template <class T>
std::string shown(T value) {
  return text::exact(static_cast<double>(value));
}

// Checks every value; throws at the first that cannot be a dissimilarity.
template <class T>
void check_values(std::span<const T> values, Index n, const MatrixOptions& options) {
  if (n < 1 || static_cast<std::uint64_t>(n) > (std::uint64_t{1} << 31)) {
    throw InputError(fmt::format("the matrix has {} rows", n), {options.source}, "1 to 2^31 objects");
  }
  if (values.size() != static_cast<std::size_t>(n) * static_cast<std::size_t>(n)) {
    throw InputError(fmt::format("the matrix is not square: {} values for {} objects", values.size(), n),
                     {options.source},
                     fmt::format("{} values", static_cast<std::uint64_t>(n) * static_cast<std::uint64_t>(n)));
  }
  for (Index i = 0; i < n; ++i) {
    const T* row = values.data() + i * n;
    for (Index j = 0; j < n; ++j) {
      if (row[j] >= 0 && (std::is_integral_v<T> || row[j] <= std::numeric_limits<T>::max())) continue;
      throw InputError(fmt::format("the value in {} is {}", element(i, j), shown(row[j])),
                       place(options.source, options.first_line, i, j), "a finite dissimilarity >= 0");
    }
    if (row[i] != 0 && !options.zero_diagonal) {
      throw InputError(fmt::format("the diagonal value in {} is {}", element(i, i), shown(row[i])),
                       place(options.source, options.first_line, i, i),
                       "0 (--zero-diagonal ignores the diagonal)");
    }
  }
}

// The pair with the greatest relative difference between (i, j) and (j, i); the difference in `worst`.
template <class T>
std::pair<Index, Index> most_asymmetric(std::span<const T> values, Index n, double& worst) {
  constexpr Index tile = 64;
  std::pair<Index, Index> pair{0, 0};
  worst = 0;
  for (Index i0 = 0; i0 < n; i0 += tile) {
    for (Index j0 = i0; j0 < n; j0 += tile) {
      for (Index i = i0; i < std::min(i0 + tile, n); ++i) {
        for (Index j = std::max(j0, i + 1); j < std::min(j0 + tile, n); ++j) {
          const auto a = static_cast<double>(values[static_cast<std::size_t>(i * n + j)]);
          const auto b = static_cast<double>(values[static_cast<std::size_t>(j * n + i)]);
          if (a == b) continue;
          const double difference = std::abs(a - b) / std::max(a, b);
          if (difference > worst) {
            worst = difference;
            pair = {i, j};
          }
        }
      }
    }
  }
  return pair;
}

template <class T>
void check_symmetry(std::span<const T> values, Index n, const MatrixOptions& options) {
  double worst = 0;
  const auto [i, j] = most_asymmetric(values, n, worst);
  if (worst <= symmetry_tolerance) return;
  throw InputError(fmt::format("the matrix is not symmetric: {} holds {}, {} holds {}", element(i, j),
                               shown(values[static_cast<std::size_t>(i * n + j)]), element(j, i),
                               shown(values[static_cast<std::size_t>(j * n + i)])),
                   place(options.source, options.first_line, i, j),
                   "a symmetric matrix, or --orientation rows-are-objects or rows-are-candidates");
}

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

template <class T>
void clear_diagonal(std::vector<T>& values, Index n) {
  for (Index i = 0; i < n; ++i) values[static_cast<std::size_t>(i * n + i)] = 0;
}

// Throws LimitError when a matrix of n objects is over the budget (0: half of the free memory).
void check_budget(Index n, std::size_t value_bytes, std::uint64_t memory_budget_bytes) {
  const std::uint64_t needed = static_cast<std::uint64_t>(n) * static_cast<std::uint64_t>(n) * value_bytes;
  const std::uint64_t budget = memory_budget_bytes != 0 ? memory_budget_bytes : available_memory_bytes() / 2;
  if (needed > budget) {
    throw LimitError(
        fmt::format("the distance matrix of {} objects does not fit", n), needed, budget,
        "give more with --memory, compute distances as they are needed with --no-matrix, or work on "
        "samples with --method fasterclara");
  }
}

// Values that were computed: a NaN or a negative one is the fault of a metric or callback.
template <class T>
void check_made(std::span<const T> values, Index n) {
  for (std::size_t at = 0; at < values.size(); ++at) {
    if (values[at] >= 0 && (std::is_integral_v<T> || values[at] <= std::numeric_limits<T>::max())) continue;
    throw NumericError(fmt::format("the dissimilarity from object {} to object {} is {}",
                                   static_cast<Index>(at) % n, static_cast<Index>(at) / n,
                                   shown(values[at])));
  }
}

void check_coordinates(std::span<const double> coordinates, Index n, Index d, const PointOptions& options) {
  if (n < 1 || d < 1 || coordinates.size() != static_cast<std::size_t>(n) * static_cast<std::size_t>(d)) {
    throw InputError(fmt::format("{} coordinates for {} points of {} dimensions", coordinates.size(), n, d),
                     {options.source}, "n * d values, n and d at least 1");
  }
  for (std::size_t at = 0; at < coordinates.size(); ++at) {
    if (std::isfinite(coordinates[at])) continue;
    const auto i = static_cast<Index>(at) / d, j = static_cast<Index>(at) % d;
    throw InputError(
        fmt::format("the value in {} is {}", element(i, j),
                    std::isnan(coordinates[at]) ? "missing (not a number)" : text::exact(coordinates[at])),
        place(options.source, options.first_line, i, j), "a finite number");
  }
}

}  // namespace

Orientation parse_orientation(const std::string& text) {
  if (text == "symmetric") return Orientation::Symmetric;
  if (text == "rows-are-objects") return Orientation::RowsAreObjects;
  if (text == "rows-are-candidates") return Orientation::RowsAreCandidates;
  throw InputError("unknown orientation '" + text + "'", {},
                   "symmetric, rows-are-objects or rows-are-candidates");
}

std::string_view name(Metric metric) { return metric == Metric::Euclidean ? "euclidean" : "manhattan"; }

Metric parse_metric(const std::string& text) {
  for (const Metric metric : {Metric::Euclidean, Metric::Manhattan}) {
    if (text == name(metric)) return metric;
  }
  throw InputError("unknown metric '" + text + "'" + text::suggestion(text, {"euclidean", "manhattan"}));
}

template <class T>
Dissimilarity Dissimilarity::view(std::span<const T> values, Index n, const MatrixOptions& options) {
  check_values(values, n, options);
  if (options.orientation == Orientation::Symmetric) check_symmetry(values, n, options);
  Dissimilarity result;
  result.n_ = n;
  result.symmetric_ = options.orientation == Orientation::Symmetric;
  if (options.orientation == Orientation::RowsAreObjects || options.zero_diagonal) {
    auto owned = std::make_shared<std::vector<T>>(options.orientation == Orientation::RowsAreObjects
                                                      ? transposed(values, n, n)
                                                      : std::vector<T>(values.begin(), values.end()));
    clear_diagonal(*owned, n);
    result.rows_ = Rows<T>{owned->data(), nullptr};
    result.owner_ = std::move(owned);
  } else {
    result.rows_ = Rows<T>{values.data(), nullptr};
  }
  if constexpr (std::is_integral_v<T>)
    result.largest_ = static_cast<double>(*std::max_element(values.begin(), values.end()));
  return result;
}

template <class T>
Dissimilarity Dissimilarity::made(std::shared_ptr<const RowMaker<T>> maker, Index n, bool symmetric,
                                  double largest) {
  Dissimilarity result;
  result.n_ = n;
  result.symmetric_ = symmetric;
  result.largest_ = largest;
  result.rows_ = Rows<T>{nullptr, maker.get()};
  result.owner_ = std::move(maker);
  return result;
}

Dissimilarity Dissimilarity::in_memory(std::uint64_t memory_budget_bytes, int threads) const {
  return std::visit(
      [&]<class T>(const Rows<T>& rows) {
        if (rows.dense != nullptr) return *this;
        check_budget(n_, sizeof(T), memory_budget_bytes);
        auto owned = std::make_shared<std::vector<T>>(static_cast<std::size_t>(n_ * n_));
        T* values = owned->data();
        parallel_for(resolve_threads(threads), n_, piece_size(16 * n_), [&](Index begin, Index end) {
          for (Index x = begin; x < end; ++x) rows.maker->fill(x, 0, n_, values + x * n_);
        });
        check_made(std::span<const T>(*owned), n_);
        Dissimilarity result = *this;
        result.rows_ = Rows<T>{values, nullptr};
        result.owner_ = std::move(owned);
        return result;
      },
      rows_);
}

template <class T>
Dissimilarity Dissimilarity::matrix(std::vector<T> values, Index n, const MatrixOptions& options) {
  auto owned = std::make_shared<std::vector<T>>(std::move(values));
  Dissimilarity result = view(std::span<const T>(*owned), n, options);
  if (!result.owner_) result.owner_ = std::move(owned);
  return result;
}

#define XCHG_INSTANTIATE(T)                                                                    \
  template Dissimilarity Dissimilarity::matrix(std::vector<T>, Index, const MatrixOptions&);   \
  template Dissimilarity Dissimilarity::view(std::span<const T>, Index, const MatrixOptions&); \
  template Dissimilarity Dissimilarity::made(std::shared_ptr<const RowMaker<T>>, Index, bool, double);
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

Dissimilarity Dissimilarity::points(std::span<const double> coordinates, Index n, Index d,
                                    const PointOptions& options) {
  check_coordinates(coordinates, n, d, options);
  check_budget(n, sizeof(double), options.memory_budget_bytes);
  const std::vector<double> columns = transposed(coordinates, n, d);
  const PointRow row = XCHG_KERNEL(resolve_isa(options.isa), point_row, options.metric);
  auto owned = std::make_shared<std::vector<double>>(static_cast<std::size_t>(n * n));
  double* values = owned->data();
  std::atomic<bool> finite = true;
  const Index rows = piece_size(n * d);
  parallel_for(resolve_threads(options.threads), n, rows, [&](Index begin, Index end) {
    for (Index x = begin; x < end; ++x) row(columns.data(), n, d, x, 0, n, values + x * n);
    if (!std::all_of(values + begin * n, values + end * n, [](double v) { return std::isfinite(v); }))
      finite = false;
  });
  if (!finite)
    throw NumericError("a distance between two points is over the range of double; scale the data");
  Dissimilarity result;
  result.n_ = n;
  result.rows_ = Rows<double>{owned->data(), nullptr};
  result.owner_ = std::move(owned);
  return result;
}

bool Dissimilarity::integers() const {
  return std::visit([]<class T>(const Rows<T>&) { return std::is_integral_v<T>; }, rows_);
}

bool Dissimilarity::dense() const {
  return std::visit([](const auto& rows) { return rows.dense != nullptr; }, rows_);
}

double Dissimilarity::at(Index object, Index candidate) const {
  return std::visit(
      [&](const auto& rows) {
        return static_cast<double>(rows.dense != nullptr ? rows.dense[candidate * n_ + object]
                                                         : rows.maker->at(object, candidate));
      },
      rows_);
}

}  // namespace xchg::kmedoids
