// What is known beforehand about the graph.
#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "xchg/dag/matrix.hpp"

namespace xchg::dag {

// from -> to, by node number.
struct Edge {
  int from = 0;
  int to = 0;
  auto operator<=>(const Edge&) const = default;  // NOLINT(modernize-use-nullptr): there is no pointer
};

// Prior knowledge by node number.
struct Knowledge {
  std::vector<Edge> required;                       // in the graph, never pruned
  std::vector<Edge> forbidden;                      // not in the graph; the order is free
  std::vector<Edge> before;                         // `from` precedes `to` in the order
  std::vector<std::vector<int>> tiers;              // every node of a tier precedes every node of later tiers
  std::vector<int> roots;                           // without parents
  std::vector<int> leaves;                          // without children
  std::map<std::string, std::vector<int>> targets;  // regime -> nodes that were set from outside

  bool empty() const;
};

// Reads {"required":[["a","b"]],"forbidden":[…],"before":[…],"tiers":[["a"],["b"]],"roots":[],"leaves":[],
// "targets":{"REGIME":["a"]}}; every key may be absent. Throws InputError with the JSON pointer: unknown
// keys, unknown names (suggests the nearest).
Knowledge read_knowledge(const std::filesystem::path& path, const std::vector<std::string>& names);
// The same from text in memory.
Knowledge parse_knowledge(std::string_view text, const std::vector<std::string>& names,
                          const std::string& source = "knowledge");

// What of an order the knowledge rules out, as "c must precede a (required)", one line for each reason;
// empty: nothing. Edges are not looked at: forbidden ones are left out of every regression.
std::vector<std::string> broken_knowledge(const Knowledge& knowledge, std::span<const int> order,
                                          const std::vector<std::string>& names);

// Knowledge as the search uses it: a partial order of the nodes, and which parents a node may have.
class Constraints {
 public:
  // Nothing is known about d nodes.
  explicit Constraints(std::size_t nodes);
  // Throws InputError when no order can satisfy it (prints the cycle with its reasons), an edge is required
  // and forbidden, or a node number is out of range.
  Constraints(const Knowledge& knowledge, const std::vector<std::string>& names);

  std::size_t nodes() const { return nodes_; }
  // Nothing binds the order.
  bool free_order() const { return free_order_; }
  // a must stand before b (transitive closure).
  bool before(int a, int b) const { return before_[index(a, b)] != 0; }
  // parent -> node may be an edge.
  bool allowed(int parent, int node) const { return forbidden_[index(parent, node)] == 0; }
  // parent -> node must be one.
  bool required(int parent, int node) const { return required_[index(parent, node)] != 0; }
  // Some parent of the node is forbidden.
  bool restricted(int node) const { return restricted_[static_cast<std::size_t>(node)] != 0; }
  bool any_restricted() const { return any_restricted_; }
  // (d) edges that must be in the graph.
  const std::vector<Edge>& required_edges() const { return required_edges_; }

  // The order satisfies the partial order.
  bool admits(std::span<const int> order) const;
  // The order that satisfies it and keeps as much of `wish` as taking the earliest possible node each time
  // does.
  std::vector<int> repaired(std::span<const int> wish) const;
  // For each position of an order that is admitted: how far left and right its node alone may move.
  void reach(std::span<const int> order, std::vector<int>& leftmost, std::vector<int>& rightmost) const;

 private:
  std::size_t index(int a, int b) const {
    return static_cast<std::size_t>(a) * nodes_ + static_cast<std::size_t>(b);
  }

  std::size_t nodes_ = 0;
  bool free_order_ = true;
  bool any_restricted_ = false;
  std::vector<unsigned char> before_, forbidden_, required_, restricted_;
  std::vector<Edge> required_edges_;
};

}  // namespace xchg::dag
