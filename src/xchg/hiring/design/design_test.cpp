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

Result designed(const std::string& name, const Bound& bound) {
  Options options{.payment_bound = bound};
  options.ladder = false;
  return design(named(name), options);
}

TEST(Design, NamedInstancesAreProvenExactly) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const Instance instance = named(row.name);
    for (const Method method : {Method::Program, Method::Automatic}) {
      const Result result = design(instance, {.method = method, .ladder = false});
      EXPECT_NEAR(result.value, row.optimum, 1e-7);
      EXPECT_TRUE(result.attained);
      EXPECT_EQ(result.status, "optimal");
      EXPECT_EQ(result.ic_violation, 0);
      EXPECT_LE(to_double(result.upper_bound_exact - result.value_exact), 1e-12);
      EXPECT_GE(result.upper_bound_exact, result.value_exact);
      EXPECT_TRUE(verify(instance, result.certificate).proven);
    }
  }
}

TEST(Design, FractionsOfTheTableAreExact) {
  const auto value = [](const std::string& name) {
    return text(designed(name, named(name).payment_bound).value_exact);
  };
  EXPECT_EQ(value("coin1"), "2/3");
  EXPECT_EQ(value("audit2"), "274/455");
  EXPECT_EQ(value("sources2"), "254/325");
  EXPECT_EQ(value("weather3"), "16304371824949/20880098975000");
  EXPECT_EQ(value("finley"), "12633386449/12855959500");
  EXPECT_EQ(value("double2"), "22/35");
  EXPECT_EQ(value("nofree2"), "11/25");
  for (const char* name : {"audit2", "coin1", "double2", "nofree2"}) {
    const Result result = designed(name, named(name).payment_bound);
    EXPECT_EQ(result.upper_bound_exact, result.value_exact) << name;
  }
}

TEST(Design, Audit2FollowsItsClosedForm) {
  for (const Rational& bound :
       {Rational(1, 2), Rational(1), Rational(2), Rational(5), Rational(10), Rational(100)}) {
    const Result result = designed("audit2", Bound(bound));
    EXPECT_EQ(result.value_exact, Rational(4, 5) - Rational(9, 50) * bound / (bound - Rational(9, 100)));
  }
  EXPECT_EQ(designed("audit2", Bound(Rational(1, 5))).value_exact, Rational(1, 2));
  const Mechanism mechanism = designed("audit2", Bound(1)).mechanism;
  ASSERT_EQ(mechanism.support.size(), 3U);
  EXPECT_EQ(mechanism.support[0].probability, Rational(41, 91));
  EXPECT_EQ(mechanism.support[1].probability, Rational(41, 91));
  EXPECT_EQ(mechanism.support[2].probability, Rational(9, 91));
  const auto pay = expected_payments(named("audit2"), mechanism);
  EXPECT_EQ(pay[0] + pay[1], Rational(18, 91));
}

TEST(Design, SupremaAreToldFromMaxima) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const Result result = designed(row.name, Bound::infinity());
    const bool attained = row.name != std::string("audit2") && row.name != std::string("weather3") &&
                          row.name != std::string("bluebirds3");
    EXPECT_EQ(result.attained, attained);
    EXPECT_NEAR(result.supremum, row.supremum, 1e-7);
    EXPECT_NEAR(result.value, row.supremum, attained ? 1e-7 : 4e-6);
    EXPECT_EQ(result.ic_violation, 0);
    EXPECT_EQ(result.status, attained ? "optimal" : "supremum");
    EXPECT_GE(result.upper_bound, result.supremum - 1e-9);
  }
}

TEST(Design, Audit2NearItsSupremumPaysNoMoreThanItMust) {
  const Result result =
      design(named("audit2"), {.payment_bound = Bound::infinity(), .epsilon = 1e-3, .ladder = false});
  EXPECT_GE(result.value, 0.619);
  EXPECT_EQ(result.ic_violation, 0);
  EXPECT_GE(to_double(result.largest_payment), 16.29);
  EXPECT_LE(to_double(result.largest_payment), 16.31);
}

TEST(Design, Bluebirds3FollowsItsFrontier) {
  const std::vector<std::pair<double, double>> points = {
      {.02, .555555556}, {.05, .642865852}, {.2, .643537672}, {.5, .644768624},
      {1, .645625922},   {2, .646054571},   {5, .646318162},  {20, .648623493}};
  for (const auto& [bound, value] : points) {
    EXPECT_NEAR(designed("bluebirds3", Bound(simplest(bound, 1e-12))).value, value, 1e-8) << bound;
  }
}

TEST(Design, RobustValuesOfAudit2) {
  const Instance audit = named("audit2");
  EXPECT_NEAR(design(audit, {.slack = Rational(1, 100), .ladder = false}).value, 0.577777778, 1e-8);
  EXPECT_NEAR(design(audit, {.slack = Rational(2, 100), .ladder = false}).value, 0.552808989, 1e-8);
  EXPECT_NEAR(design(audit, {.cost_error = Rational(1, 10), .ladder = false}).value, 0.580244173, 1e-8);
}

TEST(Frontier, NeverFallsAndIsRefinedWhereItRises) {
  const std::vector<std::pair<double, double>> known = {{.1, .771309847}, {.2, .779163090}, {.5, .779163090},
                                                        {1, .780857018},  {2, .783389723},  {5, .787617976},
                                                        {10, .789531205}, {100, .792834587}};
  std::vector<Bound> bounds;
  for (const auto& point : known) bounds.emplace_back(simplest(point.first, 1e-12));
  const auto points = frontier(named("weather3"), bounds, {}, 0.1, 12);
  EXPECT_GT(points.size(), bounds.size());
  EXPECT_LE(points.size(), 12U);
  std::size_t found = 0;
  for (std::size_t k = 0; k < points.size(); ++k) {
    if (k > 0) {
      EXPECT_GE(points[k].value, points[k - 1].value - 1e-9);
    }
    for (const auto& [bound, value] : known) {
      if (to_double(points[k].payment_bound.amount()) != bound) continue;
      ++found;
      EXPECT_NEAR(points[k].value, value, 1e-8);
    }
  }
  EXPECT_EQ(found, known.size());
}

}  // namespace
}  // namespace xchg::hiring
