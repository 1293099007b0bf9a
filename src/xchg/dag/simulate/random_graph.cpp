#include "xchg/dag/simulate/random_graph.hpp"

#include <algorithm>
#include <cmath>

namespace xchg::dag {
namespace {

std::uint64_t edge_count(double degree, int nodes, std::uint64_t most) {
  const double wanted = std::round(degree * nodes);
  return wanted < static_cast<double>(most) ? static_cast<std::uint64_t>(wanted) : most;
}

std::vector<Edge> erdos_renyi(int nodes, double degree, Random& random) {
  const auto d = static_cast<std::uint64_t>(nodes);
  const std::uint64_t pairs = d * (d - 1) / 2;
  std::vector<std::uint64_t> numbers =
      sample_without_replacement(pairs, edge_count(degree, nodes, pairs), random);
  std::sort(numbers.begin(), numbers.end());
  std::vector<Edge> edges;
  std::uint64_t to = 1, first = 0;  // pairs (0, to), (1, to), … have the numbers first, first + 1, …
  for (const std::uint64_t number : numbers) {
    while (number >= first + to) first += to++;
    edges.push_back({static_cast<int>(number - first), static_cast<int>(to)});
  }
  return edges;
}

// Nodes join from the last place to the first, so that new ones are causes of earlier ones.
std::vector<Edge> scale_free(int nodes, double degree, Random& random) {
  const int links = std::max(1, static_cast<int>(std::min(std::round(degree), static_cast<double>(nodes))));
  std::vector<Edge> edges;
  std::vector<int> urn;  // every node once, and once more for each of its causes
  for (int from = nodes - 1; from >= 0; --from) {
    std::vector<int> chosen;
    const int count = std::min(links, nodes - 1 - from);
    while (static_cast<int>(chosen.size()) < count) {
      const int to = urn[random.below(urn.size())];
      if (std::find(chosen.begin(), chosen.end(), to) == chosen.end()) chosen.push_back(to);
    }
    for (const int to : chosen) {
      edges.push_back({from, to});
      urn.push_back(to);
    }
    urn.push_back(from);
  }
  return edges;
}

std::vector<Edge> bipartite(int nodes, double degree, Random& random) {
  if (nodes < 2) return {};
  const auto causes = static_cast<std::uint64_t>(std::max(1, nodes / 5));
  const std::uint64_t pairs = causes * (static_cast<std::uint64_t>(nodes) - causes);
  std::vector<Edge> edges;
  for (const std::uint64_t number :
       sample_without_replacement(pairs, edge_count(degree, nodes, pairs), random)) {
    edges.push_back({static_cast<int>(number % causes), static_cast<int>(causes + number / causes)});
  }
  return edges;
}

}  // namespace

std::vector<Edge> random_edges(GraphKind kind, int nodes, double degree, Random& random) {
  std::vector<Edge> edges;
  switch (kind) {
    case GraphKind::ErdosRenyi:
      edges = erdos_renyi(nodes, degree, random);
      break;
    case GraphKind::ScaleFree:
      edges = scale_free(nodes, degree, random);
      break;
    case GraphKind::Bipartite:
      edges = bipartite(nodes, degree, random);
      break;
    case GraphKind::Chain:
      for (int k = 1; k < nodes; ++k) edges.push_back({k - 1, k});
      break;
  }
  std::sort(edges.begin(), edges.end());
  return edges;
}

}  // namespace xchg::dag
