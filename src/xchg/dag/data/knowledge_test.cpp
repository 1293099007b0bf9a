// Knowledge files, and what becomes of them in the search.
#include "xchg/dag/knowledge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "xchg/core/random.hpp"
#include "xchg/dag/data/testing.hpp"

namespace xchg::dag {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::input_error;

const std::vector<std::string> names = {"raf", "mek", "erk", "akt", "pkc"};

std::string parse_error(const std::string& text) {
  return input_error([&] { parse_knowledge(text, names, "k.json"); });
}

std::string constraint_error(const Knowledge& knowledge) {
  return input_error([&] { Constraints(knowledge, names); });
}

TEST(KnowledgeFile, EveryKeyIsRead) {
  const Knowledge knowledge = parse_knowledge(
      R"({"required":[["raf","mek"]],"forbidden":[["erk","akt"]],"before":[["pkc","raf"]],
          "tiers":[["raf"],["mek","erk"]],"roots":["pkc"],"leaves":["akt"],"targets":{"drug":["mek","akt"]}})",
      names);
  EXPECT_THAT(knowledge.required, ElementsAre(Edge{0, 1}));
  EXPECT_THAT(knowledge.forbidden, ElementsAre(Edge{2, 3}));
  EXPECT_THAT(knowledge.before, ElementsAre(Edge{4, 0}));
  EXPECT_THAT(knowledge.tiers, ElementsAre(ElementsAre(0), ElementsAre(1, 2)));
  EXPECT_THAT(knowledge.roots, ElementsAre(4));
  EXPECT_THAT(knowledge.leaves, ElementsAre(3));
  EXPECT_THAT(knowledge.targets.at("drug"), ElementsAre(1, 3));
  EXPECT_FALSE(knowledge.empty());
  EXPECT_TRUE(parse_knowledge("{}", names).empty());
}

TEST(KnowledgeFile, UnknownNamesSayWhereAndSuggestTheNearest) {
  EXPECT_THAT(parse_error(R"({"required":[["raf","mekk"]]})"),
              AllOf(HasSubstr("k.json at /required/0/1"), HasSubstr("did you mean 'mek'")));
  EXPECT_THAT(parse_error(R"({"targets":{"drug":["x"]}})"), HasSubstr("/targets/drug/0"));
}

TEST(KnowledgeFile, OtherShapesAreRefusedWithTheirPlace) {
  EXPECT_THAT(parse_error(R"({"requried":[]})"), HasSubstr("did you mean 'required'"));
  EXPECT_THAT(parse_error(R"({"before":[["raf"]]})"), HasSubstr("/before/0"));
  EXPECT_THAT(parse_error(R"({"before":[["raf","raf"]]})"), HasSubstr("/before/0"));
  EXPECT_THAT(parse_error(R"({"tiers":["raf"]})"), HasSubstr("/tiers/0"));
  EXPECT_THAT(parse_error(R"({"roots":[3]})"), HasSubstr("/roots/0"));
  EXPECT_THAT(parse_error("[]"), HasSubstr("an object"));
  EXPECT_THAT(parse_error("{"), HasSubstr("k.json:1"));
}

TEST(Constraints, ContradictionsPrintTheCycleWithItsReasons) {
  EXPECT_THAT(constraint_error({.required = {{0, 1}}, .before = {{2, 0}}, .tiers = {{1}, {3}, {2}}}),
              AllOf(HasSubstr("raf before mek (required)"), HasSubstr("mek before"), HasSubstr("(tiers"),
                    HasSubstr("erk before raf (before)")));
  EXPECT_THAT(constraint_error({.required = {{0, 1}, {1, 0}}}),
              HasSubstr("raf before mek (required), mek before raf (required)"));
}

TEST(Constraints, TheCycleThatIsPrintedIsShort) {
  EXPECT_THAT(constraint_error({.before = {{0, 1}, {1, 2}, {2, 3}, {3, 0}, {2, 0}}}),
              AllOf(HasSubstr("erk before raf"), ::testing::Not(HasSubstr("akt"))));
}

