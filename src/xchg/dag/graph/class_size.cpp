// The number of members of an equivalence class: the product over its chain components of their numbers of
// orientations, each the sum over its possible first nodes (He, Jia, Yu, "Counting and exploring sizes of
// Markov equivalence classes of directed acyclic graphs", JMLR 16, 2015).
#include <algorithm>
#include <map>

#include "xchg/dag/graph.hpp"

namespace xchg::dag {
namespace {

using Nodes = std::vector<std::size_t>;
using Links = std::vector<std::vector<char>>;  // (d, d) symmetric

class Orientations {
 public:
  Orientations(Links links, std::uint64_t most) : links_(std::move(links)), most_(most) {}

  // Of the components among these nodes, whose edges are `links`.
  std::uint64_t product(const Nodes& nodes, const Links& links) {
    std::uint64_t count = 1;
    for (const Nodes& component : components(nodes, links)) count = times(count, connected(component));
    return count;
  }
  std::uint64_t all() {
    Nodes nodes(links_.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) nodes[i] = i;
    return product(nodes, links_);
  }

 private:
  std::uint64_t times(std::uint64_t a, std::uint64_t b) const {
    return a > most_ / std::max<std::uint64_t>(b, 1) ? most_ : std::min(a * b, most_);
  }

  static std::vector<Nodes> components(const Nodes& nodes, const Links& links) {
    std::vector<Nodes> all;
    std::vector<char> seen(links.size());
    for (const std::size_t first : nodes) {
      if (seen[first] != 0) continue;
      seen[first] = 1;
      Nodes component{first};
      for (std::size_t k = 0; k < component.size(); ++k) {
        for (const std::size_t other : nodes) {
          if (seen[other] != 0 || links[component[k]][other] == 0) continue;
          seen[other] = 1;
          component.push_back(other);
        }
      }
      std::sort(component.begin(), component.end());
      all.push_back(std::move(component));
    }
    return all;
  }

  // Of one component: the induced subgraph of its nodes.
  std::uint64_t connected(const Nodes& nodes) {
    std::size_t edges = 0;
    for (const std::size_t a : nodes) {
      for (const std::size_t b : nodes) edges += a < b && links_[a][b] != 0;
    }
    const std::size_t n = nodes.size();
    if (edges + 1 == n) return std::min<std::uint64_t>(n, most_);  // a tree: one member for each root
    if (edges == n * (n - 1) / 2) {                                // every order is a member
      std::uint64_t count = 1;
      for (std::size_t k = 2; k <= n && count < most_; ++k) count = times(count, k);
      return count;
    }
    if (const auto found = known_.find(nodes); found != known_.end()) return found->second;
    std::uint64_t count = 0;
    for (const std::size_t root : nodes) {
      count = std::min(count + rooted(nodes, root), most_);
      if (count == most_) break;
    }
    return known_[nodes] = count;
  }

  // Of the members in which `root` comes first: edges point away from it, level by level, and on from where
  // an arrow's tail and the edge's far end are not joined; what stays undirected lies within the levels.
  std::uint64_t rooted(const Nodes& nodes, std::size_t root) {
    Links open(links_.size(), std::vector<char>(links_.size()));
    Links into(links_.size(), std::vector<char>(links_.size()));  // into[x][z]: z -> x
    Nodes level{root}, rest = nodes;
    std::erase(rest, root);
    std::uint64_t count = 1;
    while (!rest.empty()) {
      Nodes next;
      for (const std::size_t x : rest) {
        for (const std::size_t z : level) into[x][z] = links_[x][z];
        if (std::any_of(level.begin(), level.end(), [&](std::size_t z) { return into[x][z] != 0; })) {
          next.push_back(x);
        }
      }
      for (const std::size_t x : next) {
        std::erase(rest, x);
        for (const std::size_t y : next) open[x][y] = links_[x][y];
      }
      while (orient(nodes, next, open, into)) {
      }
      count = times(count, product(next, open));
      level = std::move(next);
    }
    return count;
  }

  bool orient(const Nodes& nodes, const Nodes& level, Links& open, Links& into) const {
    bool changed = false;
    for (const std::size_t x : level) {
      for (const std::size_t y : level) {
        if (open[x][y] == 0) continue;
        const bool forced = std::any_of(nodes.begin(), nodes.end(), [&](std::size_t z) {
          return into[x][z] != 0 && z != y && links_[z][y] == 0;
        });
        if (!forced) continue;
        open[x][y] = open[y][x] = 0;
        into[y][x] = 1;
        changed = true;
      }
    }
    return changed;
  }

  Links links_;
  std::uint64_t most_;
  std::map<Nodes, std::uint64_t> known_;
};

}  // namespace

std::uint64_t class_size(const Cpdag& graph, std::size_t nodes, std::uint64_t most) {
  Links links(nodes, std::vector<char>(nodes));
  for (const Edge& edge : graph.undirected) {
    const auto a = static_cast<std::size_t>(edge.from), b = static_cast<std::size_t>(edge.to);
    links[a][b] = links[b][a] = 1;
  }
  return Orientations(std::move(links), most).all();
}

}  // namespace xchg::dag
