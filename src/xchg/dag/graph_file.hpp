// Files of graphs: adjacency tables, DOT, GraphML and JSON.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "xchg/dag/graph.hpp"
#include "xchg/dag/matrix.hpp"

namespace xchg::dag {

// A weighted graph with names.
struct NamedGraph {
  Matrix w;                        // (d, d)
  std::vector<std::string> names;  // (d) all different
  Matrix frequency;                // (d, d) of resamples, or empty
  std::vector<Edge> undirected;    // edges whose direction data cannot tell, as in Cpdag
};

// Reads a graph by the file's content: adjacency CSV (d x d, perhaps with a header of names and a first
// column of them), NPY, DOT (digraph with names and weight or label attributes), GraphML, node-link JSON
// (NetworkX) or a result.json of this engine. Where the file names no nodes they are 0..d-1. Throws
// InputError with file and line (or JSON pointer).
NamedGraph read_graph(const std::filesystem::path& path);
// The same from text in memory.
NamedGraph parse_graph(std::string_view text, const std::string& source = "graph");

// The matrix of a graph in the order of `names`. A graph without names of its own is taken by column number.
// Throws InputError for a wrong size or an unknown name (suggests the nearest).
Matrix weights_by_name(const NamedGraph& graph, const std::vector<std::string>& names,
                       const std::string& source);

// As text of each kind; parse_graph() reads every one back to the same graph.
std::string format_dot(const NamedGraph& graph);
// The same as GraphML.
std::string format_graphml(const NamedGraph& graph);
std::string format_node_link(const NamedGraph& graph);  // NetworkX: node_link_graph(…, edges="links")
std::string format_adjacency(const NamedGraph& graph);  // CSV with names

}  // namespace xchg::dag
