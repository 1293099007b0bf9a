#include "xchg/hiring/estimate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "xchg/core/error.hpp"
#include "xchg/hiring/design.hpp"

namespace xchg::hiring {
namespace {

using testing::HasSubstr;

const std::string folder = XCHG_TEST_DATA "/hiring/";

Instance bluebirds() { return read_instance(folder + "instances/bluebirds3.json"); }

EstimateOptions by_label() {
  EstimateOptions options{.like = bluebirds()};
  options.costs.per_label = Rational(1, 250);
  return options;
}

TEST(Estimate, TheBluebirdPanelGivesTheKnownLaw) {
  Warnings warnings;
  const Instance instance = estimate(read_panel(folder + "bluebirds_panel.csv"), by_label(), &warnings);
  EXPECT_NO_THROW(check(instance));
  EXPECT_TRUE(warnings.empty());
  const std::vector<Rational> law = exact_law(instance, 63);
  EXPECT_NEAR(to_double(law[0]), 0.37906744, 5e-9);
  EXPECT_NEAR(to_double(law[1]), 0.08309194, 5e-9);
}

TEST(Estimate, ThePluggedInMechanismPromisesTooMuchAndIsDoubted) {
  const Panel panel = read_panel(folder + "bluebirds_panel.csv");
  const Instance instance = estimate(panel, by_label());
  const Result result = design(instance, {.payment_bound = Bound(1), .ladder = false});
  EXPECT_NEAR(result.value, 0.748599161, 1e-8);
  Certificate against{.instance = fingerprint(bluebirds()),
                      .terms = {.payment_bound = Bound(1)},
                      .mechanism = result.mechanism};
  const Check truth = verify(bluebirds(), against);
  EXPECT_FALSE(truth.feasible);
  EXPECT_NEAR(to_double(truth.violation), 0.0033766, 5e-8);
  const auto rows = standard_errors(panel, instance, result.mechanism);
  ASSERT_FALSE(rows.empty());
  for (const RowError& row : rows) {
    EXPECT_GE(row.slack, -1e-9);
    EXPECT_EQ(row.tasks, 108U);
  }
  EXPECT_FALSE(doubts(instance, rows).empty());
}

TEST(Estimate, PoolsOfWorkersGiveTheExactInstance) {
  EstimateOptions options;
  options.costs.per_label = Rational(1, 250);
  const Instance pools = estimate_pools(read_labels(folder + "bluebirds.csv"), 3, {0, 1, 3, 5}, options);
  EXPECT_NO_THROW(check(pools));
  EXPECT_EQ(fingerprint(pools), fingerprint(bluebirds()));
}

TEST(Estimate, WithoutAModelNamesComeInOrderOfAppearance) {
  const Panel panel = parse_panel(
      "truth,task,agent,effort,report\nred,1,Ann,look,warm\nblue,2,Ann,look,cold\nred,1,Ann,guess,warm\nblue,"
      "2,Ann,guess,warm\n",
      "p.csv");
  EstimateOptions options{.costs = read_costs("Ann:look=1/10,Ann:guess=0")};
  const Instance instance = estimate(panel, options);
  EXPECT_EQ(instance.states, (std::vector<std::string>{"red", "blue"}));
  EXPECT_EQ(instance.agents[0].efforts, (std::vector<std::string>{"look", "guess"}));
  EXPECT_EQ(instance.agents[0].costs, (std::vector<Rational>{Rational(1, 10), 0}));
  // One task of each state: prior (1 + 1/2) / 3; look under red: warm (1 + 1/2) / 2; with alpha 1 the count
  // weighs as much.
  EXPECT_EQ(exact_law(instance, 0)[0], Rational(1, 2) * Rational(1 + 3.0 / 8) / Rational(3, 2));
  options.independent = true;
  EXPECT_EQ(exact_law(estimate(panel, options), 0)[0], Rational(3, 8));
}

std::string refusal(const std::string& csv, const EstimateOptions& options) {
  try {
    estimate(parse_panel(csv, "p.csv"), options);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Estimate, MistakesAreNamedWithTheirLine) {
  const std::string head = "task,agent,effort,report,truth\n0,vendor A,1,yes,indigo bunting\n";
  EXPECT_THAT(refusal(head + "1,vendor A,1,yes,\n", by_label()),
              HasSubstr("p.csv:3, column 5: the truth is missing"));
  EXPECT_THAT(refusal(head + "0,vendor A,3,yes,other bird\n", by_label()), HasSubstr("p.csv:3"));
  EXPECT_THAT(refusal(head + "1,vendor D,3,yes,other bird\n", by_label()),
              HasSubstr("p.csv:3: there is no agent \"vendor D\""));
  EXPECT_THAT(refusal(head + "1,vendor A,7,yes,other bird\n", by_label()), HasSubstr("effort"));
  EXPECT_THAT(refusal(head + "1,vendor A,3,maybe,other bird\n", by_label()), HasSubstr("signal"));
  EXPECT_THAT(refusal(head + "1,vendor A,3,yes,robin\n", by_label()), HasSubstr("state"));
  EXPECT_THAT(refusal(head, by_label()), HasSubstr("--independent"));
  EXPECT_THAT(refusal("task,agent,effort,report,truth\n0,a,1,yes,x\n", {}), HasSubstr("cost"));
  EXPECT_THROW(read_costs("a:1=-3"), InputError);
  EXPECT_THROW(read_costs("a1=3"), InputError);
  EXPECT_THROW(parse_labels("task,worker,label,truth\n0,0,2,1\n", "l.csv"), InputError);
  EXPECT_THROW(parse_labels("task,worker,label,truth\n0,0,1,1\n0,1,1,1\n1,0,1,0\n", "l.csv"), InputError);
}

}  // namespace
}  // namespace xchg::hiring
