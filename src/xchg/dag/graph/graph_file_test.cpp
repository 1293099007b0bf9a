#include "xchg/dag/graph_file.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "xchg/core/error.hpp"
#include "xchg/dag/graph/testing.hpp"

namespace xchg::dag {
namespace {

using ::testing::HasSubstr;
using testing::random_graph;

// Names that each kind of file has to protect.
std::vector<std::string> hostile_names() {
  return {"plain",        "with blank",  " blank at both ends ",
          "quote\"d",     "it's",        "back\\slash",
          "ends with \\", "a,b;c|d",     "<b>&amp;</b>",
          "]]>",          "line\nbreak", "tab\tstop",
          "Ångström",     "漢字",        "🧬",
          "-> b",         "node",        "digraph",
          "{x}",          "[weight=2]",  "7",
          "1e5",          "NA",          "//",
          "# no comment", "a:b",         "\xC2\xA0",
          "null"};
}

NamedGraph hostile_graph(Random& random, bool frequencies) {
  std::vector<std::string> names = hostile_names();
  for (std::size_t i = names.size(); i > 1; --i) std::swap(names[i - 1], names[random.below(i)]);
  names.resize(2 + random.below(names.size() - 1));
  NamedGraph graph{random_graph(names.size(), 0.3, random), names, {}, {}};
  graph.w.values[1] = 1e-300;  // 0 -> 1
  graph.w(1, 0) = 0;
  if (frequencies) graph.frequency = Matrix(names.size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (std::size_t j = 0; j < names.size(); ++j) {
      if (graph.w(i, j) == 0) continue;
      if (frequencies) graph.frequency(i, j) = random.uniform();
      if (random.below(3) == 0) {
        graph.undirected.push_back({static_cast<int>(std::min(i, j)), static_cast<int>(std::max(i, j))});
      }
    }
  }
  std::sort(graph.undirected.begin(), graph.undirected.end());
  return graph;
}

void expect_same(const NamedGraph& found, const NamedGraph& expected, const std::string& text) {
  EXPECT_EQ(found.names, expected.names) << text;
  EXPECT_EQ(found.w, expected.w) << text;
  EXPECT_EQ(found.frequency, expected.frequency) << text;
  EXPECT_EQ(found.undirected, expected.undirected) << text;
}

TEST(GraphFile, EveryKindReadsBackWhatWasWrittenWhateverTheNames) {
  Random random(1);
  for (int round = 0; round < 100; ++round) {
    const NamedGraph graph = hostile_graph(random, round % 2 == 0);
    for (const auto& text : {format_dot(graph), format_graphml(graph), format_node_link(graph)}) {
      expect_same(parse_graph(text), graph, text);
    }
    // Blanks around the names of columns do not belong to them.
    NamedGraph plain{graph.w, graph.names, {}, {}};
    for (std::string& name : plain.names) name = name == " blank at both ends " ? "no blanks" : name;
    const std::string table = format_adjacency(plain);
    expect_same(parse_graph(table), plain, table);
  }
}

TEST(GraphFile, AnEdgePointsFromTheRowToTheColumn) {
  const NamedGraph graph = parse_graph("a,b,c\n0,2,0\n0,0,-1.5\n0,0,0\n");
  EXPECT_EQ(graph.w(0, 1), 2);
  EXPECT_EQ(graph.w(1, 2), -1.5);
  EXPECT_THAT(format_dot(graph), HasSubstr("\"a\" -> \"b\" [weight=\"2\""));
  EXPECT_THAT(format_graphml(graph), HasSubstr("<edge source=\"b\" target=\"c\">"));
}

TEST(GraphFile, TablesHaveNamesAtTheTopAndPerhapsAtTheLeft) {
  const Matrix w = testing::graph_of(2, {{0, 1}});
  for (const char* text : {"0,1\n0,0\n", "0 1\n0 0\n", "0,1\n0,1\n0,0\n"}) {
    expect_same(parse_graph(text), {w, {"0", "1"}, {}, {}}, text);
  }
  for (const char* text :
       {"x;y\n0;1\n0;0\n", ",x,y\nx,0,1\ny,0,0\n", "\xef\xbb\xbf\"x\",\"y\"\r\n0,1\r\n0,0\r\n"}) {
    expect_same(parse_graph(text), {w, {"x", "y"}, {}, {}}, text);
  }
  expect_same(parse_graph("7,1\n0,1\n0,0\n"), {w, {"7", "1"}, {}, {}}, "numbers as names");
  EXPECT_EQ(parse_graph("graph,strict\n0,1\n0,0\n").names, (std::vector<std::string>{"graph", "strict"}));
}

TEST(GraphFile, TheConsensusNetworkHasTwentyEdges) {
  const NamedGraph graph = read_graph(XCHG_TEST_DATA "/dag/sachs_consensus.csv");
  EXPECT_EQ(graph.names.size(), 11U);
  EXPECT_EQ(std::count(graph.w.values.begin(), graph.w.values.end(), 1.0), 20);
  EXPECT_EQ(graph.w(0, 1), 1);  // raf -> mek
  EXPECT_EQ(graph.w(1, 0), 0);
}

TEST(GraphFile, ReadsWhatOtherProgramsWrite) {
  const Matrix chain = testing::graph_of(3, {{0, 1}, {1, 2}});
  const char* dot =
      "/* made */ strict DiGraph g {\n graph [rankdir=LR]; node [shape=box]\n a -> b -> c // end\n}";
  expect_same(parse_graph(dot), {chain, {"a", "b", "c"}, {}, {}}, dot);
  // networkx.write_graphml
  const char* graphml =
      "<?xml version='1.0' encoding='utf-8'?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" "
      "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><key id=\"d0\" for=\"edge\" "
      "attr.name=\"weight\" "
      "attr.type=\"double\" />\n<graph edgedefault=\"directed\"><node id=\"a\" /><node id=\"b\" />\n<edge "
      "source=\"b\" target=\"a\"><data key=\"d0\">-0.5</data></edge></graph></graphml>";
  Matrix back(2, 2);
  back(1, 0) = -0.5;
  expect_same(parse_graph(graphml), {back, {"a", "b"}, {}, {}}, graphml);
  // networkx.node_link_data, with numbers for nodes
  const char* json = R"({"directed": true, "multigraph": false, "graph": {}, "nodes": [{"id": 0}, {"id": 1}],
    "edges": [{"weight": -0.5, "source": 1, "target": 0}]})";
  expect_same(parse_graph(json), {back, {"0", "1"}, {}, {}}, json);
  const char* result = R"({"engine": "dag", "names": ["a", "b"], "order": ["b", "a"],
    "edges": [{"from": "b", "to": "a", "weight": -0.5, "se": 0.1, "frequency": 0.75}],
    "cpdag": {"directed": [], "undirected": [["b", "a"]]}})";
  Matrix frequency(2, 2);
  frequency(1, 0) = 0.75;
  expect_same(parse_graph(result), {back, {"a", "b"}, frequency, {{0, 1}}}, result);
}

