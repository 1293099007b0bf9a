// Structural intervention distance (Peters, Buehlmann, "Structural intervention distance for evaluating
// causal graphs", Neural Computation 27, 2015): pairs (i, j) for which adjusting for the estimate's parents
// of i gives another distribution of j under do(i) than the truth has.
#include <array>

#include "xchg/core/error.hpp"
#include "xchg/dag/graph.hpp"

namespace xchg::dag {
namespace {

using Bits = std::vector<char>;

class Truth {
 public:
  explicit Truth(const Matrix& w) : d_(w.rows), parents_(d_), children_(d_), descendants_(d_, Bits(d_)) {
    const auto order = topological_order(w);
    if (!order) throw InputError("the true graph has a cycle", {}, "an acyclic one");
    for (std::size_t i = 0; i < d_; ++i) {
      for (std::size_t j = 0; j < d_; ++j) {
        if (w(i, j) == 0) continue;
        parents_[j].push_back(i);
        children_[i].push_back(j);
      }
    }
    for (std::size_t place = d_; place-- > 0;) {
      const auto i = static_cast<std::size_t>((*order)[place]);
      descendants_[i][i] = 1;
      for (const std::size_t child : children_[i]) {
        for (std::size_t k = 0; k < d_; ++k) descendants_[i][k] |= descendants_[child][k];
      }
    }
  }

  bool is_descendant(std::size_t j, std::size_t of) const { return descendants_[of][j] != 0; }

  // Whether z is a valid set of adjustment for the effect of i on j: no node of z is a descendant of a node
  // (but i) on a directed path from i to j, and z blocks all other paths between i and j (Shpitser et al.
  // 2010).
  bool adjusts(std::size_t i, std::size_t j, const Bits& z) const {
    Bits on_path(d_);
    for (std::size_t k = 0; k < d_; ++k) on_path[k] = k != i && is_descendant(k, i) && is_descendant(j, k);
    for (std::size_t k = 0; k < d_; ++k) {
      if (on_path[k] == 0) continue;
      for (std::size_t v = 0; v < d_; ++v) {
        if (z[v] != 0 && is_descendant(v, k)) return false;
      }
    }
    return separated(i, j, z, on_path);
  }

 private:
  // d-separation given z in the graph without the first edges of directed paths from i to j ("Bayes ball").
  bool separated(std::size_t i, std::size_t j, const Bits& z, const Bits& on_path) const {
    Bits opens(d_);  // colliders that are open: with a descendant in z
    for (std::size_t v = 0; v < d_; ++v) {
      for (std::size_t k = 0; k < d_; ++k) opens[v] |= z[k] != 0 && is_descendant(k, v);
    }
    enum Way : std::size_t { FromChild, FromParent };
    std::array<Bits, 2> seen{Bits(d_), Bits(d_)};
    std::vector<std::pair<std::size_t, Way>> open;
    const auto visit = [&](std::size_t node, Way way) {
      if (seen[way][node]++ == 0) open.emplace_back(node, way);
    };
    for (const std::size_t parent : parents_[i]) visit(parent, FromChild);
    for (const std::size_t child : children_[i]) {
      if (on_path[child] == 0) visit(child, FromParent);
    }
    while (!open.empty()) {
      const auto [node, way] = open.back();
      open.pop_back();
      if (node == j) return false;
      if (node == i) continue;
      const bool given = z[node] != 0;
      if (way == FromChild && !given) {
        for (const std::size_t parent : parents_[node]) visit(parent, FromChild);
        for (const std::size_t child : children_[node]) visit(child, FromParent);
      }
      if (way == FromParent) {
        if (!given) {
          for (const std::size_t child : children_[node]) visit(child, FromParent);
        }
        if (opens[node] != 0) {
          for (const std::size_t parent : parents_[node]) visit(parent, FromChild);
        }
      }
    }
    return true;
  }

  std::size_t d_;
  std::vector<std::vector<std::size_t>> parents_, children_;
  std::vector<Bits> descendants_;
};

}  // namespace

int structural_intervention_distance(const Matrix& truth, const Matrix& estimate) {
  if (truth.rows != estimate.rows || truth.columns != estimate.columns) {
    throw InputError("the graphs have different sizes", {}, "two square matrices of the same size");
  }
  if (!topological_order(estimate)) throw InputError("the estimated graph has a cycle", {}, "an acyclic one");
  const std::size_t d = truth.rows;
  const Truth graph(truth);
  int wrong = 0;
  for (std::size_t i = 0; i < d; ++i) {
    Bits parents(d);
    for (std::size_t k = 0; k < d; ++k) parents[k] = estimate(k, i) != 0;
    for (std::size_t j = 0; j < d; ++j) {
      if (j == i) continue;
      if (parents[j] != 0) {
        // The estimate says that i has no effect on j.
        wrong += graph.is_descendant(j, i);
      } else {
        wrong += !graph.adjusts(i, j, parents);
      }
    }
  }
  return wrong;
}

}  // namespace xchg::dag
