// Networks: lines through given points, arrow heads that end at the outline of a node, names in the nodes.
//
// Places are given in a plane of their own; what depends on pixels (where an outline is crossed, the angle of
// an arrow) is worked out by expressions when the chart is drawn, so that any width and height will do.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "xchg/core/chart_spec.hpp"
#include "xchg/core/text.hpp"

namespace xchg::chart {
namespace {

using detail::Json;

// Sizes in pixels, and the part of the plane that is drawn.
struct Frame {
  double font = 12, half_height = 11, arrow = 5, most_width = 4;
  double x0 = 0, x1 = 1, y0 = 0, y1 = 1;
  double slot = 1;  // the least distance of two nodes at one height, as a part of the width
  std::size_t rows = 1;

  double across(double x) const { return (x - x0) / (x1 - x0); }
  double down(double y) const { return (y - y0) / (y1 - y0); }
};

void check(const Words& words, const Network& network) {
  detail::require(!network.nodes.empty(), words, "there is nothing to draw", "at least one node");
  std::set<std::string> names;
  for (const Network::Node& node : network.nodes) {
    detail::require(std::isfinite(node.x) && std::isfinite(node.y), words,
                    "node '" + node.name + "' has no place", "finite x and y");
    detail::require(names.insert(node.name).second, words, "two nodes are called '" + node.name + "'",
                    "different names");
  }
  for (const Network::Edge& edge : network.edges) {
    detail::require(
        edge.from < network.nodes.size() && edge.to < network.nodes.size() && edge.from != edge.to, words,
        fmt::format("edge {} to {} of {} nodes", edge.from, edge.to, network.nodes.size()),
        "two different nodes");
    detail::require(std::isfinite(edge.value) && edge.strength >= 0 && edge.strength <= 1, words,
                    "an edge has no finite value or strength", "a strength from 0 to 1");
    for (const auto& [x, y] : edge.bends)
      detail::require(std::isfinite(x) && std::isfinite(y), words, "an edge bends nowhere", "finite x and y");
  }
}

Frame frame_of(const Network& network) {
  Frame frame;
  frame.x0 = frame.x1 = network.nodes.front().x;
  frame.y0 = frame.y1 = network.nodes.front().y;
  const auto reach = [&frame](double x, double y) {
    frame.x0 = std::min(frame.x0, x), frame.x1 = std::max(frame.x1, x);
    frame.y0 = std::min(frame.y0, y), frame.y1 = std::max(frame.y1, y);
  };
  std::map<double, std::set<double>> rows;
  for (const Network::Node& node : network.nodes) {
    reach(node.x, node.y);
    rows[node.y].insert(node.x);
  }
  double least = std::max(frame.x1 - frame.x0, 1.0);
  for (const auto& [y, row] : rows) {
    for (auto at = row.begin(); std::next(at) != row.end(); ++at)
      least = std::min(least, *std::next(at) - *at);
  }
  for (const Network::Edge& edge : network.edges) {
    for (const auto& [x, y] : edge.bends) reach(x, y);
  }
  frame.rows = rows.size();
  const double side = std::max(least / 2, 0.02 * (frame.x1 - frame.x0)), end = 0.5 * (frame.y1 - frame.y0);
  frame.x0 -= side, frame.x1 += side;
  const double margin = end > 0 ? end / static_cast<double>(frame.rows) : 1;
  frame.y0 -= margin, frame.y1 += margin;
  frame.slot = least / (frame.x1 - frame.x0);
  if (network.nodes.size() > 30) {
    frame.font = 10, frame.half_height = 8, frame.arrow = 4;
    frame.most_width = 2.6;
  }
  return frame;
}

double rounded(double value) { return std::round(value * 1e4) / 1e4; }

// Half of a node's width: that of its name, where its neighbours leave so much.
std::string half_width(const Frame& frame) {
  return fmt::format("min(datum.h, max(8, {}*width/2-1.5))", rounded(frame.slot));
}

// Pixels from a node's centre back along an edge that ends in direction (dx, dy), to `back` before its
// outline; `part` is the direction's part in pixels.
std::string back_from_node(const Frame& frame, const std::string& part, double back) {
  const std::string x = "(datum.dx*width)", y = "(datum.dy*height)";
  return fmt::format(
      "datum.dx==0&&datum.dy==0?0:-{0}*(1/max(abs({1})/({2}),abs({3})/{4},1e-9)+{5}/"
      "sqrt({1}*{1}+{3}*{3}))",
      part, x, half_width(frame), y, frame.half_height, back);
}

Json axes(const Frame& frame) {
  const auto axis = [](const char* name, double low, double high, bool reverse) {
    return Json{{"field", name},
                {"type", "quantitative"},
                {"axis", nullptr},
                {"scale", {{"domain", {low, high}}, {"nice", false}, {"zero", false}, {"reverse", reverse}}}};
  };
  return {{"x", axis("x", frame.x0, frame.x1, false)}, {"y", axis("y", frame.y0, frame.y1, true)}};
}

// The direction in which an edge enters its node, as parts of width and height.
std::pair<double, double> direction(const Network& network, const Network::Edge& edge, const Frame& frame) {
  const Network::Node &from = network.nodes[edge.from], &to = network.nodes[edge.to];
  const auto [x, y] = edge.bends.empty() ? std::pair{from.x, from.y} : edge.bends.back();
  return {rounded(frame.across(to.x) - frame.across(x)), rounded(frame.down(to.y) - frame.down(y))};
}

// Weak edges first, so that strong ones lie on top.
std::vector<std::size_t> by_strength(const Network& network) {
  std::vector<std::size_t> order(network.edges.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return network.edges[a].strength < network.edges[b].strength;
  });
  return order;
}

class Drawing {
 public:
  Drawing(const Network& network, const NetworkOptions& options)
      : network_(network), options_(options), frame_(frame_of(network)), order_(by_strength(network)) {
    std::vector<std::string> names;
    for (const Network::Edge& edge : network.edges) names.push_back(edge.category);
    categories_ = options.categories.empty() ? detail::distinct_names(names) : options.categories;
    coloured_ = categories_.size() > 1 || (!categories_.empty() && !categories_.front().empty());
    for (const Network::Edge& edge : network.edges) {
      dashed_ = dashed_ || edge.dashed;
      open_ = open_ || !edge.directed;
    }
  }

