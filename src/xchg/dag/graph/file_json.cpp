// Graphs in JSON: NetworkX's node-link form, and result.json.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "xchg/core/json.hpp"
#include "xchg/core/text.hpp"
#include "xchg/core/utf8.hpp"
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

void add_node(GraphBuilder& builder, const json::Reader& place) {
  const std::string id = identity(place);
  if (builder.knows(id)) place.fail("node " + utf8::quoted(id) + " comes twice", "different names");
  builder.node(id);
}

void add_edge(GraphBuilder& builder, json::Reader& place, const char* from_key, const char* to_key,
              const std::string& source) {
  json::Reader from = place.at(from_key), to = place.at(to_key);
  for (const json::Reader* end : {&from, &to}) {
    if (!builder.knows(identity(*end)))
      end->fail(utf8::quoted(identity(*end)) + " is no node", "one of the nodes");
  }
  FileEdge edge{builder.node(identity(from)), builder.node(identity(to)), 1, false, {}};
  if (const auto value = place.optional("weight")) edge.weight = value->number();
  if (const auto value = place.optional("frequency")) edge.frequency = value->number();
  if (const auto value = place.optional("undirected")) edge.open = value->boolean();
  Where where;
  where.file = source;
  where.pointer = place.pointer();
  builder.edge(edge, where);
}

NamedGraph from_result(json::Reader& root, const std::string& source) {
  GraphBuilder builder(source);
  for (const json::Reader& name : root.at("names").array()) add_node(builder, name);
  for (json::Reader& edge : root.at("edges").array()) add_edge(builder, edge, "from", "to", source);
  NamedGraph graph = builder.graph();
  auto classes = root.optional("cpdag");
  if (!classes) return graph;
  for (json::Reader& pair : classes->at("undirected").array()) {
    const auto ends = pair.array();
    if (ends.size() != 2) pair.fail("found " + std::to_string(ends.size()) + " elements", "two names");
    for (const json::Reader& end : ends) {
      if (!builder.knows(identity(end)))
        end.fail(utf8::quoted(identity(end)) + " is no node", "one of the nodes");
    }
    const int a = builder.node(identity(ends[0])), b = builder.node(identity(ends[1]));
    const auto i = static_cast<std::size_t>(a), j = static_cast<std::size_t>(b);
    if (graph.w(i, j) == 0 && graph.w(j, i) == 0)
      pair.fail("there is no edge between them", "one of the edges");
    graph.undirected.push_back({std::min(a, b), std::max(a, b)});
  }
  sort_once(graph.undirected);
  return graph;
}

NamedGraph from_node_link(json::Reader& root, const std::string& source) {
  GraphBuilder builder(source);
  for (json::Reader& node : root.at("nodes").array()) add_node(builder, node.at("id"));
  if (const auto value = root.optional("directed"); value && !value->boolean()) builder.symmetric();
  auto edges = root.optional("links");
  if (!edges) edges = root.at("edges");
  for (json::Reader& edge : edges->array()) add_edge(builder, edge, "source", "target", source);
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
