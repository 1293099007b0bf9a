// Gaussian likelihood with variances of their own and a price for every parent.
#include <algorithm>
#include <bit>
#include <cmath>
#include <mutex>
#include <vector>

#include "xchg/core/error.hpp"
#include "xchg/dag/score/linear_score.hpp"
#include "xchg/dag/score/regression.hpp"

namespace xchg::dag {
namespace {

// Up to so many nodes the best parents are found among all sets.
constexpr int most_nodes_exact = 20;

// n log r(j | Pa) + |Pa| log n of every set of allowed parents, and the least over the subsets of each set.
class Table {
 public:
  Table(const Gram& gram, int node, const Constraints& constraints) {
    for (int i = 0; i < static_cast<int>(gram.nodes()); ++i) {
      if (i == node || !constraints.allowed(i, node)) continue;
      if (constraints.required(i, node)) required_ |= std::uint32_t{1} << candidates_.size();
      candidates_.push_back(i);
    }
    const auto n = static_cast<double>(gram.rows_of(node));
    const std::size_t count = candidates_.size(), sets = std::size_t{1} << count;
    best_.resize(sets);
    chosen_.resize(sets);
    variances(gram, node);
    for (std::uint32_t set = 0; set < sets; ++set) {
      best_[set] = n * std::log(best_[set]) + std::popcount(set) * std::log(n);
      chosen_[set] = set;
    }
    // Sets come after all their subsets. Ties: the smaller set.
    for (std::uint32_t set = 1; set < sets; ++set) {
      for (std::uint32_t rest = set & ~required_; rest != 0; rest &= rest - 1) {
        const std::uint32_t smaller = set & ~(rest & (~rest + 1));
        if (best_[smaller] <= best_[set]) {
          best_[set] = best_[smaller];
          chosen_[set] = chosen_[smaller];
        }
      }
    }
  }

  std::uint32_t set_of(std::span<const int> predecessors) const {
    std::uint32_t set = 0;
    for (std::size_t k = 0; k < candidates_.size(); ++k) {
      if (std::binary_search(predecessors.begin(), predecessors.end(), candidates_[k]))
        set |= std::uint32_t{1} << k;
    }
    return set;
  }
  double best(std::uint32_t set) const { return best_[set]; }
  std::vector<int> parents(std::uint32_t set) const {
    std::vector<int> result;
    for (std::size_t k = 0; k < candidates_.size(); ++k) {
      if ((chosen_[set] >> k & 1U) != 0) result.push_back(candidates_[k]);
    }
    return result;
  }

 private:
  // Residual variances of all sets, by elimination along the bits: the moments given a set go on to those
  // with one more.
  void variances(const Gram& gram, int node) {
    const Matrix& s = gram.matrix_of(node);
    const std::size_t size = candidates_.size() + 1;
    std::vector<int> all = candidates_;
    all.push_back(node);
    std::vector<std::vector<double>> moments(size, std::vector<double>(size * size));
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = i; j < size; ++j) {
        moments[0][i * size + j] = s(static_cast<std::size_t>(all[i]), static_cast<std::size_t>(all[j]));
      }
    }
    eliminate(moments, 0, size, 0, 0);
  }

  // moments[depth]: upper triangle given the `depth` members of the set, from column `next` on.
  void eliminate(std::vector<std::vector<double>>& moments, std::size_t depth, std::size_t size,
                 std::size_t next, std::uint32_t set) {
    const std::vector<double>& now = moments[depth];
    best_[set] = now.back();
    for (std::size_t k = next; k + 1 < size; ++k) {
      std::vector<double>& rest = moments[depth + 1];
      const double* pivot_row = now.data() + k * size;
      for (std::size_t i = k + 1; i < size; ++i) {
        const double factor = pivot_row[i] / pivot_row[k];
        for (std::size_t j = i; j < size; ++j) rest[i * size + j] = now[i * size + j] - factor * pivot_row[j];
      }
      eliminate(moments, depth + 1, size, k + 1, set | std::uint32_t{1} << k);
    }
  }

  std::vector<int> candidates_;
  std::uint32_t required_ = 0;
  std::vector<double> best_;
  std::vector<std::uint32_t> chosen_;
};

class BicScore final : public NodeScore {
 public:
  BicScore(const Gram& gram, const Constraints& constraints)
      : gram_(gram), constraints_(constraints), tables_(gram.nodes()), made_(gram.nodes()) {}

  int nodes() const override { return static_cast<int>(gram_.nodes()); }
  bool is_monotone() const override {
    return true;
  }  // more predecessors leave more sets of parents to choose from

  double cost(int node, std::span<const int> predecessors) const override {
    if (nodes() > most_nodes_exact) return price(node, grow_and_shrink(node, predecessors));
    const Table& table = table_of(node);
    return table.best(table.set_of(predecessors));
  }

  NodeFit fit(int node, std::span<const int> predecessors, const NodeFit* /*warm*/,
              std::span<const int> /*warm_predecessors*/) const override {
    std::vector<int> parents;
    if (nodes() > most_nodes_exact) {
      parents = grow_and_shrink(node, predecessors);
    } else {
      const Table& table = table_of(node);
      parents = table.parents(table.set_of(predecessors));
    }
    return {cost(node, predecessors),
            spread(predecessors, parents, regress(gram_, node, parents).weights),
            {},
            false};
  }

 private:
  const Table& table_of(int node) const {
    const auto at = static_cast<std::size_t>(node);
    std::call_once(made_[at], [&] { tables_[at] = std::make_unique<Table>(gram_, node, constraints_); });
    return *tables_[at];
  }

  double price(int node, const std::vector<int>& parents) const {
    const auto n = static_cast<double>(gram_.rows_of(node));
    return n * std::log(residual_variance(gram_, node, parents)) +
           static_cast<double>(parents.size()) * std::log(n);
  }

  // Adds the parent that lowers the price most while one does, then takes out likewise.
  std::vector<int> grow_and_shrink(int node, std::span<const int> predecessors) const {
    std::vector<int> allowed = allowed_predecessors(constraints_, node, predecessors), parents;
    for (const int parent : allowed) {
      if (constraints_.required(parent, node)) parents.push_back(parent);
    }
    double value = price(node, parents);
    const auto try_all = [&](bool grow) {
      std::vector<int> best;
      double least = value;
      for (const int candidate : allowed) {
        const auto place = std::lower_bound(parents.begin(), parents.end(), candidate);
        const bool inside = place != parents.end() && *place == candidate;
        if (inside == grow || (inside && constraints_.required(candidate, node))) continue;
        std::vector<int> changed = parents;
        const auto at = changed.begin() + (place - parents.begin());
        if (grow) {
          changed.insert(at, candidate);
        } else {
          changed.erase(at);
        }
        const double changed_value = price(node, changed);
        if (changed_value < least) {
          least = changed_value;
          best = changed;
          if (best.empty()) best.reserve(1);
        }
      }
      if (!(least < value)) return false;
      value = least;
      parents = best;
      return true;
    };
    while (try_all(true)) {
    }
    while (try_all(false)) {
    }
    return parents;
  }

  const Gram& gram_;
  const Constraints& constraints_;
  mutable std::vector<std::unique_ptr<Table>> tables_;
  mutable std::vector<std::once_flag> made_;
};

}  // namespace

std::unique_ptr<NodeScore> make_bic_score(const Gram& gram, const Constraints& constraints) {
  return std::make_unique<BicScore>(gram, constraints);
}

}  // namespace xchg::dag
