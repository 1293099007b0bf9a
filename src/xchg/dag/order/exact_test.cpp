#include "xchg/dag/order/exact.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/dag/order/testing.hpp"

namespace xchg::dag {
namespace {

using ::testing::ElementsAre;
using testing::PlainScore;

ExactResult exact(const Gram& gram, const ExactOptions& options = {}) {
  return exact_order(gram, Constraints(gram.nodes()), options, Progress::none());
}

// Cancels at once.
class Cancelled : public Progress {
 public:
  bool cancelled() const override { return true; }
};

TEST(ExactOrder, FiveNodesHaveOptimumFiveHalvesWithTheSmallestLastNode) {
  const ExactResult result = exact(testing::five_nodes());
  EXPECT_DOUBLE_EQ(result.score, 2.5);
  EXPECT_THAT(result.order, ElementsAre(0, 2, 1, 3, 4));
  EXPECT_EQ(result.sets, 32);
  EXPECT_TRUE(result.proven);
  EXPECT_EQ(result.lower_bound, result.score);
}

TEST(ExactOrder, TwentyNodesReachThePublishedOptima) {
  EXPECT_NEAR(exact(testing::shipped_gram("er1_20")).score, 10.022447003190, 1e-11);
  EXPECT_NEAR(exact(testing::shipped_gram("er4_20")).score, 9.718647852580, 1e-8);
  EXPECT_NEAR(exact(testing::shipped_gram("sf4_20")).score, 9.588242632222, 1e-8);
}

TEST(ExactOrder, CorrelationMatricesReachThePublishedOptima) {
  for (const auto& [name, optimum] :
       {std::pair("er4_20", 0.724137484378), std::pair("sf4_20", 0.740084223211)}) {
    Gram gram = testing::shipped_gram(name);
    const Matrix s = gram.s;
    for (std::size_t i = 0; i < 20; ++i) {
      for (std::size_t j = 0; j < 20; ++j) gram.s(i, j) = s(i, j) / std::sqrt(s(i, i) * s(j, j));
    }
    EXPECT_NEAR(exact(gram).score, optimum, 1e-10) << name;
  }
}

TEST(ExactOrder, BothWaysEqualTheBestOfAllOrders) {
  Random random(5);
  for (std::uint64_t round = 0; round < 60; ++round) {
    const Gram gram = testing::random_gram(1 + random.below(6), round);
    const Constraints constraints = testing::random_precedence(gram, random);
    const PlainScore score(gram, constraints);
    const double least = testing::least_total(score, constraints);
    const ExactResult walked = exact_order(gram, constraints, {}, Progress::none());
    const ExactResult listed = exact_order(score, constraints, {}, Progress::none());
    EXPECT_TRUE(constraints.admits(walked.order));
    EXPECT_TRUE(constraints.admits(listed.order));
    EXPECT_NEAR(walked.score, least, 1e-10 * least) << round;
    EXPECT_NEAR(listed.score, least, 1e-10 * least) << round;
    EXPECT_NEAR(testing::total(score, walked.order), least, 1e-10 * least) << round;
  }
}

TEST(ExactOrder, WalkAndListAgreeOnElevenNodesWithPrecedence) {
  Random random(6);
  for (std::uint64_t round = 0; round < 5; ++round) {
    const Gram gram = testing::random_gram(11, 100 + round);
    const Constraints constraints =
        round == 0 ? Constraints(gram.nodes()) : testing::random_precedence(gram, random);
    const PlainScore score(gram, constraints);
    const ExactResult walked = exact_order(gram, constraints, {}, Progress::none());
    const ExactResult listed = exact_order(score, constraints, {}, Progress::none());
    EXPECT_EQ(walked.order, listed.order);
    EXPECT_NEAR(walked.score, listed.score, 1e-10 * walked.score);
    EXPECT_GE(walked.sets, listed.sets);
  }
}

TEST(ExactOrder, ForbiddenParentsAreLeftOutOfCosts) {
  Random random(7);
  for (std::uint64_t round = 0; round < 20; ++round) {
    const Gram gram = testing::random_gram(5, 200 + round);
    Knowledge knowledge;
    for (int i = 0; i < 4; ++i) {
      const int from = static_cast<int>(random.below(5));
      knowledge.forbidden.push_back({from, (from + 1 + static_cast<int>(random.below(4))) % 5});
    }
    const Constraints constraints(knowledge, gram.names);
    const PlainScore score(gram, constraints);
    const double least = testing::least_total(score, constraints);
    EXPECT_NEAR(exact_order(score, constraints, {}, Progress::none()).score, least, 1e-10 * least);
  }
}

TEST(ExactOrder, SetsThatBreakPrecedenceAreNotVisited) {
  const Gram gram = testing::random_gram(14, 3);
  Knowledge knowledge;  // a chain: one order, whose 15 beginnings are all the sets
  for (int i = 0; i < 13; ++i) knowledge.before.push_back({13 - i, 12 - i});
  const Constraints constraints(knowledge, gram.names);
  const ExactResult result = exact_order(gram, constraints, {}, Progress::none());
  EXPECT_EQ(result.sets, 15);
  EXPECT_THAT(result.order, ElementsAre(13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
}

TEST(ExactOrder, DoesNotDependOnTheInstructionSet) {
  const Gram gram = testing::shipped_gram("sf4_20");
  const ExactResult first = exact(gram, {.isa = Isa::Scalar});
  for (const Isa isa : {Isa::Avx2, Isa::Avx512}) {
    if (isa > best_isa()) continue;
    const ExactResult other = exact(gram, {.isa = isa});
    EXPECT_EQ(first.order, other.order);
    EXPECT_EQ(first.score, other.score);
  }
}

TEST(ExactOrder, MoreNodesThanTheLimitNeedMemory) {
  const Gram gram = testing::random_gram(25, 1);
  try {
    exact(gram);
    FAIL() << "no error";
  } catch (const LimitError& error) {
    EXPECT_EQ(error.asked_bytes(), std::uint64_t{8} << 25);
    EXPECT_EQ(error.limit_bytes(), std::uint64_t{8} << 24);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("25 nodes"));
  }
  EXPECT_THROW(exact(testing::random_gram(11, 1), {.memory_budget_bytes = (8 << 11) - 1}), LimitError);
  EXPECT_TRUE(exact(testing::random_gram(11, 1), {.node_limit = 3, .memory_budget_bytes = 8 << 11}).proven);
  EXPECT_THROW(exact(testing::random_gram(70, 1)), LimitError);
}

TEST(ExactOrder, StopsWithTheIncumbent) {
  const Gram gram = testing::random_gram(12, 1);
  const Constraints constraints(12);
  Cancelled cancelled;
  ExactOptions options;
  for (int i = 0; i < 12; ++i) options.incumbent.push_back(i);
  const ExactResult result = exact_order(gram, constraints, options, cancelled);
  EXPECT_FALSE(result.proven);
  EXPECT_EQ(result.order, options.incumbent);
  EXPECT_EQ(result.stopped_by, "cancelled");
  const double optimum = exact(gram).score;
  EXPECT_LE(result.lower_bound, optimum);
  EXPECT_GT(result.lower_bound, 0.5 * optimum);
  const PlainScore score(gram, constraints);
  EXPECT_NEAR(result.score, testing::total(score, options.incumbent), 1e-12 * result.score);
  options.time_limit_seconds = 1e-9;
  const ExactResult late = exact_order(score, constraints, options, Progress::none());
  EXPECT_FALSE(late.proven);
  EXPECT_EQ(late.stopped_by, "time limit");
  EXPECT_LE(late.lower_bound, optimum);
  EXPECT_GT(late.lower_bound, 0);
}

}  // namespace
}  // namespace xchg::dag
