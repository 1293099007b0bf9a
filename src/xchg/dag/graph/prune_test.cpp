#include "xchg/dag/graph/prune.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "xchg/core/error.hpp"
#include "xchg/dag/dag.hpp"
#include "xchg/dag/order/testing.hpp"

namespace xchg::dag {
namespace {

TEST(TTest, IsTheClosedFormForOneAndTwoDegreesOfFreedom) {
  for (const double t : {0.0, 0.1, 0.5, 1.0, 2.0, 7.0, 50.0}) {
    EXPECT_NEAR(t_test_p(t, 1), 1 - 2 / std::numbers::pi * std::atan(t), 1e-13) << t;
    EXPECT_NEAR(t_test_p(t, 2), 1 - t / std::sqrt(2 + t * t), 1e-13) << t;
    EXPECT_EQ(t_test_p(-t, 7), t_test_p(t, 7));
  }
}

// Tables of the t distribution.
TEST(TTest, HasTheTabulatedQuantiles) {
  EXPECT_NEAR(t_test_p(2.2281388520, 10), 0.05, 1e-11);
  EXPECT_NEAR(t_test_p(2.750, 30), 0.01, 2e-6);
  EXPECT_NEAR(t_test_p(12.70620473617, 1), 0.05, 1e-11);
  EXPECT_NEAR(t_test_p(1.959963984540054, 1e6), 0.05, 1e-6);
}

TEST(TTest, KeepsItsRelativePrecisionFarOut) {
  // With 2 degrees: 1 - t / sqrt(2 + t^2) = 1/t^2 - 3/(2 t^4) + ….
  EXPECT_NEAR(t_test_p(1e4, 2) * 1e8, 1, 1e-7);
  const double far = t_test_p(40, 980);
  EXPECT_GT(far, 0);
  EXPECT_LT(far, 1e-200);
  EXPECT_EQ(t_test_p(std::numeric_limits<double>::infinity(), 5), 0);
  EXPECT_EQ(t_test_p(std::nan(""), 5), 1);
}

Options given(std::vector<int> order, Prune prune) {
  return {.start = Start::Given, .order = std::move(order), .default_prune = false, .prune = prune};
}

int edges(const Matrix& w) {
  return static_cast<int>(
      std::count_if(w.values.begin(), w.values.end(), [](double value) { return value != 0; }));
}

std::vector<int> true_order(const std::string& name) {
  return *topological_order(read_graph(XCHG_TEST_DATA "/dag/truth_" + name + ".csv").w);
}

TEST(Prune, EveryWayFindsTheTrueGraphOfClearData) {
  const Gram gram = testing::shipped_gram("er1_20");
  const Matrix truth = read_graph(XCHG_TEST_DATA "/dag/truth_er1_20.csv").w;
  for (const Prune way : {Prune::TTest, Prune::Threshold, Prune::Bic, Prune::L1, Prune::Adaptive}) {
    Options options = given(true_order("er1_20"), way);
    options.score_options.lambda1 = way == Prune::Adaptive ? 0.02 : 0.1;
    const Result result = learn(gram, options);
    const Metrics metrics = compare(truth, result.w);
    EXPECT_LE(metrics.shd, way == Prune::L1 ? 6 : 2) << name(way);
    EXPECT_GE(result.score_graph, result.score_order) << name(way);
  }
  EXPECT_EQ(edges(learn(gram, given(true_order("er1_20"), Prune::None)).w), 190);
}

TEST(Prune, KeptParentsAreFittedAgainSoTheScoreIsThatOfTheGraph) {
  const Gram gram = testing::shipped_gram("er4_20");
  const Result result = learn(gram, given(true_order("er4_20"), Prune::TTest));
  const Constraints constraints(20);
  const auto score = make_least_squares_score(gram, constraints);
  double sum = 0;
  for (std::size_t j = 0; j < 20; ++j) {
    std::vector<int> parents;
    for (std::size_t i = 0; i < 20; ++i) {
      if (result.w(i, j) != 0) parents.push_back(static_cast<int>(i));
      EXPECT_EQ(result.se(i, j) > 0, result.w(i, j) != 0);
    }
    const NodeFit fit = score->fit(static_cast<int>(j), parents);
    sum += fit.cost;
    for (std::size_t k = 0; k < parents.size(); ++k) {
      EXPECT_NEAR(fit.weights[k], result.w(static_cast<std::size_t>(parents[k]), j), 1e-9);
    }
  }
  EXPECT_NEAR(result.score_graph, sum, 1e-9);
}

TEST(Prune, StandardErrorOfOneEdgeIsTheTextbookFormula) {
  // One cause, one effect: se = sqrt(s^2 / (n S_00)), s^2 = r n / (n - 2).
  Matrix s(2, 2);
  s.values = {1, 0.5, 0.5, 3};
  Gram gram = testing::gram_of(std::move(s));
  gram.n = 52;
  const Result result = learn(gram, given({0, 1}, Prune::None));
  EXPECT_NEAR(result.w(0, 1), 0.5, 1e-14);
  EXPECT_NEAR(result.se(0, 1), std::sqrt(2.75 * 52 / 50 / 52), 1e-14);
}

TEST(Prune, HolmKeepsWhatBonferroniKeepsAndDropsWhatIsNotSignificantAlone) {
  // Independent columns: hardly ever an edge. One weak dependence at p about alpha / tests.
  Matrix s(3, 3);
  s.values = {1, 0.3, 0.01, 0.3, 1, 0.01, 0.01, 0.01, 1};
  Gram gram = testing::gram_of(std::move(s));
  gram.n = 100;
  const Result result = learn(gram, given({0, 1, 2}, Prune::TTest));
  // t = 3.11 with 98 degrees: p = 0.0024 <= 0.01 / 3; the others have p near 0.9.
  EXPECT_NE(result.w(0, 1), 0);
  EXPECT_EQ(edges(result.w), 1);
  Options strict = given({0, 1, 2}, Prune::TTest);
  strict.alpha = 0.007;  // 0.007 / 3 = 0.00233
  EXPECT_EQ(edges(learn(gram, strict).w), 0);
}

TEST(Prune, RequiredEdgesStay) {
  const Gram gram = testing::shipped_gram("er1_20");
  const std::vector<int> order = true_order("er1_20");
  for (const Prune way : {Prune::TTest, Prune::Threshold, Prune::Bic, Prune::L1, Prune::Adaptive}) {
    Options options = given(order, way);
    options.knowledge.required = {{order[0], order[19]}};
    const Result result = learn(gram, options);
    EXPECT_NE(result.w(static_cast<std::size_t>(order[0]), static_cast<std::size_t>(order[19])), 0)
        << name(way);
  }
}

TEST(Prune, ScoresFromRowsTakeAThresholdOnly) {
  const Data data = read_data(XCHG_TEST_DATA "/dag/binary5.csv");
  Options options = given({0, 1, 2, 3, 4}, Prune::TTest);
  options.score = Score::Logistic;
  EXPECT_THROW(learn(data, {}, options), InputError);
}

}  // namespace
}  // namespace xchg::dag
