// Edited claims are never accepted, true ones never refused.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "xchg/core/error.hpp"
#include "xchg/core/random.hpp"
#include "xchg/dag/check/testing.hpp"
#include "xchg/dag/simulate.hpp"

namespace xchg::dag {
namespace {

using testing::findings;

SimulateOptions simulation(Random& random, int round) {
  SimulateOptions options;
  options.graph = round % 2 == 0 ? GraphKind::ErdosRenyi : GraphKind::ScaleFree;
  options.nodes = 3 + static_cast<int>(random.below(7));
  options.degree = 1.5;
  options.rows = 60 + static_cast<std::int64_t>(random.below(200));
  options.noise_ratio = 1 + 2 * random.uniform();
  options.seed = random();
  return options;
}

Options search(Random& random, int round) {
  constexpr Score scores[] = {Score::LeastSquares, Score::L1, Score::Ridge, Score::Bic};
  constexpr Method methods[] = {Method::Insert, Method::Exact, Method::Topo, Method::Swap};
  Options options;
  options.score = scores[round % 4];
  options.method = methods[random.below(4)];
  options.seed = random();
  options.score_options.lambda1 = 0.01 + random.uniform();
  options.score_options.lambda2 = 0.01 + random.uniform();
  return options;
}

// One edit of a number or a name; empty where the claim has nothing of the kind.
std::string edit(Claim& claim, Random& random) {
  const auto d = static_cast<std::uint64_t>(claim.names.size());
  std::vector<std::size_t> edges;
  for (std::size_t k = 0; k < claim.w.values.size(); ++k) {
    if (claim.w.values[k] != 0) edges.push_back(k);
  }
  const double factor = 1 + (random.below(2) == 0 ? 1 : -1) * std::pow(10.0, -1 - 5 * random.uniform());
  switch (random.below(9)) {
    case 0: {
      if (edges.empty()) return "";
      double& weight = claim.w.values[edges[random.below(edges.size())]];
      weight *= factor;
      return "a weight";
    }
    case 1: {
      if (edges.empty()) return "";
      claim.w.values[edges[random.below(edges.size())]] = 0;
      return "an edge less";
    }
    case 2: {
      const std::uint64_t place = random.below(d * d);
      if (claim.w.values[place] != 0) return "";
      claim.w.values[place] = random.normal();
      return "an edge more";
    }
    case 3: {
      const std::uint64_t a = random.below(d), b = random.below(d);
      if (a == b) return "";
      std::swap(claim.names[a], claim.names[b]);
      return "two names";
    }
    case 4:
      claim.score_order += (factor - 1) * std::abs(claim.score_order);
      return "the score of the order";
    case 5:
      claim.score_graph += (factor - 1) * std::abs(claim.score_graph);
      return "the score of the graph";
    case 6:
      if (!claim.lower_bound) return "";
      *claim.lower_bound += (factor - 1) * std::abs(*claim.lower_bound);
      return "the bound";
    case 7:
      if (!claim.kkt_residual) return "";
      *claim.kkt_residual += 1e-3 + random.uniform();
      return "the KKT residual";
    default:
      claim.order[random.below(d)] = static_cast<int>(random.below(d + 1)) - (d > 5 ? 1 : 0);
      return "the order";
  }
}

TEST(VerifyProperty, EditedClaimsAreNeverAcceptedAndTrueOnesNeverRefused) {
  Random random(31);
  int edited = 0;
  for (int round = 0; round < 60; ++round) {
    const Simulation simulated = simulate(simulation(random, round));
    const Options options = search(random, round);
    const Gram moments = gram(simulated.data);
    const Claim right = claim(learn(moments, options), options);
    EXPECT_EQ(findings(verify(moments, right)), "") << name(options.score) << " " << name(options.method);
    EXPECT_EQ(findings(verify(simulated.data, {}, right)), "") << name(options.score);
    for (int change = 0; change < 10; ++change) {
      Claim wrong = right;
      const std::string what = edit(wrong, random);
      if (what.empty() || (wrong.order == right.order && what == "the order")) continue;
      const Verdict verdict = verify(moments, wrong);
      EXPECT_FALSE(verdict.ok) << what << " " << name(options.score) << " " << name(options.method);
      ++edited;
    }
  }
  EXPECT_GT(edited, 400);
}

// Rows for a score: counts, 0 and 1, or curves; columns that depend on each other more or less.
Data rows_for(Score score, Random& random) {
  Data data;
  const std::size_t nodes = 2 + random.below(4), rows = 40 + random.below(200);
  const double strength = 3 * random.uniform(), base = random.uniform();
  data.x = Matrix(rows, nodes);
  for (std::size_t i = 0; i < rows; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < nodes; ++j) {
      const double chance = 1 / (1 + std::exp(1 - base - strength * sum));
      double value = random.uniform() < chance ? 1 : 0;
      if (score == Score::Poisson) value += static_cast<double>(random.below(3)) * value;
      if (score == Score::Additive)
        value = random.normal() + strength * std::sin(2 * sum) + base * sum * sum / 4;
      data.x(i, j) = value;
      sum += (j % 2 == 0 ? 0.7 : -0.5) * value;
    }
  }
  for (std::size_t j = 0; j < nodes; ++j) data.names.push_back("v" + std::to_string(j));
  return data;
}

Options search_on_rows(Random& random, Score score) {
  Options options;
  options.score = score;
  options.method = random.below(2) == 0 ? Method::Insert : Method::Exact;
  options.seed = random();
  options.score_options.intercept = random.below(2) == 0;
  options.score_options.l1 = random.below(2) == 0;
  options.score_options.lambda1 = 0.1 * random.uniform();
  options.score_options.degree = 1 + static_cast<int>(random.below(3));
  options.default_prune = random.below(2) == 0;
  options.prune = Prune::None;
  return options;
}

TEST(VerifyProperty, TheSameHoldsForScoresFromRows) {
  Random random(32);
  int edited = 0, checked = 0;
  for (int round = 0; round < 150; ++round) {
    const Score score = std::array{Score::Logistic, Score::Poisson, Score::Additive}[random.below(3)];
    const Data data = rows_for(score, random);
    const Options options = search_on_rows(random, score);
    Claim right;
    try {
      right = claim(learn(data, {}, options), options);
    } catch (const InputError&) {
      continue;  // a constant column, or one with too few values
    }
    const Verdict verdict = verify(data, {}, right);
    EXPECT_EQ(findings(verdict), "") << round << " " << name(score);
    if (!verdict.unchecked.empty()) continue;  // nearly separated
    ++checked;
    for (int change = 0; change < 5; ++change) {
      Claim wrong = right;
      const std::string what = edit(wrong, random);
      if (what.empty() || (wrong.order == right.order && what == "the order")) continue;
      EXPECT_FALSE(verify(data, {}, wrong).ok) << round << " " << what << " " << name(score);
      ++edited;
    }
  }
  EXPECT_GT(checked, 100);
  EXPECT_GT(edited, 300);
}

}  // namespace
}  // namespace xchg::dag
