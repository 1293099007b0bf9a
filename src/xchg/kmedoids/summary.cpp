// Descriptions of a clustering: silhouettes, the table of clusters, a projection into the plane.
#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "xchg/core/error.hpp"
#include "xchg/core/parallel.hpp"
#include "xchg/core/random.hpp"
#include "xchg/core/threads.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {
namespace {

std::vector<std::int64_t> cluster_sizes(const Dissimilarity& data, std::span<const std::int32_t> labels) {
  if (static_cast<Index>(labels.size()) != data.size()) {
    throw InputError(fmt::format("{} labels for {} objects", labels.size(), data.size()), {},
                     "one label an object");
  }
  std::vector<std::int64_t> sizes;
  for (const std::int32_t label : labels) {
    if (label < 0) throw InputError(fmt::format("a label is {}", label), {}, "labels from 0");
    if (static_cast<std::size_t>(label) >= sizes.size()) sizes.resize(static_cast<std::size_t>(label) + 1);
    ++sizes[static_cast<std::size_t>(label)];
  }
  for (std::size_t slot = 0; slot < sizes.size(); ++slot) {
    if (sizes[slot] == 0)
      throw InputError(fmt::format("cluster {} is empty", slot), {}, "labels 0 to k-1, each in use");
  }
  return sizes;
}

// Dissimilarities d(object, .) to all objects.
void object_row(const Dissimilarity& data, Index object, std::vector<double>& row) {
  const Index n = data.size();
  row.resize(static_cast<std::size_t>(n));
  if (!data.symmetric()) {
    for (Index x = 0; x < n; ++x) row[static_cast<std::size_t>(x)] = data.at(object, x);
    return;
  }
  std::visit(
      [&]<class T>(const Rows<T>& rows) {
        if (rows.dense != nullptr) {
          const T* first = rows.dense + object * n;
          std::transform(first, first + n, row.begin(), [](T value) { return static_cast<double>(value); });
        } else {
          std::vector<T> made(static_cast<std::size_t>(n));
          rows.maker->fill(object, 0, n, made.data());
          std::transform(made.begin(), made.end(), row.begin(),
                         [](T value) { return static_cast<double>(value); });
        }
      },
      data.rows());
}

double silhouette_of(const std::vector<double>& row, std::span<const std::int32_t> labels,
                     const std::vector<std::int64_t>& sizes, std::size_t own) {
  std::vector<double> sums(sizes.size(), 0.0);
  for (std::size_t o = 0; o < row.size(); ++o) sums[static_cast<std::size_t>(labels[o])] += row[o];
  if (sizes[own] == 1 || sizes.size() == 1) return 0;
  const double a = sums[own] / static_cast<double>(sizes[own] - 1);
  double b = std::numeric_limits<double>::infinity();
  for (std::size_t slot = 0; slot < sizes.size(); ++slot) {
    if (slot != own) b = std::min(b, sums[slot] / static_cast<double>(sizes[slot]));
  }
  const double larger = std::max(a, b);
  return larger > 0 ? (b - a) / larger : 0;
}

// The medoids and a seeded sample of other objects, at most `most`, ascending.
std::vector<Index> choose_landmarks(Index n, std::span<const Index> medoids, std::uint64_t seed) {
  constexpr std::size_t most = 200;
  std::set<Index> chosen(medoids.begin(),
                         medoids.begin() + static_cast<std::ptrdiff_t>(std::min(medoids.size(), most)));
  Random random(seed, 0x70726f6a);  // a stream of its own
  const std::size_t wanted = std::min(most, static_cast<std::size_t>(n));
  while (chosen.size() < wanted)
    chosen.insert(static_cast<Index>(random.below(static_cast<std::uint64_t>(n))));
  return {chosen.begin(), chosen.end()};
}

double symmetric_square(const Dissimilarity& data, Index a, Index b) {
  const double mean = (data.at(a, b) + data.at(b, a)) / 2;
  return mean * mean;
}

}  // namespace

std::vector<double> silhouette(const Dissimilarity& data, std::span<const std::int32_t> labels, int threads) {
  const std::vector<std::int64_t> sizes = cluster_sizes(data, labels);
  std::vector<double> result(labels.size());
  parallel_for(resolve_threads(threads), data.size(), piece_size(2 * data.size()),
               [&](Index begin, Index end) {
                 std::vector<double> row;
                 for (Index o = begin; o < end; ++o) {
                   object_row(data, o, row);
                   const auto at = static_cast<std::size_t>(o);
                   result[at] = silhouette_of(row, labels, sizes, static_cast<std::size_t>(labels[at]));
                 }
               });
  return result;
}

