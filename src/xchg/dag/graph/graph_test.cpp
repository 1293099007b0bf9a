#include "xchg/dag/graph.hpp"

#include <gmock/gmock.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "xchg/core/error.hpp"
#include "xchg/dag/graph/testing.hpp"

namespace xchg::dag {
namespace {

using testing::all_graphs;
using ::testing::ElementsAre;
using testing::graph_of;
using testing::random_graph;

// The five nodes of the specification, 7.1: 0-1, 0-2 free; 1 -> 3 <- 2, 3 -> 4, 1 -> 4.
Matrix five_nodes() { return graph_of(5, {{0, 1}, {0, 2}, {1, 3}, {2, 3}, {3, 4}, {1, 4}}); }

bool follows(const Matrix& w, const std::vector<int>& order) {
  std::vector<std::size_t> place(order.size());
  for (std::size_t k = 0; k < order.size(); ++k) place[static_cast<std::size_t>(order[k])] = k;
  for (std::size_t i = 0; i < w.rows; ++i) {
    for (std::size_t j = 0; j < w.rows; ++j) {
      if (w(i, j) != 0 && place[i] >= place[j]) return false;
    }
  }
  return true;
}

// reach(i, j): there is a walk of at least one edge from i to j (Warshall).
Matrix reachable(const Matrix& w) {
  Matrix reach = adjacency(w);
  for (std::size_t k = 0; k < w.rows; ++k) {
    for (std::size_t i = 0; i < w.rows; ++i) {
      for (std::size_t j = 0; j < w.rows; ++j) {
        if (reach(i, k) != 0 && reach(k, j) != 0) reach(i, j) = 1;
      }
    }
  }
  return reach;
}

TEST(TopologicalOrder, IsTheFirstPermutationThatEdgesFollow) {
  Random random(1);
  for (int round = 0; round < 2000; ++round) {
    const std::size_t d = 1 + random.below(5);
    Matrix w(d, d);
    for (double& value : w.values) value = random.uniform() < 0.25 ? 1 : 0;
    std::optional<std::vector<int>> expected;
    std::vector<int> order(d);
    std::iota(order.begin(), order.end(), 0);
    do {
      if (!follows(w, order)) continue;
      expected = order;
      break;
    } while (std::next_permutation(order.begin(), order.end()));
    EXPECT_EQ(topological_order(w), expected);
  }
}

TEST(BreakCycles, TakesTheWeakestEdgeThatLiesOnACycleEachTime) {
  Random random(2);
  for (int round = 0; round < 500; ++round) {
    const std::size_t d = 2 + random.below(7);
    Matrix w(d, d);
    for (double& value : w.values) {
      // Few different weights, so that ties occur.
      if (random.uniform() < 0.4)
        value = (random.below(2) == 0 ? -1 : 1) * (1.0 + static_cast<double>(random.below(4)));
    }
    Matrix broken = w;
    for (const Edge& edge : break_cycles(broken)) {
      const Matrix reach = reachable(w);
      Edge weakest{-1, -1};
      double least = 0;
      for (std::size_t i = 0; i < d; ++i) {
        for (std::size_t j = 0; j < d; ++j) {
          if (w(i, j) == 0 || (reach(j, i) == 0 && i != j)) continue;
          if (weakest.from >= 0 && std::abs(w(i, j)) >= least) continue;
          weakest = {static_cast<int>(i), static_cast<int>(j)};
          least = std::abs(w(i, j));
        }
      }
      ASSERT_EQ(edge, weakest);
      w(static_cast<std::size_t>(edge.from), static_cast<std::size_t>(edge.to)) = 0;
    }
    EXPECT_EQ(broken, w);
    EXPECT_TRUE(topological_order(w));
  }
}

// Skeleton and v-structures: what members of a class have in common (Verma, Pearl 1990).
std::vector<std::size_t> independences(const Matrix& w) {
  std::vector<std::size_t> key;
  const std::size_t d = w.rows;
  const auto joined = [&](std::size_t a, std::size_t b) { return w(a, b) != 0 || w(b, a) != 0; };
  for (std::size_t a = 0; a < d; ++a) {
    for (std::size_t b = a + 1; b < d; ++b) {
      if (joined(a, b)) {
        key.push_back(a * d + b);
        continue;
      }
      for (std::size_t c = 0; c < d; ++c) {
        if (w(a, c) != 0 && w(b, c) != 0) key.push_back(1000 + (a * d + b) * d + c);
      }
    }
  }
  return key;
}

// Checks every acyclic graph of d nodes against its class by enumeration.
void check_all_classes(std::size_t d, std::size_t graph_count, std::size_t class_count) {
  std::map<std::vector<std::size_t>, std::vector<Matrix>> classes;
  std::size_t graphs = 0;
  for (Matrix& graph : all_graphs(d)) {
    classes[independences(graph)].push_back(std::move(graph));
    ++graphs;
  }
  EXPECT_EQ(graphs, graph_count);
  EXPECT_EQ(classes.size(), class_count);
  for (const auto& [key, members] : classes) {
    Matrix together(d, d);
    for (const Matrix& member : members) {
      for (std::size_t k = 0; k < together.values.size(); ++k) together.values[k] += member.values[k];
    }
    Cpdag expected;
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j < d; ++j) {
        const Edge edge{static_cast<int>(i), static_cast<int>(j)};
        if (together(i, j) == static_cast<double>(members.size())) expected.directed.push_back(edge);
        if (i < j && together(i, j) != 0 && together(j, i) != 0) expected.undirected.push_back(edge);
      }
    }
    for (const Matrix& member : members) {
      const Cpdag found = cpdag(member);
      ASSERT_EQ(found.directed, expected.directed);
      ASSERT_EQ(found.undirected, expected.undirected);
    }
    ASSERT_EQ(class_size(expected, d), members.size());
  }
}

