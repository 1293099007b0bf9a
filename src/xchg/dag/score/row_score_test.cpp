// Scores from rows against their definitions.
#include "xchg/dag/score/row_score.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "xchg/core/error.hpp"
#include "xchg/core/random.hpp"
#include "xchg/dag/dag.hpp"
#include "xchg/dag/score/mlp.hpp"

namespace xchg::dag {
namespace {

Data table(std::size_t rows, std::size_t columns,
           const std::function<double(std::size_t, std::size_t)>& cell) {
  Data data;
  data.x = Matrix(rows, columns);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) data.x(i, j) = cell(i, j);
  }
  for (std::size_t j = 0; j < columns; ++j) data.names.push_back("c" + std::to_string(j));
  return data;
}

Data shipped(const std::string& name, std::size_t rows) {
  Data data = read_data(XCHG_TEST_DATA "/dag/" + name + ".csv");
  if (rows < data.rows()) {
    data.x.values.resize(rows * data.nodes());
    data.x.rows = rows;
  }
  return data;
}

// Mean loss of a linear predictor of one parent and, perhaps, an intercept.
double loss(const Data& data, bool poisson, std::size_t parent, std::size_t node, double w, double c) {
  double sum = 0;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    const double m = w * data.x(i, parent) + c;
    sum += (poisson ? std::exp(m) : std::log(1 + std::exp(m))) - data.x(i, node) * m;
  }
  return sum / static_cast<double>(data.rows());
}

TEST(GlmScores, NoChangeOfTheWeightsLowersTheLoss) {
  Random random(5);
  for (const bool poisson : {false, true}) {
    const Data data = table(
        200, 2, [&](std::size_t, std::size_t) { return static_cast<double>(random.below(poisson ? 6 : 2)); });
    const Constraints constraints(2);
    for (const bool intercept : {false, true}) {
      const auto score = poisson ? make_poisson_score(data, constraints, intercept)
                                 : make_logistic_score(data, constraints, intercept);
      const NodeFit fit = score->fit(1, std::vector<int>{0});
      const double c = intercept ? fit.parameters.at(0) : 0;
      EXPECT_NEAR(fit.cost, loss(data, poisson, 0, 1, fit.weights[0], c), 1e-12);
      for (const double step : {-0.5, -1e-3, 1e-3, 0.5}) {
        EXPECT_GT(loss(data, poisson, 0, 1, fit.weights[0] + step, c), fit.cost);
        if (intercept) {
          EXPECT_GT(loss(data, poisson, 0, 1, fit.weights[0], c + step), fit.cost);
        }
      }
      EXPECT_NEAR(score->gradient(1, std::vector<int>{0}, fit)[0], 0, 1e-6);
      EXPECT_FALSE(fit.separated);
    }
  }
}

TEST(LogisticScore, StopsWhereTheDataAreSeparated) {
  const Data data = table(40, 2, [](std::size_t i, std::size_t) { return static_cast<double>(i % 2); });
  const Constraints constraints(2);
  const auto score = make_logistic_score(data, constraints, true);
  const NodeFit fit = score->fit(1, std::vector<int>{0});
  EXPECT_TRUE(fit.separated);
  EXPECT_LE(std::abs(fit.weights[0]), 30);
  EXPECT_GT(fit.weights[0], 15);
  EXPECT_LT(fit.cost, 1e-5);
  EXPECT_GE(fit.cost, 0);
}

TEST(PoissonScore, StaysFiniteForLargeCounts) {
  Random random(6);
  const Data data = table(100, 2, [&](std::size_t, std::size_t j) {
    return static_cast<double>(j == 0 ? random.below(2000) : 900 + random.below(200));
  });
  const Constraints constraints(2);
  for (const bool intercept : {false, true}) {
    const NodeFit fit = make_poisson_score(data, constraints, intercept)->fit(1, std::vector<int>{0});
    EXPECT_TRUE(std::isfinite(fit.cost));
    EXPECT_TRUE(std::isfinite(fit.weights[0]));
  }
  // With an intercept alone the mean is fitted exactly: mean - sum log.
  double mean = 0;
  for (std::size_t i = 0; i < 100; ++i) mean += data.x(i, 1) / 100;
  const NodeFit alone = make_poisson_score(data, constraints, true)->fit(1, {});
  EXPECT_NEAR(alone.cost, mean - mean * std::log(mean), 1e-9 * mean);
}

