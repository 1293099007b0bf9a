#include "xchg/dag/pictures/pictures.hpp"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"

namespace xchg::dag {
namespace {

// The five nodes of the reference case: truth 0->1:2, 0->2:-1, 1->3:1, 2->3:2, 3->4:-1, 1->4:1.
Gram five() {
  Gram gram;
  gram.s = Matrix(5, 5);
  gram.s.values = {1, 2, -1, 0, 2, 2, 5, -2, 1, 4, -1, -2, 2, 2, -4, 0, 1, 2, 6, -5, 2, 4, -4, -5, 10};
  gram.n = 1000;
  gram.mean.assign(5, 0);
  gram.names = {"a", "b", "c", "d", "e"};
  return gram;
}

Result result_of_five() {
  Result result;
  result.names = five().names;
  result.order = {0, 1, 2, 3, 4};
  result.w = Matrix(5, 5);
  result.w(0, 1) = 2, result.w(0, 2) = -1, result.w(1, 3) = 1;
  result.w(2, 3) = 2, result.w(3, 4) = -1, result.w(1, 4) = 1;
  result.cpdag = {{{1, 3}, {1, 4}, {2, 3}, {3, 4}}, {{0, 1}, {0, 2}}};
  result.score_start = 761.0 / 105;
  result.score_order = 2.5;
  result.lower_bound = 2.5;
  return result;
}

TEST(Pictures, NetworkHasEveryEdgeAndLeavesOpenWhatTheClassLeavesOpen) {
  const chart::Chart picture = network_picture("graph", result_of_five());
  std::map<std::string, std::string> open;
  for (const auto& row : picture.data.rows) open[row[0] + row[1] + row[2]] = row.back();
  const std::map<std::string, std::string> expected{{"ab2", "yes"}, {"ac-1", "yes"}, {"bd1", "no"},
                                                    {"cd2", "no"},  {"de-1", "no"},  {"be1", "no"}};
  EXPECT_EQ(open, expected);
}

TEST(Pictures, NetworkDashesWhatResamplesSeldomFind) {
  Result result = result_of_five();
  result.cpdag = {};
  result.frequency = Matrix(5, 5, 1);
  result.frequency(2, 3) = 0.69;
  result.frequency(3, 4) = 0.7;
  const chart::Chart picture = network_picture("graph", result);
  std::set<std::string> dashed;
  for (const auto& row : picture.data.rows) {
    if (row.back() == "yes") dashed.insert(row[0] + row[1]);
  }
  EXPECT_EQ(dashed, std::set<std::string>{"cd"});
}

TEST(Pictures, ScoreIsDrawnStepByStepAboveItsBound) {
  Result result = result_of_five();
  result.steps = {{0, 0, "start", 0, 761.0 / 105}, {1, 0, "insert", 1, 4}, {2, 0, "insert", 1, 2.5}};
  const chart::Chart picture = score_picture("score", result);
  ASSERT_EQ(picture.data.rows.size(), 3U);
  EXPECT_EQ(picture.data.rows[2].back(), "2.5");
  const auto spec = nlohmann::json::parse(picture.spec);
  bool bound = false;
  for (const auto& layer : spec.at("layer")) {
    bound =
        bound || (layer.at("mark").at("type") == "rule" && layer.at("encoding").at("y").at("datum") == 2.5);
  }
  EXPECT_TRUE(bound);
}

TEST(Pictures, WeightsStandInTheOrder) {
  const Result result = result_of_five();
  const std::vector<int> order{4, 3, 2, 1, 0};
  const chart::Chart picture = weights_picture("w", "Weights", result.names, result.w, order);
  ASSERT_EQ(picture.data.rows.size(), 25U);
  EXPECT_EQ(picture.data.rows[0][0], "e");
  EXPECT_EQ(picture.data.rows[5 * 2 + 1], (std::vector<std::string>{"c", "d", "2"}));
  EXPECT_EQ(picture.text_equivalent, "6 edges, 6 of them against the order.");
}

// The order (0, 1, 2, 3, 4) and that with 1 and 2 exchanged are the two optima.
TEST(Pictures, ExchangesShowThePairThatMayStandEitherWay) {
  const Gram gram = five();
  const Result result = result_of_five();
  const chart::Chart picture = exchanges_picture("exchanges", gram, result);
  for (const auto& row : picture.data.rows) {
    const auto place = [&](const std::string& name) { return static_cast<std::size_t>(name[0] - 'a'); };
    std::vector<int> order = result.order;
    std::swap(order[place(row[0])], order[place(row[1])]);
    const double percent = 100 * (score_order(gram, order) / 2.5 - 1);
    EXPECT_NEAR(std::stod(row[2]), std::max(percent, 1e-4), 1e-9 * (1 + percent)) << row[0] << row[1];
  }
  EXPECT_EQ(picture.data.rows.size(), 20U);
  // The diagonal has the colour of the page, which may be dark, so the colour is named; a phone of 360 pixels
  // has room for 36 letters above the colours.
  EXPECT_EQ(picture.caption.rfind("Violet: ", 0), 0U);
  EXPECT_EQ(picture.data.columns[2].title, "cost of an exchange (% of the score)");
  EXPECT_LE(picture.data.columns[2].title.size(), 36U);
  EXPECT_EQ(
      picture.text_equivalent,
      "Of 10 pairs, 1 can be exchanged at a cost of at most 0.1 % of the score; 0 exchanges would lower "
      "it.");
}

TEST(Pictures, VarianceIsThatOfTheNodeAtEachPosition) {
  const chart::Chart picture = variance_picture("variance", five(), result_of_five());
  ASSERT_EQ(picture.data.rows.size(), 5U);
  EXPECT_EQ(picture.data.rows[3], (std::vector<std::string>{"d", "4", "6"}));
}

TEST(Pictures, FrequencyPutsTheMostFrequentEdgesFirst) {
  Result result = result_of_five();
  EXPECT_THROW(frequency_picture("frequency", result), InputError);
  result.resamples = 10;
  result.frequency = Matrix(5, 5);
  result.frequency(0, 1) = 0.5, result.frequency(1, 0) = 0.4, result.frequency(2, 3) = 0.9;
  const chart::Chart picture = frequency_picture("frequency", result, 3);
  ASSERT_EQ(picture.data.rows.size(), 3U);
  EXPECT_EQ(picture.data.rows[0], (std::vector<std::string>{"c → d", "in the graph", "90"}));
  EXPECT_EQ(picture.data.rows[2], (std::vector<std::string>{"b → a", "not in it", "40"}));
  EXPECT_EQ(picture.text_equivalent,
            "1 of the 6 edges of the graph are in at least 70 % of the 10 resamples.");
}

}  // namespace
}  // namespace xchg::dag