  Json layers() const {
    Json all = Json::array();
    if (!network_.edges.empty()) {
      all.push_back(lines());
      all.push_back(arrows());
    }
    all.push_back(nodes());
    all.push_back(names());
    return all;
  }

  DataTable table() const {
    DataTable table;
    if (network_.edges.empty()) {
      detail::add_column(table, "node", false);
      for (const Network::Node& node : network_.nodes) table.rows.push_back({node.name});
      return table;
    }
    detail::add_column(table, "from", false);
    detail::add_column(table, "to", false);
    detail::add_column(table, options_.value_title, true);
    if (coloured_) detail::add_column(table, options_.category_title, false);
    if (dashed_) detail::add_column(table, options_.dashed_title, false);
    if (open_) detail::add_column(table, options_.undirected_title, false);
    for (auto at = order_.rbegin(); at != order_.rend(); ++at) {
      const Network::Edge& edge = network_.edges[*at];
      std::vector<std::string> row = {network_.nodes[edge.from].name, network_.nodes[edge.to].name,
                                      text::exact(edge.value)};
      if (coloured_) row.push_back(edge.category);
      if (dashed_) row.emplace_back(edge.dashed ? "yes" : "no");
      if (open_) row.emplace_back(edge.directed ? "no" : "yes");
      table.rows.push_back(std::move(row));
    }
    return table;
  }

  detail::Hints hints() const {
    const double step = frame_.half_height * (network_.nodes.size() > 30 ? 6.5 : 5);
    return {.height = std::clamp(step * static_cast<double>(frame_.rows), 160.0, 1400.0),
            .marks = network_.nodes.size() + 4 * network_.edges.size(),
            .legend_width = coloured_ ? detail::longest(categories_) : 0};
  }

  std::vector<std::string> notes() const {
    std::vector<std::string> notes;
    if (dashed_) notes.push_back("Dashed: " + options_.dashed_title + ".");
    if (open_) notes.push_back("Without arrow head: " + options_.undirected_title + ".");
    return notes;
  }

