#include "xchg/core/chart_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

#include "xchg/core/csv.hpp"
#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"

namespace xchg::chart {

std::span<const std::string_view> palette() {
  static constexpr std::array<std::string_view, 10> colours = {"#0072b2", "#de4a12", "#27a26d", "#b283b4",
                                                               "#827f22", "#4f93f7", "#6c6d80", "#7f47e6",
                                                               "#c81fae", "#f2666c"};
  return colours;
}

std::string DataTable::csv() const {
  csv::Writer writer;
  for (const Column& column : columns) writer.cell(std::string_view(column.name));
  writer.end_row();
  for (const auto& row : rows) {
    for (const std::string& cell : row) writer.cell(std::string_view(cell));
    writer.end_row();
  }
  return writer.text();
}

namespace detail {

void require(bool condition, const Words& words, const std::string& problem, const std::string& expected) {
  if (!condition) throw InputError("chart '" + words.id + "': " + problem, {}, expected);
}

std::string axis_title(const Axis& axis) {
  return axis.unit.empty() ? axis.title : axis.title + " (" + axis.unit + ")";
}

std::string add_column(DataTable& table, const std::string& title, bool numeric) {
  std::string base;
  for (const char c : title) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter) {
      base += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    } else if (!base.empty() && base.back() != '_') {
      base += '_';
    }
  }
  while (!base.empty() && base.back() == '_') base.pop_back();
  if (base.empty() || (base.front() >= '0' && base.front() <= '9'))
    base = "value" + (base.empty() ? "" : "_" + base);
  const auto taken = [&table](const std::string& name) {
    return std::any_of(table.columns.begin(), table.columns.end(),
                       [&name](const DataTable::Column& column) { return column.name == name; });
  };
  std::string name = base;
  for (int number = 2; taken(name); ++number) name = base + "_" + std::to_string(number);
  table.columns.push_back({name, title.empty() ? name : title, numeric});
  return name;
}

bool drawable(double value, const Axis& axis) {
  return std::isfinite(value) && (!axis.logarithmic || value > 0);
}

std::vector<std::string> distinct_names(const std::vector<std::string>& names) {
  std::vector<std::string> distinct;
  std::set<std::string> seen;
  std::vector<std::pair<double, std::string>> numbered;
  for (const std::string& name : names) {
    if (!seen.insert(name).second) continue;
    distinct.push_back(name);
    double number = 0;
    const auto [end, status] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (status == std::errc() && std::isfinite(number)) numbered.emplace_back(number, name);
  }
  if (numbered.size() != distinct.size()) return distinct;
  std::stable_sort(numbered.begin(), numbered.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < numbered.size(); ++i) distinct[i] = std::move(numbered[i].second);
  return distinct;
}

Json quantitative(const Axis& axis, bool from_zero) {
  Json scale = Json::object();
  if (axis.logarithmic) {
    scale["type"] = "log";
    scale["nice"] = false;
  } else {
    scale["zero"] = from_zero || axis.from_zero;
  }
  if (axis.low) scale["domainMin"] = *axis.low;
  if (axis.high) scale["domainMax"] = *axis.high;
  if (axis.low || axis.high) scale["nice"] = false;
  return {{"type", "quantitative"}, {"title", axis_title(axis)}, {"scale", std::move(scale)}};
}

Json field(const std::string& name, const Json& encoding) {
  Json result = {{"field", name}};
  result.update(encoding);
  return result;
}

Json cycled_range(std::size_t count, const std::vector<Json>& steps) {
  Json range = Json::array();
  for (std::size_t i = 0; i < count; ++i) range.push_back(steps[i / palette().size() % steps.size()]);
  return range;
}

Json colour(const std::string& name, const std::string& title, const std::vector<std::string>& categories) {
  Json range = Json::array();
  for (std::size_t i = 0; i < categories.size(); ++i) range.push_back(palette()[i % palette().size()]);
  return {{"field", name},
          {"type", "nominal"},
          {"title", title.empty() ? Json(nullptr) : Json(title)},
          {"scale", {{"domain", categories}, {"range", std::move(range)}}}};
}

std::size_t label_drop(std::size_t index) { return 2 + 14 * index; }

Json one_row() { return {{"values", Json::array({Json::object()})}}; }

