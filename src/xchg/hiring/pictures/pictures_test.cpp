#include "xchg/hiring/pictures/pictures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace xchg::hiring {
namespace {

using testing::HasSubstr;

Instance audit() { return read_instance(XCHG_TEST_DATA "/hiring/instances/audit2.json"); }

TEST(Pictures, PaymentsAreShownForEveryReportAndState) {
  const Instance instance = audit();
  const Result result = design(instance, {.ladder = false});
  const Entry& both = result.mechanism.support.back();
  EXPECT_EQ(paid_agents(instance, both), (std::vector<std::size_t>{0, 1}));
  EXPECT_TRUE(paid_agents(instance, result.mechanism.support.front()).empty());
  const chart::Chart chart = payment_picture("pay", instance, both, 0);
  EXPECT_THAT(chart.title, HasSubstr("worker: work, checker: work"));
  EXPECT_THAT(chart.text_equivalent, HasSubstr("paid in 4 of 8 outcomes, at most 1"));
}

TEST(Pictures, LadderAndFrontierTellTheirFigures) {
  const Result result = design(audit());
  EXPECT_THAT(ladder_picture("ladder", result.ladder).text_equivalent, HasSubstr("worth 0.602198"));
  const auto points = frontier(audit(), {Bound(Rational(1, 5)), Bound(1), Bound(100)});
  const chart::Chart chart = frontier_picture("frontier", points, 0.62);
  EXPECT_THAT(chart.text_equivalent, HasSubstr("from 0.5 at a largest payment of 0.2 to 0.619838 at 100"));
  EXPECT_EQ(chart.data.rows.size(), points.size());
}

TEST(Pictures, NothingThatAgentsCouldDoIsAboveZero) {
  const Instance instance = audit();
  const chart::Chart chart = deviation_picture(
      "plans", instance, xchg::hiring::audit(instance, design(instance, {.ladder = false}).mechanism));
  EXPECT_THAT(chart.text_equivalent, HasSubstr("it brings 0."));
  EXPECT_GE(chart.data.rows.size(), 4U);
}

TEST(Pictures, CheaperEffortsAreWorthMoreHere) {
  const auto rows = cost_sensitivity(audit(), Rational(1, 10), {}, Progress::none());
  ASSERT_EQ(rows.size(), 2U);
  for (const Sensitivity& row : rows) EXPECT_GT(row.lower, row.higher);
  EXPECT_THAT(sensitivity_picture("costs", rows, 0.6, Rational(1, 10)).caption, HasSubstr("10 %"));
}

TEST(Pictures, RegretHasALineForEachMethodAndForExploration) {
  SimulateOptions options;
  options.rounds = {1e5, 1e6};
  options.seeds = 2;
  options.methods = {"hire_online", "fixed det"};
  options.windows = {{1e5, 1e6}};
  const chart::Chart chart = regret_picture("regret", simulate(audit(), options));
  EXPECT_EQ(chart.data.rows.size(), 6U);
  EXPECT_THAT(chart.text_equivalent, HasSubstr("With hire_online the loss is"));
}

}  // namespace
}  // namespace xchg::hiring
