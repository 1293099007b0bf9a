#include "xchg/hiring/design/elimination.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace xchg::hiring {
namespace {

class Elimination {
 public:
  Elimination(std::vector<Equation> equations, int unknowns)
      : rows_(equations.size()), sums_(equations.size()), of_unknown_(static_cast<std::size_t>(unknowns)) {
    for (std::size_t r = 0; r < equations.size(); ++r) {
      for (auto& [unknown, value] : equations[r].cells) {
        if (value == 0) continue;
        rows_[r].emplace(unknown, std::move(value));
        of_unknown_[static_cast<std::size_t>(unknown)].insert(r);
      }
      sums_[r] = std::move(equations[r].sum);
      by_size_.insert({rows_[r].size(), r});
    }
  }

  std::optional<std::vector<Rational>> solve() {
    while (!by_size_.empty()) {
      const auto [size, r] = *by_size_.begin();
      if (size == 0) return {};
      by_size_.erase(by_size_.begin());
      eliminate(r, rarest_unknown(r));
    }
    return substitute_back();
  }

 private:
  int rarest_unknown(std::size_t r) const {
    int best = -1;
    std::size_t fewest = std::numeric_limits<std::size_t>::max();
    for (const auto& [unknown, value] : rows_[r]) {
      const std::size_t count = of_unknown_[static_cast<std::size_t>(unknown)].size();
      if (count < fewest) {
        fewest = count;
        best = unknown;
      }
    }
    return best;
  }

  void eliminate(std::size_t pivot_row, int unknown) {
    order_.push_back({pivot_row, unknown});
    for (const auto& cell : rows_[pivot_row])
      of_unknown_[static_cast<std::size_t>(cell.first)].erase(pivot_row);
    const Rational& pivot = rows_[pivot_row].at(unknown);
    const std::set<std::size_t> others = of_unknown_[static_cast<std::size_t>(unknown)];
    for (const std::size_t r : others) {
      by_size_.erase({rows_[r].size(), r});
      subtract(r, rows_[r].at(unknown) / pivot, pivot_row);
      by_size_.insert({rows_[r].size(), r});
    }
  }

  void subtract(std::size_t r, const Rational& factor, std::size_t pivot_row) {
    for (const auto& [unknown, value] : rows_[pivot_row]) {
      const auto [cell, fresh] = rows_[r].try_emplace(unknown, 0);
      cell->second -= factor * value;
      if (cell->second == 0) {
        rows_[r].erase(cell);
        of_unknown_[static_cast<std::size_t>(unknown)].erase(r);
      } else if (fresh) {
        of_unknown_[static_cast<std::size_t>(unknown)].insert(r);
      }
    }
    sums_[r] -= factor * sums_[pivot_row];
  }

  std::vector<Rational> substitute_back() const {
    std::vector<Rational> solution(of_unknown_.size());
    for (std::size_t k = order_.size(); k-- > 0;) {
      const auto& [r, unknown] = order_[k];
      Rational rest = sums_[r];
      for (const auto& [other, value] : rows_[r]) {
        if (other != unknown) rest -= value * solution[static_cast<std::size_t>(other)];
      }
      solution[static_cast<std::size_t>(unknown)] = rest / rows_[r].at(unknown);
    }
    return solution;
  }

  std::vector<std::map<int, Rational>> rows_;
  std::vector<Rational> sums_;
  std::vector<std::set<std::size_t>> of_unknown_;  // rows not used as pivots that have it
  std::set<std::pair<std::size_t, std::size_t>> by_size_;
  std::vector<std::pair<std::size_t, int>> order_;
};

}  // namespace

std::optional<std::vector<Rational>> solve_exactly(std::vector<Equation> equations, int unknowns) {
  if (equations.size() != static_cast<std::size_t>(unknowns)) return {};
  return Elimination(std::move(equations), unknowns).solve();
}

}  // namespace xchg::hiring