// Numbers of graphs and of classes: OEIS A003024, A007984.
TEST(Cpdag, AllGraphsOfUpToFiveNodesHaveTheClassThatEnumerationFinds) {
  check_all_classes(1, 1, 1);
  check_all_classes(2, 3, 2);
  check_all_classes(3, 25, 11);
  check_all_classes(4, 543, 185);
  check_all_classes(5, 29281, 8782);
}

TEST(Cpdag, FiveNodesHaveAClassOfThree) {
  const Cpdag found = cpdag(five_nodes());
  EXPECT_THAT(found.directed, ElementsAre(Edge{1, 3}, Edge{1, 4}, Edge{2, 3}, Edge{3, 4}));
  EXPECT_THAT(found.undirected, ElementsAre(Edge{0, 1}, Edge{0, 2}));
  EXPECT_EQ(class_size(found, 5), 3U);
}

TEST(Cpdag, RefusesACycle) {
  EXPECT_THROW(cpdag(graph_of(3, {{0, 1}, {1, 2}, {2, 0}})), InputError);
  EXPECT_THROW(cpdag(Matrix(2, 3)), InputError);
}

// A complete graph of n nodes has n! members, a tree one for each node.
TEST(ClassSize, LargeClassesStopAtTheLimit) {
  Matrix complete(40, 40), path(40, 40), both(40, 40);
  for (std::size_t i = 0; i < 40; ++i) {
    for (std::size_t j = i + 1; j < 40; ++j) {
      complete(i, j) = 1;
      if (j == i + 1) path(i, j) = 1;
      if (j <= i + 3) both(i, j) = 1;
    }
  }
  EXPECT_EQ(class_size(cpdag(complete), 40), 1'000'000U);
  EXPECT_EQ(class_size(cpdag(complete), 40, 77), 77U);
  EXPECT_EQ(class_size(cpdag(path), 40), 40U);
  EXPECT_GT(class_size(cpdag(both), 40), 40U);
  EXPECT_EQ(class_size(Cpdag{}, 3), 1U);
}

TEST(Compare, AGraphEqualsItself) {
  Random random(3);
  for (int round = 0; round < 50; ++round) {
    const Matrix w = random_graph(2 + random.below(12), 0.4, random);
    const Metrics metrics = compare(w, w);
    const auto edges =
        static_cast<int>(std::count_if(w.values.begin(), w.values.end(), [](double v) { return v != 0; }));
    EXPECT_EQ(metrics.shd, 0);
    EXPECT_EQ(metrics.sid, 0);
    EXPECT_EQ(metrics.true_positive, edges);
    EXPECT_EQ(metrics.edges, edges);
    EXPECT_EQ(metrics.predicted, edges);
    if (edges > 0) {
      EXPECT_EQ(metrics.tpr, 1);
      EXPECT_EQ(metrics.f1, 1);
    }
    EXPECT_EQ(metrics.fdr, 0);
    EXPECT_EQ(compare(cpdag(w), cpdag(w), w.rows).shd, 0);
  }
}

