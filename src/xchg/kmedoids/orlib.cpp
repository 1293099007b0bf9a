#include "xchg/kmedoids/orlib.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <queue>
#include <vector>

#include "xchg/core/error.hpp"
#include "xchg/core/file.hpp"
#include "xchg/core/machine.hpp"
#include "xchg/core/parallel.hpp"
#include "xchg/core/threads.hpp"

namespace xchg::kmedoids {
namespace {

constexpr std::int64_t largest_cost = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t unreached = std::numeric_limits<std::int64_t>::max();

// Lines of three whole numbers, with their place for errors.
class Lines {
 public:
  Lines(std::string_view text, const std::string& source) : rest_(text), source_(source) {}

  // The next line that is not blank.
  std::optional<std::array<std::int64_t, 3>> next(std::string_view expected) {
    while (!rest_.empty()) {
      const std::size_t end = std::min(rest_.find('\n'), rest_.size());
      std::string_view line = rest_.substr(0, end);
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
      ++line_;
      if (skip_blanks(line); line.empty()) continue;
      std::array<std::int64_t, 3> numbers{};
      for (std::int64_t& number : numbers) number = take_number(line, expected);
      if (!line.empty()) fail(fmt::format("there is more after three numbers: '{}'", shown(line)), expected);
      return numbers;
    }
    return std::nullopt;
  }

  Where where() const { return {.file = source_, .line = line_}; }

  [[noreturn]] void fail(std::string problem, std::string_view expected) const {
    throw InputError(std::move(problem), where(), std::string(expected));
  }

 private:
  static void skip_blanks(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
  }

  // The beginning of a text that may be anything.
  static std::string shown(std::string_view text) {
    std::string result;
    for (const char c : text.substr(0, 20)) result += c >= ' ' && c < 127 ? c : '?';
    return result;
  }

  std::int64_t take_number(std::string_view& line, std::string_view expected) const {
    if (line.empty()) fail("the line ends before its third number", expected);
    const std::string_view word = line.substr(0, std::min(line.find_first_of(" \t\r"), line.size()));
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error == std::errc::result_out_of_range)
      fail(fmt::format("the number '{}' is too large", shown(word)), expected);
    if (error != std::errc() || end != word.data() + word.size())
      fail(fmt::format("'{}' is not a whole number", shown(word)), expected);
    line.remove_prefix(word.size());
    skip_blanks(line);
    return number;
  }

  std::string_view rest_;
  const std::string& source_;
  std::size_t line_ = 0;
};

struct Edge {
  std::int64_t from, to, cost;  // nodes from 0
};

struct Graph {
  std::int64_t nodes = 0;
  int p = 0;
  std::vector<Edge> edges;  // from < to, each pair once
};

std::vector<Edge> read_edges(Lines& lines, std::int64_t nodes, std::int64_t count) {
  const std::string expected =
      fmt::format("'i j cost' with nodes 1 to {} and a cost of 0 to {}", nodes, largest_cost);
  std::vector<Edge> edges;
  while (const auto numbers = lines.next(expected)) {
    const auto& [from, to, cost] = *numbers;
    for (const std::int64_t node : {from, to}) {
      if (node < 1 || node > nodes) lines.fail(fmt::format("the node {} does not exist", node), expected);
    }
    if (cost < 0 || cost > largest_cost) lines.fail(fmt::format("the cost is {}", cost), expected);
    if (static_cast<std::int64_t>(edges.size()) == count)
      lines.fail(fmt::format("there are more than the {} edges of the first line", count), "the end");
    edges.push_back({std::min(from, to) - 1, std::max(from, to) - 1, cost});
  }
  if (static_cast<std::int64_t>(edges.size()) < count) {
    lines.fail(fmt::format("the file ends after {} edges", edges.size()),
               fmt::format("{}, as the first line says", count));
  }
  return edges;
}

// Keeps the last of equal pairs, and no loops.
void keep_last(std::vector<Edge>& edges) {
  std::stable_sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) {
    return a.from != b.from ? a.from < b.from : a.to < b.to;
  });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const bool last =
        i + 1 == edges.size() || edges[i].from != edges[i + 1].from || edges[i].to != edges[i + 1].to;
    if (last && edges[i].from != edges[i].to) edges[kept++] = edges[i];
  }
  edges.resize(kept);
}

Graph read_graph(std::string_view text, const std::string& source) {
  constexpr std::string_view expected = "'n edges p' with 1 <= p <= n and at least n - 1 edges";
  Lines lines(text, source);
  const auto header = lines.next(expected);
  if (!header) throw InputError("the file is empty", {.file = source}, std::string(expected));
  const auto& [nodes, count, p] = *header;
  if (nodes < 1 || p < 1 || p > nodes || p > largest_cost)
    lines.fail(fmt::format("there are {} nodes and p is {}", nodes, p), expected);
  if (count < nodes - 1) lines.fail(fmt::format("{} edges cannot connect {} nodes", count, nodes), expected);
  Graph graph{nodes, static_cast<int>(p), read_edges(lines, nodes, count)};
  keep_last(graph.edges);
  return graph;
}

