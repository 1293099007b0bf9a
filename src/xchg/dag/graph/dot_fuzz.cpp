// Any bytes either are refused with an InputError or are a graph; then the graph written in this form and
// read again is the same.
#include <cstdint>
#include <cstdlib>

#include "xchg/core/error.hpp"
#include "xchg/dag/graph/file_names.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace xchg;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  dag::NamedGraph graph;
  try {
    graph = dag::parse_dot(text, "graph");
  } catch (const InputError&) {
    return 0;
  }
  const dag::NamedGraph again = dag::parse_dot(dag::format_dot(graph), "again");
  if (again.names != graph.names || again.w != graph.w || again.frequency != graph.frequency ||
      again.undirected != graph.undirected) {
    std::abort();
  }
  return 0;
}