template <class Make>
void expect_refused(Make make, const std::string& what) {
  try {
    make();
    ADD_FAILURE() << "accepted";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find(what), std::string::npos) << error.what();
  }
}

TEST(GlmScores, RefuseOtherValuesWithTheirPlace) {
  const Constraints constraints(2);
  for (const double wrong : {0.5, 2.0, -1.0, std::nan("")}) {
    const Data data = table(4, 2, [&](std::size_t i, std::size_t j) { return i == 2 && j == 1 ? wrong : 1; });
    expect_refused([&] { make_logistic_score(data, constraints, false); }, "row 3");
    if (wrong != 2) expect_refused([&] { make_poisson_score(data, constraints, false); }, "c1");
  }
}

// Least squares on the written-out basis.
TEST(AdditiveScore, OfDegreeOneIsLeastSquaresAndMoreDegreesFitBetter) {
  const Data data = shipped("additive5", 600);
  const Gram moments = gram(data);
  const Constraints constraints(5);
  const auto linear = make_least_squares_score(moments, constraints);
  double last = 1e300;
  for (int degree = 1; degree <= 3; ++degree) {
    const auto score = make_additive_score(data, constraints, degree);
    const std::vector<int> before{0, 1, 3};
    const NodeFit fit = score->fit(2, before);
    if (degree == 1) {
      EXPECT_NEAR(fit.cost, linear->cost(2, before), 1e-10);
    }
    EXPECT_LT(fit.cost, last);
    last = fit.cost;
  }
}

TEST(MlpScore, GradientIsThatOfCentralDifferences) {
  Random random(7);
  for (const bool bias : {true, false}) {
    for (const Eigen::Index inputs : {0, 1, 3}) {
      Eigen::MatrixXd x(37, inputs);
      Eigen::VectorXd target(37);
      for (Eigen::Index i = 0; i < x.size(); ++i) x.data()[i] = random.normal();
      for (double& value : target) value = random.normal();
      const ScoreOptions options{.lambda2 = 0.03, .hidden_units = 5, .bias = bias};
      const MlpLoss net(x, target, options);
      Eigen::VectorXd theta(MlpLoss::parameters(inputs, 5, bias)), gradient, unused;
      for (double& value : theta) value = random.normal();
      net(theta, gradient);
      for (Eigen::Index k = 0; k < theta.size(); ++k) {
        const double step = 1e-5, here = theta(k);
        theta(k) = here + step;
        const double above = net(theta, unused);
        theta(k) = here - step;
        const double below = net(theta, unused);
        theta(k) = here;
        EXPECT_NEAR((above - below) / (2 * step), gradient(k), 1e-6 * std::max(0.1, std::abs(gradient(k))));
      }
    }
  }
}

TEST(MlpScore, FindsANonlinearDependenceAndItsStrengthIsTheNormOfTheFirstLayer) {
  const Data data = shipped("additive5", 300);
  const Constraints constraints(5);
  const auto score = make_mlp_score(data, constraints, {.lambda1 = 1e-3, .lambda2 = 1e-3}, 1);
  const NodeFit empty = score->fit(1, {}), fit = score->fit(1, std::vector<int>{0, 2});
  // b = a^2/2 + 0.7 e: least squares finds nothing.
  EXPECT_LT(fit.cost, 0.8 * empty.cost);
  EXPECT_GT(fit.weights[0], 0.5);
  EXPECT_LT(fit.weights[1], fit.weights[0] / 2);
  double squares = 0;
  for (std::size_t u = 0; u < 40; ++u) squares += fit.parameters[u] * fit.parameters[u];
  EXPECT_NEAR(fit.weights[0], std::sqrt(squares), 1e-12);
  const NodeFit again = score->fit(1, std::vector<int>{0, 2});
  EXPECT_EQ(again.parameters, fit.parameters);
  EXPECT_LE(score->fit(1, std::vector<int>{0, 2}, &fit, std::vector<int>{0, 2}).cost, fit.cost);
}

}  // namespace
}  // namespace xchg::dag
