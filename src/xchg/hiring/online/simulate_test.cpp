// Regret against simulated agents, beside the figures of the prototype.
#include <gtest/gtest.h>

#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/hiring/online.hpp"

namespace xchg::hiring {
namespace {

Instance named(const std::string& name) {
  return read_instance(std::string(XCHG_TEST_DATA "/hiring/instances/") + name + ".json");
}

// Mean regrets of the prototype at T = 1e5, 1e7, 1e9 (30 seeds of its own): 7.9 of the engine's acceptance
// list.
void expect_regrets(const std::string& name, const std::vector<double>& prototype) {
  const Simulation simulation = simulate(named(name));
  const Curve& curve = simulation.curves.at(0);
  for (std::size_t k = 0; k < prototype.size(); ++k) {
    EXPECT_NEAR(curve.points[4 * k].mean / prototype[k], 1, 0.25) << name;
  }
  for (const CurvePoint& point : curve.points) EXPECT_GE(point.obeyed, 0.95) << name << " " << point.rounds;
  EXPECT_LE(curve.slopes[0].slope, 0.73) << name;
  EXPECT_LE(curve.slopes[0].low, curve.slopes[0].slope);
  EXPECT_GE(curve.slopes[0].high, curve.slopes[0].slope);
}

TEST(Simulate, RegretsAreThoseOfThePrototype) {
  expect_regrets("audit2", {1.30e4, 4.32e5, 9.61e6});
  expect_regrets("double2", {9.9e3, 2.55e5, 6.71e6});
}

TEST(Simulate, NarrowMarginsAreObeyedOnceTheSlackIsSmallEnough) {
  const Simulation simulation = simulate(
      named("sources2"), {.rounds = {1e7, 1e8, 1e9}, .seeds = 100, .first_seed = 1000, .resamples = 10});
  const auto& points = simulation.curves.at(0).points;
  EXPECT_LT(points[0].obeyed, 0.95);  // margins of 0.001 to 0.004 are not yet seen
  EXPECT_GE(points[1].obeyed, 0.95);
  EXPECT_GE(points[2].obeyed, 0.95);
  EXPECT_NEAR(points[2].mean / 2.45e7, 1, 0.25);
}

// Slack that costs more than agents can be worth: the strict rules are better, and obeyed.
TEST(Simulate, StrictRulesAreBetterThanMuchSlackOverAFewRounds) {
  for (const char* name : {"sources2", "weather3"}) {
    const Simulation simulation = simulate(
        named(name), {.rounds = {1e5, 1e6, 1e9}, .seeds = 8, .methods = {"hire_online", "strict start"}});
    const auto& robust = simulation.curves[0].points;
    const auto& strict = simulation.curves[1].points;
    EXPECT_LT(strict[0].mean, 0.6 * robust[0].mean) << name;
    EXPECT_NEAR(strict[0].obeyed, 1, 1e-12) << name;
    EXPECT_LT(strict[1].mean, robust[1].mean) << name;
    EXPECT_NEAR(strict[2].mean / robust[2].mean, 1, 0.02) << name;
  }
}

TEST(Simulate, LearningIsAheadOfTheBestFixedProfileInTheEnd) {
  const Simulation simulation =
      simulate(named("audit2"), {.seeds = 10, .methods = {"hire_online", "fixed det"}});
  EXPECT_NEAR(simulation.curves[1].points[0].mean / 1e5, 274.0 / 455 - 14.0 / 25, 1e-6);
  ASSERT_TRUE(simulation.curves[0].break_even);
  // 10^7.5 in the prototype; at 10^7 both lose nearly the same.
  EXPECT_GE(*simulation.curves[0].break_even, 1e7);
  EXPECT_LE(*simulation.curves[0].break_even, 3.2e7);
}

TEST(Simulate, WithoutSlackAgentsDisobey) {
  const Simulation simulation =
      simulate(named("audit2"), {.rounds = {1e7}, .seeds = 20, .methods = {"hire_online", "noslack"}});
  EXPECT_GE(simulation.curves[0].points[0].obeyed, 0.95);
  EXPECT_LE(simulation.curves[1].points[0].obeyed, 0.9);
}

TEST(Simulate, EveryMethodRunsAndIsTheSameForEveryNumberOfThreads) {
  SimulateOptions options{.rounds = {1e5, 1e6}, .seeds = 3, .windows = {{1e5, 1e6}}, .resamples = 50};
  for (const char* name : {"audit2", "coin1"}) {
    Instance instance = named(name);
    if (instance.payment_bound.infinite()) instance.payment_bound = Bound(Rational(3));
    options.methods = online_methods();
    if (instance.agents.size() > 1) std::erase(options.methods, "ucb1");
    options.threads = 1;
    const Simulation one = simulate(instance, options);
    options.threads = 2;
    const Simulation two = simulate(instance, options);
    ASSERT_EQ(one.curves.size(), options.methods.size());
    for (std::size_t m = 0; m < one.curves.size(); ++m) {
      for (std::size_t k = 0; k < 2; ++k) {
        EXPECT_EQ(one.curves[m].points[k].regret, two.curves[m].points[k].regret) << one.curves[m].method;
      }
    }
  }
}

TEST(Simulate, RefusesWhatItCannotDo) {
  EXPECT_THROW(simulate(named("audit2"), {.methods = {"hire"}}), InputError);
  EXPECT_THROW(simulate(named("audit2"), {.methods = {"ucb1"}}), InputError);
  EXPECT_THROW(simulate(named("audit2"), {.rounds = {10}}), InputError);
}

}  // namespace
}  // namespace xchg::hiring
