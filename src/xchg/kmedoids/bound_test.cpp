// The Lagrangian bound: never above the optimum, whatever the data; its proof recomputed; the same bytes for
// every instruction set and however the rows come.
#include "xchg/kmedoids/bound.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "xchg/core/error.hpp"
#include "xchg/kmedoids/pictures_bound.hpp"
#include "xchg/kmedoids/reduced_cost.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

using testing::data_path;
using testing::points;

struct Instance {
  std::vector<std::int32_t> values;
  Index n = 0;
  bool symmetric = true;
  std::vector<double> weights;
  int k = 1;

  // Values divided by `divisor`, so that floating-point sums are rounded.
  template <class T>
  Dissimilarity as(int divisor = 1) const {
    std::vector<T> typed;
    for (const std::int32_t value : values)
      typed.push_back(static_cast<T>(static_cast<T>(value) / static_cast<T>(divisor)));
    return Dissimilarity::matrix(
        std::move(typed), n,
        {.orientation = symmetric ? Orientation::Symmetric : Orientation::RowsAreObjects});
  }
};

// Weights 0..3, or with a quarter on top.
Instance random_case(Random& random, double fraction) {
  Instance instance;
  instance.n = 2 + static_cast<Index>(random.below(11));
  instance.symmetric = random.below(2) == 0;
  instance.values = testing::random_matrix(instance.n, instance.symmetric, random);
  instance.k = 1 + static_cast<int>(random.below(static_cast<std::uint64_t>(instance.n)));
  if (random.below(2) == 0) {
    for (Index o = 0; o < instance.n; ++o)
      instance.weights.push_back(static_cast<double>(random.below(4)) + fraction);
    instance.weights.front() = 1;
  }
  return instance;
}

// L(u) from its definition.
long double dual_value(const Dissimilarity& data, int k, const std::vector<double>& weights,
                       const std::vector<double>& multipliers) {
  std::vector<long double> savings;
  for (Index x = 0; x < data.size(); ++x) {
    long double saving = 0;
    for (Index o = 0; o < data.size(); ++o) {
      const auto at = static_cast<std::size_t>(o);
      const long double weight = weights.empty() ? 1 : weights[at];
      saving += std::min(
          0.0L, weight * static_cast<long double>(data.at(o, x)) - static_cast<long double>(multipliers[at]));
    }
    savings.push_back(saving);
  }
  std::sort(savings.begin(), savings.end());
  const long double sum = std::accumulate(multipliers.begin(), multipliers.end(), 0.0L);
  return std::accumulate(savings.begin(), savings.begin() + k, sum);
}

void expect_sound(const Dissimilarity& data, int k, const std::vector<double>& weights) {
  const double optimum = testing::optimum(data, k, weights);
  const LowerBound bound = lower_bound(data, {.k = k, .weights = weights});
  EXPECT_GE(bound.lower_bound, 0);
  EXPECT_LE(bound.lower_bound, optimum * (1 + 1e-14));
  EXPECT_LE(bound.lower_bound, bound.total_deviation);
  EXPECT_EQ(bound.medoids.size(), static_cast<std::size_t>(k));
  EXPECT_NEAR(bound.total_deviation, testing::total_deviation(data, bound.medoids, weights), 1e-9);
  if (bound.optimal) {
    EXPECT_NEAR(bound.total_deviation, optimum, 1e-9 * optimum);
  }
  if (bound.multipliers.empty()) return;
  const long double dual = dual_value(data, k, weights, bound.multipliers);
  EXPECT_LE(static_cast<long double>(bound.lower_bound), data.integers() ? std::ceil(dual) : dual);
}

TEST(LowerBound, IsNeverAboveTheOptimumAndOptimalIsNeverWrong) {
  Random random(411);
  for (int round = 0; round < 150; ++round) {
    const Instance instance = random_case(random, 0);
    expect_sound(instance.as<std::int32_t>(), instance.k, instance.weights);
    expect_sound(instance.as<std::uint8_t>(), instance.k, instance.weights);
    expect_sound(instance.as<std::int64_t>(), instance.k, instance.weights);
    expect_sound(instance.as<double>(7), instance.k, instance.weights);
    expect_sound(instance.as<float>(3), instance.k, instance.weights);
  }
}

