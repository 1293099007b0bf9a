// Published figures of the shipped data.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "xchg/core/random.hpp"
#include "xchg/dag/dag.hpp"

namespace xchg::dag {
namespace {

std::string data_file(const std::string& name) { return XCHG_TEST_DATA "/dag/" + name + ".csv"; }
Gram shipped(const std::string& name) { return read_gram(data_file("gram_" + name), 1000); }
Matrix truth(const std::string& name) { return read_graph(data_file("truth_" + name)).w; }

Gram five_nodes() {
  Gram gram;
  gram.s = Matrix(5, 5);
  gram.s.values = {1, 2, -1, 0, 2, 2, 5, -2, 1, 4, -1, -2, 2, 2, -4, 0, 1, 2, 6, -5, 2, 4, -4, -5, 10};
  gram.n = 1000;
  gram.mean.assign(5, 0);
  gram.names = {"0", "1", "2", "3", "4"};
  return gram;
}

std::vector<std::vector<int>> all_orders(int nodes) {
  std::vector<int> order(static_cast<std::size_t>(nodes));
  std::iota(order.begin(), order.end(), 0);
  std::vector<std::vector<int>> orders;
  do {
    orders.push_back(order);
  } while (std::next_permutation(order.begin(), order.end()));
  return orders;
}

std::vector<std::string> names_in_order(const Result& result) {
  std::vector<std::string> names;
  for (const int node : result.order) names.push_back(result.names[static_cast<std::size_t>(node)]);
  return names;
}

TEST(FiveNodes, ScoresOfAllOrdersAndLocalOptima) {
  const Gram gram = five_nodes();
  double least = 1e9, most = 0, sum = 0;
  std::set<long long> distinct;
  std::vector<std::vector<int>> optimal;
  int adjacent = 0, swap = 0, insertion = 0;
  for (const auto& order : all_orders(5)) {
    const double score = score_order(gram, order);
    sum += score;
    distinct.insert(std::llround(score * 1e9));
    if (score < 2.5 + 1e-9) optimal.push_back(order);
    least = std::min(least, score);
    if (score > most) most = score;
    bool is_adjacent = true, is_swap = true, is_insertion = true;
    for (const Delta& move : neighbourhood(gram, order)) {
      if (!(move.difference < -1e-12)) continue;
      if (move.kind == Delta::Kind::Swap) is_swap = false;
      if (move.kind == Delta::Kind::Insert) is_insertion = false;
      if (std::abs(move.from - move.to) == 1) is_adjacent = false;
    }
    adjacent += is_adjacent;
    swap += is_swap;
    insertion += is_insertion;
  }
  EXPECT_NEAR(least, 2.5, 1e-12);
  EXPECT_EQ(optimal, (std::vector<std::vector<int>>{{0, 1, 2, 3, 4}, {0, 2, 1, 3, 4}}));
  EXPECT_NEAR(most, 22384.0 / 3045, 1e-9);
  EXPECT_NEAR(score_order(gram, std::vector<int>{4, 3, 1, 2, 0}), most, 1e-12);
  EXPECT_NEAR(sum / 120, 139102169.0 / 27331920, 1e-9);
  EXPECT_EQ(distinct.size(), 65U);
  EXPECT_EQ(adjacent, 13);
  EXPECT_EQ(swap, 4);
  EXPECT_EQ(insertion, 2);
}

TEST(FiveNodes, TheBoundIsTightSoLocalSearchProvesItsResult) {
  const Result result = learn(five_nodes());
  EXPECT_NEAR(result.score_order, 2.5, 1e-12);
  EXPECT_EQ(result.status, Status::Optimal);
  EXPECT_NEAR(*result.gap, 0, 1e-12);
  EXPECT_NEAR(lower_bound(five_nodes()), 2.5, 1e-12);
}

TEST(FiveNodes, RegressionOnTheReverseOrder) {
  const Gram gram = five_nodes();
  const Result result = learn(
      gram, {.start = Start::Given, .order = {4, 3, 2, 1, 0}, .default_prune = false, .prune = Prune::None});
  EXPECT_NEAR(result.score_start, 761.0 / 105, 1e-12);
}

TEST(FiveNodes, L1OptimaOfAllOrders) {
  const Gram gram = five_nodes();
  for (const auto& [lambda, score, best] : {std::tuple(0.1, 3.27359195402, std::vector<int>{0, 1, 2, 3, 4}),
                                            {0.5, 5.79705882353, {0, 1, 2, 4, 3}}}) {
    Options options{.score = Score::L1, .method = Method::Exact};
    options.score_options.lambda1 = lambda;
    const Result result = learn(gram, options);
    EXPECT_NEAR(result.score_order, score, 1e-9);
    EXPECT_EQ(result.order, best);
    EXPECT_EQ(result.status, Status::Optimal);
  }
  Options options{.score = Score::L1};
  EXPECT_NEAR(score_order(gram, std::vector<int>{4, 3, 2, 1, 0}, options), 7.60197619048, 1e-9);
  options.score_options.lambda1 = 0.5;
  EXPECT_NEAR(score_order(gram, std::vector<int>{0, 1, 2, 3, 4}, options), 5.86479885057, 1e-9);
}

struct Row {
  const char* name;
  double identity, reverse, true_order, minvar, searched, best;
  int threshold_shd, holm_shd;
};
const Row table[] = {{"er1_20", 18.069814247302, 20.206192737610, 10.024134134292, 10.022749481602,
                      10.022447003190, 10.022447003190, 0, 0},
                     {"er4_20", 727.664394668286, 245.340490864989, 9.718992083290, 9.718647852580,
                      9.718647852580, 9.718647852580, 0, 0},
                     {"sf4_20", 127.075887130226, 59.869095648033, 9.588775519139, 9.588801527836,
                      9.588242632222, 9.588242632222, 0, 1},
                     {"er4_50", 2217.585824990, 2828.261917802, 24.008175697412, 24.004351701935,
                      24.0032840996, 24.003226, 4, 1},
                     {"sf4_50", 586.045096598, 8484.062299641, 24.212327721712, 24.208631277122,
                      24.2076104255, 24.207285, 6, 8},
                     {"er4_100", 661.025253362, 6199.610835399, 47.292772172475, 47.292414585474,
                      47.2820197079, 47.278513, 10, 6},
                     {"sf4_100", 79985.203823073, 2062.153445074, 47.522593084313, 47.516038245600,
                      47.5053592689, 47.502514, 40, 20}};

TEST(GramFiles, ScoresOfOrdersAndOfTheSearch) {
  for (const Row& row : table) {
    const Gram gram = shipped(row.name);
    std::vector<int> order(gram.nodes());
    std::iota(order.begin(), order.end(), 0);
    EXPECT_NEAR(score_order(gram, order), row.identity, 1e-8 * row.identity) << row.name;
    std::reverse(order.begin(), order.end());
    EXPECT_NEAR(score_order(gram, order), row.reverse, 1e-8 * row.reverse) << row.name;
    EXPECT_NEAR(score_order(gram, *topological_order(truth(row.name))), row.true_order, 1e-8 * row.true_order)
        << row.name;
    const Result result = learn(gram);
    EXPECT_NEAR(result.score_start, row.minvar, 1e-8 * row.minvar) << row.name;
    EXPECT_LE(result.score_order, row.searched + 1e-6) << row.name;
    EXPECT_GT(*result.gap, 0) << row.name;
    EXPECT_LT(*result.gap, 1.3e-3) << row.name;
    EXPECT_LT(*result.kkt_residual, 1e-6) << row.name;
  }
}

TEST(GramFiles, RestartsReachTheBestKnownScores) {
  for (const Row& row : table) {
    const Result result = learn(shipped(row.name), {.start = Start::Random, .restarts = 20});
    const double slack = result.order.size() == 20 ? 1e-8 : result.order.size() == 50 ? 3e-4 : 3e-3;
    EXPECT_LE(result.score_order, row.best + slack) << row.name;
  }
}

TEST(GramFiles, DistancesFromTheTruth) {
  for (const Row& row : table) {
    const Gram gram = shipped(row.name);
    Options options{.default_prune = false, .prune = Prune::Threshold, .truth = truth(row.name)};
    EXPECT_LE(learn(gram, options).metrics->shd, row.threshold_shd) << row.name;
    options.prune = Prune::TTest;
    EXPECT_LE(learn(gram, options).metrics->shd, row.holm_shd) << row.name;
  }
}

TEST(GramFiles, ThresholdingRaisesTheScoreAndRefittingTakesMostOfThatBack) {
  const Gram gram = shipped("er4_20");
  const Result result = learn(gram, {.default_prune = false, .prune = Prune::Threshold});
  EXPECT_GT(result.score_graph, result.score_order);
  EXPECT_LT(result.score_graph, 9.9);  // the thresholded coefficients themselves have 14.08
}

TEST(GramFiles, StandardErrorOfAnEdge) {
  const Gram gram = shipped("er4_20");
  const Result result = learn(gram, {.method = Method::Exact, .default_prune = false, .prune = Prune::None});
  EXPECT_NEAR(result.w_order(17, 14), -1.80406607, 1e-8);
  EXPECT_NEAR(result.se_order(17, 14), 0.1029601182, 1e-9);
}

TEST(GramFiles, BestSingleMovesFromIdentity) {
  const Gram gram = shipped("er4_20");
  std::vector<int> order(20);
  std::iota(order.begin(), order.end(), 0);
  const double score = score_order(gram, order);
  Delta swap, insertion;
  for (const Delta& move : neighbourhood(gram, order)) {
    Delta& best = move.kind == Delta::Kind::Swap ? swap : insertion;
    if (move.difference < best.difference) best = move;
  }
  EXPECT_EQ(std::pair(swap.from, swap.to), std::pair(0, 10));
  EXPECT_NEAR(score + swap.difference, 140.8171647124, 1e-7);
  EXPECT_EQ(std::pair(insertion.from, insertion.to), std::pair(6, 0));
  EXPECT_NEAR(score + insertion.difference, 204.7122716275, 1e-7);
}

TEST(GramFiles, LogDeterminantIsTheSameForEveryOrder) {
  for (const auto& [name, expected] :
       {std::pair("er4_20", -0.584147717544), std::pair("sf4_50", -1.643384981261)}) {
    const Gram gram = shipped(name);
    const auto d = static_cast<double>(gram.nodes());
    EXPECT_NEAR(d * std::log(2 * lower_bound(gram) / d), expected, 1e-9);
  }
}

TEST(PostProcessing, NeverEndsAboveTheStart) {
  Random random(11);
  const Gram gram = shipped("er1_20");
  for (int round = 0; round < 500; ++round) {
    Matrix w(20, 20);
    for (int edge = 0; edge < 5 + round % 60; ++edge) {
      const auto i = random.below(20), j = random.below(20);
      if (i != j) w(i, j) = random.normal();
    }
    Matrix acyclic = w;
    break_cycles(acyclic);
    const double start = score_order(gram, *topological_order(acyclic));
    const Result result = learn(gram, {.start = Start::Matrix, .start_matrix = w});
    EXPECT_NEAR(result.score_start, start, 1e-10 * start);
    ASSERT_LE(result.score_order, start);
  }
  const Gram five = five_nodes();
  for (const auto& order : all_orders(5)) {
    const Result result = learn(five, {.start = Start::Given, .order = order});
    EXPECT_LE(result.score_order, score_order(five, order) + 1e-12);
    EXPECT_NEAR(result.score_order, 2.5, 1e-9);
  }
}

class Sachs : public testing::Test {
 protected:
  Data data(const std::string& transform = "log(x+10)", bool observational = true) const {
    ReadOptions read;
    if (observational) read.where = {{"condition", "cd3_cd28"}};
    read.ignore = {"condition"};
    if (!transform.empty()) read.transforms = {parse_transform(transform)};
    return read_data(data_file("sachs"), read);
  }
  Result exact(const Data& cells, const GramOptions& moments = {}, Options options = {}) const {
    options.method = Method::Exact;
    return learn(cells, moments, options);
  }
};

TEST_F(Sachs, LeastSquaresOptima) {
  const Result result = exact(data());
  EXPECT_NEAR(result.score_order, 1.3318409673067, 1e-12);
  EXPECT_EQ(names_in_order(result), (std::vector<std::string>{"p38", "pkc", "plc", "erk", "akt", "mek", "raf",
                                                              "pip3", "pka", "jnk", "pip2"}));
  EXPECT_NEAR(exact(data(), {.standardize = true}).score_order, 4.4050275562478, 1e-11);
  EXPECT_NEAR(exact(data("")).score_order, 73964.5522792501, 1e-6);
  EXPECT_NEAR(exact(data("log(x+10)", false)).score_order, 2.33200242535, 1e-10);
}

TEST_F(Sachs, PriorKnowledge) {
  const Data cells = data();
  Options options;
  const auto node = [&](const std::string& name) {
    return static_cast<int>(std::find(cells.names.begin(), cells.names.end(), name) - cells.names.begin());
  };
  options.knowledge.roots = {node("pkc")};
  options.knowledge.before = {
      {node("pkc"), node("pka")}, {node("pka"), node("raf")}, {node("raf"), node("mek")}};
  EXPECT_NEAR(exact(cells, {}, options).score_order, 1.35883422967, 1e-10);
  options.knowledge = {};
  options.knowledge.tiers = {{node("plc"), node("pip2"), node("pip3")}, {node("pkc"), node("pka")}, {}};
  for (const char* name : {"raf", "mek", "erk", "akt", "p38", "jnk"})
    options.knowledge.tiers[2].push_back(node(name));
  EXPECT_NEAR(exact(cells, {}, options).score_order, 1.36460246394, 1e-10);
}

TEST_F(Sachs, BicOptimumAndItsSkeleton) {
  const Result result = exact(data(), {}, {.score = Score::Bic});
  EXPECT_NEAR(result.score_order, -15054.4863956944, 1e-7);
  EXPECT_NEAR(result.score_graph, result.score_order, 1e-7);
  std::set<std::set<std::string>> skeleton;
  for (std::size_t i = 0; i < 11; ++i) {
    for (std::size_t j = 0; j < 11; ++j) {
      if (result.w(i, j) != 0) skeleton.insert({result.names[i], result.names[j]});
    }
  }
  EXPECT_EQ(skeleton, (std::set<std::set<std::string>>{{"raf", "mek"},
                                                       {"pip3", "plc"},
                                                       {"pip3", "pip2"},
                                                       {"akt", "erk"},
                                                       {"akt", "pka"},
                                                       {"p38", "pkc"},
                                                       {"jnk", "pkc"}}));
}

TEST_F(Sachs, L1Optima) {
  Options options{.score = Score::L1};
  EXPECT_NEAR(exact(data(), {.standardize = true}, options).score_order, 4.7468951527, 1e-9);
  options.score_options.lambda1 = 0.02;
  EXPECT_NEAR(exact(data(), {}, options).score_order, 1.42307829645, 1e-9);
}

TEST(Logistic, OptimaWithAndWithoutIntercept) {
  const Data data = read_data(data_file("binary5"));
  GramOptions raw;
  raw.center = false;
  Options options{.score = Score::Logistic, .method = Method::Exact};
  Result result = learn(data, raw, options);
  EXPECT_NEAR(result.score_order, 3.00198097342, 1e-9);
  EXPECT_EQ(result.order, (std::vector<int>{0, 1, 2, 3, 4}));
  EXPECT_NEAR(score_order(data, raw, std::vector<int>{4, 3, 2, 1, 0}, options), 3.23935969002, 1e-9);
  options.score_options.intercept = true;
  result = learn(data, raw, options);
  EXPECT_NEAR(result.score_order, 2.96253603428, 1e-9);
  // Several orders are equal here, since odds ratios have no direction; a b e c d is one of them.
  EXPECT_NEAR(score_order(data, raw, std::vector<int>{0, 1, 4, 2, 3}, options), result.score_order, 1e-12);
  EXPECT_NEAR(score_order(data, raw, std::vector<int>{0, 1, 2, 3, 4}, options), 2.9629492748, 1e-9);
  EXPECT_NEAR(score_order(data, raw, std::vector<int>{4, 3, 2, 1, 0}, options), 2.96255908279, 1e-9);
}

TEST(Additive, OptimaOfDegreesOneAndThree) {
  const Data data = read_data(data_file("additive5"));
  Options options{.score = Score::Additive, .method = Method::Exact};
  Result result = learn(data, {}, options);
  EXPECT_NEAR(result.score_order, 1.51248793505, 1e-9);
  EXPECT_EQ(result.order, (std::vector<int>{0, 1, 3, 2, 4}));
  EXPECT_NEAR(score_order(data, {}, std::vector<int>{0, 1, 2, 3, 4}, options), 1.54206743188, 1e-9);
  EXPECT_NEAR(score_order(data, {}, std::vector<int>{4, 3, 2, 1, 0}, options), 2.62799173287, 1e-9);
  options.score_options.degree = 1;
  result = learn(data, {}, options);
  EXPECT_NEAR(result.score_order, 2.28264452934, 1e-9);
  EXPECT_EQ(result.order, (std::vector<int>{1, 3, 0, 2, 4}));
}

TEST(Invariance, ScaleColumnsAndRows) {
  const Data data = read_data(data_file("x_sf4_20"));
  const Result result = learn(data, {}, {.method = Method::Exact});
  Data scaled = data;
  for (double& value : scaled.x.values) value *= 3;
  const Result larger = learn(scaled, {}, {.method = Method::Exact});
  EXPECT_EQ(larger.order, result.order);
  EXPECT_NEAR(larger.score_order, 9 * result.score_order, 1e-11 * larger.score_order);

  Data turned = data;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    const auto from = data.x.row(data.rows() - 1 - i);
    std::copy(from.begin(), from.end(), turned.x.row(i).begin());
  }
  EXPECT_NEAR(learn(turned, {}, {.method = Method::Exact}).score_order, result.score_order,
              1e-12 * result.score_order);

