#include "xchg/dag/verify.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/dag/check/testing.hpp"

namespace xchg::dag {
namespace {

using testing::data_path;
using testing::findings;
using testing::gram_of;
using testing::says;

Claim learnt(const Gram& gram, const Options& options) { return claim(learn(gram, options), options); }

TEST(Verify, AcceptsResultsOnAllShippedMatrices) {
  for (const char* graph : {"er1_20", "er4_20", "sf4_20", "er4_50", "sf4_50", "er4_100", "sf4_100"}) {
    const Gram gram = gram_of(graph);
    for (const Method method : {Method::Insert, Method::Topo}) {
      Options options;
      options.method = method;
      const Verdict verdict = verify(gram, learnt(gram, options));
      EXPECT_TRUE(verdict.ok) << graph << ": " << findings(verdict);
      EXPECT_TRUE(says(verdict.checked, "lower bound"));
      EXPECT_TRUE(says(verdict.checked, "weights"));
      EXPECT_TRUE(says(verdict.checked, "KKT"));
    }
  }
}

TEST(Verify, AcceptsEveryScoreOfMoments) {
  const Gram gram = standardized(dag::gram(testing::sachs()));
  for (const Score score : {Score::LeastSquares, Score::L1, Score::Ridge, Score::Bic}) {
    for (const Method method : {Method::Insert, Method::Exact}) {
      for (const Prune prune : {Prune::TTest, Prune::Threshold, Prune::None}) {
        Options options;
        options.score = score;
        options.method = method;
        options.default_prune = false;
        options.prune = prune;
        const Verdict verdict = verify(gram, learnt(gram, options));
        EXPECT_TRUE(verdict.ok) << name(score) << " " << name(method) << " " << name(prune) << ": "
                                << findings(verdict);
        EXPECT_TRUE(says(verdict.checked, "the score of the order"));
        if (method == Method::Exact) {
          EXPECT_TRUE(says(verdict.checked, "optimal")) << name(score);
        }
      }
    }
  }
}

TEST(Verify, AcceptsScoresOfRows) {
  const Data binary = read_data(data_path("binary5.csv")), additive = read_data(data_path("additive5.csv"));
  for (const int kind : {0, 1, 2, 3}) {
    for (const Score score : {Score::Logistic, Score::Poisson, Score::Additive}) {
      if (kind > 0 && score == Score::Additive) continue;  // it has neither intercept nor penalty
      Options options;
      options.score = score;
      options.method = Method::Exact;
      options.score_options.intercept = kind % 2 == 1;
      options.score_options.l1 = kind >= 2;
      options.score_options.lambda1 = 0.01;
      const Data& data = score == Score::Additive ? additive : binary;
      const Verdict verdict = verify(data, {}, claim(learn(data, {}, options), options));
      EXPECT_TRUE(verdict.ok) << name(score) << ": " << findings(verdict);
      for (const char* what : {"all orders were tried", "weights (", "KKT", "score of the graph"})
        EXPECT_TRUE(says(verdict.checked, what)) << name(score) << " " << what;
    }
  }
}

TEST(Verify, RowsAndTheirMomentsGiveTheSameVerdict) {
  const Data data = read_data(data_path("x_er4_20.csv"));
  for (const bool center : {true, false}) {
    for (const bool standardize : {false, true}) {
      GramOptions gram_options;
      gram_options.center = center;
      gram_options.standardize = standardize;
      const Options options;
      const Claim learned = claim(learn(data, gram_options, options), options);
      EXPECT_EQ(findings(verify(data, gram_options, learned)), "");
      EXPECT_EQ(findings(verify(gram(data, gram_options), learned)), "");
    }
  }
}

TEST(Verify, AcceptsKnowledgeAndInterventions) {
  Data data = read_data(data_path("x_er4_20.csv"));
  data.regimes = {"none", "set"};
  for (std::size_t i = 0; i < data.rows(); ++i) {
    data.regime.push_back(i % 3 == 0 ? 1 : 0);
    if (i % 3 == 0) data.x(i, 4) = std::sin(static_cast<double>(i * i));
  }
  Options options;
  options.knowledge.required = {{3, 7}};
  options.knowledge.forbidden = {{5, 6}, {6, 5}};
  options.knowledge.tiers = {{0, 1}, {2}};
  options.knowledge.roots = {9};
  options.knowledge.targets = {{"set", {4}}};
  const Claim learned = claim(learn(data, {}, options), options);
  const Verdict verdict = verify(data, {}, learned);
  EXPECT_TRUE(verdict.ok) << findings(verdict);
  EXPECT_TRUE(says(verdict.checked, "agree with the knowledge"));
}

class Wrong : public ::testing::Test {
 protected:
  Gram gram = gram_of("er4_20");
  Options options = [] {
    Options made;
    made.method = Method::Exact;
    return made;
  }();
  Claim right = learnt(gram, options);

