#include "xchg/dag/pictures/layout.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "xchg/core/error.hpp"
#include "xchg/core/random.hpp"
#include "xchg/dag/pictures/layers.hpp"

namespace xchg::dag {
namespace {

std::vector<Edge> random_edges(std::size_t nodes, double share, Random& random) {
  std::vector<int> order(nodes);
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = nodes; i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  std::vector<Edge> edges;
  for (std::size_t a = 0; a < nodes; ++a) {
    for (std::size_t b = a + 1; b < nodes; ++b) {
      if (random.uniform() < share) edges.push_back({order[a], order[b]});
    }
  }
  return edges;
}

// Crossings counted pair by pair.
std::size_t plain_crossings(const Layers& layers) {
  std::map<std::size_t, std::size_t> place;
  std::size_t crossings = 0;
  for (const auto& row : layers.rows) {
    for (std::size_t k = 0; k < row.size(); ++k) place[row[k]] = k;
  }
  for (const auto& row : layers.rows) {
    for (const std::size_t a : row) {
      for (const std::size_t b : row) {
        if (place[a] >= place[b]) continue;
        for (const std::size_t c : layers.below[a]) {
          for (const std::size_t e : layers.below[b]) crossings += place[c] > place[e];
        }
      }
    }
  }
  return crossings;
}

TEST(Layout, EveryEdgeLeadsDownAndLayersHoldNoMoreThanAllowed) {
  Random random(1);
  for (int round = 0; round < 200; ++round) {
    const std::size_t nodes = 1 + random.below(40), most = 1 + random.below(8);
    const auto edges = random_edges(nodes, random.uniform() * 0.4, random);
    const Layout layout = layered_layout(nodes, edges, most);
    std::map<double, std::size_t> count;
    for (const double y : layout.y) ++count[y];
    for (const auto& [y, number] : count) EXPECT_LE(number, most);
    for (std::size_t e = 0; e < edges.size(); ++e) {
      const auto from = static_cast<std::size_t>(edges[e].from), to = static_cast<std::size_t>(edges[e].to);
      ASSERT_LT(layout.y[from], layout.y[to]);
      // One bend in each layer between.
      ASSERT_EQ(layout.bends[e].size() + 1, static_cast<std::size_t>(layout.y[to] - layout.y[from]));
      for (std::size_t k = 0; k < layout.bends[e].size(); ++k)
        EXPECT_EQ(layout.bends[e][k].second, layout.y[from] + static_cast<double>(k + 1));
    }
  }
}

TEST(Layout, NodesOfALayerKeepTheirDistanceFromEachOtherAndFromLines) {
  Random random(2);
  for (int round = 0; round < 100; ++round) {
    const std::size_t nodes = 2 + random.below(40);
    const auto edges = random_edges(nodes, 0.2, random);
    const Layout layout = layered_layout(nodes, edges);
    for (std::size_t i = 0; i < nodes; ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (layout.y[i] == layout.y[j]) {
          EXPECT_GE(std::abs(layout.x[i] - layout.x[j]), 1 - 1e-9);
        }
      }
      for (const auto& bends : layout.bends) {
        for (const auto& [x, y] : bends) {
          if (y == layout.y[i]) {
            EXPECT_GE(std::abs(layout.x[i] - x), 0.5 - 1e-9);
          }
        }
      }
    }
  }
}

TEST(Layout, CountsCrossingsAsComparingAllPairsDoes) {
  Random random(3);
  for (int round = 0; round < 100; ++round) {
    const std::size_t nodes = 2 + random.below(20);
    const auto edges = random_edges(nodes, 0.3, random);
    Layers layers = with_virtual_nodes(nodes, edges, assign_layers(nodes, edges, 5));
    const std::size_t before = count_crossings(layers);
    EXPECT_EQ(before, plain_crossings(layers));
    const std::size_t after = reduce_crossings(layers);
    EXPECT_EQ(after, plain_crossings(layers));
    EXPECT_LE(after, before);
  }
}

TEST(Layout, OfATreeHasNoCrossing) {
  Random random(4);
  for (int round = 0; round < 50; ++round) {
    const std::size_t nodes = 2 + random.below(30);
    std::vector<Edge> edges;
    for (std::size_t i = 1; i < nodes; ++i)
      edges.push_back({static_cast<int>(random.below(i)), static_cast<int>(i)});
    EXPECT_EQ(layered_layout(nodes, edges, nodes).crossings, 0U);
  }
}

TEST(Layout, LeavesFewerThanAThirdOfTheCrossingsOfADenseGraph) {
  Random random(5);
  const auto edges = random_edges(60, 0.1, random);
  Layers layers = with_virtual_nodes(60, edges, assign_layers(60, edges, 8));
  const std::size_t before = count_crossings(layers);
  EXPECT_LT(3 * reduce_crossings(layers), before);
}

TEST(Layout, OfAChainIsStraight) {
  std::vector<Edge> edges;
  for (int i = 0; i + 1 < 10; ++i) edges.push_back({i, i + 1});
  const Layout layout = layered_layout(10, edges);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_NEAR(layout.x[i], layout.x[0], 1e-9);
    EXPECT_EQ(layout.y[i], static_cast<double>(i));
  }
}

TEST(Layout, TheSameGraphGetsTheSamePicture) {
  Random random(6);
  const auto edges = random_edges(50, 0.15, random);
  const Layout a = layered_layout(50, edges), b = layered_layout(50, edges);
  EXPECT_EQ(a.x, b.x);
  EXPECT_EQ(a.y, b.y);
  EXPECT_EQ(a.bends, b.bends);
}

TEST(Layout, OfNodesWithoutEdgesStandsInRows) {
  const Layout layout = layered_layout(9, {});
  EXPECT_EQ(layout.layers, 3U);
  EXPECT_EQ(layered_layout(1, {}).x.size(), 1U);
  EXPECT_EQ(layered_layout(0, {}).layers, 0U);
}

TEST(Layout, RefusesACycle) { EXPECT_THROW(layered_layout(3, {{0, 1}, {1, 2}, {2, 0}}), InputError); }

}  // namespace
}  // namespace xchg::dag
