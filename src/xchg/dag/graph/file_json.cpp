// Graphs in JSON: NetworkX's node-link form, and result.json.
#include <nlohmann/json.hpp>

#include "xchg/core/json.hpp"
#include "xchg/core/text.hpp"
#include "xchg/dag/graph/file_names.hpp"

namespace xchg::dag {
namespace {

using nlohmann::ordered_json;

// An identity is a text or a number.
std::string identity(const json::Reader& place) {
  if (place.is_text()) return place.text();
  if (place.is_number()) return text::exact(place.number());
  place.fail_found("the name of a node");
}

void add_edge(GraphBuilder& builder, json::Reader& edge, const char* from_key, const char* to_key,
              bool directed, const std::string& source) {
  json::Reader from = edge.at(from_key), to = edge.at(to_key);
  for (const json::Reader* end : {&from, &to}) {
    if (!builder.knows(identity(*end))) end->fail("'" + identity(*end) + "' is no node", "one of the nodes");
  }
  double weight = 1;
  if (const auto value = edge.optional("weight")) weight = value->number();
  if (weight == 0) edge.fail("an edge has weight 0");
  if (const auto open = edge.optional("undirected")) directed = directed && !open->boolean();
  Where where;
  where.file = source;
  where.pointer = edge.pointer();
  builder.edge(builder.node(identity(from)), builder.node(identity(to)), weight, directed, where);
}

NamedGraph from_result(json::Reader& root, const std::string& source) {
  GraphBuilder builder(source);
  for (const json::Reader& name : root.at("names").array()) builder.node(identity(name));
  for (json::Reader& edge : root.at("edges").array()) add_edge(builder, edge, "from", "to", true, source);
  return builder.graph();
}

NamedGraph from_node_link(json::Reader& root, const std::string& source) {
  GraphBuilder builder(source);
  for (json::Reader& node : root.at("nodes").array()) builder.node(identity(node.at("id")));
  bool directed = true;
  if (const auto value = root.optional("directed")) directed = value->boolean();
  auto edges = root.optional("links");
  if (!edges) edges = root.at("edges");
  for (json::Reader& edge : edges->array()) add_edge(builder, edge, "source", "target", directed, source);
  return builder.graph();
}

}  // namespace

NamedGraph parse_graph_json(std::string_view text, const std::string& source) {
  const json::Value document = json::parse(text, source);
  json::Reader root(document, source);
  if (root.optional("names")) return from_result(root, source);
  return from_node_link(root, source);
}

std::string format_node_link(const NamedGraph& graph) {
  ordered_json json{{"directed", true}, {"multigraph", false}, {"graph", ordered_json::object()}};
  json["nodes"] = ordered_json::array();
  for (const std::string& name : graph.names) json["nodes"].push_back({{"id", name}});
  json["links"] = ordered_json::array();
  for (std::size_t i = 0; i < graph.w.rows; ++i) {
    for (std::size_t j = 0; j < graph.w.columns; ++j) {
      if (graph.w(i, j) == 0) continue;
      ordered_json edge{{"source", graph.names[i]}, {"target", graph.names[j]}, {"weight", graph.w(i, j)}};
      if (is_undirected(graph, i, j)) edge["undirected"] = true;
      if (!graph.frequency.empty()) edge["frequency"] = graph.frequency(i, j);
      json["links"].push_back(std::move(edge));
    }
  }
  return json::dump(json);
}

}  // namespace xchg::dag