  std::string problem(const Claim& changed) const {
    const Verdict verdict = verify(gram, changed);
    EXPECT_EQ(verdict.ok, verdict.findings.empty());
    return findings(verdict);
  }
  Edge some_edge() const {
    for (std::size_t i = 0; i < 20; ++i) {
      for (std::size_t j = 0; j < 20; ++j) {
        if (right.w(i, j) != 0) return {static_cast<int>(i), static_cast<int>(j)};
      }
    }
    return {};
  }
  double& weight(Claim& changed) const {
    const Edge edge = some_edge();
    return changed.w(static_cast<std::size_t>(edge.from), static_cast<std::size_t>(edge.to));
  }
};

TEST_F(Wrong, NothingIsFoundInARightResult) { EXPECT_EQ(problem(right), ""); }

TEST_F(Wrong, OneCoefficientOffByAMillionth) {
  Claim changed = right;
  weight(changed) += 1e-6;
  EXPECT_NE(problem(changed).find("the weight of"), std::string::npos);
}

TEST_F(Wrong, AnEdgeAgainstTheOrder) {
  Claim changed = right;
  const Edge edge = some_edge();
  changed.w(static_cast<std::size_t>(edge.to), static_cast<std::size_t>(edge.from)) =
      std::exchange(weight(changed), 0);
  EXPECT_NE(problem(changed).find("goes against the order"), std::string::npos);
}

TEST_F(Wrong, ACycle) {
  Claim changed = right;
  const Edge edge = some_edge();
  changed.w(static_cast<std::size_t>(edge.to), static_cast<std::size_t>(edge.from)) = 1;
  EXPECT_NE(problem(changed).find("cycle"), std::string::npos);
}

TEST_F(Wrong, Bounds) {
  Options local;
  Claim changed = learnt(gram_of("er1_20"), local);
  changed.gap.reset();
  for (const double factor : {1 + 1e-7, 1 - 1e-7}) {
    Claim wrong = changed;
    *wrong.lower_bound *= factor;
    EXPECT_NE(findings(verify(gram_of("er1_20"), wrong)).find("lower bound"), std::string::npos);
  }
  changed = right;
  *changed.lower_bound *= 1 - 1e-7;
  changed.gap.reset();
  EXPECT_NE(problem(changed).find("own lower bound"), std::string::npos);
}

TEST_F(Wrong, PermutedNames) {
  Claim changed = right;
  std::swap(changed.names[2], changed.names[11]);
  EXPECT_NE(problem(changed).find("variable 3 of the result is"), std::string::npos);
}

TEST_F(Wrong, PermutedNumbersUnderTheSameNames) {
  Claim changed = right;
  for (std::size_t k = 0; k < 20; ++k) std::swap(changed.w(2, k), changed.w(11, k));
  for (std::size_t k = 0; k < 20; ++k) std::swap(changed.w(k, 2), changed.w(k, 11));
  for (int& node : changed.order) node = node == 2 ? 11 : node == 11 ? 2 : node;
  EXPECT_NE(problem(changed).find("the weight of"), std::string::npos);
}

TEST_F(Wrong, ScoresGapResidualAndOrder) {
  Claim changed = right;
  changed.score_order *= 1 + 1e-7;
  EXPECT_NE(problem(changed).find("the score of the order"), std::string::npos);
  changed = right;
  changed.score_graph *= 1 - 1e-7;
  EXPECT_NE(problem(changed).find("the score of the graph"), std::string::npos);
  changed = right;
  changed.gap = 1e-3;
  EXPECT_NE(problem(changed).find("the gap is"), std::string::npos);
  changed = right;
  changed.kkt_residual = 0.5;
  EXPECT_NE(problem(changed).find("KKT residual"), std::string::npos);
  changed = right;
  changed.order[3] = changed.order[4];
  EXPECT_NE(problem(changed).find("twice"), std::string::npos);
  changed = right;
  changed.order.pop_back();
  EXPECT_NE(problem(changed).find("19 of 20"), std::string::npos);
}

TEST_F(Wrong, BrokenKnowledge) {
  Claim changed = right;
  const Edge edge = some_edge();
  changed.knowledge.forbidden = {edge};
  EXPECT_NE(problem(changed).find("is forbidden"), std::string::npos);
  changed.knowledge = {};
  changed.knowledge.before = {{edge.to, edge.from}};
  EXPECT_NE(problem(changed).find("against the knowledge"), std::string::npos);
  changed.knowledge = {};
  changed.knowledge.required = {{edge.from, edge.to}};
  weight(changed) = 0;
  EXPECT_NE(problem(changed).find("required edge"), std::string::npos);
}

TEST(Verify, ALocalOptimumIsNotCalledOptimal) {
  const Data data = testing::sachs();
  const Gram gram = dag::gram(data);
  Options options;
  options.method = Method::Swap;
  options.start = Start::Identity;
  options.perturbations = 0;
  Options exact;
  exact.method = Method::Exact;
  const Claim best = learnt(gram, exact);
  EXPECT_NEAR(best.score_order, 1.3318409673067, 1e-9);
  Claim worse = learnt(gram, options);
  std::swap(worse.order[0], worse.order[10]);
  Options given;
  given.start = Start::Given;
  given.order = worse.order;
  given.time_limit_seconds = 1e-9;
  worse = learnt(gram, given);
  ASSERT_GT(worse.score_order, best.score_order * (1 + 1e-6));
  worse.status = "optimal";
  worse.lower_bound = worse.score_order;
  worse.gap = 0;
  EXPECT_NE(findings(verify(gram, worse)).find("an order has the score"), std::string::npos);
}

TEST(Verify, SaysWhatItCannotCheck) {
  const Data data = read_data(data_path("binary5.csv"));
  Options options;
  options.score = Score::Logistic;
  const Claim learned = claim(learn(data, {}, options), options);
  const Verdict verdict = verify(gram(data), learned);
  EXPECT_TRUE(verdict.ok);
  EXPECT_TRUE(says(verdict.unchecked, "needs the rows"));
  Gram twenty = gram_of("sf4_20");
  Options exact;
  exact.method = Method::Exact;
  EXPECT_TRUE(says(verify(twenty, learnt(twenty, exact)).unchecked, "optimal"));
}

TEST(Verify, AcceptsRidgeOnVariablesThatNearlyDependOnEachOther) {
  Data data = read_data(data_path("additive5.csv"));
  for (const double spread : {1e-5, 1e-7, 0.0}) {
    for (std::size_t i = 0; i < data.rows(); ++i)
      data.x(i, 4) = data.x(i, 0) - data.x(i, 1) + spread * std::sin(static_cast<double>(i * i));
    Options options;
    options.score = Score::Ridge;
    options.default_prune = false;
    options.prune = Prune::Threshold;
    options.threshold = 1e9;
    const Verdict verdict = verify(data, {}, claim(learn(data, {}, options), options));
    EXPECT_TRUE(verdict.ok) << spread << ": " << findings(verdict);
  }
}

TEST(Verify, KnowledgeOfNodesThatDoNotExistIsRefused) {
  const Gram gram = gram_of("er1_20");
  Claim learned = learnt(gram, {});
  learned.knowledge.required = {{0, 20}};
  EXPECT_THROW(verify(gram, learned), InputError);
}

}  // namespace
}  // namespace xchg::dag
