// Internal: graphs in text, name by name.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "xchg/core/error.hpp"
#include "xchg/dag/graph_file.hpp"

namespace xchg::dag {

// Collects nodes and edges in the order in which a file has them.
class GraphBuilder {
 public:
  explicit GraphBuilder(std::string source) : source_(std::move(source)) {}

  // The number of the node with this identity; a new one if there is none.
  int node(const std::string& identity) {
    const auto [found, is_new] = numbers_.emplace(identity, static_cast<int>(names_.size()));
    if (is_new) names_.push_back(identity);
    return found->second;
  }
  void name(int node, std::string text) { names_[static_cast<std::size_t>(node)] = std::move(text); }
  bool knows(const std::string& identity) const { return numbers_.contains(identity); }
  void edge(int from, int to, double weight, bool directed, const Where& where);
  // Throws InputError: no nodes, too many, names that come twice.
  NamedGraph graph() const;

 private:
  struct Entry {
    int from, to;
    double weight;
    bool directed;
  };
  std::string source_;
  std::map<std::string, int> numbers_;
  std::vector<std::string> names_;
  std::vector<Entry> edges_;
};

inline constexpr std::size_t most_graph_nodes = 20000;

NamedGraph parse_dot(std::string_view text, const std::string& source);
NamedGraph parse_graphml(std::string_view text, const std::string& source);
NamedGraph parse_graph_json(std::string_view text, const std::string& source);
NamedGraph parse_adjacency(std::string_view text, const std::string& source);

// A finite number, or InputError at this place.
double parse_weight(std::string_view text, const Where& where);

// Whether data leave the direction of this edge open.
bool is_undirected(const NamedGraph& graph, std::size_t from, std::size_t to);

}  // namespace xchg::dag