  std::string plain_equivalent() const {
    std::string text =
        fmt::format("A network of {} nodes and {} edges.", network_.nodes.size(), network_.edges.size());
    const std::size_t shown = std::min<std::size_t>(order_.size(), 3);
    for (std::size_t k = 0; k < shown; ++k) {
      const Network::Edge& edge = network_.edges[order_[order_.size() - 1 - k]];
      text += (k == 0 ? " Strongest: " : ", ") + said(edge);
    }
    return shown > 0 ? text + "." : text;
  }

 private:
  std::string said(const Network::Edge& edge) const {
    return fmt::format("{} {} {} ({})", network_.nodes[edge.from].name, edge.directed ? "→" : "–",
                       network_.nodes[edge.to].name, text::brief(edge.value, 4));
  }

  std::string tooltip(const Network::Edge& edge) const {
    const std::string text =
        fmt::format("{} {} {}: {} {}", network_.nodes[edge.from].name, edge.directed ? "→" : "–",
                    network_.nodes[edge.to].name, options_.value_title, text::brief(edge.value, 4));
    return edge.note.empty() ? text : text + "; " + edge.note;
  }

  double width(const Network::Edge& edge) const {
    return rounded(0.8 + (frame_.most_width - 0.8) * edge.strength);
  }

  // What lines and arrow heads have in common.
  Json common(std::size_t index) const {
    const Network::Edge& edge = network_.edges[index];
    Json row = {{"e", index}, {"f", edge.from}, {"t", edge.to}, {"o", opacity(edge)}, {"s", tooltip(edge)}};
    if (coloured_) row["c"] = edge.category;
    return row;
  }

  double opacity(const Network::Edge& edge) const {
    // Of many edges only the strong ones stand out: 1 up to 40 edges, 3 at 400.
    const auto count = static_cast<double>(network_.edges.size());
    const double power = std::clamp(1 + 2 * std::log10(std::max(count, 1.0) / 40), 1.0, 3.0);
    const double weakest = power > 1 ? 0.15 : 0.6;
    return rounded(weakest + (0.95 - weakest) * std::pow(edge.strength, power));
  }

  // The edges of the node that is pointed at stand out.
  Json encoding() const {
    Json encoding = axes(frame_);
    encoding["opacity"] = {
        {"condition",
         {{"test", "pointed.n && (pointed.n[0]===datum.f || pointed.n[0]===datum.t)"}, {"value", 1}}},
        {"field", "o"},
        {"type", "quantitative"},
        {"scale", nullptr},
        {"legend", nullptr}};
    encoding["opacity"]["condition"] = Json::array(
        {encoding["opacity"]["condition"], {{"test", "pointed.n && pointed.n.length"}, {"value", 0.08}}});
    if (coloured_) {
      encoding["color"] = detail::colour("c", options_.category_title, categories_);
    }
    encoding["tooltip"] = {{"field", "s"}, {"type", "nominal"}};
    return encoding;
  }

  Json lines() const {
    Json rows = Json::array();
    for (const std::size_t index : order_) {
      const Network::Edge& edge = network_.edges[index];
      Json row = common(index);
      row.update({{"w", width(edge)}, {"d", edge.dashed ? 1 : 0}, {"dx", 0}, {"dy", 0}, {"h", 1}});
      const auto add = [&](double x, double y) {
        row["x"] = rounded(x);
        row["y"] = rounded(y);
        rows.push_back(row);
      };
      add(network_.nodes[edge.from].x, network_.nodes[edge.from].y);
      for (const auto& [x, y] : edge.bends) add(x, y);
      if (edge.directed) std::tie(row["dx"], row["dy"]) = direction(network_, edge, frame_);
      row["h"] = half(edge.to);
      add(network_.nodes[edge.to].x, network_.nodes[edge.to].y);
    }
    Json all = encoding();
    all["detail"] = {{"field", "e"}, {"type", "nominal"}};
    all["strokeWidth"] = {{"field", "w"}, {"type", "quantitative"}, {"scale", nullptr}, {"legend", nullptr}};
    all["strokeDash"] = {
        {"field", "d"},
        {"type", "nominal"},
        {"scale", {{"domain", {0, 1}}, {"range", Json::array({Json::array({1, 0}), Json::array({4, 3})})}}},
        {"legend", nullptr}};
    return {{"data", {{"values", std::move(rows)}}},
            {"mark",
             {{"type", "line"},
              {"interpolate", "basis"},
              {"order", false},
              {"strokeCap", "butt"},
              {"xOffset", {{"expr", back_from_node(frame_, "(datum.dx*width)", frame_.arrow)}}},
              {"yOffset", {{"expr", back_from_node(frame_, "(datum.dy*height)", frame_.arrow)}}}}},
            {"encoding", std::move(all)}};
  }

