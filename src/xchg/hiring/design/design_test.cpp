#include "xchg/hiring/design.hpp"

#include <gtest/gtest.h>

#include "xchg/hiring/design/ladder.hpp"
#include "xchg/hiring/design/program.hpp"

namespace xchg::hiring {
namespace {

Instance named(const std::string& name) {
  return read_instance(XCHG_TEST_DATA "/hiring/instances/" + name + ".json");
}

struct Row {
  const char* name;
  double optimum, supremum, det, own, first_best, quadratic, logarithmic, spherical, no_double_deviations;
};

// The table of the acceptance list.
const Row rows[] = {
    {"coin1", 2. / 3, 2. / 3, 2. / 3, 2. / 3, .75, 2. / 3, 2. / 3, 2. / 3, 2. / 3},
    {"audit2", 274. / 455, .62, .56, .56, .71, .56, .56, .56, 0.701098901},
    {"sources2", 254. / 325, 254. / 325, 254. / 325, 254. / 325, .82, 0.756904706, 0.716847031, 0.750896203,
     0.783461538},
    {"weather3", 0.780857018181, 0.795294946147, 0.779163090129, 0.775769230769, .845, 0.763007986,
     0.754966084, 0.767289285, 0.781807475},
    {"finley", 0.982687169246, 0.982687169246, 0.982687169246, 0.982687169246, 0.986512308241, 0.981805209,
     0.981805209, 0.981805209, 0.984787246},
    {"double2", 22. / 35, 22. / 35, 22. / 35, 22. / 35, .7, 0.536400489, 0.516558950, 0.532870903,
     0.692063492},
    {"nofree2", .44, .44, .44, .44, 52. / 75, 0.350400000, 0.333333333, 0.370518633, .44},
    {"bluebirds3", 0.645625921861, 0.650810187134, 0.642865852316, 0.642865852316, 0.738072174739,
     0.635376710, 0.635400720, 0.635346721, 0.656641611},
};

class NamedInstance : public testing::TestWithParam<Row> {};

double optimum_of(const Instance& instance, const Bound& bound, bool double_deviations) {
  Model model(instance, Terms{.payment_bound = bound,
                              .outside = {},
                              .slack = 0,
                              .cost_error = 0,
                              .expected_budget = {},
                              .sure_budget = {}});
  model.store_law();
  return solve(Program(model, {.profiles = {}, .double_deviations = double_deviations}).lp()).objective;
}

TEST_P(NamedInstance, HasTheValuesOfTheTable) {
  const Row& row = GetParam();
  const Instance instance = named(row.name);
  EXPECT_NEAR(optimum_of(instance, instance.payment_bound, true), row.optimum, 1e-7);
  EXPECT_NEAR(optimum_of(instance, Bound::infinity(), true), row.supremum, 1e-7);
  EXPECT_NEAR(optimum_of(instance, instance.payment_bound, false), row.no_double_deviations, 1e-7);
  Model model(instance, Terms{.payment_bound = instance.payment_bound,
                              .outside = {},
                              .slack = 0,
                              .cost_error = 0,
                              .expected_budget = {},
                              .sure_budget = {}});
  model.store_law();
  const Ladder ladder = ladder_of(model, 1e-9, Progress::none());
  EXPECT_NEAR(*ladder.det, row.det, 1e-7);
  EXPECT_NEAR(*ladder.own, row.own, 1e-7);
  EXPECT_NEAR(*ladder.first_best, row.first_best, 1e-7);
  EXPECT_NEAR(*ladder.quadratic, row.quadratic, 1e-7);
  EXPECT_NEAR(*ladder.logarithmic, row.logarithmic, 1e-7);
  EXPECT_NEAR(*ladder.spherical, row.spherical, 1e-7);
  if (instance.name == "audit2") {
    EXPECT_NEAR(*ladder.product, 0.5876, 1e-7);
  }
}

INSTANTIATE_TEST_SUITE_P(Table, NamedInstance, testing::ValuesIn(rows),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace xchg::hiring