TEST(LowerBound, OfIntegersWithBrokenWeightsIsNotRoundedUp) {
  Random random(412);
  for (int round = 0; round < 150; ++round) {
    const Instance instance = random_case(random, 0.25);
    const Dissimilarity data = instance.as<std::int32_t>();
    const double optimum = testing::optimum(data, instance.k, instance.weights);
    const LowerBound bound = lower_bound(data, {.k = instance.k, .weights = instance.weights});
    EXPECT_LE(bound.lower_bound, optimum * (1 + 1e-14));
    if (bound.optimal) {
      EXPECT_NEAR(bound.total_deviation, optimum, 1e-9 * optimum);
    }
  }
}

TEST(LowerBound, IsTightOnMostSmallInstances) {
  Random random(413);
  int optimal = 0;
  for (int round = 0; round < 200; ++round) {
    const Instance instance = random_case(random, 0);
    optimal += lower_bound(instance.as<std::int32_t>(), {.k = instance.k}).optimal ? 1 : 0;
  }
  EXPECT_GE(optimal, 150);
}

TEST(LowerBound, StaysBelowWhereTheSumsOfDoublesAreRounded) {
  // All terms of one size and not representable: the naive sums are off by more than the last digit.
  const Index n = 400;
  std::vector<double> values(static_cast<std::size_t>(n * n), 0.1);
  for (Index i = 0; i < n; ++i) values[static_cast<std::size_t>(i * n + i)] = 0;
  const Dissimilarity data = Dissimilarity::matrix(std::move(values), n);
  const LowerBound bound = lower_bound(data, {.k = 7});
  const long double optimum = 393 * static_cast<long double>(0.1);
  EXPECT_LT(static_cast<long double>(bound.lower_bound), optimum);
  EXPECT_TRUE(bound.optimal);
}

TEST(LowerBound, OfOneMedoidAndOfAllObjectsIsTheOptimum) {
  Random random(414);
  for (int round = 0; round < 30; ++round) {
    const Instance instance = random_case(random, 0);
    const Dissimilarity data = instance.as<std::int32_t>();
    const Result one = cluster(data, {.k = 1, .weights = instance.weights, .certify = true});
    EXPECT_TRUE(one.optimal);
    EXPECT_EQ(one.lower_bound, testing::optimum(data, 1, instance.weights));
    const int n = static_cast<int>(instance.n);
    const Result all = cluster(data, {.k = n, .weights = instance.weights, .certify = true});
    EXPECT_TRUE(all.optimal);
    EXPECT_EQ(all.gap, 0);
  }
  const Result iris = cluster(points("iris.csv").data, {.k = 1, .max_rounds = 0, .certify = true});
  EXPECT_TRUE(iris.optimal);
  EXPECT_EQ(iris.medoids.front(), 61);
}

TEST(LowerBound, ProvesTotalDeviationZeroWhereObjectsCoincide) {
  const Dissimilarity data = Dissimilarity::matrix(std::vector<std::int32_t>(36, 0), 6);
  const Result result = cluster(data, {.k = 3, .certify = true});
  EXPECT_TRUE(result.optimal);
  EXPECT_EQ(result.gap, 0);
  EXPECT_EQ(result.lower_bound, 0);
}

TEST(LowerBound, OfLargeDoublesIsFinite) {
  std::vector<double> values(100, 1e300);
  for (std::size_t i = 0; i < 10; ++i) values[11 * i] = 0;
  const LowerBound bound = lower_bound(Dissimilarity::matrix(std::move(values), 10), {.k = 3});
  EXPECT_TRUE(std::isfinite(bound.lower_bound));
  EXPECT_LE(bound.lower_bound, 7e300);
}