  Data mirrored = data;
  std::reverse(mirrored.names.begin(), mirrored.names.end());
  for (std::size_t i = 0; i < data.rows(); ++i)
    std::reverse(mirrored.x.row(i).begin(), mirrored.x.row(i).end());
  EXPECT_EQ(names_in_order(learn(mirrored, {}, {.method = Method::Exact})), names_in_order(result));
}

TEST(Units, ValuesNearTheEndsOfTheRangeKeepOrderAndWeights) {
  const Data data = read_data(data_file("x_er4_20"));
  const Result usual = learn(data, {}, {});
  for (const int exponent : {-480, 480}) {
    Data scaled = data;
    for (double& value : scaled.x.values) value = std::ldexp(value, exponent);
    const Result result = learn(scaled, {}, {});
    EXPECT_EQ(result.order, usual.order) << exponent;
    EXPECT_EQ(std::ldexp(result.score_order, -2 * exponent), usual.score_order) << exponent;
    EXPECT_EQ(result.w, usual.w) << exponent;
  }
}

TEST(Small, OneTwoAndThreeNodes) {
  Gram gram;
  gram.s = Matrix(1, 1, 2.0);
  gram.n = 10;
  gram.mean = {0};
  gram.names = {"a"};
  const Result one = learn(gram);
  EXPECT_EQ(one.order, std::vector<int>{0});
  EXPECT_NEAR(one.score_order, 1, 1e-12);
  EXPECT_EQ(one.status, Status::Optimal);
  gram.s = Matrix(2, 2);
  gram.s.values = {4, 1, 1, 1};
  gram.mean = {0, 0};
  gram.names = {"a", "b"};
  const Result two = learn(gram);
  EXPECT_EQ(two.order, (std::vector<int>{1, 0}));
  EXPECT_EQ(two.status, Status::Optimal);
  EXPECT_NEAR(two.score_order, 2, 1e-12);  // (1 + 3) / 2
}

}  // namespace
}  // namespace xchg::dag
