// Parts that the chart functions share: checks, columns, scales, and the frame of a specification.
#pragma once

#include <nlohmann/json.hpp>

#include "xchg/core/chart.hpp"

namespace xchg::chart::detail {

using Json = nlohmann::ordered_json;

// Throws InputError unless `condition`; the message names the chart.
void require(bool condition, const Words& words, const std::string& problem, const std::string& expected);

// "title (unit)".
std::string axis_title(const Axis& axis);

// Adds a column whose name is made from its title ("total deviation" -> total_deviation), different from the
// names before it. Returns the name: a field of the specification.
std::string add_column(DataTable& table, const std::string& title, bool numeric);

// Whether a value can be drawn on the axis.
bool drawable(double value, const Axis& axis);

// Counts what is left out, for the caption.
struct LeftOut {
  std::size_t values = 0;
  bool keep(bool drawable) {
    values += drawable ? 0 : 1;
    return drawable;
  }
};

// Names in the order in which they first appear; if all begin with a number ("2: Lyons"), in numeric order.
std::vector<std::string> distinct_names(const std::vector<std::string>& names);

// The encoding of a quantitative axis, without its field.
Json quantitative(const Axis& axis, bool from_zero = false);
Json field(const std::string& name, const Json& encoding);

// The colour encoding of categories.
Json colour(const std::string& name, const std::string& title, const std::vector<std::string>& categories);
// The range of another channel (dash, shape) that goes on where the palette begins again.
Json cycled_range(std::size_t count, const std::vector<Json>& steps);

// The data of a layer that draws one mark at given values.
Json one_row();

// How far below the top edge the index-th label on the x axis stands, so that they do not meet.
std::size_t label_drop(std::size_t index);

// Layers for marked values. `vertical`: on the y axis.
void add_references(Json& layers, const std::vector<Reference>& references, bool vertical,
                    const std::string& title, std::size_t labels_before = 0);

// A tooltip entry.
Json tip(const std::string& name, const std::string& title, bool numeric);

struct Hints {
  double height = 320;
  double aspect = 0;             // height over width of the plot; 0: `height` holds
  std::size_t marks = 0;         // many: the page draws on a canvas
  std::size_t legend_width = 0;  // characters of the longest legend entry; 0: no legend
  std::size_t label_width = 0;   // characters of all labels under a discrete x axis; many: they are turned
  Json strip;  // of an image strip: {columns, row, column, label: characters}, to break it anew; null
               // otherwise
};

// The chart: `layers` in the frame, data and notes added.
Chart finish(const Words& words, Json layers, DataTable table, const Hints& hints,
             const std::vector<std::string>& notes, const std::string& plain_equivalent);

std::string left_out_note(const LeftOut& left_out, const std::string& why = "not finite");

// "from 1 to 10", for plain text equivalents.
std::string range_text(std::span<const double> values);

std::size_t longest(const std::vector<std::string>& names);

}  // namespace xchg::chart::detail
