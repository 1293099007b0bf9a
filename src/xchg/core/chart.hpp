// Charts as Vega-Lite v5 specifications.
//
// One function per kind of chart turns plain numbers into a Chart: a specification that stands on its own (it
// carries its data as CSV), the same data as a table, and what the picture shows in words. Nothing is drawn
// here; the report inlines the renderer.
//
// All functions throw InputError when lengths differ, a chart has no data, or an id is not made of [a-z0-9-].
// Values that are not finite (on a logarithmic axis: not positive) are left out and counted in the caption.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace xchg::chart {

// Rows of text cells; what a chart draws, and what a report prints as a table.
struct DataTable {
  struct Column {
    std::string name;   // in CSV: letters, digits and '_'
    std::string title;  // for people, with the unit; may be empty (then the name is shown)
    bool numeric = false;
  };
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;  // every row as long as `columns`; empty text: no value

  // RFC 4180 with a header line of the names; lines end with "\n".
  std::string csv() const;
};

struct Chart {
  std::string id;               // unique on its page, [a-z0-9-]+; names its files
  std::string title;            // plain text
  std::string caption;          // plain text; what to look at, and what was left out
  std::string text_equivalent;  // one or two sentences that say what the picture shows, with the figures
  std::string spec;             // Vega-Lite v5 specification (JSON, UTF-8)
  DataTable data;
};

// What every chart is called and what is said about it. Where text_equivalent is empty, a plain one is made
// from the data (ranges, extremes); the author usually knows a better one.
struct Words {
  std::string id, title, caption, text_equivalent;
};

// An axis. Its title reads "title (unit)". Unset ends follow the data.
struct Axis {
  std::string title;
  std::string unit;
  bool logarithmic = false;
  bool from_zero = false;  // bars always start at zero
  std::optional<double> low, high;
};

// A marked value on an axis, such as a proven optimum.
struct Reference {
  double value = 0;
  std::string label;
};

// A marked interval of the x axis.
struct Band {
  double low = 0, high = 0;
  std::string label;
};

// One line: y over x, in the order given. low and high (both or neither) draw a band around it.
struct Series {
  std::string name;
  std::vector<double> x, y;
  std::vector<double> low, high;
};
struct LineOptions {
  Axis x, y;
  bool points = false;                // mark every value
  bool stepped = false;               // constant until the next x
  std::vector<Reference> references;  // on the y axis
  std::string series_title;           // of the legend
};
Chart line(const Words& words, const std::vector<Series>& series, const LineOptions& options);

// values[g][c] is the bar of group g in category c; one group needs no name.
struct Bars {
  std::vector<std::string> categories;
  std::vector<std::string> groups;
  std::vector<std::vector<double>> values;
};
struct BarOptions {
  Axis category, value;
  bool stacked = false;               // groups on top of each other instead of side by side
  bool horizontal = false;            // for many categories or long names
  std::vector<Reference> references;  // on the value axis
  std::string group_title;            // of the legend
};
Chart bar(const Words& words, const Bars& bars, const BarOptions& options);

// Points of a plane. category, id and emphasised are empty or one per point.
struct Points {
  std::vector<double> x, y;
  std::vector<std::string> category;  // colour; beyond the palette also shape
  std::vector<std::string> id;        // shown when pointed at
  std::vector<bool> emphasised;       // drawn large, with an outline, on top: medoids
};
struct PointOptions {
  Axis x, y;
  bool equal_aspect = false;  // one unit is as long on both axes
  std::string category_title = "category";
  std::string emphasised_title = "emphasised";  // what the emphasised ones are, singular: "medoid"
  std::size_t most_points = 20000;              // more are sampled; emphasised ones are always kept
  std::size_t most_names = 0;                   // up to so many points, the ids stand beside them
  std::uint64_t seed = 1;                       // of the sample
};
Chart point(const Words& words, const Points& points, const PointOptions& options);

// A matrix, row-major; labels are empty (then rows and columns are numbered from 0) or one per row and
// column.
struct Matrix {
  std::size_t rows = 0, columns = 0;
  std::span<const double> values;
  std::vector<std::string> row_labels, column_labels;
};
struct HeatMapOptions {
  enum class Scale { Sequential, Diverging };
  std::string row_title, column_title, value_title, value_unit;
  Scale scale = Scale::Sequential;
  double middle = 0;           // of a diverging scale
  bool logarithmic = false;    // sequential only
  std::size_t most_side = 96;  // a longer side is reduced by averaging blocks
};
Chart heat_map(const Words& words, const Matrix& matrix, const HeatMapOptions& options);

// Boxes [x0, x1) x [y0, y1): buffers over time and address, tasks in lanes.
struct Rectangle {
  double x0 = 0, x1 = 0, y0 = 0, y1 = 0;
  std::string label;     // shown when pointed at
  std::string category;  // colour; all empty: one colour
};
struct RectangleOptions {
  Axis x, y;
  std::string category_title = "category";
  std::vector<Reference> references;    // on the y axis: a capacity
  std::size_t most_rectangles = 20000;  // more: the largest are kept
};
Chart rectangles(const Words& words, const std::vector<Rectangle>& boxes, const RectangleOptions& options);

// How often values fall into bins of equal width.
struct HistogramOptions {
  Axis value;
  std::size_t bins = 0;  // 0: by Freedman and Diaconis, 5 to 80
  std::string count_title = "count";
  std::vector<Band> bands;
  std::vector<Reference> references;  // on the value axis
};
Chart histogram(const Words& words, std::span<const double> values, const HistogramOptions& options);

// One small image: rows of pixels, 1 (grey), 3 (RGB) or 4 (RGBA) bytes each.
struct Picture {
  std::string label;
  std::size_t width = 0, height = 0, channels = 1;
  std::vector<std::uint8_t> pixels;
};
struct ImageStripOptions {
  std::size_t columns = 10;  // pictures a row
  std::string label_title = "label";
};
Chart image_strip(const Words& words, const std::vector<Picture>& pictures, const ImageStripOptions& options);

// Nodes at given places (y grows downwards) and the edges between them.
struct Network {
  struct Node {
    std::string name;  // written in the node; all different
    double x = 0, y = 0;
    std::string tooltip;  // said after the name when pointed at
  };
  struct Edge {
    std::size_t from = 0, to = 0;                  // node numbers
    std::vector<std::pair<double, double>> bends;  // places on the way, from `from` to `to`
    double value = 0;                              // in the table and when pointed at
    double strength = 1;                           // 0..1: the line's width, and how it stands out
    bool directed = true;                          // an arrow head at `to`
    bool dashed = false;                           //
    std::string category;                          // colour; all empty: one colour
    std::string note;                              // said after the value when pointed at
  };
  std::vector<Node> nodes;
  std::vector<Edge> edges;
};
struct NetworkOptions {
  std::string value_title = "weight";
  std::string category_title = "category";
  std::vector<std::string> categories;     // in the order of the colours; empty: as they first appear
  std::string dashed_title = "uncertain";  // what dashed edges are
  std::string undirected_title = "direction is open";  // what edges without arrow head are
};
Chart network(const Words& words, const Network& network, const NetworkOptions& options = {});

// The categorical colours ("#rrggbb"), told apart also by colour-blind eyes and readable on both page
// backgrounds (contrast at least 3).
std::span<const std::string_view> palette();

}  // namespace xchg::chart