TEST(Compare, ShdIsTheNumberOfPairsThatDiffer) {
  Random random(4);
  for (int round = 0; round < 300; ++round) {
    const std::size_t d = 2 + random.below(10);
    const Matrix truth = random_graph(d, 0.4, random), estimate = random_graph(d, 0.3, random);
    int pairs = 0;
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = i + 1; j < d; ++j) {
        pairs += (truth(i, j) != 0) != (estimate(i, j) != 0) || (truth(j, i) != 0) != (estimate(j, i) != 0);
      }
    }
    const Metrics there = compare(truth, estimate), back = compare(estimate, truth);
    EXPECT_EQ(there.shd, pairs);
    EXPECT_EQ(back.shd, pairs);
    EXPECT_EQ(there.extra, back.missing);
    EXPECT_EQ(there.extra + there.missing + there.reversed, there.shd);
    EXPECT_EQ(there.true_positive + there.reversed + there.extra, there.predicted);
    EXPECT_EQ(there.true_positive + there.reversed + there.missing, there.edges);
  }
}

TEST(Compare, CountsAReversalOnceAndRatesAsNotearsDoes) {
  // Of 0->1, 0->2, 1->2, 2->3: one right, one reversed, two missing; 0->3 is extra.
  const Matrix truth = graph_of(4, {{0, 1}, {0, 2}, {1, 2}, {2, 3}});
  const Metrics metrics = compare(truth, graph_of(4, {{0, 1}, {2, 0}, {0, 3}}));
  EXPECT_EQ(metrics.shd, 4);
  EXPECT_EQ(metrics.reversed, 1);
  EXPECT_EQ(metrics.missing, 2);
  EXPECT_EQ(metrics.extra, 1);
  EXPECT_DOUBLE_EQ(metrics.tpr, 1.0 / 4);
  EXPECT_DOUBLE_EQ(metrics.fdr, 2.0 / 3);  // (reversed + extra) / predicted
  EXPECT_DOUBLE_EQ(metrics.fpr, 2.0 / 2);  // (reversed + extra) / pairs without an edge
  EXPECT_DOUBLE_EQ(metrics.precision, 1.0 / 3);
  EXPECT_DOUBLE_EQ(metrics.f1, 2.0 / 7);
}

TEST(Compare, UndirectedCountsAsRightWhereTheTruthHasAnEdge) {
  const Matrix truth = graph_of(3, {{0, 1}, {1, 2}});
  const Metrics right = compare(truth, adjacency(cpdag(truth), 3));
  EXPECT_EQ(right.shd, 0);
  EXPECT_EQ(right.true_positive, 2);
  EXPECT_FALSE(right.sid.has_value());
  EXPECT_EQ(compare(truth, graph_of(3, {{0, 1}, {1, 2}, {0, 2}, {2, 0}})).extra, 1);
  // Two classes that differ in one direction's being open differ in that pair.
  const Cpdag open = cpdag(truth), collider = cpdag(graph_of(3, {{0, 1}, {2, 1}}));
  EXPECT_EQ(compare(open, collider, 3).shd, 2);
  EXPECT_EQ(compare(collider, open, 3).shd, 2);
}

TEST(Compare, RefusesWhatCannotBeCompared) {
  const Matrix cycle = graph_of(2, {{0, 1}, {1, 0}});
  EXPECT_THROW(compare(cycle, Matrix(2, 2)), InputError);
  EXPECT_THROW(compare(Matrix(2, 2), Matrix(3, 3)), InputError);
  EXPECT_THROW(structural_intervention_distance(Matrix(2, 2), Matrix(3, 3)), InputError);
  EXPECT_THROW(structural_intervention_distance(Matrix(2, 2), cycle), InputError);
  EXPECT_THROW(structural_intervention_distance(cycle, Matrix(2, 2)), InputError);
}

