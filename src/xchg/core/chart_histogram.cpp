#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "xchg/core/chart_spec.hpp"
#include "xchg/core/text.hpp"

namespace xchg::chart {
namespace {

using detail::Json;

double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - std::floor(place)) * (sorted[above] - sorted[below]);
}

// Freedman and Diaconis (1981): a width of twice the interquartile range over the cube root of n.
std::size_t default_bins(const std::vector<double>& sorted) {
  const double width =
      2 * (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / std::cbrt(static_cast<double>(sorted.size()));
  const double range = sorted.back() - sorted.front();
  if (!(width > 0)) return 20;
  return static_cast<std::size_t>(std::clamp(std::ceil(range / width), 5.0, 80.0));
}

struct Bins {
  double low = 0, width = 1;
  std::vector<std::size_t> counts;
  double edge(std::size_t i) const { return low + width * static_cast<double>(i); }
};

// The last bin holds its upper end, too.
Bins count(const std::vector<double>& sorted, std::size_t bins, const Axis& axis) {
  double low = axis.low.value_or(sorted.front()), high = axis.high.value_or(sorted.back());
  if (!(high > low)) low -= 0.5, high += 0.5;
  Bins result{low, (high - low) / static_cast<double>(bins), std::vector<std::size_t>(bins, 0)};
  for (const double value : sorted) {
    if (value < low || value > high) continue;
    const auto bin = static_cast<std::size_t>((value - low) / result.width);
    ++result.counts[std::min(bin, bins - 1)];
  }
  return result;
}

void add_bands(Json& layers, const HistogramOptions& options) {
  std::size_t labels = 0;
  const std::string title = detail::axis_title(options.value);
  for (const Band& band : options.bands) {
    const Json from = {{"datum", band.low}, {"type", "quantitative"}, {"title", title}};
    layers.push_back({{"data", detail::one_row()},
                      {"mark", {{"type", "rect"}, {"style", "band"}}},
                      {"encoding", {{"x", from}, {"x2", {{"datum", band.high}}}}}});
    if (band.label.empty()) continue;
    layers.push_back({{"data", detail::one_row()},
                      {"mark",
                       {{"type", "text"},
                        {"style", "reference-label"},
                        {"text", band.label},
                        {"align", "left"},
                        {"baseline", "top"},
                        {"dx", 4},
                        {"dy", detail::label_drop(labels++)}}},
                      {"encoding", {{"x", from}, {"y", {{"value", 0}}}}}});
  }
}

}  // namespace

Chart histogram(const Words& words, std::span<const double> values, const HistogramOptions& options) {
  detail::require(!options.value.logarithmic, words, "bins have equal width",
                  "an axis that is not logarithmic");
  detail::LeftOut left_out;
  std::vector<double> sorted;
  for (const double value : values) {
    const bool inside = std::isfinite(value) && !(options.value.low && value < *options.value.low) &&
                        !(options.value.high && value > *options.value.high);
    if (left_out.keep(inside)) sorted.push_back(value);
  }
  detail::require(!sorted.empty(), words, "there is nothing to draw", "at least one finite value");
  std::sort(sorted.begin(), sorted.end());
  const Bins bins = count(sorted, options.bins > 0 ? options.bins : default_bins(sorted), options.value);

  DataTable table;
  const std::string unit = options.value.unit.empty() ? "" : " (" + options.value.unit + ")";
  const std::string from = detail::add_column(table, options.value.title + " from" + unit, true);
  const std::string to = detail::add_column(table, options.value.title + " to" + unit, true);
  const std::string number = detail::add_column(table, options.count_title, true);
  std::size_t fullest = 0;
  for (std::size_t i = 0; i < bins.counts.size(); ++i) {
    table.rows.push_back(
        {text::exact(bins.edge(i)), text::exact(bins.edge(i + 1)), std::to_string(bins.counts[i])});
    if (bins.counts[i] > bins.counts[fullest]) fullest = i;
  }

  Json x = detail::field(from, detail::quantitative(options.value));
  x["bin"] = "binned";
  Json encoding = {
      {"x", std::move(x)},
      {"x2", {{"field", to}}},
      {"y",
       {{"field", number}, {"type", "quantitative"}, {"title", options.count_title}, {"stack", nullptr}}},
      {"tooltip", Json::array()}};
  for (const auto& column : table.columns)
    encoding["tooltip"].push_back(detail::tip(column.name, column.title, column.numeric));
  Json layers = Json::array();
  add_bands(layers, options);
  layers.push_back({{"mark", {{"type", "bar"}, {"binSpacing", 1}}}, {"encoding", std::move(encoding)}});
  detail::add_references(layers, options.references, false, detail::axis_title(options.value),
                         options.bands.size());

  const std::string plain =
      fmt::format("{} values of {} {}; median {}; most of them, {}, between {} and {}.",
                  text::grouped(sorted.size()), detail::axis_title(options.value), detail::range_text(sorted),
                  text::brief(quantile(sorted, 0.5), 4), text::grouped(bins.counts[fullest]),
                  text::brief(bins.edge(fullest), 4), text::brief(bins.edge(fullest + 1), 4));
  const std::size_t marks = table.rows.size();
  return detail::finish(words, std::move(layers), std::move(table), {.height = 280, .marks = marks},
                        {detail::left_out_note(left_out, "not finite, or outside the axis")}, plain);
}

}  // namespace xchg::chart
