// Designs against a program that enumerates every plan of every agent.
#include <gtest/gtest.h>

#include "xchg/hiring/design.hpp"
#include "xchg/hiring/design/clp.hpp"
#include "xchg/hiring/design/model.hpp"
#include "xchg/hiring/design/random_instances.hpp"

namespace xchg::hiring {
namespace {

// All maps from signals to reports, as digits.
Radix misreports(int signals) { return Radix(std::vector<int>(static_cast<std::size_t>(signals), signals)); }

// The optimum by one row for each agent, effort, other effort and misreport map: no auxiliary variables,
// nothing left out.
double by_enumeration(const Instance& instance, double bound) {
  const Model model = [&] {
    Model result(instance, Terms{.payment_bound = Bound(to_rational(bound)),
                                 .outside = {},
                                 .slack = 0,
                                 .cost_error = 0,
                                 .expected_budget = {},
                                 .sure_budget = {}});
    result.store_law();
    return result;
  }();
  LinearProgram lp;
  const int mass = lp.add_row(1, 1);
  struct Plan {
    std::size_t agent;
    int effort, other;
    std::vector<int> reports;
    int row;
  };
  std::vector<Plan> plans;
  for (std::size_t i = 0; i < model.agents(); ++i) {
    const Radix maps = misreports(model.signals_of(i));
    for (int effort = 0; effort < model.efforts_of(i); ++effort) {
      for (int other = 0; other < model.efforts_of(i); ++other) {
        for (std::size_t map = 0; map < maps.count(); ++map) {
          plans.push_back({i, effort, other, maps.tuple(map), lp.add_row(0, unbounded)});
        }
      }
    }
  }
  std::vector<std::vector<LinearProgram::Cell>> payment_columns;
  std::vector<double> costs;
  std::vector<std::size_t> of_profile;
  for (std::size_t b = 0; b < model.profiles(); ++b) {
    for (std::size_t i = 0; i < model.agents(); ++i) {
      for (std::size_t cell = 0; cell < model.cells(); ++cell) {
        const std::size_t s = cell / model.states, t = cell % model.states;
        auto& column = payment_columns.emplace_back();
        for (const Plan& plan : plans) {
          if (plan.agent != i || model.efforts.digit(b, i) != plan.effort) continue;
          double gain = model.law(b)[cell];
          const auto law = model.law(model.efforts.with(b, i, plan.other));
          for (int z = 0; z < model.signals_of(i); ++z) {
            if (plan.reports[static_cast<std::size_t>(z)] == model.signals.digit(s, i)) {
              gain -= law[model.signals.with(s, i, z) * model.states + t];
            }
          }
          column.push_back({plan.row, gain});
        }
        column.push_back({lp.add_row(-unbounded, 0), 1});
        costs.push_back(-model.law(b)[cell]);
        of_profile.push_back(b);
      }
    }
  }
  for (std::size_t b = 0; b < model.profiles(); ++b) {
    std::vector<LinearProgram::Cell> column{{mass, 1}};
    for (const Plan& plan : plans) {
      if (model.efforts.digit(b, plan.agent) == plan.effort) {
        column.push_back(
            {plan.row, model.cost(plan.agent, plan.other) - model.cost(plan.agent, plan.effort)});
      }
    }
    for (std::size_t k = 0; k < of_profile.size(); ++k) {
      if (of_profile[k] == b) column.push_back({payment_columns[k].back().row, -bound});
    }
    lp.add_column(model.value(b), 0, unbounded, column);
  }
  for (std::size_t k = 0; k < costs.size(); ++k) lp.add_column(costs[k], 0, unbounded, payment_columns[k]);
  return solve(lp).objective;
}

TEST(Oracle, ProgramAndColumnsEqualTheEnumerationOfEveryPlan) {
  Random random(11);
  for (int round = 0; round < 200; ++round) {
    SCOPED_TRACE(round);
    const Instance instance = random_instance(random, round % 2 == 0);
    const double expected = by_enumeration(instance, to_double(instance.payment_bound.amount()));
    for (const Method method : {Method::Program, Method::Columns, Method::Automatic}) {
      const Result result = design(instance, {.method = method, .ladder = false});
      EXPECT_NEAR(result.value, expected, 1e-8);
      EXPECT_TRUE(result.incentive_compatible);
      EXPECT_EQ(result.status, "optimal");
    }
  }
}

TEST(Oracle, ClassesAreOrdered) {
  Random random(12);
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(round);
    const Instance instance = random_instance(random, round % 3 == 0);
    const Result result = design(instance);
    ASSERT_TRUE(result.ladder.own && result.ladder.det && result.ladder.first_best);
    EXPECT_LE(*result.ladder.own, *result.ladder.det + 1e-9);
    EXPECT_LE(*result.ladder.det, *result.ladder.corr + 1e-8);
    EXPECT_LE(*result.ladder.corr, *result.ladder.first_best + 1e-9);
    if (result.ladder.product) {
      EXPECT_LE(*result.ladder.det, *result.ladder.product + 1e-8);
      EXPECT_LE(*result.ladder.product, *result.ladder.corr + 1e-8);
    }
    if (round % 3 == 0) {
      EXPECT_NEAR(*result.ladder.own, *result.ladder.corr, 1e-8);
    }
    for (const auto& scored : {result.ladder.quadratic, result.ladder.logarithmic, result.ladder.spherical}) {
      if (scored) {
        EXPECT_LE(*scored, *result.ladder.own + 1e-9);
      }
    }
    for (const Class simple : {Class::Own, Class::Det}) {
      const Result single = design(instance, {.mechanism = simple, .ladder = false});
      EXPECT_NEAR(single.value, simple == Class::Own ? *result.ladder.own : *result.ladder.det, 1e-8);
      EXPECT_TRUE(single.incentive_compatible);
      EXPECT_GE(single.upper_bound, result.value - 1e-9);
    }
  }
}

TEST(Oracle, MoneyMayBeCountedInOtherUnits) {
  Random random(13);
  for (int round = 0; round < 20; ++round) {
    SCOPED_TRACE(round);
    const Instance instance = random_instance(random, false);
    Instance other = instance;
    for (auto& row : other.utility) {
      for (Rational& u : row) u *= 7000;
    }
    for (Agent& agent : other.agents) {
      for (Rational& cost : agent.costs) cost *= 7000;
    }
    other.payment_bound = Bound(Rational(instance.payment_bound.amount() * 7000));
    const Result result = design(other, {.ladder = false});
    EXPECT_EQ(result.value_exact, design(instance, {.ladder = false}).value_exact * 7000);
    EXPECT_TRUE(verify(other, result.certificate).proven);
  }
}

}  // namespace
}  // namespace xchg::hiring