// For every node its neighbours, one after another.
class Neighbours {
 public:
  struct Entry {
    std::int64_t node, cost;
  };

  explicit Neighbours(const Graph& graph)
      : begin_(static_cast<std::size_t>(graph.nodes) + 1), entries_(2 * graph.edges.size()) {
    for (const Edge& edge : graph.edges) {
      ++begin_[static_cast<std::size_t>(edge.from) + 1];
      ++begin_[static_cast<std::size_t>(edge.to) + 1];
    }
    for (std::size_t node = 1; node < begin_.size(); ++node) begin_[node] += begin_[node - 1];
    std::vector<std::size_t> next(begin_.begin(), begin_.end() - 1);
    for (const Edge& edge : graph.edges) {
      entries_[next[static_cast<std::size_t>(edge.from)]++] = {edge.to, edge.cost};
      entries_[next[static_cast<std::size_t>(edge.to)]++] = {edge.from, edge.cost};
    }
  }

  std::span<const Entry> of(std::int64_t node) const {
    const auto at = static_cast<std::size_t>(node);
    return std::span(entries_).subspan(begin_[at], begin_[at + 1] - begin_[at]);
  }

 private:
  std::vector<std::size_t> begin_;
  std::vector<Entry> entries_;
};

// Dijkstra's shortest paths from one node.
std::vector<std::int64_t> lengths_from(std::int64_t source, const Neighbours& neighbours, std::size_t nodes) {
  std::vector<std::int64_t> length(nodes, unreached);
  using Entry = std::pair<std::int64_t, std::int64_t>;  // length, node
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
  length[static_cast<std::size_t>(source)] = 0;
  queue.push({0, source});
  while (!queue.empty()) {
    const auto [so_far, node] = queue.top();
    queue.pop();
    if (so_far > length[static_cast<std::size_t>(node)]) continue;
    for (const auto& [next, cost] : neighbours.of(node)) {
      std::int64_t& known = length[static_cast<std::size_t>(next)];
      if (so_far + cost >= known) continue;
      known = so_far + cost;
      queue.push({known, next});
    }
  }
  return length;
}

void write_row(const std::vector<std::int64_t>& lengths, std::int64_t from, const std::string& source,
               std::int32_t* row) {
  for (std::size_t to = 0; to < lengths.size(); ++to) {
    if (lengths[to] == unreached) {
      throw InputError(
          fmt::format("the graph is not connected: no path from node {} to node {}", from + 1, to + 1),
          {.file = source}, "a path between any two nodes");
    }
    if (lengths[to] > largest_cost) {
      throw InputError(fmt::format("the shortest path from node {} to node {} has the length {}", from + 1,
                                   to + 1, lengths[to]),
                       {.file = source}, fmt::format("at most {}", largest_cost));
    }
    row[to] = static_cast<std::int32_t>(lengths[to]);
  }
}

void check_memory(std::int64_t nodes, const OrlibOptions& options) {
  const auto side = static_cast<std::uint64_t>(nodes);
  const std::uint64_t needed = side * side * sizeof(std::int32_t);
  const std::uint64_t budget =
      options.memory_budget_bytes != 0 ? options.memory_budget_bytes : available_memory_bytes() / 2;
  if (side >= std::uint64_t{1} << 31 || needed > budget) {
    throw LimitError(fmt::format("the shortest paths between {} nodes do not fit", nodes), needed, budget,
                     "give more with --memory");
  }
}

}  // namespace

OrlibInstance parse_orlib(std::string_view text, const std::string& source, const OrlibOptions& options) {
  const Graph graph = read_graph(text, source);
  check_memory(graph.nodes, options);
  const Neighbours neighbours(graph);
  const auto nodes = static_cast<std::size_t>(graph.nodes);
  std::vector<std::int32_t> matrix(nodes * nodes);
  const auto steps_per_source = static_cast<std::int64_t>(20 * (graph.edges.size() + nodes));
  parallel_for(resolve_threads(options.threads), graph.nodes, piece_size(steps_per_source),
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t from = begin; from < end; ++from) {
                   write_row(lengths_from(from, neighbours, nodes), from, source,
                             matrix.data() + static_cast<std::size_t>(from) * nodes);
                 }
               });
  return {Dissimilarity::matrix(std::move(matrix), graph.nodes, {.source = source}), graph.p};
}

OrlibInstance read_orlib(const std::string& path, const OrlibOptions& options) {
  return parse_orlib(file::read(path), path, options);
}

}  // namespace xchg::kmedoids