// The oracle of the kernels: the definition, in the order that all of them have.
template <class T>
double plain_reduced_cost(const std::vector<T>& row, const std::vector<double>& multipliers,
                          const std::vector<double>& weights) {
  std::array<double, 8> lane{};
  for (std::size_t o = 0; o < row.size(); ++o) {
    const double term = (weights.empty() ? 1 : weights[o]) * static_cast<double>(row[o]) - multipliers[o];
    lane[o % 8] += std::min(0.0, term);
  }
  return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

template <class T>
void expect_equal_kernels(Random& random) {
  for (std::size_t n = 1; n < 70; ++n) {
    std::vector<T> row;
    std::vector<double> multipliers, weights;
    for (std::size_t o = 0; o < n; ++o) {
      row.push_back(static_cast<T>(200 * random.uniform()));
      multipliers.push_back(200 * random.uniform());
      if (n % 2 == 0) weights.push_back(3 * random.uniform());
    }
    const double expected = plain_reduced_cost(row, multipliers, weights);
    const double* w = weights.empty() ? nullptr : weights.data();
    const auto length = static_cast<std::int64_t>(n);
    EXPECT_EQ(reduced_cost_scalar(T{})(row.data(), multipliers.data(), w, length), expected);
#if defined(__x86_64__)
    if (best_isa() >= Isa::Avx2) {
      EXPECT_EQ(reduced_cost_avx2(T{})(row.data(), multipliers.data(), w, length), expected);
    }
    if (best_isa() >= Isa::Avx512) {
      EXPECT_EQ(reduced_cost_avx512(T{})(row.data(), multipliers.data(), w, length), expected);
    }
#endif
  }
}

TEST(ReducedCost, IsTheSameToTheBitForEveryInstructionSet) {
  Random random(415);
  expect_equal_kernels<double>(random);
  expect_equal_kernels<float>(random);
  expect_equal_kernels<std::int32_t>(random);
  expect_equal_kernels<std::int64_t>(random);
  expect_equal_kernels<std::uint16_t>(random);
  expect_equal_kernels<std::uint8_t>(random);
}

// Rows of a matrix, handed out piece by piece.
class Copied : public RowMaker<double> {
 public:
  explicit Copied(const Dissimilarity& data) : data_(data) {}
  void fill(Index candidate, Index begin, Index end, double* out) const override {
    for (Index o = begin; o < end; ++o) out[o - begin] = data_.at(o, candidate);
  }
  double at(Index object, Index candidate) const override { return data_.at(object, candidate); }

 private:
  Dissimilarity data_;
};

TEST(LowerBound, IsTheSameForRowsThatAreMade) {
  const Input iris = points("iris.csv");
  const auto made = Dissimilarity::made(std::shared_ptr<const RowMaker<double>>(new Copied(iris.data)),
                                        iris.data.size(), true, 100.0);
  const LowerBound a = lower_bound(iris.data, {.k = 5}), b = lower_bound(made, {.k = 5});
  EXPECT_EQ(a.lower_bound_per_step, b.lower_bound_per_step);
  EXPECT_EQ(a.multipliers, b.multipliers);
  EXPECT_EQ(a.medoids, b.medoids);
}

TEST(Certify, TakesOverBetterMedoidsAndKeepsTheResultRight) {
  const Input iris = points("iris.csv", Metric::Manhattan);
  // From these medoids PAM's swaps end at the optimum 162.5, eager ones above it.
  const Options options{.k = 3, .init = Init::Given, .medoids = {0, 1, 2}};
  Options certified = options;
  certified.certify = true;
  const Result plain = cluster(iris.data, options), result = cluster(iris.data, certified);
  EXPECT_FALSE(plain.lower_bound || plain.gap || plain.optimal);
  EXPECT_GT(plain.total_deviation, 162.5 + 1e-6);
  EXPECT_NEAR(result.total_deviation, 162.5, 1e-9);
  EXPECT_TRUE(result.optimal && result.converged);
  EXPECT_LE(*result.gap, 1e-9);
  EXPECT_EQ(result.statistics.total_deviation_init, plain.statistics.total_deviation_init);
  const Check check = verify(iris.data, result);
  EXPECT_TRUE(check.right) << check.problem;
}

TEST(Certify, ReachesTheOptimaOfIrisThatSwapsMiss) {
  // BUILD and PAM end at 59.87 for k = 10.
  const Result result = cluster(points("iris.csv").data, {.k = 10, .init = Init::Build, .certify = true});
  EXPECT_NEAR(result.total_deviation, 59.5430905954, 1e-9 * 60);
  EXPECT_LE(*result.lower_bound, result.total_deviation);
}

TEST(Certify, ProvesTheTenDigits) {
  const Result result = cluster(points("digits.csv").data, {.k = 10, .init = Init::Build, .certify = true});
  EXPECT_NEAR(result.total_deviation, 51194.6998163425, 1e-9 * 51194);
  EXPECT_LE(*result.gap, 1e-6);
  EXPECT_TRUE(result.optimal);
}

TEST(Certify, TheBoundsPerStepRiseAndFall) {
  const Result result = cluster(points("iris.csv").data, {.k = 10, .certify = true, .certify_steps = 50});
  const auto& lower = result.statistics.lower_bound_per_step;
  const auto& upper = result.statistics.upper_bound_per_step;
  ASSERT_EQ(lower.size(), upper.size());
  EXPECT_LE(lower.size(), 50U);
  EXPECT_TRUE(std::is_sorted(lower.begin(), lower.end()));
  EXPECT_TRUE(std::is_sorted(upper.rbegin(), upper.rend()));
  EXPECT_EQ(lower.back(), result.lower_bound);
  EXPECT_NEAR(upper.back(), result.total_deviation, 1e-9);
}

TEST(Certify, MoreStepsDoNotLowerTheBound) {
  const Input digits = points("ruspini.csv");
  double last = 0;
  for (const int steps : {1, 10, 50, 200}) {
    const LowerBound bound = lower_bound(digits.data, {.k = 7, .certify_steps = steps});
    EXPECT_GE(bound.lower_bound, last);
    last = bound.lower_bound;
  }
}

class CancelAfter : public Progress {
 public:
  explicit CancelAfter(int questions) : left_(questions) {}
  bool cancelled() const override { return --left_ < 0; }

 private:
  mutable int left_;
};

TEST(Certify, KeepsTheBestBoundWhenCancelled) {
  const Input iris = points("iris.csv");
  const Result whole = cluster(iris.data, {.k = 10, .certify = true});
  for (const int questions : {0, 1, 5, 20, 60, 150}) {
    CancelAfter progress(questions);
    const Result result = cluster(iris.data, {.k = 10, .certify = true}, progress);
    ASSERT_TRUE(result.lower_bound && result.gap);
    EXPECT_LE(*result.lower_bound, *whole.lower_bound);
    EXPECT_FALSE(result.optimal && !whole.optimal);
    EXPECT_TRUE(verify(iris.data, result).right);
    CancelAfter again(questions);
    const LowerBound bound = lower_bound(iris.data, {.k = 10}, again);
    EXPECT_EQ(bound.medoids.size(), 10U);
    EXPECT_LE(bound.lower_bound, *whole.lower_bound);
  }
}

TEST(Certify, IsRefusedForMethodsThatDoNotMinimiseTotalDeviation) {
  const Input iris = points("iris.csv");
  EXPECT_THROW(cluster(iris.data, {.k = 3, .method = Method::FasterMSC, .certify = true}), InputError);
  EXPECT_THROW(cluster(iris.data, {.k = 3, .certify = true, .certify_steps = 0}), InputError);
  EXPECT_THROW(lower_bound(iris.data, {.k = 0}), InputError);
  EXPECT_THROW(lower_bound(iris.data, {.k = 2, .medoids = {1, 1}}), InputError);
}

TEST(BoundStart, IsBetterThanRandomStartsOnTheAverageAndNeedsNoCertificate) {
  const Input input = read_input(data_path("orlib/pmed18.txt"), {.format = Format::Orlib});
  const Result bound = cluster(input.data, {.k = *input.k, .init = Init::Bound});
  EXPECT_FALSE(bound.lower_bound);
  EXPECT_TRUE(bound.converged);
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed)
    sum += cluster(input.data, {.k = *input.k, .seed = seed}).total_deviation;
  EXPECT_LT(bound.total_deviation, sum / 10);
  EXPECT_LE(bound.total_deviation, bound.statistics.total_deviation_init);
}