  Json arrows() const {
    Json rows = Json::array();
    for (const std::size_t index : order_) {
      const Network::Edge& edge = network_.edges[index];
      if (!edge.directed) continue;
      Json row = common(index);
      const auto [dx, dy] = direction(network_, edge, frame_);
      const Network::Node& to = network_.nodes[edge.to];
      const double radius = frame_.arrow + 0.5 * width(edge);
      row.update({{"x", rounded(to.x)},
                  {"y", rounded(to.y)},
                  {"dx", dx},
                  {"dy", dy},
                  {"h", half(edge.to)},
                  {"a", rounded(4 * radius * radius)}});
      rows.push_back(std::move(row));
    }
    Json all = encoding();
    all["size"] = {{"field", "a"}, {"type", "quantitative"}, {"scale", nullptr}, {"legend", nullptr}};
    return {{"data", {{"values", std::move(rows)}}},
            {"mark",
             {{"type", "point"},
              {"filled", true},
              {"strokeWidth", 0},
              {"shape", "M0,-1L0.7,1L0,0.6L-0.7,1Z"},
              {"angle", {{"expr", "90+atan2(datum.dy*height,datum.dx*width)*180/PI"}}},
              {"xOffset", {{"expr", back_from_node(frame_, "(datum.dx*width)", frame_.arrow)}}},
              {"yOffset", {{"expr", back_from_node(frame_, "(datum.dy*height)", frame_.arrow)}}}}},
            {"encoding", std::move(all)}};
  }

  double half(std::size_t node) const {
    return std::round(
        static_cast<double>(text::display_width(network_.nodes[node].name)) * frame_.font * 0.3 + 7);
  }

  Json node_rows() const {
    Json rows = Json::array();
    for (std::size_t i = 0; i < network_.nodes.size(); ++i) {
      const Network::Node& node = network_.nodes[i];
      rows.push_back({{"n", i},
                      {"x", rounded(node.x)},
                      {"y", rounded(node.y)},
                      {"h", half(i)},
                      {"name", node.name},
                      {"s", node.tooltip.empty() ? node.name : node.name + ": " + node.tooltip}});
    }
    return rows;
  }

  Json nodes() const {
    Json encoding = axes(frame_);
    encoding["tooltip"] = {{"field", "s"}, {"type", "nominal"}};
    return {{"data", {{"values", node_rows()}}},
            {"params",
             {{{"name", "pointed"},
               {"select",
                {{"type", "point"}, {"on", "pointerover"}, {"clear", "pointerout"}, {"fields", {"n"}}}}}}},
            {"mark",
             {{"type", "rect"},
              {"style", "node"},
              {"width", {{"expr", "2*" + half_width(frame_)}}},
              {"height", 2 * frame_.half_height},
              {"cornerRadius", frame_.half_height}}},
            {"encoding", std::move(encoding)}};
  }

  Json names() const {
    Json encoding = axes(frame_);
    encoding["text"] = {{"field", "name"}, {"type", "nominal"}};
    return {{"data", {{"values", node_rows()}}},
            {"mark",
             {{"type", "text"},
              {"style", "node-label"},
              {"baseline", "middle"},
              {"fontSize",
               {{"expr", fmt::format("clamp({}*width/2, 7, {})", rounded(frame_.slot), frame_.font)}}},
              {"tooltip", false},
              {"limit", {{"expr", "max(20, 2*" + half_width(frame_) + "-3)"}}}}},
            {"encoding", std::move(encoding)}};
  }

  const Network& network_;
  const NetworkOptions& options_;
  Frame frame_;
  std::vector<std::size_t> order_;
  std::vector<std::string> categories_;
  bool coloured_ = false, dashed_ = false, open_ = false;
};

}  // namespace

Chart network(const Words& words, const Network& network, const NetworkOptions& options) {
  check(words, network);
  const Drawing drawing(network, options);
  return detail::finish(words, drawing.layers(), drawing.table(), drawing.hints(), drawing.notes(),
                        drawing.plain_equivalent());
}

}  // namespace xchg::chart
