// Internal: graphs in text, name by name.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "xchg/core/error.hpp"
#include "xchg/dag/graph_file.hpp"

namespace xchg::dag {

// An edge as a file has it.
struct FileEdge {
  int from = 0, to = 0;
  double weight = 1;
  bool open = false;  // its direction is
  std::optional<double> frequency;
};

// Collects nodes and edges in the order in which a file has them.
class GraphBuilder {
 public:
  explicit GraphBuilder(std::string source) : source_(std::move(source)) {}

  // The number of the node with this identity; a new one if there is none.
  int node(const std::string& identity);
  void name(int node, std::string text) { names_[static_cast<std::size_t>(node)] = std::move(text); }
  bool knows(const std::string& identity) const { return numbers_.contains(identity); }
  std::size_t nodes() const { return names_.size(); }
  // Throws InputError for weight 0 and for an edge from a node to itself.
  void edge(const FileEdge& edge, const Where& where);
  // Edges have no direction at all: the matrix has them both ways.
  void symmetric() { symmetric_ = true; }
  // Throws InputError: no nodes, too many, names or edges that come twice.
  NamedGraph graph() const;

 private:
  void set(NamedGraph& graph, const FileEdge& edge) const;

  std::string source_;
  std::map<std::string, int> numbers_;
  std::vector<std::string> names_;
  std::vector<FileEdge> edges_;
  bool symmetric_ = false;
};

inline constexpr std::size_t most_graph_nodes = 5000;  // a dense matrix of 200 MB

NamedGraph parse_dot(std::string_view text, const std::string& source);
NamedGraph parse_graphml(std::string_view text, const std::string& source);
NamedGraph parse_graph_json(std::string_view text, const std::string& source);
NamedGraph parse_adjacency(std::string_view text, const std::string& source);

// A finite number, or InputError at this place.
double parse_weight(std::string_view text, const Where& where);

// Sorted, each edge once.
void sort_once(std::vector<Edge>& edges);

// Whether data leave the direction of this edge open.
bool is_undirected(const NamedGraph& graph, std::size_t from, std::size_t to);

}  // namespace xchg::dag
