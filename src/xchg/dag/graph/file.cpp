#include "xchg/core/file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "xchg/core/csv.hpp"
#include "xchg/core/text.hpp"
#include "xchg/core/utf8.hpp"
#include "xchg/dag/data/array.hpp"
#include "xchg/dag/data/names.hpp"
#include "xchg/dag/data/square_table.hpp"
#include "xchg/dag/graph/file_names.hpp"

namespace xchg::dag {
namespace {

std::string_view after_blanks(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const auto begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

// Names in a table may begin with '<' or '{', too.
bool is_xml(std::string_view text) {
  return text.starts_with("<?") || text.starts_with("<!") ||
         (text.starts_with('<') && text.find("graphml") != std::string_view::npos);
}

bool is_json(std::string_view text) {
  if (!text.starts_with('{')) return false;
  const std::string_view rest = after_blanks(text.substr(1));
  return rest.empty() || rest.starts_with('"') || rest.starts_with('}');
}

// A graph begins with a keyword (in any case) or a comment, and has braces; a table may begin with these
// letters, too.
bool is_dot(std::string_view text) {
  if (text.find('{') == std::string_view::npos) return false;
  while (text.starts_with("//") || text.starts_with("/*")) {
    const std::size_t end = text.starts_with("//") ? text.find('\n') : text.find("*/", 2);
    if (end == std::string_view::npos) return false;
    text = after_blanks(text.substr(end + (text[end] == '*' ? 2 : 1)));
  }
  std::string word;
  for (const char c : text.substr(0, 8)) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (!upper && (c < 'a' || c > 'z')) break;
    word += static_cast<char>(upper ? c - 'A' + 'a' : c);
  }
  if (word != "digraph" && word != "graph" && word != "strict") return false;
  const std::string_view rest = after_blanks(text.substr(word.size()));
  return rest.find_first_of(",;|") != 0;
}

void require_finite(const Matrix& w, const std::string& source) {
  for (std::size_t i = 0; i < w.rows; ++i) {
    for (std::size_t j = 0; j < w.columns; ++j) {
      if (!std::isfinite(w(i, j))) {
        throw InputError(fmt::format("row {}, column {} is not a finite number", i + 1, j + 1), {source});
      }
    }
  }
}

}  // namespace

int GraphBuilder::node(const std::string& identity) {
  const auto [found, is_new] = numbers_.emplace(identity, static_cast<int>(names_.size()));
  if (is_new) names_.push_back(identity);
  return found->second;
}

void GraphBuilder::edge(const FileEdge& edge, const Where& where) {
  if (edge.from == edge.to) {
    throw InputError("a node is joined to itself: " + names_[static_cast<std::size_t>(edge.from)], where);
  }
  if (edge.weight == 0) throw InputError("an edge has weight 0", where);
  edges_.push_back(edge);
}

void GraphBuilder::set(NamedGraph& graph, const FileEdge& edge) const {
  const auto i = static_cast<std::size_t>(edge.from), j = static_cast<std::size_t>(edge.to);
  if (graph.w(i, j) != 0) {
    throw InputError(
        "the edge from " + utf8::quoted(names_[i]) + " to " + utf8::quoted(names_[j]) + " comes twice",
        {source_});
  }
  graph.w(i, j) = edge.weight;
  if (edge.frequency) graph.frequency(i, j) = *edge.frequency;
}

NamedGraph GraphBuilder::graph() const {
  const std::size_t d = names_.size();
  if (d == 0) throw InputError("has no node", {source_}, "a graph with nodes");
  if (d > most_graph_nodes) {
    throw InputError(fmt::format("has {} nodes", d), {source_}, fmt::format("at most {}", most_graph_nodes));
  }
  require_names(names_, source_);
  NamedGraph graph{Matrix(d, d), names_, {}, {}};
  if (std::any_of(edges_.begin(), edges_.end(),
                  [](const FileEdge& edge) { return edge.frequency.has_value(); })) {
    graph.frequency = Matrix(d, d);
  }
  for (const FileEdge& edge : edges_) {
    set(graph, edge);
    if (symmetric_) set(graph, {edge.to, edge.from, edge.weight, true, edge.frequency});
    if (edge.open || symmetric_) {
      graph.undirected.push_back({std::min(edge.from, edge.to), std::max(edge.from, edge.to)});
    }
  }
  sort_once(graph.undirected);
  return graph;
}

double parse_weight(std::string_view text, const Where& where) {
  double value = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    throw InputError("found " + utf8::quoted(text), where, "a finite number");
  }
  return value;
}

void sort_once(std::vector<Edge>& edges) {
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
}

bool is_undirected(const NamedGraph& graph, std::size_t from, std::size_t to) {
  const Edge edge{static_cast<int>(std::min(from, to)), static_cast<int>(std::max(from, to))};
  return std::binary_search(graph.undirected.begin(), graph.undirected.end(), edge);
}

NamedGraph parse_adjacency(std::string_view text, const std::string& source) {
  SquareTable table = parse_square_table(text, source);
  require_finite(table.values, source);
  require_names(table.names, source);
  return {std::move(table.values), std::move(table.names), {}, {}};
}

NamedGraph parse_graph(std::string_view text, const std::string& source) {
  if (is_array(text)) return parse_adjacency(text, source);
  const std::string_view start = after_blanks(text);
  if (start.empty()) throw InputError("is empty", {source}, "a graph: CSV, NPY, DOT, GraphML or JSON");
  if (is_xml(start)) return parse_graphml(text, source);
  if (is_json(start)) return parse_graph_json(text, source);
  if (is_dot(start)) return parse_dot(text, source);
  return parse_adjacency(text, source);
}

NamedGraph read_graph(const std::filesystem::path& path) {
  return parse_graph(file::read(path), path == "-" ? "standard input" : path.string());
}

Matrix weights_by_name(const NamedGraph& graph, const std::vector<std::string>& names,
                       const std::string& source) {
  const std::size_t d = names.size();
  if (graph.w.rows != d) {
    throw InputError(fmt::format("has {} nodes", graph.w.rows), {source},
                     fmt::format("the {} variables of the data", d));
  }
  if (graph.names == names || graph.names == numbered_names(d)) return graph.w;
  std::vector<std::size_t> place(d);
  for (std::size_t i = 0; i < d; ++i) {
    const auto found = std::find(names.begin(), names.end(), graph.names[i]);
    if (found == names.end()) {
      throw InputError("node " + utf8::quoted(graph.names[i]) + " is no variable of the data" +
                           text::suggestion(graph.names[i], names),
                       {source});
    }
    place[i] = static_cast<std::size_t>(found - names.begin());
  }
  Matrix w(d, d);
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j < d; ++j) w(place[i], place[j]) = graph.w(i, j);
  }
  return w;
}

std::string format_adjacency(const NamedGraph& graph) {
  csv::Writer writer;
  for (const std::string& name : graph.names) writer.cell(name);
  writer.end_row();
  for (std::size_t i = 0; i < graph.w.rows; ++i) {
    for (std::size_t j = 0; j < graph.w.columns; ++j) writer.cell(graph.w(i, j));
    writer.end_row();
  }
  return writer.text();
}

}  // namespace xchg::dag