void add_references(Json& layers, const std::vector<Reference>& references, bool vertical,
                    const std::string& title, std::size_t labels_before) {
  const char* const along = vertical ? "y" : "x";
  std::size_t labels = labels_before;
  for (const Reference& reference : references) {
    const Json position = {{"datum", reference.value}, {"type", "quantitative"}, {"title", title}};
    layers.push_back({{"data", one_row()},
                      {"mark", {{"type", "rule"}, {"style", "reference"}}},
                      {"encoding", {{along, position}}}});
    if (reference.label.empty()) continue;
    Json mark = {{"type", "text"}, {"style", "reference-label"}, {"text", reference.label}};
    Json encoding = {{along, position}};
    if (vertical) {
      mark.update({{"align", "right"}, {"baseline", "bottom"}, {"dx", -2}, {"dy", -3}});
      encoding["x"] = {{"value", "width"}};
    } else {
      mark.update({{"align", "left"}, {"baseline", "top"}, {"dx", 4}, {"dy", label_drop(labels++)}});
      encoding["y"] = {{"value", 0}};
    }
    layers.push_back({{"data", one_row()}, {"mark", std::move(mark)}, {"encoding", std::move(encoding)}});
  }
}

Json tip(const std::string& name, const std::string& title, bool numeric) {
  return {{"field", name}, {"type", numeric ? "quantitative" : "nominal"}, {"title", title}};
}

std::string left_out_note(const LeftOut& left_out, const std::string& why) {
  if (left_out.values == 0) return "";
  return fmt::format("{} {} left out ({}).", text::grouped(left_out.values),
                     left_out.values == 1 ? "value is" : "values are", why);
}

std::string range_text(std::span<const double> values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return fmt::format("from {} to {}", text::brief(*low, 4), text::brief(*high, 4));
}

std::size_t longest(const std::vector<std::string>& names) {
  std::size_t most = 0;
  for (const std::string& name : names) most = std::max(most, text::display_width(name));
  return most;
}

Chart finish(const Words& words, Json layers, DataTable table, const Hints& hints,
             const std::vector<std::string>& notes, const std::string& plain_equivalent) {
  const bool good_id = !words.id.empty() && std::all_of(words.id.begin(), words.id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  require(good_id, words, "its id cannot name a file", "letters a-z, digits and '-'");
  require(!table.rows.empty(), words, "there is nothing to draw", "at least one finite value");
  Chart chart;
  chart.id = words.id;
  chart.title = words.title;
  chart.caption = words.caption;
  for (const std::string& note : notes) {
    if (!note.empty()) chart.caption += (chart.caption.empty() ? "" : " ") + note;
  }
  chart.text_equivalent = words.text_equivalent.empty() ? plain_equivalent : words.text_equivalent;
  if (const char first = chart.text_equivalent.empty() ? ' ' : chart.text_equivalent.front();
      first >= 'a' && first <= 'z')
    chart.text_equivalent.front() = static_cast<char>(first - 'a' + 'A');

  Json parse = Json::object();
  for (const auto& column : table.columns) parse[column.name] = column.numeric ? "number" : "string";
  constexpr double width = 640;
  Json spec = {{"$schema", "https://vega.github.io/schema/vega-lite/v5.json"},
               {"title", chart.title},
               {"description", chart.text_equivalent},
               {"width", width},
               {"height", hints.aspect > 0 ? std::round(width * hints.aspect) : hints.height},
               {"data",
                {{"name", "chart"},
                 {"values", table.csv()},
                 {"format", {{"type", "csv"}, {"parse", std::move(parse)}}}}},
               {"layer", std::move(layers)},
               {"config",
                {{"style",
                  {{"reference", {{"stroke", "#555"}, {"strokeDash", {4, 3}}}},
                   {"reference-label", {{"fill", "#555"}}},
                   {"emphasis", {{"stroke", "#111"}}},
                   {"node", {{"color", "#fff"}, {"stroke", "#555"}}},
                   {"node-label", {{"color", "#111"}}}}}}},
               {"usermeta",
                {{"xchg",
                  {{"aspect", hints.aspect},
                   {"marks", hints.marks},
                   {"legend", hints.legend_width},
                   {"labels", hints.label_width},
                   {"strip", hints.strip}}}}}};
  const std::string json = spec.dump(-1, ' ', false, Json::error_handler_t::replace);
  // "<" is written as an escape, so that the text may stand in an HTML script element as it is.
  chart.spec.reserve(json.size() + 1);
  for (const char c : json) {
    if (c == '<') {
      chart.spec += "\\u003c";
    } else {
      chart.spec += c;
    }
  }
  chart.spec += '\n';
  chart.data = std::move(table);
  return chart;
}

}  // namespace detail
}  // namespace xchg::chart
