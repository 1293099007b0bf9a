#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "xchg/core/chart_spec.hpp"
#include "xchg/core/text.hpp"

namespace xchg::chart {
namespace {

using detail::Json;

// A matrix of block means, at most `most_side` long on each side, and the labels of its blocks.
struct Reduced {
  std::size_t rows = 0, columns = 0;
  std::vector<double> values;
  std::vector<std::string> row_labels, column_labels;
  bool reduced = false;
};

// The first index of block b of `blocks` over `count` indices.
std::size_t block_start(std::size_t b, std::size_t blocks, std::size_t count) { return b * count / blocks; }

std::vector<std::string> block_labels(const std::vector<std::string>& labels, std::size_t blocks,
                                      std::size_t count) {
  std::vector<std::string> result;
  const auto label = [&labels](std::size_t i) { return labels.empty() ? std::to_string(i) : labels[i]; };
  for (std::size_t b = 0; b < blocks; ++b) {
    const std::size_t first = block_start(b, blocks, count), last = block_start(b + 1, blocks, count) - 1;
    result.push_back(first == last ? label(first) : label(first) + "–" + label(last));
  }
  return result;
}

Reduced reduce(const Matrix& matrix, std::size_t most_side) {
  Reduced result;
  result.rows = std::min(matrix.rows, most_side);
  result.columns = std::min(matrix.columns, most_side);
  result.reduced = result.rows < matrix.rows || result.columns < matrix.columns;
  result.row_labels = block_labels(matrix.row_labels, result.rows, matrix.rows);
  result.column_labels = block_labels(matrix.column_labels, result.columns, matrix.columns);
  for (std::size_t r = 0; r < result.rows; ++r) {
    for (std::size_t c = 0; c < result.columns; ++c) {
      double sum = 0;
      std::size_t count = 0;
      for (std::size_t i = block_start(r, result.rows, matrix.rows);
           i < block_start(r + 1, result.rows, matrix.rows); ++i) {
        for (std::size_t j = block_start(c, result.columns, matrix.columns);
             j < block_start(c + 1, result.columns, matrix.columns); ++j) {
          const double value = matrix.values[i * matrix.columns + j];
          if (!std::isfinite(value)) continue;
          sum += value;
          ++count;
        }
      }
      result.values.push_back(count == 0 ? std::numeric_limits<double>::quiet_NaN()
                                         : sum / static_cast<double>(count));
    }
  }
  return result;
}

void check(const Words& words, const Matrix& matrix, const HeatMapOptions& options) {
  detail::require(matrix.values.size() == matrix.rows * matrix.columns, words,
                  fmt::format("{} values for {} x {}", matrix.values.size(), matrix.rows, matrix.columns),
                  "rows x columns values");
  const auto fits = [](const std::vector<std::string>& labels, std::size_t count) {
    return labels.empty() ||
           (labels.size() == count && detail::distinct_names(labels).size() == labels.size());
  };
  detail::require(fits(matrix.row_labels, matrix.rows) && fits(matrix.column_labels, matrix.columns), words,
                  "labels do not fit the matrix", "one different label a row and a column, or none");
  detail::require(options.most_side > 0, words, "no side is allowed", "most_side of at least 1");
}

// Cells end on whole pixels: smoothing would leave seams between them.
Json label_axis(const std::string& name, const std::string& title, const std::vector<std::string>& labels) {
  const Json axis = {{"labelOverlap", true}, {"labelLimit", 90}, {"ticks", false}, {"domain", false}};
  return {{"field", name},
          {"type", "ordinal"},
          {"title", title.empty() ? Json(nullptr) : Json(title)},
          {"scale", {{"domain", labels}, {"padding", 0}, {"round", true}}},
          {"axis", axis}};
}

Json colour_scale(const HeatMapOptions& options, double low, double high) {
  if (options.scale == HeatMapOptions::Scale::Diverging) {
    const double reach = std::max(std::abs(high - options.middle), std::abs(options.middle - low));
    const double half = reach > 0 ? reach : 1;
    return {{"scheme", "purpleorange"},
            {"reverse", true},
            {"domain", {options.middle - half, options.middle + half}}};
  }
  Json scale = {{"scheme", "viridis"}};
  if (options.logarithmic) {
    scale["type"] = "log";
  } else {
    scale["zero"] = false;
  }
  return scale;
}

}  // namespace

Chart heat_map(const Words& words, const Matrix& matrix, const HeatMapOptions& options) {
  check(words, matrix, options);
  const Reduced reduced = reduce(matrix, options.most_side);
  const Axis value_axis{.title = options.value_title.empty() ? "value" : options.value_title,
                        .unit = options.value_unit,
                        .logarithmic = options.logarithmic};
  DataTable table;
  const std::string row =
      detail::add_column(table, options.row_title.empty() ? "row" : options.row_title, false);
  const std::string column =
      detail::add_column(table, options.column_title.empty() ? "column" : options.column_title, false);
  const std::string value = detail::add_column(table, detail::axis_title(value_axis), true);
  detail::LeftOut left_out;
  std::vector<double> drawn;
  std::size_t lowest = 0, highest = 0;
  for (std::size_t i = 0; i < reduced.values.size(); ++i) {
    if (!left_out.keep(detail::drawable(reduced.values[i], value_axis))) continue;
    table.rows.push_back({reduced.row_labels[i / reduced.columns], reduced.column_labels[i % reduced.columns],
                          text::exact(reduced.values[i])});
    drawn.push_back(reduced.values[i]);
    if (drawn.back() < drawn[lowest]) lowest = drawn.size() - 1;
    if (drawn.back() > drawn[highest]) highest = drawn.size() - 1;
  }
  detail::require(!drawn.empty(), words, "there is nothing to draw", "at least one finite value");

  Json encoding = {{"x", label_axis(column, options.column_title, reduced.column_labels)},
                   {"y", label_axis(row, options.row_title, reduced.row_labels)},
                   {"color",
                    {{"field", value},
                     {"type", "quantitative"},
                     {"title", detail::axis_title(value_axis)},
                     {"scale", colour_scale(options, drawn[lowest], drawn[highest])},
                     {"legend", {{"orient", "top"}, {"direction", "horizontal"}, {"gradientLength", 220}}}}},
                   {"tooltip", Json::array()}};
  for (const auto& one : table.columns)
    encoding["tooltip"].push_back(detail::tip(one.name, one.title, one.numeric));
  Json layers = Json::array();
  layers.push_back({{"mark", {{"type", "rect"}}}, {"encoding", std::move(encoding)}});

  const double aspect = static_cast<double>(reduced.rows) / static_cast<double>(reduced.columns);
  detail::Hints hints{.aspect = std::clamp(aspect, 0.15, 1.0), .marks = table.rows.size()};
  hints.label_width = reduced.columns * (detail::longest(reduced.column_labels) + 1);
  std::string note;
  if (reduced.reduced) {
    note = fmt::format("The {} x {} matrix is shown as {} x {} means of blocks.", matrix.rows, matrix.columns,
                       reduced.rows, reduced.columns);
  }
  const std::string plain =
      fmt::format("{} in a matrix of {} rows and {} columns: lowest {} at ({}, {}), highest {} at ({}, {}).",
                  detail::axis_title(value_axis), matrix.rows, matrix.columns, text::brief(drawn[lowest], 4),
                  table.rows[lowest][0], table.rows[lowest][1], text::brief(drawn[highest], 4),
                  table.rows[highest][0], table.rows[highest][1]);
  return detail::finish(words, std::move(layers), std::move(table), hints,
                        {note, detail::left_out_note(left_out)}, plain);
}

}  // namespace xchg::chart
