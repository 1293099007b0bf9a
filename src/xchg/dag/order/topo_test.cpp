#include "xchg/dag/order/topo.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "xchg/core/error.hpp"
#include "xchg/dag/order/plain_state.hpp"
#include "xchg/dag/order/search.hpp"
#include "xchg/dag/order/testing.hpp"

namespace xchg::dag {
namespace {

using ::testing::ElementsAre;
using testing::PlainScore;
using testing::PlainState;

Options topo_options(int small, int large, int rounds) {
  Options options;
  options.method = Method::Topo;
  options.size_small = small;
  options.size_large = large;
  options.large_rounds = rounds;
  return options;
}

std::vector<int> identity(std::size_t d) {
  std::vector<int> order(d);
  std::iota(order.begin(), order.end(), 0);
  return order;
}

// A search with its steps, by plain totals.
struct Search {
  Search(const Gram& gram, const Options& options, const std::vector<int>& start, const Constraints& known)
      : constraints(known),
        score(gram, constraints),
        state(score, constraints),
        clock(Progress::none(), 1e9) {
    state.reset(start);
    topo(state, score, options, clock);
  }
  Search(const Gram& gram, const Options& options, const std::vector<int>& start)
      : Search(gram, options, start, Constraints(gram.nodes())) {}

  Constraints constraints;
  PlainScore score;
  PlainState state;
  SearchClock clock;
};

// Runs with the state of the engine.
struct FastSearch {
  FastSearch(const Gram& gram, const Options& options, const std::vector<int>& start)
      : constraints(gram.nodes()),
        score(gram, constraints),
        state(make_least_squares_state(gram, constraints, options)),
        clock(Progress::none(), 1e9) {
    state->reset(start);
    topo(*state, score, options, clock);
  }

