#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "xchg/core/chart_spec.hpp"
#include "xchg/core/text.hpp"

namespace xchg::chart {
namespace {

using detail::Json;

void check(const Words& words, const Bars& bars) {
  const std::size_t groups = std::max<std::size_t>(bars.groups.size(), 1);
  detail::require(bars.values.size() == groups, words,
                  fmt::format("{} rows of values for {} groups", bars.values.size(), groups),
                  "values[group][category]");
  for (const auto& row : bars.values) {
    detail::require(row.size() == bars.categories.size(), words,
                    fmt::format("{} values for {} categories", row.size(), bars.categories.size()),
                    "one value a category");
  }
  const auto unique = [](const std::vector<std::string>& names) {
    return detail::distinct_names(names).size() == names.size();
  };
  detail::require(unique(bars.categories) && unique(bars.groups), words,
                  "two categories or two groups have one name", "different names");
}

std::string plain_equivalent(const Bars& bars, const BarOptions& options) {
  std::string text = fmt::format("{} by {}.", detail::axis_title(options.value), options.category.title);
  for (std::size_t g = 0; g < bars.values.size(); ++g) {
    std::size_t lowest = 0, highest = 0;
    const auto& row = bars.values[g];
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (row[c] < row[lowest]) lowest = c;
      if (row[c] > row[highest]) highest = c;
    }
    if (row.empty()) continue;
    text += fmt::format(" {}lowest {} ({}), highest {} ({}).",
                        bars.groups.empty() ? "" : bars.groups[g] + ": ", text::brief(row[lowest], 4),
                        bars.categories[lowest], text::brief(row[highest], 4), bars.categories[highest]);
  }
  return text;
}

}  // namespace

Chart bar(const Words& words, const Bars& bars, const BarOptions& options) {
  check(words, bars);
  const bool grouped = !bars.groups.empty();
  DataTable table;
  const std::string category = detail::add_column(table, options.category.title, false);
  const std::string group_title = options.group_title.empty() ? "group" : options.group_title;
  const std::string group = grouped ? detail::add_column(table, group_title, false) : "";
  const std::string value = detail::add_column(table, detail::axis_title(options.value), true);
  detail::LeftOut left_out;
  for (std::size_t c = 0; c < bars.categories.size(); ++c) {
    for (std::size_t g = 0; g < bars.values.size(); ++g) {
      if (!left_out.keep(detail::drawable(bars.values[g][c], options.value))) continue;
      std::vector<std::string> row = {bars.categories[c]};
      if (grouped) row.push_back(bars.groups[g]);
      row.push_back(text::exact(bars.values[g][c]));
      table.rows.push_back(std::move(row));
    }
  }

  const char* const across = options.horizontal ? "y" : "x";
  const char* const along = options.horizontal ? "x" : "y";
  Json encoding;
  encoding[across] = {{"field", category},
                      {"type", "nominal"},
                      {"title", detail::axis_title(options.category)},
                      {"scale", {{"domain", bars.categories}, {"padding", 0.2}}},
                      {"axis", {{"labelLimit", 150}, {"labelOverlap", true}}}};
  encoding[along] = detail::field(value, detail::quantitative(options.value, !options.value.logarithmic));
  if (!grouped || options.stacked) {
    encoding[along]["stack"] = grouped ? Json("zero") : Json(nullptr);
  }
  if (grouped) {
    encoding["color"] = detail::colour(group, options.group_title, bars.groups);
    if (!options.stacked) {
      encoding[along]["stack"] = nullptr;
      encoding[options.horizontal ? "yOffset" : "xOffset"] = {
          {"field", group}, {"type", "nominal"}, {"scale", {{"domain", bars.groups}}}};
    }
  }
  encoding["tooltip"] = Json::array();
  for (const auto& column : table.columns)
    encoding["tooltip"].push_back(detail::tip(column.name, column.title, column.numeric));
  Json layers = Json::array();
  layers.push_back({{"mark", {{"type", "bar"}}}, {"encoding", std::move(encoding)}});
  detail::add_references(layers, options.references, !options.horizontal, detail::axis_title(options.value));

  detail::Hints hints{.marks = table.rows.size(), .legend_width = grouped ? detail::longest(bars.groups) : 0};
  if (!options.horizontal) {
    hints.label_width = bars.categories.size() * (detail::longest(bars.categories) + 2);
  } else {
    const double bars_a_category = grouped && !options.stacked ? static_cast<double>(bars.groups.size()) : 1;
    const double step = std::max(6 + 14 * bars_a_category, 20.0);
    hints.height = std::clamp(step * static_cast<double>(bars.categories.size()), 80.0, 1600.0);
  }
  return detail::finish(words, std::move(layers), std::move(table), hints, {detail::left_out_note(left_out)},
                        plain_equivalent(bars, options));
}

}  // namespace xchg::chart
