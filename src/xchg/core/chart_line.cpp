#include <fmt/format.h>

#include <algorithm>

#include "xchg/core/chart_spec.hpp"
#include "xchg/core/text.hpp"

namespace xchg::chart {
namespace {

using detail::Json;

void check(const Words& words, const std::vector<Series>& series) {
  for (const Series& one : series) {
    const bool band = !one.low.empty() || !one.high.empty();
    detail::require(one.x.size() == one.y.size() &&
                        (!band || (one.low.size() == one.x.size() && one.high.size() == one.x.size())),
                    words, "the columns of series '" + one.name + "' differ in length",
                    "one y (and low and high) for each x");
  }
}

std::string plain_equivalent(const std::vector<Series>& series, const LineOptions& options) {
  std::string text = fmt::format("{} over {}.", detail::axis_title(options.y), detail::axis_title(options.x));
  for (const Series& one : series) {
    if (one.y.empty()) continue;
    text += fmt::format(" {}goes from {} to {}.", one.name.empty() ? "It " : one.name + " ",
                        text::brief(one.y.front(), 4), text::brief(one.y.back(), 4));
  }
  return text;
}

}  // namespace

Chart line(const Words& words, const std::vector<Series>& series, const LineOptions& options) {
  check(words, series);
  const bool named = series.size() > 1 || (series.size() == 1 && !series.front().name.empty());
  const bool banded =
      std::any_of(series.begin(), series.end(), [](const Series& one) { return !one.low.empty(); });
  DataTable table;
  const std::string series_title = options.series_title.empty() ? "series" : options.series_title;
  const std::string name = named ? detail::add_column(table, series_title, false) : "";
  const std::string x = detail::add_column(table, detail::axis_title(options.x), true);
  const std::string y = detail::add_column(table, detail::axis_title(options.y), true);
  const std::string low = banded ? detail::add_column(table, "low", true) : "";
  const std::string high = banded ? detail::add_column(table, "high", true) : "";

  detail::LeftOut left_out;
  std::vector<std::string> names;
  for (const Series& one : series) {
    names.push_back(one.name);
    for (std::size_t i = 0; i < one.x.size(); ++i) {
      if (!left_out.keep(detail::drawable(one.x[i], options.x) && detail::drawable(one.y[i], options.y)))
        continue;
      std::vector<std::string> row;
      if (named) row.push_back(one.name);
      row.push_back(text::exact(one.x[i]));
      row.push_back(text::exact(one.y[i]));
      if (banded) {
        const bool drawn = !one.low.empty() && detail::drawable(one.low[i], options.y) &&
                           detail::drawable(one.high[i], options.y);
        row.push_back(drawn ? text::exact(one.low[i]) : "");
        row.push_back(drawn ? text::exact(one.high[i]) : "");
      }
      table.rows.push_back(std::move(row));
    }
  }
  detail::require(detail::distinct_names(names).size() == names.size(), words, "two series have one name",
                  "different names");

  Json shared = {{"x", detail::field(x, detail::quantitative(options.x))}};
  if (named) {
    shared["color"] = detail::colour(name, options.series_title, names);
    shared["color"]["legend"] = {{"symbolType", "stroke"}};
  }
  const Json y_axis = detail::quantitative(options.y);
  Json layers = Json::array();
  if (banded) {
    Json encoding = shared;
    encoding["y"] = detail::field(low, y_axis);
    encoding["y2"] = {{"field", high}};
    layers.push_back({{"transform", {{{"filter", {{"field", low}, {"valid", true}}}}}},
                      {"mark", {{"type", "area"}, {"opacity", 0.2}, {"strokeWidth", 0}}},
                      {"encoding", std::move(encoding)}});
  }
  Json encoding = shared;
  encoding["y"] = detail::field(y, y_axis);
  Json with_tips = encoding;
  with_tips["tooltip"] = Json::array();
  for (const auto& column : table.columns)
    with_tips["tooltip"].push_back(detail::tip(column.name, column.title, column.numeric));
  if (names.size() > palette().size()) {
    const Json dashes = detail::cycled_range(names.size(), {{1, 0}, {6, 3}, {2, 2}, {8, 2, 2, 2}});
    encoding["strokeDash"] = {{"field", name},
                              {"type", "nominal"},
                              {"title", encoding["color"]["title"]},
                              {"scale", {{"domain", names}, {"range", dashes}}}};
  }
  Json mark = {{"type", "line"}, {"strokeWidth", 2}, {"order", false}};
  if (options.stepped) mark["interpolate"] = "step-after";
  layers.push_back({{"mark", std::move(mark)}, {"encoding", std::move(encoding)}});
  // Without visible points, invisible ones carry the tooltips (few enough not to weigh on the page).
  if (options.points || table.rows.size() <= 500) {
    layers.push_back({{"mark",
                       {{"type", "point"},
                        {"filled", true},
                        {"size", options.points ? 36 : 80},
                        {"opacity", options.points ? 1 : 0}}},
                      {"encoding", std::move(with_tips)}});
  }
  detail::add_references(layers, options.references, true, detail::axis_title(options.y));
  detail::Hints hints{.marks = table.rows.size(), .legend_width = named ? detail::longest(names) : 0};
  return detail::finish(
      words, std::move(layers), std::move(table), hints,
      {detail::left_out_note(left_out, "not finite, or not positive on a logarithmic axis")},
      plain_equivalent(series, options));
}

}  // namespace xchg::chart