  Constraints constraints;
  PlainScore score;
  std::unique_ptr<OrderState> state;
  SearchClock clock;
};

void expect_steps(const SearchClock& clock,
                  const std::vector<std::tuple<std::string, int, double>>& expected) {
  ASSERT_EQ(clock.steps.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(clock.steps[i].kind, std::get<0>(expected[i]));
    EXPECT_EQ(clock.steps[i].moves, std::get<1>(expected[i]));
    EXPECT_NEAR(clock.steps[i].score, std::get<2>(expected[i]), 1e-12 * std::get<2>(expected[i]));
  }
}

TEST(Topo, FiveNodesFromReverseFollowThePublishedRounds) {
  const Gram gram = testing::five_nodes();
  const Search search(gram, topo_options(4, 10, 1), {4, 3, 2, 1, 0});
  expect_steps(search.clock,
               {{"small set", 2, 697.0 / 168}, {"small set", 1, 19.0 / 6}, {"small set", 2, 2.5}});
  EXPECT_THAT(search.state.order(), ElementsAre(0, 2, 1, 3, 4));
}

TEST(Topo, FiveNodesUseTheLargeSetOnceAndThenStopInTheSmallOne) {
  const Gram gram = testing::five_nodes();
  const Search search(gram, topo_options(4, 10, 1), {3, 4, 1, 0, 2});
  expect_steps(search.clock, {{"small set", 1, 271.0 / 60}, {"large set", 1, 3}, {"small set", 2, 2.5}});
}

TEST(Topo, FiveNodesFromAThirdStartFollowThePublishedRounds) {
  const Gram gram = testing::five_nodes();
  const Search search(gram, topo_options(4, 10, 1), {1, 3, 0, 4, 2});
  expect_steps(search.clock,
               {{"small set", 1, 57.0 / 10}, {"small set", 2, 11.0 / 4}, {"small set", 1, 2.5}});
}

TEST(Topo, TiesAtTheThresholdAreAllCandidates) {
  const Gram gram = testing::five_nodes();
  const Constraints constraints(5);
  const PlainScore score(gram, constraints);
  PlainState state(score, constraints);
  state.reset(std::vector<int>{2, 0, 4, 3, 1});
  const auto pairs = topo_pairs(state.weights(), state.order(), Acyclicity::LogDet);
  EXPECT_EQ(topo_candidates(pairs, 4), 5U);
  EXPECT_NEAR(pairs[3].walks, 2.0 / 3, 1e-14);
  EXPECT_NEAR(pairs[4].walks, 2.0 / 3, 1e-14);
  EXPECT_EQ(topo_candidates(pairs, 10), 10U);
}

TEST(Topo, FirstRoundOnEr4HasThePublishedCandidates) {
  const Gram gram = testing::shipped_gram("er4_20");
  const Constraints constraints(20);
  const PlainScore score(gram, constraints);
  PlainState state(score, constraints);
  state.reset(identity(20));
  const auto pairs = topo_pairs(state.weights(), state.order(), Acyclicity::LogDet);
  const std::size_t count = topo_candidates(pairs, 30);
  ASSERT_EQ(count, 30U);
  EXPECT_NEAR(pairs[29].walks, 0.222621923727, 1e-9);
  EXPECT_NEAR(pairs[109].walks, 1.42313014684, 1e-9);
  int sum_i = 0, sum_j = 0;
  std::vector<std::tuple<double, int, int>> improving;
  for (std::size_t p = 0; p < count; ++p) {
    sum_i += pairs[p].i;
    sum_j += pairs[p].j;
    const double difference = state.difference({Delta::Kind::Swap, pairs[p].j, pairs[p].i, 0});
    if (difference < 0) improving.emplace_back(difference, pairs[p].i, pairs[p].j);
  }
  EXPECT_EQ(sum_i, 350);
  EXPECT_EQ(sum_j, 268);
  ASSERT_EQ(improving.size(), 23U);
  std::sort(improving.begin(), improving.end());
  const std::tuple<double, int, int> best[] = {
      {-456.308880822, 5, 0}, {-340.234891718, 3, 0}, {-178.305818989, 5, 1}};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(std::get<0>(improving[i]), std::get<0>(best[i]), 1e-6);
    EXPECT_EQ(std::get<1>(improving[i]), std::get<1>(best[i]));
    EXPECT_EQ(std::get<2>(improving[i]), std::get<2>(best[i]));
  }
}

TEST(Topo, TwentyNodesFromIdentityEndAsPublished) {
  const struct {
    const char* name;
    double first, end;
    std::size_t rounds;
  } expected[] = {{"er4_20", 269.498633936572, 9.718696532755, 16},
                  {"er1_20", 15.969530851888, 10.022658887068, 22},
                  {"sf4_20", 0, 9.798930155318, 23}};
  for (const auto& e : expected) {
    const FastSearch search(testing::shipped_gram(e.name), topo_options(30, 110, 1), identity(20));
    const auto& steps = search.clock.steps;
    if (e.first > 0) {
      EXPECT_NEAR(steps.front().score, e.first, 1e-9 * e.first) << e.name;
    }
    EXPECT_NEAR(search.state->score(), e.end, 1e-8) << e.name;
    EXPECT_EQ(steps.size(), e.rounds) << e.name;
  }
}

TEST(Topo, TwentyNodesFromARandomOrderEndAsPublished) {
  const std::vector<int> start = {4, 19, 6, 2, 13, 16, 3, 11, 10, 8, 0, 12, 7, 5, 18, 17, 14, 9, 1, 15};
  const FastSearch er1(testing::shipped_gram("er1_20"), topo_options(30, 110, 1), start);
  EXPECT_NEAR(er1.state->score(), 10.022516857678, 1e-10);
  EXPECT_THAT(er1.state->order(),
              ElementsAre(15, 13, 2, 9, 14, 16, 0, 17, 19, 6, 18, 11, 3, 7, 5, 12, 4, 10, 8, 1));
  const FastSearch sf4(testing::shipped_gram("sf4_20"), topo_options(30, 110, 1), start);
  EXPECT_NEAR(sf4.state->score(), 11.634563505213, 1e-8);
}

TEST(Topo, NeverEndsAboveItsStartAndEndsSwapOptimalWithAllPairs) {
  Random random(3);
  for (std::uint64_t round = 0; round < 30; ++round) {
    const Gram gram = testing::random_gram(2 + random.below(7), 300 + round);
    const Constraints constraints = testing::random_precedence(gram, random);
    Options options = topo_options(0, 0, -1);
    options.default_batch = false;
    options.batch = round % 3 == 0 ? Batch::Best : round % 3 == 1 ? Batch::Greedy : Batch::Single;
    options.acyclicity = round % 2 == 0 ? Acyclicity::Exponential : Acyclicity::Polynomial;
    std::vector<int> start;  // any admitted order
    while (start.size() < gram.nodes()) {
      for (int j = 0; j < static_cast<int>(gram.nodes()); ++j) {
        std::vector<int> longer = start;
        longer.push_back(j);
        for (int k = 0; k < static_cast<int>(gram.nodes()); ++k) {
          if (std::find(longer.begin(), longer.end(), k) == longer.end()) longer.push_back(k);
        }
        if (std::find(start.begin(), start.end(), j) == start.end() &&
            std::none_of(longer.begin(), longer.end(), [&](int k) {
              return constraints.before(k, j) && std::find(start.begin(), start.end(), k) == start.end();
            })) {
          start.push_back(j);
        }
      }
    }
    Search search(gram, options, start, constraints);
    EXPECT_LE(search.state.score(), testing::total(search.score, start) * (1 + 1e-12));
    EXPECT_TRUE(constraints.admits(search.state.order()));
    std::vector<Delta> moves;
    search.state.swaps(improvement_bound(search.state.score()), moves);
    EXPECT_TRUE(moves.empty());
  }
}

TEST(Topo, PairsWithoutGradientAreNoCandidates) {
  const Gram gram = testing::five_nodes();
  Options options = topo_options(10, 10, 0);
  options.min_gradient = 1e9;
  const Search none(gram, options, {4, 3, 2, 1, 0});
  EXPECT_TRUE(none.clock.steps.empty());
  options.min_gradient = 1e-9;
  const Search some(gram, options, {4, 3, 2, 1, 0});
  ASSERT_FALSE(some.clock.steps.empty());
  EXPECT_LT(some.state.score(), none.state.score());
}

TEST(TopoSizes, AreOursWhereOptionsDoNotSay) {
  TopoSizes sizes = topo_sizes({}, 20);
  EXPECT_EQ(sizes.small, 100);
  EXPECT_EQ(sizes.large, 190);
  EXPECT_EQ(sizes.large_rounds, 10);
  sizes = topo_sizes(topo_options(0, 0, 0), 5);
  EXPECT_EQ(sizes.small, 10);
  EXPECT_EQ(sizes.large_rounds, 0);
}

TEST(TopoSizes, OutsideTheNumberOfPairsAreRefused) {
  EXPECT_THROW(topo_sizes(topo_options(11, 0, 0), 5), InputError);
  EXPECT_THROW(topo_sizes(topo_options(0, 11, 0), 5), InputError);
  EXPECT_THROW(topo_sizes(topo_options(-1, 0, 0), 5), InputError);
  EXPECT_NO_THROW(topo_sizes(topo_options(10, 1, 0), 5));
}

}  // namespace
}  // namespace xchg::dag
