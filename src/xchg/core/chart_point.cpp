#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "xchg/core/chart_spec.hpp"
#include "xchg/core/random.hpp"
#include "xchg/core/text.hpp"

namespace xchg::chart {
namespace {

using detail::Json;

void check(const Words& words, const Points& points) {
  const std::size_t count = points.x.size();
  const auto fits = [count](std::size_t size) { return size == 0 || size == count; };
  detail::require(points.y.size() == count && fits(points.category.size()) && fits(points.id.size()) &&
                      fits(points.emphasised.size()),
                  words, "the columns of the points differ in length", "one entry for each point");
}

// The points that are drawn: all, or the emphasised ones and a sample of the others, in their order.
std::vector<std::size_t> chosen(const Points& points, const PointOptions& options,
                                detail::LeftOut& left_out) {
  std::vector<std::size_t> emphasised, others;
  for (std::size_t i = 0; i < points.x.size(); ++i) {
    if (!left_out.keep(detail::drawable(points.x[i], options.x) && detail::drawable(points.y[i], options.y)))
      continue;
    (!points.emphasised.empty() && points.emphasised[i] ? emphasised : others).push_back(i);
  }
  const std::size_t room = options.most_points - std::min(options.most_points, emphasised.size());
  if (others.size() > room) {
    Random random(options.seed);
    std::vector<std::size_t> sample;
    for (const std::uint64_t index : sample_without_replacement(others.size(), room, random))
      sample.push_back(others[index]);
    others = std::move(sample);
  }
  others.insert(others.end(), emphasised.begin(), emphasised.end());
  std::sort(others.begin(), others.end());
  return others;
}

// A domain a little wider than the values.
std::pair<double, double> padded(const std::vector<double>& values, const std::vector<std::size_t>& rows) {
  double low = values[rows.front()], high = low;
  for (const std::size_t row : rows) {
    low = std::min(low, values[row]);
    high = std::max(high, values[row]);
  }
  const double margin = high > low ? 0.04 * (high - low) : 1;
  return {low - margin, high + margin};
}

// Gives both axes the same length a unit. Returns height over width.
double equalise(Axis& x, Axis& y, const Points& points, const std::vector<std::size_t>& rows) {
  auto [x0, x1] = padded(points.x, rows);
  auto [y0, y1] = padded(points.y, rows);
  // Neither side of the plot is more than 2.5 times the other.
  constexpr double most = 2.5;
  const double wanted_x = std::max(x1 - x0, (y1 - y0) / 1.0), wanted_y = std::max(y1 - y0, (x1 - x0) / most);
  const auto widen = [](double& low, double& high, double span) {
    const double extra = (span - (high - low)) / 2;
    if (extra > 0) low -= extra, high += extra;
  };
  widen(x0, x1, wanted_x);
  widen(y0, y1, wanted_y);
  x.low = x0, x.high = x1, y.low = y0, y.high = y1;
  return (y1 - y0) / (x1 - x0);
}

std::string plain_equivalent(const Points& points, const std::vector<std::size_t>& rows,
                             const PointOptions& options, std::size_t categories, std::size_t emphasised) {
  std::vector<double> xs, ys;
  for (const std::size_t row : rows) xs.push_back(points.x[row]), ys.push_back(points.y[row]);
  std::string text = fmt::format("{} points: {} {}, {} {}.", text::grouped(points.x.size()), options.x.title,
                                 detail::range_text(xs), options.y.title, detail::range_text(ys));
  if (categories > 1) text += fmt::format(" Coloured by {} ({} values).", options.category_title, categories);
  if (emphasised > 0) text += fmt::format(" Marked as {}: {}.", options.emphasised_title, emphasised);
  return text;
}

// The ids above their points.
Json names_layer(const std::string& id, const std::string& x, const std::string& y, const Axis& x_axis,
                 const Axis& y_axis) {
  return {{"mark", {{"type", "text"}, {"style", "image-label"}, {"baseline", "bottom"}, {"dy", -7}}},
          {"encoding",
           {{"x", detail::field(x, detail::quantitative(x_axis))},
            {"y", detail::field(y, detail::quantitative(y_axis))},
            {"text", {{"field", id}, {"type", "nominal"}}}}}};
}

}  // namespace

Chart point(const Words& words, const Points& points, const PointOptions& options) {
  check(words, points);
  detail::LeftOut left_out;
  const std::vector<std::size_t> rows = chosen(points, options, left_out);
  detail::require(!rows.empty(), words, "there is nothing to draw", "at least one finite point");
  Axis x_axis = options.x, y_axis = options.y;
  detail::Hints hints{.height = 380, .marks = rows.size()};
  if (options.equal_aspect) hints.aspect = equalise(x_axis, y_axis, points, rows);

  const bool coloured = !points.category.empty();
  const std::size_t emphasised =
      static_cast<std::size_t>(std::count(points.emphasised.begin(), points.emphasised.end(), true));
  DataTable table;
  const std::string id = points.id.empty() ? "" : detail::add_column(table, "id", false);
  const std::string x = detail::add_column(table, detail::axis_title(options.x), true);
  const std::string y = detail::add_column(table, detail::axis_title(options.y), true);
  const std::string category = coloured ? detail::add_column(table, options.category_title, false) : "";
  const std::string mark = emphasised > 0 ? detail::add_column(table, options.emphasised_title, false) : "";
  for (const std::size_t i : rows) {
    std::vector<std::string> row;
    if (!id.empty()) row.push_back(points.id[i]);
    row.push_back(text::exact(points.x[i]));
    row.push_back(text::exact(points.y[i]));
    if (coloured) row.push_back(points.category[i]);
    if (!mark.empty()) row.emplace_back(points.emphasised[i] ? "yes" : "no");
    table.rows.push_back(std::move(row));
  }

  Json encoding = {{"x", detail::field(x, detail::quantitative(x_axis))},
                   {"y", detail::field(y, detail::quantitative(y_axis))}};
  for (const char* channel : {"x", "y"}) {
    if (hints.aspect == 0) encoding[channel]["scale"]["padding"] = 8;  // pixels, so that no point is cut
  }
  std::vector<std::string> categories;
  if (coloured) {
    categories = detail::distinct_names(points.category);
    encoding["color"] = detail::colour(category, options.category_title, categories);
    encoding["color"]["legend"] = {{"symbolStrokeWidth", 0}};
    hints.legend_width = detail::longest(categories);
    if (categories.size() > palette().size()) {
      const Json shapes =
          detail::cycled_range(categories.size(), {"circle", "square", "triangle-up", "diamond", "cross"});
      encoding["shape"] = {{"field", category},
                           {"type", "nominal"},
                           {"title", options.category_title},
                           {"scale", {{"domain", categories}, {"range", shapes}}}};
    }
  }
  encoding["tooltip"] = Json::array();
  for (const auto& column : table.columns)
    encoding["tooltip"].push_back(detail::tip(column.name, column.title, column.numeric));

  const double size = rows.size() > 5000 ? 8 : rows.size() > 500 ? 18 : 36;
  Json layers = Json::array();
  layers.push_back({{"mark", {{"type", "point"}, {"filled", true}, {"size", size}, {"opacity", 0.75}}},
                    {"encoding", encoding}});
  if (!mark.empty()) {
    layers.front()["transform"] = {{{"filter", {{"field", mark}, {"equal", "no"}}}}};
    layers.push_back({{"transform", {{{"filter", {{"field", mark}, {"equal", "yes"}}}}}},
                      {"mark",
                       {{"type", "point"},
                        {"filled", true},
                        {"style", "emphasis"},
                        {"size", 190},
                        {"opacity", 1},
                        {"strokeWidth", 2},
                        {"shape", "diamond"}}},
                      {"encoding", std::move(encoding)}});
    layers.back()["encoding"].erase("shape");
  }
  if (!id.empty() && rows.size() <= options.most_names)
    layers.push_back(names_layer(id, x, y, x_axis, y_axis));
  std::string sampled;
  if (rows.size() + left_out.values < points.x.size()) {
    sampled = fmt::format("A sample of {} of {} points is drawn.", text::grouped(rows.size()),
                          text::grouped(points.x.size() - left_out.values));
  }
  const std::string marked = mark.empty() ? "" : "Large diamond: " + options.emphasised_title + ".";
  const std::string plain = plain_equivalent(points, rows, options, categories.size(), emphasised);
  return detail::finish(words, std::move(layers), std::move(table), hints,
                        {marked, sampled, detail::left_out_note(left_out)}, plain);
}

}  // namespace xchg::chart