TEST(BoundPicture, SaysWhetherTheBoundsMeet) {
  const Input iris = points("iris.csv");
  const Result proven = cluster(iris.data, {.k = 3, .init = Init::Build, .certify = true});
  EXPECT_NE(bound_picture("bound", proven).text_equivalent.find("they meet: no clustering is better"),
            std::string::npos);
  const Result open = cluster(iris.data, {.k = 10, .certify = true, .certify_steps = 20});
  const chart::Chart chart = bound_picture("bound", open);
  EXPECT_NE(chart.text_equivalent.find("After 20 steps"), std::string::npos);
  EXPECT_NE(chart.text_equivalent.find("they leave a gap of"), std::string::npos);
  EXPECT_GT(chart.data.rows.size(), 20U);  // all TD, and the last bounds
  EXPECT_THROW(bound_picture("bound", cluster(iris.data, {.k = 3})), InputError);
}

TEST(Verify, RefusesBoundsThatCannotBe) {
  const Input iris = points("iris.csv");
  const Result right = cluster(iris.data, {.k = 3, .init = Init::Build, .certify = true});
  EXPECT_TRUE(verify(iris.data, right).right);
  Result wrong = right;
  wrong.lower_bound = right.total_deviation + 1;
  EXPECT_FALSE(verify(iris.data, wrong).right);
  wrong = right;
  wrong.gap = 0.5;
  EXPECT_FALSE(verify(iris.data, wrong).right);
  wrong = right;
  wrong.lower_bound = right.total_deviation / 2;
  wrong.gap = 0.5;
  wrong.optimal = true;
  EXPECT_FALSE(verify(iris.data, wrong).right);
  wrong.lower_bound.reset();
  EXPECT_FALSE(verify(iris.data, wrong).right);
}

}  // namespace
}  // namespace xchg::kmedoids
