// Problems for the tests of orders, and their plain answers.
#pragma once

#include <algorithm>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "xchg/core/csv.hpp"
#include "xchg/core/random.hpp"
#include "xchg/dag/data.hpp"
#include "xchg/dag/knowledge.hpp"
#include "xchg/dag/order/conditional.hpp"
#include "xchg/dag/score/node_score.hpp"

namespace xchg::dag::testing {

// Second moments as if of 1000 observations.
inline Gram gram_of(Matrix s) {
  Gram gram;
  for (std::size_t i = 0; i < s.rows; ++i) gram.names.push_back(std::to_string(i));
  gram.mean.assign(s.rows, 0);
  gram.n = 1000;
  gram.s = std::move(s);
  return gram;
}

// data/dag/gram_NAME.csv.
inline Gram shipped_gram(const std::string& name) {
  const csv::Table table = csv::read(XCHG_TEST_DATA "/dag/gram_" + name + ".csv");
  Matrix s(table.rows, table.rows);
  for (std::size_t j = 0; j < table.rows; ++j) {
    for (std::size_t i = 0; i < table.rows; ++i) s(i, j) = table.columns[j].numbers[i];
  }
  return gram_of(std::move(s));
}

// The five nodes of the specification, with small whole numbers.
inline Gram five_nodes() {
  Matrix s(5, 5);
  s.values = {1, 2, -1, 0, 2, 2, 5, -2, 1, 4, -1, -2, 2, 2, -4, 0, 1, 2, 6, -5, 2, 4, -4, -5, 10};
  return gram_of(std::move(s));
}

// A^T A of normal numbers, a few rows more than columns: badly conditioned now and then.
inline Gram random_gram(std::size_t d, std::uint64_t seed) {
  Random random(seed);
  Matrix a(d + 3, d), s(d, d);
  for (double& value : a.values) value = random.normal();
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j < d; ++j) {
      for (std::size_t k = 0; k < a.rows; ++k) s(i, j) += a(k, i) * a(k, j) / static_cast<double>(a.rows);
    }
  }
  return gram_of(std::move(s));
}

// Some pairs of a random order must stand in it.
inline Constraints random_precedence(const Gram& gram, Random& random) {
  const std::size_t d = gram.nodes();
  std::vector<int> order(d);
  std::iota(order.begin(), order.end(), 0);
  shuffle(std::span(order), random);
  Knowledge knowledge;
  for (std::uint64_t i = random.below(d); i > 0 && d > 1; --i) {
    const std::size_t a = random.below(d - 1), b = a + 1 + random.below(d - 1 - a);
    knowledge.before.push_back({order[a], order[b]});
  }
  return Constraints(knowledge, gram.names);
}

// Least squares, each cost by a factorisation of its own; forbidden parents are left out.
class PlainScore : public NodeScore {
 public:
  PlainScore(const Gram& gram, const Constraints& constraints) : gram_(gram), constraints_(constraints) {}
  int nodes() const override { return static_cast<int>(gram_.nodes()); }
  double cost(int node, std::span<const int> predecessors) const override {
    std::vector<int> parents;
    for (const int p : predecessors) {
      if (constraints_.allowed(p, node)) parents.push_back(p);
    }
    return 0.5 * residual_variance(gram_.s, node, parents);
  }
  NodeFit fit(int node, std::span<const int> predecessors, const NodeFit*,
              std::span<const int>) const override {
    NodeFit fit;
    fit.cost = cost(node, predecessors);
    std::vector<int> parents;
    for (const int p : predecessors) {
      if (constraints_.allowed(p, node)) parents.push_back(p);
    }
    const std::vector<double> weights = regression(gram_.s, node, parents);
    for (const int p : predecessors) {
      const auto at = std::find(parents.begin(), parents.end(), p);
      fit.weights.push_back(at == parents.end() ? 0
                                                : weights[static_cast<std::size_t>(at - parents.begin())]);
    }
    return fit;
  }
  std::vector<double> gradient(int node, std::span<const int> predecessors,
                               const NodeFit& fit) const override {
    const auto j = static_cast<std::size_t>(node);
    std::vector<double> out(gram_.nodes());
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (i == j) continue;
      out[i] = -gram_.s(i, j);
      for (std::size_t k = 0; k < predecessors.size(); ++k) {
        out[i] += gram_.s(i, static_cast<std::size_t>(predecessors[k])) * fit.weights[k];
      }
    }
    return out;
  }

 private:
  const Gram& gram_;
  const Constraints& constraints_;
};

// The sum of costs of an order.
inline double total(const NodeScore& score, std::span<const int> order) {
  double sum = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    std::vector<int> before(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(k));
    std::sort(before.begin(), before.end());
    sum += score.cost(order[k], before);
  }
  return sum;
}

// The least total of all orders that are admitted, by trying them.
inline double least_total(const NodeScore& score, const Constraints& constraints) {
  std::vector<int> order(static_cast<std::size_t>(score.nodes()));
  std::iota(order.begin(), order.end(), 0);
  double least = std::numeric_limits<double>::infinity();
  do {
    if (constraints.admits(order)) least = std::min(least, total(score, order));
  } while (std::next_permutation(order.begin(), order.end()));
  return least;
}

}  // namespace xchg::dag::testing