TEST(Constraints, RequiredAndForbiddenTogetherAreRefused) {
  EXPECT_THAT(constraint_error({.required = {{0, 1}}, .forbidden = {{0, 1}}}),
              AllOf(HasSubstr("raf -> mek"), HasSubstr("forbids")));
  EXPECT_THAT(constraint_error({.required = {{0, 1}}, .roots = {1}}), HasSubstr("roots"));
  EXPECT_THAT(constraint_error({.required = {{0, 1}}, .leaves = {0}}), HasSubstr("leaves"));
  EXPECT_THAT(constraint_error({.tiers = {{0, 1}, {1}}}), HasSubstr("\"mek\" in two tiers"));
}

TEST(Constraints, NumbersOutsideTheNodesAreRefused) {
  EXPECT_THAT(constraint_error({.before = {{0, 5}}}), HasSubstr("node 5"));
  EXPECT_THAT(constraint_error({.tiers = {{-1}}}), HasSubstr("node -1"));
  EXPECT_THAT(constraint_error({.roots = {9}}), HasSubstr("node 9"));
}

TEST(Constraints, BeforeIsTheTransitiveClosure) {
  const Constraints constraints({.required = {{0, 1}}, .before = {{1, 2}}, .tiers = {{2}, {}, {3}}}, names);
  for (const Edge edge : {Edge{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}})
    EXPECT_TRUE(constraints.before(edge.from, edge.to));
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(constraints.before(i, 4) || constraints.before(4, i) || constraints.before(i, i));
  }
  EXPECT_FALSE(constraints.free_order());
  EXPECT_FALSE(constraints.any_restricted());
  EXPECT_TRUE(constraints.required(0, 1));
  EXPECT_FALSE(constraints.required(1, 2));
  EXPECT_THAT(constraints.required_edges(), ElementsAre(Edge{0, 1}));
}

TEST(Constraints, RootsAndLeavesForbidParentsAndLeaveTheOrderFree) {
  const Constraints constraints({.forbidden = {{3, 1}}, .roots = {0}, .leaves = {4}}, names);
  EXPECT_TRUE(constraints.free_order());
  for (int i = 1; i < 5; ++i) EXPECT_FALSE(constraints.allowed(i, 0));
  for (int j = 0; j < 4; ++j) EXPECT_FALSE(constraints.allowed(4, j));
  EXPECT_FALSE(constraints.allowed(3, 1));
  EXPECT_TRUE(constraints.allowed(1, 3));
  EXPECT_TRUE(constraints.restricted(0) && constraints.restricted(1) && constraints.restricted(2));
  EXPECT_FALSE(constraints.restricted(4));
}

// Pairs i before j of a hidden order, so that there is no cycle.
Knowledge random_order_knowledge(const std::vector<int>& hidden, Random& random) {
  Knowledge knowledge;
  const std::size_t d = hidden.size();
  for (std::size_t count = random.below(2 * d); count > 0; --count) {
    const std::size_t a = random.below(d - 1), b = a + 1 + random.below(d - 1 - a);
    knowledge.before.push_back({hidden[a], hidden[b]});
  }
  return knowledge;
}

std::vector<int> random_order(std::size_t d, Random& random) {
  std::vector<int> order(d);
  std::iota(order.begin(), order.end(), 0);
  shuffle(std::span(order), random);
  return order;
}

bool keeps(const Knowledge& knowledge, const std::vector<int>& order) {
  std::vector<std::size_t> position(order.size());
  for (std::size_t p = 0; p < order.size(); ++p) position[static_cast<std::size_t>(order[p])] = p;
  return std::all_of(knowledge.before.begin(), knowledge.before.end(), [&](const Edge& edge) {
    return position[static_cast<std::size_t>(edge.from)] < position[static_cast<std::size_t>(edge.to)];
  });
}

TEST(Constraints, AdmitTheOrdersThatKeepEveryPair) {
  Random random(1);
  int admitted = 0;
  for (int round = 0; round < 500; ++round) {
    const std::size_t d = 2 + random.below(7);
    const Knowledge knowledge = random_order_knowledge(random_order(d, random), random);
    const Constraints constraints(knowledge, numbered_names(d));
    const std::vector<int> order = random_order(d, random);
    EXPECT_EQ(constraints.admits(order), keeps(knowledge, order));
    admitted += constraints.admits(order) ? 1 : 0;
  }
  EXPECT_GT(admitted, 50);
  EXPECT_LT(admitted, 450);
}

