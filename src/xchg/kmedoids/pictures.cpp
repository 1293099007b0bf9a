#include "xchg/kmedoids/pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "xchg/core/text.hpp"

namespace xchg::kmedoids {
namespace {

std::string cluster_name(const Input& input, const Result& result, std::int32_t slot) {
  return fmt::format("{}: {}", slot, object_name(input, result.medoids[static_cast<std::size_t>(slot)]));
}

// "150 objects in 3 clusters of 62, 50 and 38"
std::string sizes_in_words(const Result& result) {
  std::vector<std::size_t> sizes(result.medoids.size());
  for (const std::int32_t label : result.labels) ++sizes[static_cast<std::size_t>(label)];
  if (sizes.size() > 12) {
    const auto [least, most] = std::minmax_element(sizes.begin(), sizes.end());
    return fmt::format("{} objects in {} clusters of {} to {}", result.labels.size(), sizes.size(), *least,
                       *most);
  }
  std::string list;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    list += fmt::format("{}{}", i == 0 ? "" : i + 1 == sizes.size() ? " and " : ", ", sizes[i]);
  }
  return fmt::format("{} objects in {} cluster{} of {}", result.labels.size(), sizes.size(),
                     sizes.size() == 1 ? "" : "s", list);
}

// Objects by cluster, within a cluster by falling silhouette.
std::vector<std::size_t> silhouette_order(const Result& result, std::span<const double> silhouettes) {
  std::vector<std::size_t> order(result.labels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (result.labels[a] != result.labels[b]) return result.labels[a] < result.labels[b];
    return silhouettes[a] > silhouettes[b];
  });
  return order;
}

}  // namespace

std::string object_name(const Input& input, Index object) {
  if (input.ids.empty()) return std::to_string(object);
  return input.ids[static_cast<std::size_t>(object)];
}

chart::Points clustered_points(const Input& input, const Result& result,
                               const std::function<std::pair<double, double>(std::size_t)>& place) {
  chart::Points points;
  for (Index o = 0; o < input.data.size(); ++o) {
    const auto at = static_cast<std::size_t>(o);
    const auto [x, y] = place(at);
    points.x.push_back(x);
    points.y.push_back(y);
    points.category.push_back(cluster_name(input, result, result.labels[at]));
    points.id.push_back(object_name(input, o));
    points.emphasised.push_back(result.medoids[static_cast<std::size_t>(result.labels[at])] == o);
  }
  return points;
}

chart::Chart cluster_picture(const std::string& id, const Input& input, const Result& result,
                             std::uint64_t seed) {
  chart::PointOptions options;
  options.category_title = "cluster: medoid";
  options.emphasised_title = "medoid";
  options.equal_aspect = true;
  options.most_names = input.ids.empty() ? 0 : 40;
  options.seed = seed;
  std::vector<double> plane;
  std::string caption;
  if (input.fields.size() == 2) {
    plane = input.coordinates;
    options.x.title = input.fields[0];
    options.y.title = input.fields[1];
    caption = "The data as they are.";
  } else {
    Projection projection = project(input.data, result.medoids, seed);
    plane = std::move(projection.coordinates);
    options.x.title = "first coordinate of the projection";
    options.y.title = "second coordinate of the projection";
    caption = fmt::format(
        "Classical scaling of the dissimilarities; this plane shows {:.0f} % of their variance, so distances "
        "in it are "
        "only a hint.",
        100 * projection.kept);
  }
  const chart::Points points = clustered_points(input, result, [&](std::size_t o) {
    return std::pair{plane[2 * o], plane[2 * o + 1]};
  });
  return chart::point({id, "Clusters in the plane", caption, sizes_in_words(result) + "."}, points, options);
}

chart::Chart silhouette_picture(const std::string& id, const Input& input, const Result& result,
                                std::span<const double> silhouettes) {
  std::vector<chart::Rectangle> bars;
  double position = 0, sum = 0;
  std::int32_t previous = 0;
  std::size_t negative = 0;
  const double gap = std::max(1.0, static_cast<double>(silhouettes.size()) / 60);
  for (const std::size_t o : silhouette_order(result, silhouettes)) {
    if (result.labels[o] != previous) position += gap;
    previous = result.labels[o];
    const double value = silhouettes[o];
    bars.push_back({std::min(0.0, value), std::max(0.0, value), position, position + 1,
                    fmt::format("{}: {:.3f}", object_name(input, static_cast<Index>(o)), value),
                    cluster_name(input, result, result.labels[o])});
    position += 1;
    sum += value;
    negative += value < 0 ? 1U : 0U;
  }
  chart::RectangleOptions options;
  options.x = {.title = "silhouette", .high = 1};
  options.y.title = "objects, by cluster";
  options.category_title = "cluster: medoid";
  options.most_rectangles = 5000;
  const double mean = sum / static_cast<double>(silhouettes.size());
  return chart::rectangles(
      {id, "Silhouettes",
       "One bar an object: 1 is far from other clusters, below 0 it would be nearer to another cluster on "
       "average.",
       fmt::format("The mean silhouette is {:.3f}; {} of {} objects have a negative one.", mean, negative,
                   silhouettes.size())},
      bars, options);
}

chart::Chart descent_picture(const std::string& id, const std::vector<NamedRun>& runs, DescentOver over) {
  std::vector<chart::Series> series;
  std::string words;
  for (const NamedRun& run : runs) {
    const Statistics& statistics = run.result->statistics;
    chart::Series line{
        .name = run.name, .x = {0}, .y = {statistics.total_deviation_init}, .low = {}, .high = {}};
    for (std::size_t swap = 0; swap < statistics.total_deviation_per_swap.size(); ++swap) {
      line.x.push_back(over == DescentOver::Swaps ? static_cast<double>(swap + 1)
                                                  : 1000 * statistics.seconds_per_swap[swap]);
      line.y.push_back(statistics.total_deviation_per_swap[swap]);
    }
    words += fmt::format("{}{}: from {} to {} in {} swaps", words.empty() ? "" : "; ", run.name,
                         text::brief(line.y.front()), text::brief(line.y.back()), statistics.swaps);
    series.push_back(std::move(line));
  }
  chart::LineOptions options;
  options.x.title = over == DescentOver::Swaps ? "swaps" : "time";
  options.x.unit = over == DescentOver::Swaps ? "" : "ms";
  options.y.title = "total deviation";
  options.stepped = true;
  options.series_title = "search";
  return chart::line(
      {id, over == DescentOver::Swaps ? "Total deviation after every swap" : "Total deviation over time",
       "Every swap lowers it; the search ends when none does.", words + "."},
      series, options);
}

}  // namespace xchg::kmedoids
