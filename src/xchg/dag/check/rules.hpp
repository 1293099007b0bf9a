// Knowledge as the check reads it.
#pragma once

#include <string>
#include <vector>

#include "xchg/dag/knowledge.hpp"
#include "xchg/dag/matrix.hpp"

namespace xchg::dag::check {

// Which nodes must precede which, and which edges must not or must be there.
class Rules {
 public:
  // Throws InputError for a node that does not exist.
  Rules(const Knowledge& knowledge, std::size_t nodes);

  bool before(int a, int b) const { return before_[at(a, b)]; }  // with what follows from others
  bool forbidden(int parent, int node) const { return forbidden_[at(parent, node)]; }
  bool required(int parent, int node) const { return required_[at(parent, node)]; }
  bool any() const { return any_; }

  // The predecessors that may be parents of the node.
  std::vector<int> allowed(int node, const std::vector<int>& predecessors) const;

  // What a graph and its order break, one line each.
  std::vector<std::string> broken(const Matrix& w, const std::vector<int>& order,
                                  const std::vector<std::string>& names) const;

 private:
  std::size_t at(int a, int b) const {
    return static_cast<std::size_t>(a) * nodes_ + static_cast<std::size_t>(b);
  }

  std::size_t nodes_;
  bool any_;
  std::vector<bool> before_, forbidden_, required_;
};

// Whether a graph has a directed cycle: nodes without parents are taken away while there are some.
bool has_cycle(const Matrix& w);

}  // namespace xchg::dag::check
