#include "xchg/dag/simulate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "xchg/core/error.hpp"
#include "xchg/dag/order/conditional.hpp"
#include "xchg/dag/simulate/mechanism.hpp"

namespace xchg::dag {
namespace {

constexpr GraphKind kinds[] = {GraphKind::ErdosRenyi, GraphKind::ScaleFree, GraphKind::Bipartite,
                               GraphKind::Chain};

std::size_t count_edges(const Matrix& w) {
  return static_cast<std::size_t>(
      std::count_if(w.values.begin(), w.values.end(), [](double v) { return v != 0; }));
}

std::vector<int> parents_of(const Matrix& w, std::size_t node) {
  std::vector<int> parents;
  for (std::size_t i = 0; i < w.rows; ++i) {
    if (w(i, node) != 0) parents.push_back(static_cast<int>(i));
  }
  return parents;
}

std::vector<double> column(const Data& data, std::size_t j) {
  std::vector<double> values;
  for (std::size_t s = 0; s < data.rows(); ++s) values.push_back(data.x(s, j));
  return values;
}

// Means of x, x^2, x^3, x^4 about the mean, in units of the standard deviation from the third on.
struct Moments {
  double mean = 0, variance = 0, skewness = 0, kurtosis = 0;
  explicit Moments(const std::vector<double>& values) {
    const auto n = static_cast<double>(values.size());
    for (const double v : values) mean += v / n;
    for (const double v : values) variance += (v - mean) * (v - mean) / n;
    for (const double v : values) {
      const double z = (v - mean) / std::sqrt(variance);
      skewness += z * z * z / n;
      kurtosis += z * z * z * z / n;
    }
  }
};

Matrix covariance(const Data& data) {
  const std::size_t n = data.rows(), d = data.nodes();
  std::vector<double> mean(d);
  Matrix s(d, d);
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t j = 0; j < d; ++j) mean[j] += data.x(r, j) / static_cast<double>(n);
  }
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j < d; ++j) {
        s(i, j) += (data.x(r, i) - mean[i]) * (data.x(r, j) - mean[j]) / static_cast<double>(n);
      }
    }
  }
  return s;
}

TEST(Simulate, GraphsAreAcyclicInTheirOrderAndHaveTheirNumberOfEdges) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    for (const GraphKind kind : kinds) {
      const int d = 3 + static_cast<int>(seed);
      const Simulation sim = simulate({.graph = kind, .degree = 2, .nodes = d, .rows = 1, .seed = seed});
      const auto size = static_cast<std::size_t>(d);
      for (std::size_t a = 0; a < size; ++a) {
        for (std::size_t b = 0; b <= a; ++b) {
          EXPECT_EQ(sim.truth(static_cast<std::size_t>(sim.order[a]), static_cast<std::size_t>(sim.order[b])),
                    0);
        }
      }
      const std::set<int> nodes(sim.order.begin(), sim.order.end());
      EXPECT_EQ(nodes.size(), size);
      const std::size_t top = std::max<std::size_t>(1, size / 5);
      const std::size_t expected = kind == GraphKind::ErdosRenyi  ? std::min(2 * size, size * (size - 1) / 2)
                                   : kind == GraphKind::ScaleFree ? 2 * size - 3
                                   : kind == GraphKind::Bipartite ? std::min(2 * size, top * (size - top))
                                                                  : size - 1;
      EXPECT_EQ(count_edges(sim.truth), expected) << name(kind) << d;
      for (const double w : sim.truth.values) {
        EXPECT_TRUE(w == 0 || (std::abs(w) >= 0.5 && std::abs(w) <= 2));
      }
    }
  }
}

TEST(Simulate, ScaleFreeGraphsHaveHubsAmongEffects) {
  double most_sf = 0, most_er = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto most = [&](GraphKind kind) {
      const Simulation sim = simulate({.graph = kind, .degree = 2, .nodes = 200, .rows = 1, .seed = seed});
      std::size_t parents = 0;
      for (std::size_t j = 0; j < 200; ++j) parents = std::max(parents, parents_of(sim.truth, j).size());
      return static_cast<double>(parents) / 10;
    };
    most_sf += most(GraphKind::ScaleFree);
    most_er += most(GraphKind::ErdosRenyi);
  }
  EXPECT_GT(most_sf, 2 * most_er);
}

TEST(Simulate, ErdosRenyiPairsAreEquallyLikely) {
  std::vector<int> counts(16, 0);
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    const Simulation sim = simulate({.degree = 0.5, .nodes = 4, .rows = 1, .seed = seed});
    for (std::size_t i = 0; i < 16; ++i) counts[i] += sim.truth.values[i] != 0;
  }
  for (std::size_t i = 0; i < 16; ++i) {  // 6000 edges over 12 ordered pairs: 500, deviation 21
    if (i % 5 != 0) {
      EXPECT_NEAR(counts[i], 500, 110);
    }
  }
}