TEST(BrokenKnowledge, IsEmptyExactlyForTheOrdersThatAreAdmitted) {
  Random random(12);
  for (int round = 0; round < 200; ++round) {
    Knowledge knowledge;
    // Along one order, so that there is no contradiction.
    for (int k = 0; k < 3; ++k) {
      const int a = static_cast<int>(random.below(4)), b = a + 1 + static_cast<int>(random.below(4 - a));
      (k == 0 ? knowledge.required : knowledge.before).push_back({a, b});
    }
    if (round % 2 == 0) knowledge.tiers = {{0}, {}, {1, 2}, {4}};
    const Constraints constraints(knowledge, names);
    std::vector<int> order(names.size());
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t k = order.size(); k > 1; --k) std::swap(order[k - 1], order[random.below(k)]);
    EXPECT_EQ(broken_knowledge(knowledge, order, names).empty(), constraints.admits(order)) << round;
  }
}

TEST(BrokenKnowledge, NamesEveryReason) {
  Knowledge knowledge;
  knowledge.required = {{0, 1}};
  knowledge.before = {{3, 2}};
  knowledge.tiers = {{4}, {0, 1}};
  knowledge.forbidden = {{2, 3}};
  EXPECT_THAT(broken_knowledge(knowledge, std::vector<int>{4, 1, 2, 0, 3}, names),
              ElementsAre("raf must precede mek (required)", "akt must precede erk (before)"));
  EXPECT_THAT(broken_knowledge(knowledge, std::vector<int>{0, 4, 1, 3, 2}, names),
              ElementsAre("pkc must precede raf (tiers 1, 2)"));
}

TEST(Constraints, RepairedOrdersTakeTheFirstNodeThatMayComeEachTime) {
  Random random(2);
  for (int round = 0; round < 500; ++round) {
    const std::size_t d = 2 + random.below(7);
    const Knowledge knowledge = random_order_knowledge(random_order(d, random), random);
    const Constraints constraints(knowledge, numbered_names(d));
    const std::vector<int> wish = random_order(d, random);
    const std::vector<int> repaired = constraints.repaired(wish);
    EXPECT_TRUE(std::is_permutation(wish.begin(), wish.end(), repaired.begin(), repaired.end()));
    EXPECT_TRUE(keeps(knowledge, repaired));
    if (keeps(knowledge, wish)) {
      EXPECT_EQ(repaired, wish);
    }
    EXPECT_EQ(constraints.repaired(repaired), repaired);
  }
}

TEST(Constraints, ReachIsWhereMovingOneNodeKeepsEveryPair) {
  Random random(3);
  std::vector<int> leftmost, rightmost;
  for (int round = 0; round < 300; ++round) {
    const std::size_t d = 2 + random.below(7);
    const std::vector<int> order = random_order(d, random);
    const Knowledge knowledge = random_order_knowledge(order, random);
    Constraints(knowledge, numbered_names(d)).reach(order, leftmost, rightmost);
    for (std::size_t from = 0; from < d; ++from) {
      for (std::size_t to = 0; to < d; ++to) {
        std::vector<int> moved = order;
        moved.erase(moved.begin() + static_cast<std::ptrdiff_t>(from));
        moved.insert(moved.begin() + static_cast<std::ptrdiff_t>(to), order[from]);
        const bool within = leftmost[from] <= static_cast<int>(to) && static_cast<int>(to) <= rightmost[from];
        EXPECT_EQ(within, keeps(knowledge, moved));
      }
    }
  }
}

TEST(Constraints, OfThousandsOfNodesInTiersAreQuick) {
  Knowledge knowledge;
  for (int tier = 0; tier < 40; ++tier) {
    knowledge.tiers.emplace_back(50);
    std::iota(knowledge.tiers.back().begin(), knowledge.tiers.back().end(), tier * 50);
  }
  const Constraints constraints(knowledge, numbered_names(2000));
  EXPECT_TRUE(constraints.before(0, 1999));
  EXPECT_FALSE(constraints.before(0, 49));
}

}  // namespace
}  // namespace xchg::dag
