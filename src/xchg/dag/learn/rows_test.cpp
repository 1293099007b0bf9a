// Learning from rows: whose moments, whose seed, whose units, and what a gradient is.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/core/random.hpp"
#include "xchg/dag/dag.hpp"

namespace xchg::dag {
namespace {

Data shipped(const std::string& name, std::size_t rows = 100000) {
  Data data = read_data(XCHG_TEST_DATA "/dag/" + name + ".csv");
  data.x.rows = std::min(rows, data.x.rows);
  data.x.values.resize(data.x.rows * data.x.columns);
  return data;
}

TEST(LearnFromRows, TakesTheMomentsThatAreAtHandInsteadOfItsOwn) {
  const Data data = shipped("x_er4_20", 300), other = shipped("x_sf4_20", 300);
  const Options options{.bootstrap = 3};
  const Result usual = learn(data, {}, options), given = learn(data, gram(data), {}, options);
  EXPECT_EQ(given.order, usual.order);
  EXPECT_EQ(given.w, usual.w);
  EXPECT_EQ(given.score_order, usual.score_order);
  EXPECT_EQ(given.frequency, usual.frequency);
  const Gram moments = gram(other);
  const Result swapped = learn(data, moments, {}, options);
  EXPECT_EQ(swapped.score_order, learn(moments, {}).score_order);
  EXPECT_EQ(swapped.frequency, usual.frequency);  // resamples are of the rows
  Gram renamed = moments;
  renamed.names[3] = "x";
  EXPECT_THROW(learn(data, renamed, {}, options), InputError);
}

TEST(LearnFromRows, InterventionsCountInMomentsThatAreAtHand) {
  Data data = shipped("x_er4_20", 300);
  data.regimes = {"free", "set"};
  for (std::size_t i = 0; i < data.rows(); ++i) data.regime.push_back(i % 3 == 0 ? 1 : 0);
  Options options;
  options.knowledge.targets = {{"set", {4}}};
  const Gram moments = gram(data, {.targets = {{"set", {data.names[4]}}}});
  EXPECT_EQ(learn(data, moments, {}, options).score_order, learn(data, {}, options).score_order);
  EXPECT_NE(learn(data, gram(data), {}, options).score_order, learn(data, {}, options).score_order);
}

TEST(Nets, BeginWithTheSeedOfTheOptions) {
  const Data data = shipped("additive5", 60);
  const auto learnt = [&](std::uint64_t seed) {
    Options options{.score = Score::Mlp, .seed = seed};
    options.score_options.hidden_units = 3;
    return learn(data, {}, options);
  };
  const Result first = learnt(1), again = learnt(1), other = learnt(2);
  EXPECT_EQ(first.w_order, again.w_order);
  EXPECT_EQ(first.score_order, again.score_order);
  EXPECT_NE(first.w_order, other.w_order);
  Options options{.score = Score::Mlp, .seed = 2};
  options.score_options.hidden_units = 3;
  EXPECT_EQ(score_order(data, {}, other.order, options), other.score_order);
}

TEST(Units, OfScoresFromRowsAreThoseOfTheRows) {
  const Data data = shipped("additive5", 200);
  const Options options{.score = Score::Additive, .method = Method::Exact};
  const Result usual = learn(data, {}, options);
  for (const int exponent : {-400, 400}) {
    Data scaled = data;
    for (double& value : scaled.x.values) value = std::ldexp(value, exponent);
    const Result result = learn(scaled, {}, options);
    EXPECT_EQ(result.order, usual.order) << exponent;
    EXPECT_NEAR(std::ldexp(result.score_order, -2 * exponent), usual.score_order, 1e-12) << exponent;
    EXPECT_EQ(score_order(scaled, {}, result.order, options), result.score_order) << exponent;
  }
}

// Of one target on polynomials of two parents, from the definition.
double additive_loss(const Data& data, const std::vector<std::vector<double>>& basis, std::size_t node,
                     const std::vector<double>& coefficients) {
  double mean = 0, sum = 0;
  const auto n = static_cast<double>(data.rows());
  for (std::size_t i = 0; i < data.rows(); ++i) mean += data.x(i, node) / n;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    double rest = data.x(i, node) - mean;
    for (std::size_t k = 0; k < basis.size(); ++k) rest -= coefficients[k] * basis[k][i];
    sum += rest * rest / (2 * n);
  }
  return sum;
}

std::vector<std::vector<double>> polynomials(const Data& data, std::size_t node) {
  const auto n = static_cast<double>(data.rows());
  double mean = 0, square = 0;
  for (std::size_t i = 0; i < data.rows(); ++i) mean += data.x(i, node) / n;
  for (std::size_t i = 0; i < data.rows(); ++i) square += std::pow(data.x(i, node) - mean, 2) / n;
  std::vector<std::vector<double>> basis(3, std::vector<double>(data.rows()));
  for (std::size_t i = 0; i < data.rows(); ++i) {
    const double z = (data.x(i, node) - mean) / std::sqrt(square);
    basis[0][i] = z;
    basis[1][i] = z * z - 1;
    basis[2][i] = z * z * z - 3 * z;
  }
  for (auto& column : basis) {
    double average = 0;
    for (const double value : column) average += value / n;
    for (double& value : column) value -= average;
  }
  return basis;
}

TEST(AdditiveScore, ItsResidualIsTheSteepestDescentOfAnEdgeThatMayBeAdded) {
  const Data data = shipped("additive5", 300);
  Options options{.score = Score::Additive, .start = Start::Given};
  options.order = {0, 1, 2, 3, 4};
  options.time_limit_seconds = 1e-9;
  Result result = learn(data, {}, options);
  ASSERT_EQ(result.order, options.order);
  ASSERT_TRUE(result.kkt_residual.has_value());
  EXPECT_LT(*result.kkt_residual, 1e-12);  // every edge along the order is there: normal equations
  options.knowledge.forbidden = {{0, 1}, {0, 2}, {0, 3}, {0, 4}, {1, 2},
                                 {1, 3}, {1, 4}, {2, 3}, {2, 4}, {3, 4}};
  result = learn(data, {}, options);
  ASSERT_TRUE(result.kkt_residual.has_value());
  // Now there is no edge, and all that are not forbidden go against the order and close no cycle. Slopes of
  // the coefficients by differences: the steepest way has their norm.
  double steepest = 0;
  for (std::size_t parent = 0; parent < 5; ++parent) {
    const auto basis = polynomials(data, parent);
    for (std::size_t node = 0; node < parent; ++node) {
      double squares = 0;
      for (std::size_t k = 0; k < 3; ++k) {
        std::vector<double> step(3);
        step[k] = 1e-5;
        const double above = additive_loss(data, basis, node, step);
        step[k] = -1e-5;
        squares += std::pow((above - additive_loss(data, basis, node, step)) / 2e-5, 2);
      }
      steepest = std::max(steepest, std::sqrt(squares));
    }
  }
  EXPECT_NEAR(*result.kkt_residual, steepest, 1e-7 * steepest);
}

TEST(AdditiveScore, LeavesOrdersFromWhichAnEdgeLowersIt) {
  const Data data = shipped("additive5");
  Options options{.score = Score::Additive};
  options.knowledge.forbidden = {{0, 3}, {3, 0}, {2, 4}, {4, 2}};
  const Result found = learn(data, {}, options);
  EXPECT_LT(*found.kkt_residual, 1e-9);
  options.method = Method::Exact;
  EXPECT_GE(found.score_order, learn(data, {}, options).score_order * (1 - 1e-12));
}

}  // namespace
}  // namespace xchg::dag
