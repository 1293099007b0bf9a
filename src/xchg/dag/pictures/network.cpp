// The graph as a network of arrows.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"
#include "xchg/dag/pictures/layout.hpp"
#include "xchg/dag/pictures/pictures.hpp"

namespace xchg::dag {
namespace {

std::vector<Edge> edges_of(const Matrix& w) {
  std::vector<Edge> edges;
  for (std::size_t i = 0; i < w.rows; ++i) {
    for (std::size_t j = 0; j < w.columns; ++j) {
      if (w(i, j) != 0) edges.push_back({static_cast<int>(i), static_cast<int>(j)});
    }
  }
  return edges;
}

double weight_of(const Matrix& w, const Edge& edge) {
  return w(static_cast<std::size_t>(edge.from), static_cast<std::size_t>(edge.to));
}

bool has_signs(const Matrix& w) {
  return std::any_of(w.values.begin(), w.values.end(), [](double value) { return value < 0; });
}

}  // namespace

chart::Chart network_picture(const std::string& id, const std::vector<std::string>& names, const Matrix& w,
                             const Matrix& frequency, const Cpdag& graph_class, const NetworkWords& words) {
  const std::size_t d = names.size();
  if (w.rows != d || w.columns != d || (!frequency.empty() && frequency.rows != d)) {
    throw InputError(fmt::format("a graph of {} by {} has {} names", w.rows, w.columns, d));
  }
  const std::vector<Edge> edges = edges_of(w);
  const Layout layout = layered_layout(d, edges);
  const std::set<Edge> open(graph_class.undirected.begin(), graph_class.undirected.end());
  double largest = 0;
  for (const double value : w.values) largest = std::max(largest, std::abs(value));
  const bool signs = has_signs(w);
  chart::Network network;
  for (std::size_t i = 0; i < d; ++i) {
    network.nodes.push_back(
        {names[i], layout.x[i], layout.y[i], words.tooltips.empty() ? "" : words.tooltips[i]});
  }
  for (std::size_t e = 0; e < edges.size(); ++e) {
    const Edge& edge = edges[e];
    const double weight = weight_of(w, edge);
    chart::Network::Edge line{.from = static_cast<std::size_t>(edge.from),
                              .to = static_cast<std::size_t>(edge.to),
                              .bends = layout.bends[e],
                              .value = weight,
                              .strength = std::abs(weight) / largest};
    if (signs) line.category = weight < 0 ? "negative" : "positive";
    line.directed = !open.contains({std::min(edge.from, edge.to), std::max(edge.from, edge.to)});
    if (!frequency.empty()) {
      const double share = weight_of(frequency, edge);
      line.dashed = share < stable_frequency;
      line.note = fmt::format("in {:.0f} % of the resamples", 100 * share);
    }
    network.edges.push_back(std::move(line));
  }
  chart::NetworkOptions options;
  options.category_title = "weight";
  if (signs) options.categories = {"positive", "negative"};
  options.dashed_title = fmt::format("in fewer than {:.0f} % of the resamples", 100 * stable_frequency);
  options.undirected_title = "data cannot tell the direction";
  return chart::network({id, words.title, words.caption, ""}, network, options);
}

chart::Chart network_picture(const std::string& id, const Result& result) {
  NetworkWords words{"The graph",
                     "Edges lead down; the stronger the weight, the thicker the line. Point at a node to see "
                     "its edges alone.",
                     std::vector<std::string>(result.names.size())};
  for (std::size_t k = 0; k < result.order.size(); ++k) {
    const auto node = static_cast<std::size_t>(result.order[k]);
    std::size_t parents = 0, children = 0;
    for (std::size_t other = 0; other < result.names.size(); ++other) {
      parents += result.w(other, node) != 0;
      children += result.w(node, other) != 0;
    }
    words.tooltips[node] =
        fmt::format("position {} of {}, {} in, {} out", k + 1, result.order.size(), parents, children);
  }
  return network_picture(id, result.names, result.w, result.frequency, result.cpdag, words);
}

}  // namespace xchg::dag
