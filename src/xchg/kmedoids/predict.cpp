// New objects assigned to medoids. Rows and medoids become one list of objects, the medoids last, so that new
// rows keep their numbers in messages, and only distances between a row and a medoid are computed.
#include "xchg/kmedoids/predict.hpp"

#include <fmt/format.h>

#include <limits>
#include <numeric>

#include "xchg/core/error.hpp"
#include "xchg/core/parallel.hpp"
#include "xchg/core/threads.hpp"
#include "xchg/kmedoids/problem.hpp"

namespace xchg::kmedoids {
namespace {

// Pieces of this many objects, so that a thread's rows stay in its cache.
constexpr Index objects_a_piece = 4096;

Assignment nearest_of_last(const Dissimilarity& data, Index n) {
  std::vector<Index> medoids(static_cast<std::size_t>(data.size() - n));
  std::iota(medoids.begin(), medoids.end(), n);
  return assign(data, medoids, n);
}

template <class T>
std::vector<T> joined(std::span<const T> rows, std::span<const T> medoids) {
  std::vector<T> all(rows.begin(), rows.end());
  all.insert(all.end(), medoids.begin(), medoids.end());
  return all;
}

RawOptions without_matrix(RawOptions options) {
  options.matrix = Matrix::Never;
  return options;
}

}  // namespace

Assignment assign(const Dissimilarity& data, std::span<const Index> medoids, Index n) {
  if (n < 0 || n > data.size() || medoids.empty())
    throw InputError(
        fmt::format("{} of {} objects cannot be assigned to {} medoids", n, data.size(), medoids.size()));
  for (const Index medoid : medoids) {
    if (medoid < 0 || medoid >= data.size())
      throw InputError(fmt::format("the medoid {} does not exist", medoid), {},
                       fmt::format("0 to {}", data.size() - 1));
  }
  Assignment result;
  result.labels.assign(static_cast<std::size_t>(n), 0);
  result.distance_to_medoid.assign(static_cast<std::size_t>(n), std::numeric_limits<double>::infinity());
  std::visit(
      [&]<class T>(const Rows<T>& rows) {
        parallel_for(resolve_threads(0), n, objects_a_piece, [&](Index begin, Index end) {
          std::vector<T> made(static_cast<std::size_t>(end - begin));
          for (std::size_t slot = 0; slot < medoids.size(); ++slot) {
            const T* row = made.data();
            if (rows.dense != nullptr) {
              row = rows.dense + medoids[slot] * data.size() + begin;
            } else {
              rows.maker->fill(medoids[slot], begin, end, made.data());
            }
            for (Index o = begin; o < end; ++o) {
              const auto distance = static_cast<double>(row[o - begin]);
              double& nearest = result.distance_to_medoid[static_cast<std::size_t>(o)];
              if (distance >= nearest) continue;
              nearest = distance;
              result.labels[static_cast<std::size_t>(o)] = static_cast<std::int32_t>(slot);
            }
          }
        });
      },
      data.rows());
  return result;
}

Assignment predict(std::span<const double> medoids, std::span<const double> rows, Index d,
                   const PointOptions& options) {
  if (d < 1 || rows.size() % static_cast<std::size_t>(d) != 0 ||
      medoids.size() % static_cast<std::size_t>(d) != 0)
    throw InputError(
        fmt::format("{} and {} coordinates for points of {} dimensions", medoids.size(), rows.size(), d),
        {options.source}, "a multiple of d each");
  PointOptions never = options;
  never.matrix = Matrix::Never;
  const auto n = static_cast<Index>(rows.size()) / d, k = static_cast<Index>(medoids.size()) / d;
  return nearest_of_last(Dissimilarity::points(joined(rows, medoids), n + k, d, never), n);
}

Assignment predict(std::span<const TableColumn> medoids, std::span<const TableColumn> rows,
                   const RawOptions& options) {
  if (medoids.empty() || medoids.size() != rows.size())
    throw InputError(fmt::format("medoids of {} and rows of {} columns", medoids.size(), rows.size()),
                     {options.source}, "the same columns");
  std::vector<TableColumn> all(medoids.begin(), medoids.end());
  for (std::size_t c = 0; c < all.size(); ++c)
    all[c].values =
        joined(std::span<const double>(rows[c].values), std::span<const double>(medoids[c].values));
  return nearest_of_last(Dissimilarity::table(all, without_matrix(options)),
                         static_cast<Index>(rows.front().values.size()));
}

Assignment predict(std::span<const std::string> medoids, std::span<const std::string> rows, bool normalised,
                   const RawOptions& options) {
  return nearest_of_last(Dissimilarity::strings(joined(rows, medoids), normalised, without_matrix(options)),
                         static_cast<Index>(rows.size()));
}

}  // namespace xchg::kmedoids
