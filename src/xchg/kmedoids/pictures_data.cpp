#include "xchg/kmedoids/pictures_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "xchg/core/error.hpp"
#include "xchg/kmedoids/pictures.hpp"

namespace xchg::kmedoids {
namespace {

// Rows of the heat map; it averages blocks of these.
constexpr std::size_t most_objects = 960;

std::vector<Index> objects_by_cluster(const Result& result) {
  std::vector<Index> order(result.labels.size());
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
    const auto at = static_cast<std::size_t>(a), bt = static_cast<std::size_t>(b);
    if (result.labels[at] != result.labels[bt]) return result.labels[at] < result.labels[bt];
    return result.distance_to_medoid[at] < result.distance_to_medoid[bt];
  });
  return order;
}

std::vector<Index> thinned(const std::vector<Index>& order) {
  if (order.size() <= most_objects) return order;
  std::vector<Index> kept;
  for (std::size_t i = 0; i < most_objects; ++i) kept.push_back(order[i * order.size() / most_objects]);
  return kept;
}

// The share of a column's variance that lies between the means of the clusters; 0 for a constant column.
double share_between(const Input& input, const Result& result, std::size_t column) {
  const std::size_t n = result.labels.size(), k = result.medoids.size();
  std::vector<double> sums(k, 0.0), counts(k, 0.0);
  double total = 0;
  const auto value = [&](std::size_t o) { return input.coordinates[o * input.fields.size() + column]; };
  for (std::size_t o = 0; o < n; ++o) {
    const auto slot = static_cast<std::size_t>(result.labels[o]);
    sums[slot] += value(o);
    counts[slot] += 1;
    total += value(o);
  }
  const double mean = total / static_cast<double>(n);
  double between = 0, all = 0;
  for (std::size_t slot = 0; slot < k; ++slot) {
    const double difference = sums[slot] / counts[slot] - mean;
    between += counts[slot] * difference * difference;
  }
  for (std::size_t o = 0; o < n; ++o) all += (value(o) - mean) * (value(o) - mean);
  return all > 0 ? between / all : 0;
}

}  // namespace

chart::Chart matrix_picture(const std::string& id, const Input& input, const Result& result) {
  const std::vector<Index> order = thinned(objects_by_cluster(result));
  std::vector<double> values;
  values.reserve(order.size() * order.size());
  for (const Index object : order) {
    for (const Index candidate : order) values.push_back(input.data.at(object, candidate));
  }
  chart::Matrix matrix{.rows = order.size(), .columns = order.size(), .values = values};
  if (order.size() <= 96 && !input.ids.empty()) {
    for (const Index object : order) matrix.row_labels.push_back(object_name(input, object));
    matrix.column_labels = matrix.row_labels;
  }
  chart::HeatMapOptions options;
  options.row_title = "objects, by cluster";
  options.column_title = "objects, by cluster";
  options.value_title = "dissimilarity";
  // Blocks of one and of two objects side by side would make a pattern that is not in the data.
  if (order.size() < 2 * options.most_side) options.most_side = order.size();
  const std::string left_out = order.size() < result.labels.size()
                                   ? fmt::format(" Of {} objects {} are shown, evenly from all clusters.",
                                                 result.labels.size(), order.size())
                                   : "";
  return chart::heat_map(
      {id, "Dissimilarities by cluster",
       "Objects of a cluster stand together, its medoid first: good clusters are blocks on the "
       "diagonal." +
           left_out,
       fmt::format("The dissimilarities between {} objects in {} clusters.", order.size(),
                   result.medoids.size())},
      matrix, options);
}

std::pair<std::size_t, std::size_t> separating_columns(const Input& input, const Result& result) {
  if (input.fields.size() < 2)
    throw InputError("there are fewer than two columns", {}, "points of two columns");
  std::vector<double> shares;
  for (std::size_t column = 0; column < input.fields.size(); ++column)
    shares.push_back(share_between(input, result, column));
  const auto best = static_cast<std::size_t>(std::max_element(shares.begin(), shares.end()) - shares.begin());
  shares[best] = -1;
  const auto second =
      static_cast<std::size_t>(std::max_element(shares.begin(), shares.end()) - shares.begin());
  return {best, second};
}

chart::Chart columns_picture(const std::string& id, const Input& input, const Result& result,
                             std::uint64_t seed) {
  const auto [first, second] = separating_columns(input, result);
  chart::PointOptions options;
  options.x.title = input.fields[first];
  options.y.title = input.fields[second];
  options.category_title = "cluster: medoid";
  options.emphasised_title = "medoid";
  options.seed = seed;
  return chart::point(
      {id, "The two columns that separate the clusters best",
       fmt::format(
           "Of {} columns these have the greatest shares of their variance between clusters: {:.0f} % and "
           "{:.0f} %.",
           input.fields.size(), 100 * share_between(input, result, first),
           100 * share_between(input, result, second)),
       ""},
      clustered_points(input, result,
                       [&](std::size_t o) {
                         const double* row = input.coordinates.data() + o * input.fields.size();
                         return std::pair{row[first], row[second]};
                       }),
      options);
}

}  // namespace xchg::kmedoids