TEST(Sid, OfTwoNodes) {
  const Matrix forward = graph_of(2, {{0, 1}}), backward = graph_of(2, {{1, 0}});
  EXPECT_EQ(structural_intervention_distance(forward, Matrix(2, 2)), 1);
  EXPECT_EQ(structural_intervention_distance(forward, backward), 2);
  EXPECT_EQ(structural_intervention_distance(Matrix(2, 2), forward), 0);
}

// Whether regression on i and the nodes of z finds the total effect of i on j in a linear model with random
// weights: the oracle of Sid.
class Effects {
 public:
  Effects(const Matrix& graph, Random& random) : d_(static_cast<Eigen::Index>(graph.rows)) {
    Eigen::MatrixXd w = Eigen::MatrixXd::Zero(d_, d_);
    for (Eigen::Index i = 0; i < d_; ++i) {
      for (Eigen::Index j = 0; j < d_; ++j) {
        if (graph(static_cast<std::size_t>(i), static_cast<std::size_t>(j)) != 0)
          w(i, j) = 0.5 + random.uniform();
      }
    }
    total_ = (Eigen::MatrixXd::Identity(d_, d_) - w).inverse();
    covariance_ = total_.transpose() * total_;
  }

  bool found(std::size_t i, std::size_t j, const std::vector<std::size_t>& z) const {
    std::vector<std::size_t> used{i};
    used.insert(used.end(), z.begin(), z.end());
    const auto m = static_cast<Eigen::Index>(used.size());
    Eigen::MatrixXd s(m, m);
    Eigen::VectorXd t(m);
    for (Eigen::Index a = 0; a < m; ++a) {
      t(a) = at(used[static_cast<std::size_t>(a)], j);
      for (Eigen::Index b = 0; b < m; ++b)
        s(a, b) = at(used[static_cast<std::size_t>(a)], used[static_cast<std::size_t>(b)]);
    }
    return std::abs(s.ldlt().solve(t)(0) - effect(i, j)) < 1e-9;
  }
  double effect(std::size_t i, std::size_t j) const {
    return total_(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
  }

 private:
  double at(std::size_t a, std::size_t b) const {
    return covariance_(static_cast<Eigen::Index>(a), static_cast<Eigen::Index>(b));
  }
  Eigen::Index d_;
  Eigen::MatrixXd total_, covariance_;
};

int distance_by_effects(const Effects& effects, const Matrix& estimate) {
  int wrong = 0;
  for (std::size_t i = 0; i < estimate.rows; ++i) {
    std::vector<std::size_t> parents;
    for (std::size_t k = 0; k < estimate.rows; ++k) {
      if (estimate(k, i) != 0) parents.push_back(k);
    }
    for (std::size_t j = 0; j < estimate.rows; ++j) {
      if (j == i) continue;
      const bool parent = estimate(j, i) != 0;
      wrong += parent ? std::abs(effects.effect(i, j)) > 1e-9 : !effects.found(i, j, parents);
    }
  }
  return wrong;
}

TEST(Sid, CountsTheEffectsThatRegressionOnTheEstimatesParentsGetsWrong) {
  Random random(5);
  const std::vector<Matrix> graphs = all_graphs(4);
  for (std::size_t a = 0; a < graphs.size(); ++a) {
    const Effects effects(graphs[a], random);
    for (std::size_t b = a % 29; b < graphs.size(); b += 29) {
      ASSERT_EQ(structural_intervention_distance(graphs[a], graphs[b]),
                distance_by_effects(effects, graphs[b]));
    }
  }
  for (int round = 0; round < 200; ++round) {
    const Matrix truth = random_graph(8, 0.35, random), estimate = random_graph(8, 0.35, random);
    ASSERT_EQ(structural_intervention_distance(truth, estimate),
              distance_by_effects(Effects(truth, random), estimate));
  }
}

TEST(Adjacency, OfAClassHasUndirectedEdgesInBothDirections) {
  const Matrix a = adjacency(cpdag(five_nodes()), 5);
  EXPECT_EQ(a(0, 1) + a(1, 0) + a(0, 2) + a(2, 0), 4);
  EXPECT_EQ(a(1, 3), 1);
  EXPECT_EQ(a(3, 1), 0);
  Matrix w = five_nodes();
  w(0, 1) = -0.25;
  EXPECT_EQ(adjacency(w), five_nodes());
}

}  // namespace
}  // namespace xchg::dag
