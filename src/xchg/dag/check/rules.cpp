#include "xchg/dag/check/rules.hpp"

#include <fmt/format.h>

#include "xchg/core/error.hpp"

namespace xchg::dag::check {
namespace {

void require_node(int node, std::size_t nodes) {
  if (node < 0 || static_cast<std::size_t>(node) >= nodes)
    throw InputError(fmt::format("knowledge names node {}", node), {}, fmt::format("0 to {}", nodes - 1));
}

}  // namespace

Rules::Rules(const Knowledge& knowledge, std::size_t nodes)
    : nodes_(nodes),
      any_(!knowledge.required.empty() || !knowledge.forbidden.empty() || !knowledge.before.empty() ||
           !knowledge.tiers.empty() || !knowledge.roots.empty() || !knowledge.leaves.empty()),
      before_(nodes * nodes),
      forbidden_(nodes * nodes),
      required_(nodes * nodes) {
  const auto each = [&](const std::vector<Edge>& edges, auto&& function) {
    for (const Edge& edge : edges) {
      require_node(edge.from, nodes);
      require_node(edge.to, nodes);
      function(at(edge.from, edge.to));
    }
  };
  each(knowledge.required, [&](std::size_t place) { required_[place] = before_[place] = true; });
  each(knowledge.forbidden, [&](std::size_t place) { forbidden_[place] = true; });
  each(knowledge.before, [&](std::size_t place) { before_[place] = true; });
  for (std::size_t later = 0; later < knowledge.tiers.size(); ++later) {
    for (const int b : knowledge.tiers[later]) {
      require_node(b, nodes);
      for (std::size_t earlier = 0; earlier < later; ++earlier) {
        for (const int a : knowledge.tiers[earlier]) before_[at(a, b)] = true;
      }
    }
  }
  const auto d = static_cast<int>(nodes);
  for (const int root : knowledge.roots) {
    require_node(root, nodes);
    for (int i = 0; i < d; ++i) forbidden_[at(i, root)] = true;
  }
  for (const int leaf : knowledge.leaves) {
    require_node(leaf, nodes);
    for (int j = 0; j < d; ++j) forbidden_[at(leaf, j)] = true;
  }
  for (int k = 0; any_ && k < d; ++k) {  // Warshall's transitive closure
    for (int i = 0; i < d; ++i) {
      for (int j = 0; before_[at(i, k)] && j < d; ++j) {
        if (before_[at(k, j)]) before_[at(i, j)] = true;
      }
    }
  }
}

std::vector<int> Rules::allowed(int node, const std::vector<int>& predecessors) const {
  std::vector<int> result;
  for (const int parent : predecessors) {
    if (!forbidden(parent, node)) result.push_back(parent);
  }
  return result;
}

std::vector<std::string> Rules::broken(const Matrix& w, const std::vector<int>& order,
                                       const std::vector<std::string>& names) const {
  std::vector<std::string> lines;
  if (!any_) return lines;
  const auto name = [&](std::size_t node) { return "'" + names[node] + "'"; };
  for (std::size_t a = 0; a < order.size(); ++a) {
    for (std::size_t b = a + 1; b < order.size(); ++b) {
      if (before(order[b], order[a]))
        lines.push_back(fmt::format("{} stands before {} against the knowledge",
                                    name(static_cast<std::size_t>(order[a])),
                                    name(static_cast<std::size_t>(order[b]))));
    }
  }
  for (std::size_t i = 0; i < nodes_; ++i) {
    for (std::size_t j = 0; j < nodes_; ++j) {
      const bool edge = w(i, j) != 0;
      const auto place = i * nodes_ + j;
      if (edge && forbidden_[place])
        lines.push_back(fmt::format("the edge {} -> {} is forbidden", name(i), name(j)));
      if (!edge && required_[place])
        lines.push_back(fmt::format("the required edge {} -> {} is missing", name(i), name(j)));
    }
  }
  return lines;
}

bool has_cycle(const Matrix& w) {
  std::vector<std::size_t> parents(w.rows), free;
  for (std::size_t j = 0; j < w.rows; ++j) {
    for (std::size_t i = 0; i < w.rows; ++i) parents[j] += w(i, j) != 0 ? 1 : 0;
    if (parents[j] == 0) free.push_back(j);
  }
  std::size_t taken = 0;
  while (!free.empty()) {
    const std::size_t i = free.back();
    free.pop_back();
    ++taken;
    for (std::size_t j = 0; j < w.rows; ++j) {
      if (w(i, j) != 0 && --parents[j] == 0) free.push_back(j);
    }
  }
  return taken != w.rows;
}

}  // namespace xchg::dag::check
