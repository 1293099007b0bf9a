#include "xchg/hiring/audit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/hiring/design.hpp"
#include "xchg/hiring/estimate.hpp"

namespace xchg::hiring {
namespace {

Instance named(const std::string& name) {
  return read_instance(std::string(XCHG_TEST_DATA) + "/hiring/instances/" + name + ".json");
}

const Instance& audit2() {
  static const Instance instance = named("audit2");
  return instance;
}

const Mechanism& audit2_mechanism() {
  static const Mechanism mechanism = design(audit2(), {.ladder = false}).mechanism;
  return mechanism;
}

TEST(Audit, HonestPlayIsWorthWhatTheDesignPromises) {
  for (const char* name : {"coin1", "audit2", "sources2", "weather3", "double2", "nofree2", "finley"}) {
    SCOPED_TRACE(name);
    const Instance instance = named(name);
    const Result result = design(instance, {.ladder = false});
    const Audit audit = hiring::audit(instance, result.mechanism, {.coalitions = 0, .equilibria = false});
    EXPECT_NEAR(audit.value, result.value, 1e-12);
    EXPECT_TRUE(audit.incentive_compatible);
    ASSERT_TRUE(audit.violation);
    EXPECT_LE(*audit.violation, 0);
    const auto payments = expected_payments(instance, result.mechanism);
    for (std::size_t i = 0; i < payments.size(); ++i)
      EXPECT_NEAR(audit.payments[i], to_double(payments[i]), 1e-12);
  }
}

TEST(Audit, CheckerAndWorkerTogetherGainWhatTheyEarnAgain) {
  const Audit audit = hiring::audit(audit2(), audit2_mechanism());
  ASSERT_EQ(audit.coalitions.size(), 1u);
  EXPECT_EQ(audit.coalitions[0].members, (std::vector{0, 1}));
  EXPECT_NEAR(audit.coalitions[0].gain, 9.0 / 91, 1e-12);
  double sum = 0;
  for (const JointPlan& plan : audit.coalitions[0].plans) {
    EXPECT_EQ(plan.efforts, (std::vector{0, 0}));
    sum += plan.probability * plan.gain;
  }
  EXPECT_NEAR(sum, 9.0 / 91, 1e-12);
}

TEST(Audit, PaymentForAgreementHasAnEquilibriumInWhichNobodyWorks) {
  const Audit audit = hiring::audit(audit2(), audit2_mechanism());
  ASSERT_FALSE(audit.equilibria.empty());
  const Equilibrium& worst = audit.equilibria.front();
  EXPECT_NEAR(worst.principal, 0.302197802, 1e-9);
  EXPECT_FALSE(worst.honest);
  for (const auto& reactions : worst.reactions) {
    for (const Reaction& reaction : reactions) {
      EXPECT_TRUE(reaction.asked);
      EXPECT_EQ(reaction.effort, 0);
      EXPECT_EQ(reaction.reports, (std::vector{0, -1}));
    }
  }
  EXPECT_NEAR(worst.utilities[0], 9.0 / 91, 1e-12);
  EXPECT_NEAR(audit.utilities[0], 9.0 / 182, 1e-12);
  EXPECT_EQ(audit.starts, 101);
  int found = audit.unsettled;
  for (const Equilibrium& equilibrium : audit.equilibria) found += equilibrium.found;
  EXPECT_EQ(found, audit.starts);
}

TEST(Audit, BluebirdVendorsWithOtherCostsRest) {
  const Instance instance = named("bluebirds3");
  const Result result = design(instance, {.ladder = false});
  const Audit audit = hiring::audit(instance, result.mechanism,
                                    {.cost_factors = {Rational(11, 10), Rational(6, 5), Rational(9, 10)}});
  ASSERT_EQ(audit.costs_off.size(), 3u);
  for (const std::size_t k : {0u, 1u}) {
    const CostsOff& off = audit.costs_off[k];
    EXPECT_NEAR(off.gain, 0.0004 * static_cast<double>(k + 1), 1e-9);
    ASSERT_TRUE(off.recommendation);
    EXPECT_EQ(instance.agents[static_cast<std::size_t>(off.recommendation->agent)].name, "vendor B");
    ASSERT_EQ(off.recommendation->alternatives.size(), 1u);
    const Temptation& plan = off.recommendation->alternatives.front();
    EXPECT_EQ(plan.effort, 0);
    EXPECT_EQ(plan.reports, (std::vector{0, -1}));
  }
  EXPECT_LE(audit.costs_off[2].gain, 0);
}

TEST(Audit, SlackIsTheMarginOfEveryOtherEffort) {
  for (const auto& [slack, value] :
       {std::pair(Rational(1, 100), 0.577777778), {Rational(1, 50), 0.552808989}}) {
    const Result result = design(audit2(), {.slack = slack, .ladder = false});
    EXPECT_NEAR(result.value, value, 1e-9);
    const Audit audit = hiring::audit(audit2(), result.mechanism);
    EXPECT_TRUE(audit.incentive_compatible);
    int others = 0;
    for (const Recommendation& of : audit.recommendations) {
      for (const Temptation& plan : of.alternatives) {
        if (plan.effort == of.effort) continue;
        ++others;
        EXPECT_GE(-plan.gain * of.probability, to_double(slack) * of.probability - 1e-9);
      }
    }
    EXPECT_EQ(others, 4);
    ASSERT_TRUE(audit.cost_error && audit.law_error);
    // Working costs 9/100 more than resting: the slack over it.
    EXPECT_NEAR(*audit.cost_error, to_double(slack) / 0.09, 1e-9);
    EXPECT_NEAR(*audit.most_cost_factor, 1 + to_double(slack) / 0.09, 1e-9);
    EXPECT_GT(*audit.law_error, 0);
  }
}

TEST(Audit, SaysWhoIsTemptedToDoWhat) {
  const Audit audit = hiring::audit(audit2(), audit2_mechanism());
  const std::vector<std::string> lines = audit_sentences(audit2(), audit);
  const auto has = [&](const std::string& text) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const std::string& line) { return line.find(text) != std::string::npos; });
  };
  EXPECT_TRUE(
      has("worker, asked for \"work\": best alternative is to choose \"rest\" and answer \"0\"; "
          "gains and loses nothing by it"))
      << lines[1];
  EXPECT_TRUE(has("together worker and checker gain 0.0989 a round"));
  EXPECT_TRUE(has("leaves the principal 0.3022: 0.3 less than honesty"));
}

