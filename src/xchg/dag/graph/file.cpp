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
#include "xchg/dag/graph/file_names.hpp"

namespace xchg::dag {
namespace {

std::string_view after_blanks(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const auto begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

bool is_dot(std::string_view text) {
  return text.starts_with("digraph") || text.starts_with("graph") || text.starts_with("strict") ||
         text.starts_with("//") || text.starts_with("/*");
}

void require_square(const Matrix& w, const std::string& source) {
  if (w.rows != w.columns) {
    throw InputError(fmt::format("is {} by {}", w.rows, w.columns), {source}, "a square matrix of weights");
  }
  for (std::size_t i = 0; i < w.rows; ++i) {
    for (std::size_t j = 0; j < w.columns; ++j) {
      if (!std::isfinite(w(i, j))) {
        throw InputError(fmt::format("row {}, column {} is not a finite number", i + 1, j + 1), {source});
      }
    }
  }
}

// The first column repeats the names.
bool has_row_names(const csv::Table& table) {
  const csv::Column& first = table.columns[0];
  if (!table.had_header || table.rows + 1 != table.columns.size()) return false;
  for (std::size_t i = 0; i < table.rows; ++i) {
    const std::string cell =
        first.type == csv::Column::Type::Text ? first.texts[i] : text::exact(first.numbers[i]);
    if (cell != table.columns[i + 1].name) return false;
  }
  return true;
}

// 0, 1, 2, …: a header that csv takes for numbers.
bool is_numbered_header(const csv::Table& table) {
  if (table.had_header || table.rows != table.columns.size() + 1) return false;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const csv::Column& column = table.columns[i];
    if (column.type != csv::Column::Type::Number || column.numbers[0] != static_cast<double>(i)) return false;
  }
  return true;
}

}  // namespace

void GraphBuilder::edge(int from, int to, double weight, bool directed, const Where& where) {
  if (from == to)
    throw InputError("a node is joined to itself: " + names_[static_cast<std::size_t>(from)], where);
  edges_.push_back({from, to, weight, directed});
}

NamedGraph GraphBuilder::graph() const {
  if (names_.empty()) throw InputError("has no node", {source_}, "a graph with nodes");
  if (names_.size() > most_graph_nodes) {
    throw InputError(fmt::format("has {} nodes", names_.size()), {source_},
                     fmt::format("at most {}", most_graph_nodes));
  }
  require_different(names_, source_);
  NamedGraph graph{Matrix(names_.size(), names_.size()), names_, {}, {}};
  for (const Entry& entry : edges_) {
    const auto i = static_cast<std::size_t>(entry.from), j = static_cast<std::size_t>(entry.to);
    if (graph.w(i, j) != 0) {
      throw InputError("the edge " + names_[i] + " -> " + names_[j] + " comes twice", {source_});
    }
    graph.w(i, j) = entry.weight;
    if (!entry.directed)
      graph.undirected.push_back({std::min(entry.from, entry.to), std::max(entry.from, entry.to)});
  }
  std::sort(graph.undirected.begin(), graph.undirected.end());
  return graph;
}

double parse_weight(std::string_view text, const Where& where) {
  double value = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    throw InputError("the weight " + utf8::quoted(text) + " is no finite number", where);
  }
  return value;
}

bool is_undirected(const NamedGraph& graph, std::size_t from, std::size_t to) {
  const Edge edge{static_cast<int>(std::min(from, to)), static_cast<int>(std::max(from, to))};
  return std::binary_search(graph.undirected.begin(), graph.undirected.end(), edge);
}

NamedGraph parse_adjacency(std::string_view text, const std::string& source) {
  const csv::Table table = csv::parse(text, {}, source);
  const std::size_t first = has_row_names(table) ? 1 : 0, skipped = is_numbered_header(table) ? 1 : 0;
  const std::size_t d = table.columns.size() - first;
  NamedGraph graph{Matrix(table.rows - skipped, d), numbered_names(d), {}, {}};
  if (graph.w.rows != d) require_square(graph.w, source);
  for (std::size_t j = 0; j < d; ++j) {
    const std::vector<double>& numbers = table.numbers(j + first);
    for (std::size_t i = 0; i < d; ++i) graph.w(i, j) = numbers[i + skipped];
    if (table.had_header) graph.names[j] = table.columns[j + first].name;
  }
  require_square(graph.w, source);
  require_different(graph.names, source);
  return graph;
}

NamedGraph parse_graph(std::string_view text, const std::string& source) {
  if (is_array(text)) {
    Matrix w = matrix_of_array(text, source);
    require_square(w, source);
    const std::size_t d = w.rows;
    return {std::move(w), numbered_names(d), {}, {}};
  }
  const std::string_view start = after_blanks(text);
  if (start.empty()) throw InputError("is empty", {source}, "a graph: CSV, NPY, DOT, GraphML or JSON");
  if (start.starts_with('<')) return parse_graphml(text, source);
  if (start.starts_with('{')) return parse_graph_json(text, source);
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
      throw InputError("node " + utf8::quoted(graph.names[i]) + " is no variable of the data;" +
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