double mean_silhouette(std::span<const double> silhouettes) {
  return std::accumulate(silhouettes.begin(), silhouettes.end(), 0.0) /
         static_cast<double>(silhouettes.size());
}

std::vector<ClusterSummary> summarize(const Dissimilarity& data, const Result& result,
                                      std::span<const double> silhouettes, int threads) {
  const std::vector<std::int64_t> sizes = cluster_sizes(data, result.labels);
  const auto n = static_cast<std::size_t>(data.size());
  std::vector<double> farthest(n, 0.0), outside(n, std::numeric_limits<double>::infinity());
  parallel_for(resolve_threads(threads), data.size(), piece_size(2 * data.size()),
               [&](Index begin, Index end) {
                 std::vector<double> row;
                 for (Index object = begin; object < end; ++object) {
                   object_row(data, object, row);
                   const auto at = static_cast<std::size_t>(object);
                   for (std::size_t o = 0; o < n; ++o) {
                     if (result.labels[o] == result.labels[at]) {
                       farthest[at] = std::max(farthest[at], row[o]);
                     } else {
                       outside[at] = std::min(outside[at], row[o]);
                     }
                   }
                 }
               });
  std::vector<ClusterSummary> table(sizes.size());
  for (std::size_t slot = 0; slot < table.size(); ++slot) {
    table[slot].medoid = result.medoids[slot];
    table[slot].size = sizes[slot];
    table[slot].separation = std::numeric_limits<double>::infinity();
  }
  for (std::size_t o = 0; o < n; ++o) {
    ClusterSummary& row = table[static_cast<std::size_t>(result.labels[o])];
    row.mean_distance += result.distance_to_medoid[o] / static_cast<double>(row.size);
    row.max_distance = std::max(row.max_distance, result.distance_to_medoid[o]);
    row.diameter = std::max(row.diameter, farthest[o]);
    row.separation = std::min(row.separation, outside[o]);
    row.silhouette += silhouettes[o] / static_cast<double>(row.size);
  }
  return table;
}

Projection project(const Dissimilarity& data, std::span<const Index> medoids, std::uint64_t seed) {
  const std::vector<Index> landmarks = choose_landmarks(data.size(), medoids, seed);
  const auto count = static_cast<Eigen::Index>(landmarks.size());
  Eigen::MatrixXd squares(count, count);
  for (Eigen::Index i = 0; i < count; ++i) {
    for (Eigen::Index j = 0; j < count; ++j) {
      squares(i, j) = symmetric_square(data, landmarks[static_cast<std::size_t>(i)],
                                       landmarks[static_cast<std::size_t>(j)]);
    }
  }
  const Eigen::VectorXd means = squares.rowwise().mean();
  const Eigen::MatrixXd gram =
      -0.5 * ((squares.colwise() - means).rowwise() - means.transpose()).array() - 0.5 * means.mean();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(gram);
  const Eigen::VectorXd& values = solver.eigenvalues();  // ascending
  Eigen::MatrixXd placing = Eigen::MatrixXd::Zero(2, count);
  double plane = 0;
  for (Eigen::Index axis = 0; axis < std::min<Eigen::Index>(2, count); ++axis) {
    const double value = values(count - 1 - axis);
    if (value <= 1e-12 * std::max(1.0, values(count - 1))) continue;
    Eigen::VectorXd direction = solver.eigenvectors().col(count - 1 - axis);
    Eigen::Index largest = 0;
    direction.cwiseAbs().maxCoeff(&largest);
    if (direction(largest) < 0) direction = -direction;  // the sign is free: fix it
    placing.row(axis) = direction.transpose() / std::sqrt(value);
    plane += value;
  }
  Projection result;
  const double positive = values.cwiseMax(0).sum();
  result.kept = positive > 0 ? plane / positive : 1;
  for (Index object = 0; object < data.size(); ++object) {
    Eigen::VectorXd square(count);
    for (Eigen::Index i = 0; i < count; ++i)
      square(i) = symmetric_square(data, object, landmarks[static_cast<std::size_t>(i)]);
    const Eigen::Vector2d place = -0.5 * placing * (square - means);
    result.coordinates.insert(result.coordinates.end(), {place(0), place(1)});
  }
  return result;
}

}  // namespace xchg::kmedoids