TEST(Audit, AMechanismForAnEstimateTemptsUnderTheTruth) {
  const Instance truth = named("bluebirds3");
  EstimateOptions options{.like = truth};
  options.costs.per_label = Rational(1, 250);
  const std::string panel = std::string(XCHG_TEST_DATA) + "/hiring/bluebirds_panel.csv";
  const Instance estimated = estimate(read_panel(panel), options);
  const Mechanism mechanism = design(estimated, {.payment_bound = Bound(1), .ladder = false}).mechanism;
  const Audit audit = hiring::audit(truth, mechanism, {.coalitions = 0, .equilibria = false});
  EXPECT_FALSE(audit.incentive_compatible);
  EXPECT_NEAR(to_double(*audit.violation), 0.0033766, 5e-8);
  EXPECT_EQ(audit.cost_error, 0);
  EXPECT_EQ(audit.law_error, 0);
}

struct Cancelled : Progress {
  bool cancelled() const override { return true; }
};

TEST(Audit, SaysWhatIsMissingAfterItWasCancelled) {
  Cancelled progress;
  const Audit audit = hiring::audit(audit2(), audit2_mechanism(), {}, progress);
  EXPECT_FALSE(audit.complete);
  EXPECT_TRUE(audit.incentive_compatible);
  EXPECT_EQ(audit.recommendations.size(), 4u);
  EXPECT_TRUE(audit.coalitions.empty());
  EXPECT_TRUE(audit.equilibria.empty());
}

TEST(Audit, RefusesCoalitionsThatDoNotFit) {
  const Instance instance = generate(4, 2, 10, 2, 1);
  Entry entry{0, Rational(1), best_decisions(instance, 0), {}};
  EXPECT_THROW(audit(instance, {{entry}}, {.coalitions = 4, .equilibria = false}), LimitError);
}

TEST(Audit, RefusesMechanismsOfOtherInstances) {
  Mechanism mechanism = audit2_mechanism();
  EXPECT_THROW(audit(named("coin1"), mechanism), InputError);
  mechanism.support[0].probability *= 2;
  EXPECT_THROW(audit(audit2(), mechanism), InputError);
  EXPECT_THROW(audit(audit2(), audit2_mechanism(), {.cost_factors = {Rational(-1)}}), InputError);
}

}  // namespace
}  // namespace xchg::hiring
