// Knowledge as a partial order of the nodes and a table of forbidden parents.
#include <algorithm>
#include <queue>

#include "xchg/core/error.hpp"
#include "xchg/core/utf8.hpp"
#include "xchg/dag/knowledge.hpp"

namespace xchg::dag {
namespace {

// a stands before b, and why.
struct Reason {
  int a, b;
  std::string text;
};

std::string edge_text(const std::vector<std::string>& names, const Edge& edge) {
  return names[static_cast<std::size_t>(edge.from)] + " -> " + names[static_cast<std::size_t>(edge.to)];
}

void require_node(int node, std::size_t nodes, const char* what) {
  if (node < 0 || static_cast<std::size_t>(node) >= nodes) {
    throw InputError(std::string(what) + " names node " + std::to_string(node), {},
                     "a number from 0 to " + std::to_string(nodes - 1));
  }
}

void require_edges(const std::vector<Edge>& edges, const std::vector<std::string>& names, const char* what) {
  for (const Edge& edge : edges) {
    require_node(edge.from, names.size(), what);
    require_node(edge.to, names.size(), what);
    if (edge.from == edge.to) {
      throw InputError(std::string(what) + " has " + edge_text(names, edge), {}, "two different variables");
    }
  }
}

void require_tiers(const std::vector<std::vector<int>>& tiers, const std::vector<std::string>& names) {
  std::vector<char> seen(names.size());
  for (const std::vector<int>& tier : tiers) {
    for (const int node : tier) {
      require_node(node, names.size(), "a tier");
      if (seen[static_cast<std::size_t>(node)]++ != 0) {
        throw InputError(
            "knowledge has " + utf8::quoted(names[static_cast<std::size_t>(node)]) + " in two tiers", {},
            "every variable in one at most");
      }
    }
  }
}

// Everything that binds the order.
std::vector<Reason> reasons_of(const Knowledge& knowledge) {
  std::vector<Reason> reasons;
  for (const Edge& edge : knowledge.required) reasons.push_back({edge.from, edge.to, "required"});
  for (const Edge& edge : knowledge.before) reasons.push_back({edge.from, edge.to, "before"});
  // Tiers that follow each other bind all others, too.
  std::size_t early = knowledge.tiers.size();
  for (std::size_t late = 0; late < knowledge.tiers.size(); ++late) {
    if (knowledge.tiers[late].empty()) continue;
    if (early < late) {
      const std::string text = "tiers " + std::to_string(early + 1) + ", " + std::to_string(late + 1);
      for (const int a : knowledge.tiers[early]) {
        for (const int b : knowledge.tiers[late]) reasons.push_back({a, b, text});
      }
    }
    early = late;
  }
  return reasons;
}

// A shortest cycle of reasons through some node, as "a before b (required), b before a (before)"; empty:
// none.
std::string cycle_text(const std::vector<Reason>& reasons, const std::vector<std::string>& names) {
  const std::size_t d = names.size();
  std::vector<std::vector<const Reason*>> from(d);
  for (const Reason& reason : reasons) from[static_cast<std::size_t>(reason.a)].push_back(&reason);
  for (std::size_t start = 0; start < d; ++start) {
    std::vector<const Reason*> reached_by(d, nullptr);
    std::queue<std::size_t> open;
    open.push(start);
    while (!open.empty()) {
      const std::size_t node = open.front();
      open.pop();
      for (const Reason* reason : from[node]) {
        const auto next = static_cast<std::size_t>(reason->b);
        if (reached_by[next] != nullptr) continue;
        reached_by[next] = reason;
        open.push(next);
      }
    }
    if (reached_by[start] == nullptr) continue;
    std::vector<const Reason*> cycle;
    std::size_t node = start;
    do {
      cycle.push_back(reached_by[node]);
      node = static_cast<std::size_t>(reached_by[node]->a);
    } while (node != start);
    std::string text;
    std::reverse(cycle.begin(), cycle.end());
    for (const Reason* reason : cycle) {
      text += (text.empty() ? "" : ", ") + names[static_cast<std::size_t>(reason->a)] + " before " +
              names[static_cast<std::size_t>(reason->b)] + " (" + reason->text + ")";
    }
    return text;
  }
  return "";
}

}  // namespace

bool Knowledge::empty() const {
  return required.empty() && forbidden.empty() && before.empty() && tiers.empty() && roots.empty() &&
         leaves.empty() && targets.empty();
}

std::vector<std::string> broken_knowledge(const Knowledge& knowledge, std::span<const int> order,
                                          const std::vector<std::string>& names) {
  std::vector<std::size_t> position(names.size());
  for (std::size_t k = 0; k < order.size(); ++k) position.at(static_cast<std::size_t>(order[k])) = k;
  std::vector<std::string> lines;
  for (const Reason& reason : reasons_of(knowledge)) {
    const auto a = static_cast<std::size_t>(reason.a), b = static_cast<std::size_t>(reason.b);
    if (position.at(a) >= position.at(b))
      lines.push_back(names[a] + " must precede " + names[b] + " (" + reason.text + ")");
  }
  return lines;
}

Constraints::Constraints(std::size_t nodes)
    : nodes_(nodes),
      before_(nodes * nodes),
      forbidden_(nodes * nodes),
      required_(nodes * nodes),
      restricted_(nodes) {}

Constraints::Constraints(const Knowledge& knowledge, const std::vector<std::string>& names)
    : Constraints(names.size()) {
  require_edges(knowledge.required, names, "a required edge");
  require_edges(knowledge.forbidden, names, "a forbidden edge");
  require_edges(knowledge.before, names, "'before'");
  require_tiers(knowledge.tiers, names);
  for (const int node : knowledge.roots) require_node(node, nodes_, "'roots'");
  for (const int node : knowledge.leaves) require_node(node, nodes_, "'leaves'");

  const std::vector<Reason> reasons = reasons_of(knowledge);
  for (const Reason& reason : reasons) before_[index(reason.a, reason.b)] = 1;
  for (std::size_t k = 0; k < nodes_; ++k) {
    for (std::size_t a = 0; a < nodes_; ++a) {
      if (before_[a * nodes_ + k] == 0) continue;
      for (std::size_t b = 0; b < nodes_; ++b) before_[a * nodes_ + b] |= before_[k * nodes_ + b];
    }
  }
  for (std::size_t a = 0; a < nodes_; ++a) {
    if (before_[a * nodes_ + a] == 0) continue;
    throw InputError("no order satisfies the knowledge: " + cycle_text(reasons, names), {},
                     "knowledge without a cycle");
  }
  free_order_ = reasons.empty();

  for (const Edge& edge : knowledge.forbidden) forbidden_[index(edge.from, edge.to)] = 1;
  const int d = static_cast<int>(nodes_);
  for (const int root : knowledge.roots) {
    for (int i = 0; i < d; ++i) forbidden_[index(i, root)] |= i != root;
  }
  for (const int leaf : knowledge.leaves) {
    for (int j = 0; j < d; ++j) forbidden_[index(leaf, j)] |= j != leaf;
  }
  for (const Edge& edge : knowledge.required) {
    if (!allowed(edge.from, edge.to)) {
      const bool listed = std::find(knowledge.forbidden.begin(), knowledge.forbidden.end(), edge) !=
                          knowledge.forbidden.end();
      throw InputError("knowledge requires " + edge_text(names, edge) + " and forbids it" +
                           (listed ? "" : " (roots or leaves)"),
                       {}, "one of the two");
    }
    if (required_[index(edge.from, edge.to)]++ == 0) required_edges_.push_back(edge);
    required_[index(edge.from, edge.to)] = 1;
  }
  // An edge against the partial order cannot occur anyway and needs no refitting.
  for (int i = 0; i < d; ++i) {
    for (int j = 0; j < d; ++j) {
      if (forbidden_[index(i, j)] != 0 && !before(j, i)) restricted_[static_cast<std::size_t>(j)] = 1;
    }
  }
  any_restricted_ = std::find(restricted_.begin(), restricted_.end(), 1) != restricted_.end();
}

bool Constraints::admits(std::span<const int> order) const {
  if (free_order_) return true;
  for (std::size_t a = 0; a < order.size(); ++a) {
    for (std::size_t b = a + 1; b < order.size(); ++b) {
      if (before(order[b], order[a])) return false;
    }
  }
  return true;
}

std::vector<int> Constraints::repaired(std::span<const int> wish) const {
  std::vector<int> waits(nodes_);
  for (std::size_t a = 0; a < nodes_; ++a) {
    for (std::size_t b = 0; b < nodes_; ++b) waits[b] += before_[a * nodes_ + b];
  }
  std::vector<int> rest(wish.begin(), wish.end()), order;
  while (!rest.empty()) {
    const auto next = std::find_if(rest.begin(), rest.end(),
                                   [&](int node) { return waits[static_cast<std::size_t>(node)] == 0; });
    const int node = *next;
    order.push_back(node);
    rest.erase(next);
    for (int b = 0; b < static_cast<int>(nodes_); ++b) waits[static_cast<std::size_t>(b)] -= before(node, b);
  }
  return order;
}

void Constraints::reach(std::span<const int> order, std::vector<int>& leftmost,
                        std::vector<int>& rightmost) const {
  const int d = static_cast<int>(order.size());
  leftmost.assign(order.size(), 0);
  rightmost.assign(order.size(), d - 1);
  for (int a = 0; a < d; ++a) {
    for (int b = a + 1; b < d; ++b) {
      if (!before(order[static_cast<std::size_t>(a)], order[static_cast<std::size_t>(b)])) continue;
      leftmost[static_cast<std::size_t>(b)] = a + 1;
      rightmost[static_cast<std::size_t>(a)] = std::min(rightmost[static_cast<std::size_t>(a)], b - 1);
    }
  }
}

}  // namespace xchg::dag