TEST(Simulate, NoiseHasMeanZeroVarianceOneAndItsShape) {
  const struct {
    Noise noise;
    double skewness, kurtosis;
  } expected[] = {{Noise::Gauss, 0, 3},
                  {Noise::Exponential, 2, 9},
                  {Noise::Gumbel, 1.1395470994, 5.4},
                  {Noise::Uniform, 0, 1.8}};
  for (const auto& e : expected) {
    Random random(7);
    std::vector<double> values(400000);
    for (double& value : values) value = draw_noise(e.noise, random);
    const Moments moments(values);
    EXPECT_NEAR(moments.mean, 0, 0.01) << name(e.noise);
    EXPECT_NEAR(moments.variance, 1, 0.02) << name(e.noise);
    EXPECT_NEAR(moments.skewness, e.skewness, 0.05) << name(e.noise);
    EXPECT_NEAR(moments.kurtosis, e.kurtosis, 0.1 * e.kurtosis) << name(e.noise);
  }
}

TEST(Simulate, PoissonNumbersHaveTheirProbabilities) {
  for (const double mean : {0.0, 0.3, 4.0, 9.99, 10.0, 25.0, 3e5}) {
    Random random(11);
    const int n = 200000;
    std::vector<double> values(n);
    for (double& value : values) value = draw_poisson(mean, random);
    const Moments moments(values);
    EXPECT_NEAR(moments.mean, mean, 5 * std::sqrt(mean / n));
    EXPECT_NEAR(moments.variance, mean, 5 * mean * std::sqrt((2 + 1 / std::max(mean, 0.1)) / n));
    for (const double k : {std::floor(mean), std::floor(mean * 0.6), std::floor(mean * 1.3) + 1}) {
      const double p =
          mean == 0 ? (k == 0 ? 1 : 0) : std::exp(k * std::log(mean) - mean - std::lgamma(k + 1));
      const auto found = static_cast<double>(std::count(values.begin(), values.end(), k));
      EXPECT_NEAR(found, n * p, 5 * std::sqrt(n * p) + 1) << mean << " " << k;
    }
  }
}

TEST(Simulate, LinearDataFollowTheirEquations) {
  for (const Noise noise : {Noise::Gauss, Noise::Exponential, Noise::Gumbel, Noise::Uniform}) {
    const Simulation sim = simulate({.degree = 1.5, .nodes = 8, .rows = 40000, .noise = noise, .seed = 3});
    const Matrix s = covariance(sim.data);
    for (std::size_t j = 0; j < 8; ++j) {
      const std::vector<int> parents = parents_of(sim.truth, j);
      EXPECT_NEAR(residual_variance(s, static_cast<int>(j), parents), 1, 0.08);
      const std::vector<double> w = regression(s, static_cast<int>(j), parents);
      for (std::size_t k = 0; k < w.size(); ++k) {
        EXPECT_NEAR(w[k], sim.truth(static_cast<std::size_t>(parents[k]), j), 0.05);
      }
    }
  }
}

TEST(Simulate, NoiseRatioSpreadsDeviations) {
  const Simulation sim = simulate({.degree = 0, .nodes = 50, .rows = 4000, .noise_ratio = 3, .seed = 5});
  double least = 1e9, most = 0;
  for (std::size_t j = 0; j < 50; ++j) {
    const double deviation = std::sqrt(Moments(column(sim.data, j)).variance);
    least = std::min(least, deviation);
    most = std::max(most, deviation);
  }
  EXPECT_GT(least, 0.9);
  EXPECT_LT(least, 1.3);
  EXPECT_GT(most, 2.7);
  EXPECT_LT(most, 3.2);
}

TEST(Simulate, LogisticAndPoissonFollowTheirProbabilities) {
  SimulateOptions options{
      .graph = GraphKind::Chain, .nodes = 2, .rows = 50000, .mechanism = Mechanism::Logistic};
  const Simulation coins = simulate(options);
  const auto cause = static_cast<std::size_t>(coins.order[0]),
             effect = static_cast<std::size_t>(coins.order[1]);
  const double weight = coins.truth(cause, effect);
  double ones = 0, both = 0;
  for (std::size_t s = 0; s < coins.data.rows(); ++s) {
    ones += coins.data.x(s, cause);
    both += coins.data.x(s, cause) * coins.data.x(s, effect);
  }
  EXPECT_NEAR(ones / 50000, 0.5, 0.01);
  EXPECT_NEAR(both / ones, 1 / (1 + std::exp(-weight)), 0.015);

  options.mechanism = Mechanism::Poisson;
  const Simulation counts = simulate(options);
  std::vector<double> of_zero, of_one;
  for (std::size_t s = 0; s < counts.data.rows(); ++s) {
    const double x = counts.data.x(s, cause), y = counts.data.x(s, effect);
    if (x == 0) of_zero.push_back(y);
    if (x == 1) of_one.push_back(y);
  }
  EXPECT_NEAR(Moments(of_zero).mean, 1, 0.05);
  EXPECT_NEAR(Moments(of_one).mean / std::exp(counts.truth(cause, effect)), 1, 0.05);
}

