#include "xchg/kmedoids/dissimilarity.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "xchg/core/machine.hpp"
#include "xchg/core/parallel.hpp"
#include "xchg/core/threads.hpp"
#include "xchg/kmedoids/budget.hpp"
#include "xchg/kmedoids/infinite.hpp"
#include "xchg/kmedoids/places.hpp"
#include "xchg/kmedoids/point_rows.hpp"
#include "xchg/kmedoids/problem.hpp"
#include "xchg/kmedoids/transpose.hpp"

namespace xchg::kmedoids {
namespace {

// Relative; integers must be equal.
template <class T>
constexpr double symmetry_tolerance = std::is_integral_v<T> ? 0 : 1e-6;

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
      if (is_dissimilarity(row[j], options.infinite_penalty)) continue;
      throw InputError(fmt::format("the value in {} is {}", element(i, j), shown(row[j])),
                       place(options.source, options.first_line, i, j),
                       expected_dissimilarity(options.infinite_penalty));
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
          const double larger = std::max(a, b);
          const double difference = std::isinf(larger) ? 1 : std::abs(a - b) / larger;
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
  if (worst <= symmetry_tolerance<T>) return;
  throw InputError(fmt::format("the matrix is not symmetric: {} holds {}, {} holds {}", element(i, j),
                               shown(values[static_cast<std::size_t>(i * n + j)]), element(j, i),
                               shown(values[static_cast<std::size_t>(j * n + i)])),
                   place(options.source, options.first_line, i, j),
                   "a symmetric matrix, or --orientation rows-are-objects or rows-are-candidates");
}

template <class T>
void clear_diagonal(std::vector<T>& values, Index n) {
  for (Index i = 0; i < n; ++i) values[static_cast<std::size_t>(i * n + i)] = 0;
}

// Candidate rows that were made: a NaN or a negative value is the fault of a metric or callback.
template <class T>
void check_made(const T* row, Index candidate, Index begin, Index end) {
  for (Index o = begin; o < end; ++o) {
    if (is_dissimilarity(row[o])) continue;
    throw NumericError(
        fmt::format("the dissimilarity from object {} to object {} is {}", o, candidate, shown(row[o])));
  }
}

// The upper triangle of a symmetric matrix onto the lower one, in tiles.
template <class T>
void mirror(T* values, Index n, int threads) {
  constexpr Index tile = 64;
  parallel_for(threads, (n + tile - 1) / tile, piece_size(tile * n), [&](Index begin, Index end) {
    for (Index i0 = begin * tile; i0 < std::min(end * tile, n); i0 += tile) {
      for (Index j0 = 0; j0 <= i0; j0 += tile) {
        for (Index i = i0; i < std::min(i0 + tile, n); ++i) {
          for (Index j = j0; j < std::min(j0 + tile, i); ++j) values[i * n + j] = values[j * n + i];
        }
      }
    }
  });
}

}  // namespace

std::uint64_t matrix_bytes(Index n, std::size_t value_bytes) {
  return static_cast<std::uint64_t>(n) * static_cast<std::uint64_t>(n) * value_bytes;
}

std::uint64_t resolved_budget(std::uint64_t memory_budget_bytes) {
  return memory_budget_bytes != 0 ? memory_budget_bytes : available_memory_bytes() / 2;
}

void check_budget(Index n, std::size_t value_bytes, std::uint64_t memory_budget_bytes) {
  const std::uint64_t needed = matrix_bytes(n, value_bytes), budget = resolved_budget(memory_budget_bytes);
  if (needed > budget) {
    throw LimitError(
        fmt::format("the distance matrix of {} objects does not fit", n), needed, budget,
        "give more with --memory, compute distances as they are needed with --no-matrix, or work on "
        "samples with --method fasterclara");
  }
}

Orientation parse_orientation(const std::string& text) {
  if (text == "symmetric") return Orientation::Symmetric;
  if (text == "rows-are-objects") return Orientation::RowsAreObjects;
  if (text == "rows-are-candidates") return Orientation::RowsAreCandidates;
  throw InputError("unknown orientation '" + text + "'", {},
                   "symmetric, rows-are-objects or rows-are-candidates");
}

template <class T>
Dissimilarity Dissimilarity::view(std::span<const T> values, Index n, const MatrixOptions& options) {
  check_values(values, n, options);
  if (options.orientation == Orientation::Symmetric) check_symmetry(values, n, options);
  Dissimilarity result;
  result.n_ = n;
  result.symmetric_ = options.orientation == Orientation::Symmetric;
  result.infinite_replaced_ = count_infinite(values);
  if (options.orientation == Orientation::RowsAreObjects || options.zero_diagonal ||
      result.infinite_replaced_ > 0) {
    check_budget(n, sizeof(T), options.memory_budget_bytes);
    auto owned = std::make_shared<std::vector<T>>(options.orientation == Orientation::RowsAreObjects
                                                      ? transposed(values, n, n)
                                                      : std::vector<T>(values.begin(), values.end()));
    clear_diagonal(*owned, n);
    if (result.infinite_replaced_ > 0) replace_infinite(std::span<T>(*owned), n);
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

Dissimilarity Dissimilarity::in_memory(std::uint64_t memory_budget_bytes, int threads,
                                       Progress& progress) const {
  return std::visit(
      [&]<class T>(const Rows<T>& rows) {
        if (rows.dense != nullptr) return *this;
        check_budget(n_, sizeof(T), memory_budget_bytes);
        auto owned = std::make_shared<std::vector<T>>(static_cast<std::size_t>(n_ * n_));
        T* values = owned->data();
        const bool half = symmetric_ && !rows.maker->prefers_several();
        const int team = resolve_threads(threads);
        const Index piece = std::max<Index>(4, piece_size(16 * n_));
        parallel_for(team, n_, piece, [&](Index begin, Index end) {
          std::vector<Index> candidates;
          std::vector<T*> places;
          for (Index x = begin; x < end; ++x) {
            if (progress.cancelled()) throw CancelledError("cancelled while the matrix was computed");
            candidates.push_back(x);
            places.push_back(values + x * n_);
            if (half) rows.maker->fill(x, x, n_, values + x * n_ + x);
          }
          if (!half) rows.maker->fill_several(candidates, n_, places.data());
          for (Index x = begin; x < end; ++x) check_made(values + x * n_, x, half ? x : 0, n_);
        });
        if (half) mirror(values, n_, team);
        Dissimilarity result = *this;
        result.rows_ = Rows<T>{values, nullptr};
        result.owner_ = std::move(owned);
        return result;
      },
      rows_);
}

Dissimilarity Dissimilarity::kept(Matrix matrix, std::uint64_t memory_budget_bytes, int threads,
                                  Progress& progress) const {
  const std::size_t value_bytes = std::visit([]<class T>(const Rows<T>&) { return sizeof(T); }, rows_);
  const bool keep =
      matrix == Matrix::Always ||
      (matrix == Matrix::Auto && matrix_bytes(n_, value_bytes) <= resolved_budget(memory_budget_bytes));
  return keep ? in_memory(memory_budget_bytes, threads, progress) : *this;
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
  return made<double>(std::make_shared<PointRows>(coordinates, n, d, options), n, true)
      .kept(options.matrix, options.memory_budget_bytes, options.threads);
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
