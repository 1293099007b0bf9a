#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "xchg/core/chart_spec.hpp"
#include "xchg/core/text.hpp"

namespace xchg::chart {
namespace {

using detail::Json;

constexpr std::size_t most_outlined = 300;

// The boxes that are drawn: all, or the largest, in their order.
std::vector<std::size_t> chosen(const std::vector<Rectangle>& boxes, const RectangleOptions& options,
                                detail::LeftOut& left_out) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const Rectangle& box = boxes[i];
    if (left_out.keep(detail::drawable(box.x0, options.x) && detail::drawable(box.x1, options.x) &&
                      detail::drawable(box.y0, options.y) && detail::drawable(box.y1, options.y))) {
      rows.push_back(i);
    }
  }
  if (rows.size() > options.most_rectangles) {
    const auto area = [&boxes](std::size_t i) {
      return (boxes[i].x1 - boxes[i].x0) * (boxes[i].y1 - boxes[i].y0);
    };
    std::stable_sort(rows.begin(), rows.end(),
                     [&area](std::size_t a, std::size_t b) { return area(a) > area(b); });
    rows.resize(options.most_rectangles);
    std::sort(rows.begin(), rows.end());
  }
  return rows;
}

std::string plain_equivalent(const std::vector<Rectangle>& boxes, const std::vector<std::size_t>& rows,
                             const RectangleOptions& options) {
  double x0 = boxes[rows.front()].x0, x1 = x0, y0 = boxes[rows.front()].y0, y1 = y0;
  for (const std::size_t i : rows) {
    x0 = std::min(x0, boxes[i].x0), x1 = std::max(x1, boxes[i].x1);
    y0 = std::min(y0, boxes[i].y0), y1 = std::max(y1, boxes[i].y1);
  }
  return fmt::format("{} boxes; {} from {} to {}, {} from {} to {}.", text::grouped(boxes.size()),
                     detail::axis_title(options.x), text::brief(x0, 6), text::brief(x1, 6),
                     detail::axis_title(options.y), text::brief(y0, 6), text::brief(y1, 6));
}

}  // namespace

Chart rectangles(const Words& words, const std::vector<Rectangle>& boxes, const RectangleOptions& options) {
  for (const Rectangle& box : boxes) {
    detail::require(!(box.x1 < box.x0) && !(box.y1 < box.y0), words,
                    "the box '" + box.label + "' is turned over", "x0 <= x1 and y0 <= y1");
  }
  detail::LeftOut left_out;
  const std::vector<std::size_t> rows = chosen(boxes, options, left_out);
  detail::require(!rows.empty(), words, "there is nothing to draw", "at least one finite box");
  std::vector<std::string> names;
  for (const std::size_t i : rows) names.push_back(boxes[i].category);
  const std::vector<std::string> categories = detail::distinct_names(names);
  const bool coloured = categories.size() > 1 || !categories.front().empty();

  DataTable table;
  const std::string label = detail::add_column(table, "label", false);
  const std::string category = coloured ? detail::add_column(table, options.category_title, false) : "";
  const auto bound = [&table](const Axis& axis, const char* end) {
    const std::string name = axis.title + " " + end;
    return detail::add_column(table, axis.unit.empty() ? name : name + " (" + axis.unit + ")", true);
  };
  const std::string x0 = bound(options.x, "from"), x1 = bound(options.x, "to");
  const std::string y0 = bound(options.y, "from"), y1 = bound(options.y, "to");
  for (const std::size_t i : rows) {
    const Rectangle& box = boxes[i];
    std::vector<std::string> row = {box.label};
    if (coloured) row.push_back(box.category);
    for (const double value : {box.x0, box.x1, box.y0, box.y1}) row.push_back(text::exact(value));
    table.rows.push_back(std::move(row));
  }

  Json encoding = {{"x", detail::field(x0, detail::quantitative(options.x))},
                   {"x2", {{"field", x1}}},
                   {"y", detail::field(y0, detail::quantitative(options.y))},
                   {"y2", {{"field", y1}}}};
  if (coloured) encoding["color"] = detail::colour(category, options.category_title, categories);
  encoding["tooltip"] = Json::array();
  for (const auto& column : table.columns)
    encoding["tooltip"].push_back(detail::tip(column.name, column.title, column.numeric));
  Json layers = Json::array();
  // Outlines part boxes that touch; where there are many boxes they would cover them.
  Json mark = {{"type", "rect"}};
  if (rows.size() <= most_outlined) mark["style"] = "box";
  layers.push_back({{"mark", std::move(mark)}, {"encoding", std::move(encoding)}});
  detail::add_references(layers, options.references, true, detail::axis_title(options.y));
  std::string note;
  if (rows.size() + left_out.values < boxes.size()) {
    note = fmt::format("The {} largest of {} boxes are drawn.", text::grouped(rows.size()),
                       text::grouped(boxes.size() - left_out.values));
  }
  const std::string plain = plain_equivalent(boxes, rows, options);
  return detail::finish(
      words, std::move(layers), std::move(table),
      {.height = 380, .marks = rows.size(), .legend_width = coloured ? detail::longest(categories) : 0},
      {note, detail::left_out_note(left_out)}, plain);
}

}  // namespace xchg::chart