TEST(Simulate, NonlinearEffectsDependOnTheirParentsBeyondLines) {
  for (const Mechanism mechanism : {Mechanism::Mlp, Mechanism::Mim, Mechanism::AdditiveGp}) {
    double explained = 0, linear = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      const Simulation sim = simulate(
          {.graph = GraphKind::Chain, .nodes = 2, .rows = 20000, .mechanism = mechanism, .seed = seed});
      const auto cause = static_cast<std::size_t>(sim.order[0]),
                 effect = static_cast<std::size_t>(sim.order[1]);
      EXPECT_EQ(sim.truth(cause, effect), 1);
      // Within 100 groups of like causes the effect has the noise's variance and little more.
      std::vector<std::size_t> rows(sim.data.rows());
      for (std::size_t s = 0; s < rows.size(); ++s) rows[s] = s;
      std::sort(rows.begin(), rows.end(),
                [&](std::size_t a, std::size_t b) { return sim.data.x(a, cause) < sim.data.x(b, cause); });
      double within = 0;
      for (std::size_t group = 0; group < 100; ++group) {
        std::vector<double> values;
        for (std::size_t k = 0; k < 200; ++k) values.push_back(sim.data.x(rows[group * 200 + k], effect));
        within += Moments(values).variance / 100;
      }
      const Matrix s = covariance(sim.data);
      if (mechanism != Mechanism::Mlp) {
        EXPECT_NEAR(within, 1, 0.35) << name(mechanism) << seed;
      }
      explained += s(effect, effect) - within;
      linear +=
          s(effect, effect) - residual_variance(s, static_cast<int>(effect), std::vector<int>{sim.order[0]});
    }
    EXPECT_GT(explained, 0.2 * 20) << name(mechanism);
    EXPECT_GT(explained, linear) << name(mechanism);
  }
}

TEST(Simulate, OptionsOutOfRangeAreRefused) {
  EXPECT_THROW(simulate({.nodes = 0}), InputError);
  EXPECT_THROW(simulate({.rows = 0}), InputError);
  EXPECT_THROW(simulate({.degree = -1}), InputError);
  EXPECT_THROW(simulate({.degree = NAN}), InputError);
  EXPECT_THROW(simulate({.weight_low = 0}), InputError);
  EXPECT_THROW(simulate({.weight_low = 3}), InputError);
  EXPECT_THROW(simulate({.weight_high = INFINITY}), InputError);
  EXPECT_THROW(simulate({.noise_ratio = 0.5}), InputError);
  EXPECT_THROW(simulate({.threads = -1}), InputError);
  EXPECT_THROW(simulate({.nodes = 2000000000}), LimitError);
}

TEST(Simulate, SmallestGraphsAndFullOnesAreFine) {
  for (const GraphKind kind : kinds) {
    EXPECT_EQ(count_edges(simulate({.graph = kind, .nodes = 1, .rows = 1}).truth), 0U);
    EXPECT_EQ(count_edges(simulate({.graph = kind, .nodes = 2, .rows = 1}).truth), 1U);
  }
  EXPECT_EQ(count_edges(simulate({.degree = 1e9, .nodes = 6, .rows = 1}).truth), 15U);
  EXPECT_THAT(simulate({.nodes = 3, .rows = 1}).data.names, ::testing::ElementsAre("v0", "v1", "v2"));
}

TEST(Simulate, OverflowNamesTheNode) {
  try {
    simulate({.graph = GraphKind::Chain,
              .nodes = 30,
              .rows = 100,
              .mechanism = Mechanism::Poisson,
              .weight_low = 5,
              .weight_high = 6});
    FAIL() << "no error";
  } catch (const NumericError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("node v"));
  }
}

TEST(Simulate, NamesAndTheirValuesAreInverse) {
  for (const GraphKind kind : kinds) EXPECT_EQ(parse_graph_kind(std::string(name(kind))), kind);
  EXPECT_EQ(parse_noise("gumbel"), Noise::Gumbel);
  EXPECT_EQ(parse_mechanism("additive-gp"), Mechanism::AdditiveGp);
  EXPECT_EQ(name(Mechanism::Mim), "mim");
  EXPECT_THROW(parse_noise("cauchy"), InputError);
}

}  // namespace
}  // namespace xchg::dag
