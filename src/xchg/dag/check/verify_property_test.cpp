// Edited claims are never accepted, true ones never refused.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

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

}  // namespace
}  // namespace xchg::dag
