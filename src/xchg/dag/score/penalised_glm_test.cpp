// Logistic and Poisson regression with an L1 penalty against plain proximal gradient steps.
#include <gtest/gtest.h>

#include <cmath>

#include "xchg/core/random.hpp"
#include "xchg/dag/dag.hpp"
#include "xchg/dag/score/row_score.hpp"

namespace xchg::dag {
namespace {

constexpr std::size_t rows = 150, columns = 4;

// Dependent counts, or 0 and 1.
Data table(Random& random, bool poisson) {
  Data data;
  data.x = Matrix(rows, columns);
  for (std::size_t i = 0; i < rows; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < columns; ++j) {
      const double chance = 0.3 + 0.15 * sum;
      const double value = poisson
                               ? static_cast<double>(random.below(2) + (random.uniform() < chance ? 1 : 0))
                               : (random.uniform() < std::min(chance, 0.9) ? 1 : 0);
      data.x(i, j) = value;
      sum += value * (j % 2 == 0 ? 1 : -0.5);
    }
  }
  for (std::size_t j = 0; j < columns; ++j) data.names.push_back("c" + std::to_string(j));
  return data;
}

// Weights of columns 0..2 and the intercept, for target 3.
struct Model {
  double w[columns] = {};
  double value = 0;
};

double predictor(const Data& data, std::size_t i, const Model& model) {
  double m = model.w[3];
  for (std::size_t k = 0; k < 3; ++k) m += model.w[k] * data.x(i, k);
  return m;
}

double loss(const Data& data, bool poisson, double lambda, const Model& model) {
  double sum = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const double m = predictor(data, i, model);
    sum += (poisson ? std::exp(m) : std::log(1 + std::exp(m))) - data.x(i, 3) * m;
  }
  for (std::size_t k = 0; k < 3; ++k) sum += rows * lambda * std::abs(model.w[k]);
  return sum / rows;
}

void gradient(const Data& data, bool poisson, const Model& model, double out[columns]) {
  for (std::size_t k = 0; k < columns; ++k) out[k] = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const double m = predictor(data, i, model);
    const double rest = (poisson ? std::exp(m) : 1 / (1 + std::exp(-m))) - data.x(i, 3);
    for (std::size_t k = 0; k < columns; ++k) out[k] += rest * (k < 3 ? data.x(i, k) : 1) / rows;
  }
}

// Many small steps.
Model by_proximal_gradient(const Data& data, bool poisson, bool intercept, double lambda) {
  constexpr double step = 0.05;
  Model model;
  double slope[columns];
  for (int round = 0; round < 60000; ++round) {
    gradient(data, poisson, model, slope);
    for (std::size_t k = 0; k < 3; ++k) {
      const double next = model.w[k] - step * slope[k];
      model.w[k] = std::copysign(std::max(std::abs(next) - step * lambda, 0.0), next);
    }
    if (intercept) model.w[3] -= step * slope[3];
  }
  model.value = loss(data, poisson, lambda, model);
  return model;
}

TEST(PenalisedGlmScores, AreTheMinimumThatProximalGradientStepsFind) {
  Random random(21);
  const std::vector<int> before{0, 1, 2};
  int zeros = 0, others = 0;
  for (int round = 0; round < 12; ++round) {
    const bool poisson = round % 2 == 0, intercept = round % 4 < 2;
    const double lambda = round < 6 ? 0.01 : 0.06;
    const Data data = table(random, poisson);
    const Constraints constraints(columns);
    const auto score = poisson ? make_poisson_score(data, constraints, intercept, lambda)
                               : make_logistic_score(data, constraints, intercept, lambda);
    const NodeFit fit = score->fit(3, before);
    const Model expected = by_proximal_gradient(data, poisson, intercept, lambda);
    EXPECT_NEAR(fit.cost, expected.value, 1e-10) << round;
    EXPECT_LE(fit.cost, expected.value + 1e-14) << round;
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_NEAR(fit.weights[k], expected.w[k], 1e-5) << round;
      ++(fit.weights[k] == 0 ? zeros : others);
    }
    if (intercept) {
      EXPECT_NEAR(fit.parameters.at(0), expected.w[3], 1e-5) << round;
    }
    const NodeFit warm = score->fit(3, before, &fit, before);
    EXPECT_NEAR(warm.cost, fit.cost, 1e-14);
  }
  EXPECT_GT(zeros, 5);
  EXPECT_GT(others, 5);
}

TEST(PenalisedGlmScores, GradientIsTheLeastElementOfTheSubdifferential) {
  Random random(22);
  const Data data = table(random, false);
  const Constraints constraints(columns);
  for (const double lambda : {0.005, 0.03, 0.1}) {
    const auto score = make_logistic_score(data, constraints, true, lambda);
    const std::vector<int> all{0, 1, 2}, some{0};
    const NodeFit fit = score->fit(3, all), partial = score->fit(3, some);
    for (const double value : score->gradient(3, all, fit)) EXPECT_LT(std::abs(value), 1e-13);
    Model model;
    model.w[0] = partial.weights[0];
    model.w[3] = partial.parameters[0];
    double slope[columns];
    gradient(data, false, model, slope);
    const std::vector<double> given = score->gradient(3, some, partial);
    for (std::size_t k = 1; k < 3; ++k)
      EXPECT_NEAR(std::abs(given[k]), std::max(std::abs(slope[k]) - lambda, 0.0), 1e-13);
  }
}

TEST(PenalisedGlmScores, BeyondTheLargestSlopeNoParentIsKeptAndWithoutPenaltyAllAre) {
  Random random(23);
  const Data data = table(random, false);
  const Constraints constraints(columns);
  const std::vector<int> before{0, 1, 2};
  double slope[columns];
  gradient(data, false, {}, slope);
  const double largest = std::max({std::abs(slope[0]), std::abs(slope[1]), std::abs(slope[2])});
  for (const double weight :
       make_logistic_score(data, constraints, false, largest * 1.001)->fit(3, before).weights)
    EXPECT_EQ(weight, 0);
  const NodeFit below = make_logistic_score(data, constraints, false, largest * 0.999)->fit(3, before);
  EXPECT_TRUE(below.weights[0] != 0 || below.weights[1] != 0 || below.weights[2] != 0);
  EXPECT_EQ(make_logistic_score(data, constraints, false, 0)->fit(3, before).weights,
            make_logistic_score(data, constraints, false)->fit(3, before).weights);
}

TEST(PenalisedGlmScores, AreLearntProvenAndPrunedByTheirOwnChoice) {
  const Data data = read_data(XCHG_TEST_DATA "/dag/binary5.csv");
  Options options{.score = Score::Logistic, .method = Method::Exact};
  options.score_options.lambda1 = 0.01;
  const double without = learn(data, {}, options).score_order;
  options.score_options.l1 = true;
  const Result result = learn(data, {}, options);
  EXPECT_EQ(result.status, Status::Optimal);
  EXPECT_GT(result.score_order, without);
  EXPECT_LT(*result.kkt_residual, 1e-12);
  for (std::size_t k = 0; k < 25; ++k) EXPECT_NEAR(result.w.values[k], result.w_order.values[k], 1e-12);
  EXPECT_NEAR(result.score_graph, result.score_order, 1e-13);
  options.score_options.lambda1 = 10;
  const Result empty = learn(data, {}, options);
  EXPECT_EQ(empty.w, Matrix(5, 5));
  EXPECT_NEAR(empty.score_order, 5 * std::log(2), 1e-12);
}

}  // namespace
}  // namespace xchg::dag