TEST(GraphFile, EdgesWithoutDirectionStandInBothDirections) {
  const Matrix both = testing::graph_of(2, {{0, 1}, {1, 0}});
  for (
      const char* text :
      {"graph { a -- b }",
       R"({"directed": false, "nodes": [{"id": "a"}, {"id": "b"}], "links": [{"source": "a", "target": "b"}]})",
       "<graphml><graph edgedefault='undirected'><node id='a'/><node id='b'/><edge source='a' target='b'/>"
       "</graph></graphml>"}) {
    expect_same(parse_graph(text), {both, {"a", "b"}, {}, {{0, 1}}}, text);
  }
}

std::string refusal(const std::string& text) {
  try {
    parse_graph(text, "f");
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(GraphFile, RefusesWithTheLineOrThePlace) {
  EXPECT_THAT(refusal(""), HasSubstr("f: is empty"));
  EXPECT_THAT(refusal("1,2,3\n4,5,6\n"), HasSubstr("f: is 2 by 3"));
  EXPECT_THAT(refusal("a,a\n0,0\n0,0\n"), HasSubstr("both named \"a\""));
  EXPECT_THAT(refusal("a,b\n0,inf\n0,0\n"), HasSubstr("not a finite number"));
  EXPECT_THAT(refusal("digraph {\na -> b;\na -> }"), HasSubstr("f:3"));
  EXPECT_THAT(refusal("digraph {\na -> b; a -> b }"), HasSubstr("comes twice"));
  EXPECT_THAT(refusal("digraph {\na -> a }"), HasSubstr("f:2: a node is joined to itself"));
  EXPECT_THAT(refusal("digraph {\n\na -> b [weight=x]}"), HasSubstr("f:3"));
  EXPECT_THAT(refusal("digraph { subgraph x { a } }"), HasSubstr("subgraphs"));
  EXPECT_THAT(refusal("digraph { \"a"), HasSubstr("no end"));
  EXPECT_THAT(refusal("digraph {}"), HasSubstr("has no node"));
  EXPECT_THAT(refusal("<graphml>\n<graph>\n<node id='a'>\n</graph></graphml>"), HasSubstr("f:4"));
  EXPECT_THAT(refusal("<!DOCTYPE x [<!ENTITY a 'b'>]><graphml/>"),
              HasSubstr("f:1: document types are not read"));
  EXPECT_THAT(refusal("<graphml><graph><node id='&lol;'/></graph></graphml>"),
              HasSubstr("unknown entity &lol;"));
  EXPECT_THAT(refusal("<graphml><graph><node id='a'/><edge source='a' target='b'/></graph></graphml>"),
              HasSubstr("no <node>"));
  EXPECT_THAT(refusal("<graphml><graph><node id='a'/></graph></graphml><graphml/>"), HasSubstr("outermost"));
  EXPECT_THAT(refusal("<graphml><graph><node id='a' id='b'/></graph></graphml>"), HasSubstr("comes twice"));
  EXPECT_THAT(refusal(R"({"nodes": [{"id": "a"}], "links": [{"source": "a", "target": "z"}]})"),
              HasSubstr("/links/0/target"));
  EXPECT_THAT(refusal(R"({"nodes": [{"id": "a"}, {"id": "a"}], "links": []})"), HasSubstr("/nodes/1/id"));
  EXPECT_THAT(refusal(R"({"names": ["a", "b"], "edges": [{"from": "a", "to": "b", "weight": "x"}]})"),
              HasSubstr("/edges/0/weight"));
}

TEST(GraphFile, RefusesNamesThatNoOtherFileCouldHave) {
  const std::string nul = std::string("<graphml><graph><node id='a") + '\0' + "'/></graph></graphml>";
  EXPECT_THAT(refusal(nul), HasSubstr("control character"));
  EXPECT_THAT(refusal("<graphml><graph><node id='&#1;'/></graph></graphml>"), HasSubstr("control character"));
  EXPECT_THAT(refusal(R"({"nodes": [{"id": "\u0000"}], "links": []})"), HasSubstr("control character"));
  EXPECT_THAT(refusal("digraph { \"\x1b\" }"), HasSubstr("control character"));
  EXPECT_THAT(refusal("digraph { \"\xff\" }"), HasSubstr("not UTF-8"));
  EXPECT_THAT(refusal("a\x01,b\n0,1\n0,0\n"), HasSubstr("control character"));
}

TEST(GraphFile, AnOpenDirectionNeedsItsEdge) {
  const auto result = [](const std::string& pairs) {
    return R"({"names": ["a", "b", "c"], "edges": [{"from": "b", "to": "a", "weight": 2}],
      "cpdag": {"undirected": [)" +
           pairs + "]}}";
  };
  EXPECT_THAT(refusal(result(R"(["a", "c"])")), HasSubstr("/cpdag/undirected/0: there is no edge"));
  EXPECT_THAT(refusal(result(R"(["a", "a"])")), HasSubstr("there is no edge"));
  const NamedGraph graph = parse_graph(result(R"(["a", "b"], ["b", "a"])"));
  expect_same(parse_graph(format_node_link(graph)), graph, "the pair twice");
}

TEST(WeightsByName, FollowTheNamesAndRefuseOthers) {
  const NamedGraph graph = parse_graph("b,a\n0,3\n0,0\n");
  const Matrix w = weights_by_name(graph, {"a", "b"}, "f");
  EXPECT_EQ(w(1, 0), 3);
  EXPECT_EQ(w(0, 1), 0);
  EXPECT_EQ(weights_by_name(parse_graph("0,3\n0,0\n"), {"a", "b"}, "f")(0, 1), 3);
  EXPECT_THROW(weights_by_name(graph, {"a", "b", "c"}, "f"), InputError);
  try {
    weights_by_name(graph, {"aa", "b"}, "f");
    ADD_FAILURE();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("aa"));
  }
}

}  // namespace
}  // namespace xchg::dag
