#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "xchg/core/error.hpp"
#include "xchg/dag/check/testing.hpp"

namespace xchg::dag {
namespace {

nlohmann::ordered_json good() {
  return nlohmann::ordered_json::parse(R"({"names": ["a", "b", "c"], "order": ["c", "a", "b"], "score": "l1",
    "options": {"lambda1": 0.25, "method": "insert"}, "score_order": 1.5, "score_graph": 1.75,
    "lower_bound": null, "gap": null, "kkt_residual": 0.125, "status": "local",
    "edges": [{"from": "c", "to": "b", "weight": -2.5, "se": 0.1}],
    "knowledge": {"required": [["c", "b"]], "tiers": [["c"], ["a", "b"]], "targets": {"knocked": ["a"]}}})");
}

std::string problem(const nlohmann::ordered_json& document) {
  try {
    parse_claim(document.dump(), "result.json");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Claim, IsReadMemberByMember) {
  const Claim claim = parse_claim(good().dump());
  EXPECT_EQ(claim.names, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(claim.order, (std::vector{2, 0, 1}));
  EXPECT_EQ(claim.score, Score::L1);
  EXPECT_EQ(claim.score_options.lambda1, 0.25);
  EXPECT_EQ(claim.score_order, 1.5);
  EXPECT_EQ(claim.score_graph, 1.75);
  EXPECT_FALSE(claim.lower_bound || claim.gap);
  EXPECT_EQ(claim.kkt_residual, 0.125);
  EXPECT_EQ(claim.status, "local");
  Matrix w(3, 3);
  w(2, 1) = -2.5;
  EXPECT_EQ(claim.w, w);
  EXPECT_EQ(claim.knowledge.required, (std::vector<Edge>{{2, 1}}));
  EXPECT_EQ(claim.knowledge.tiers, (std::vector<std::vector<int>>{{2}, {0, 1}}));
  EXPECT_EQ(claim.knowledge.targets.at("knocked"), std::vector{0});
}

TEST(Claim, ErrorsNameThePlace) {
  auto document = good();
  document["order"][1] = "d";
  EXPECT_EQ(problem(document).find("result.json at /order/1: unknown variable 'd'"), 0U) << problem(document);
  document = good();
  document["edges"].push_back(document["edges"][0]);
  EXPECT_EQ(problem(document).find("result.json at /edges/1: this edge comes twice"), 0U)
      << problem(document);
  document = good();
  document["names"][2] = "a";
  EXPECT_EQ(problem(document).find("result.json at /names: the name 'a' comes twice"), 0U)
      << problem(document);
  document = good();
  document["score"] = "l2";
  EXPECT_EQ(problem(document).find("result.json at /score: "), 0U) << problem(document);
  document = good();
  document["status"] = "best";
  EXPECT_EQ(problem(document).find("result.json at /status: "), 0U) << problem(document);
  document = good();
  document["knowledge"]["required"][0].push_back("a");
  EXPECT_EQ(problem(document).find("result.json at /knowledge/required/0: not a pair"), 0U)
      << problem(document);
  for (const char* key : {"names", "order", "score", "edges", "score_order", "score_graph", "status"}) {
    document = good();
    document.erase(key);
    EXPECT_NE(problem(document).find(key), std::string::npos) << key;
  }
}

}  // namespace
}  // namespace xchg::dag
