// Distances of points against their definitions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "xchg/core/error.hpp"
#include "xchg/core/json.hpp"
#include "xchg/core/random.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

using ::testing::HasSubstr;
using Row = std::vector<double>;

// Straight from the definitions of the metrics.
double dot(const Row& a, const Row& b) { return std::inner_product(a.begin(), a.end(), b.begin(), 0.0); }

double plain_cosine(const Row& a, const Row& b) { return 1 - dot(a, b) / std::sqrt(dot(a, a) * dot(b, b)); }

Row deviations(Row row) {
  const double mean = std::accumulate(row.begin(), row.end(), 0.0) / static_cast<double>(row.size());
  for (double& value : row) value -= mean;
  return row;
}

double plain_sum(const Row& a, const Row& b, double (*term)(double, double)) {
  double sum = 0;
  for (std::size_t j = 0; j < a.size(); ++j) sum += term(a[j], b[j]);
  return sum;
}

double plain_chebyshev(const Row& a, const Row& b) {
  double most = 0;
  for (std::size_t j = 0; j < a.size(); ++j) most = std::max(most, std::abs(a[j] - b[j]));
  return most;
}

double plain_jaccard(const Row& a, const Row& b) {
  const double both = plain_sum(a, b, [](double x, double y) { return x != 0 && y != 0 ? 1.0 : 0.0; });
  const double either = plain_sum(a, b, [](double x, double y) { return x != 0 || y != 0 ? 1.0 : 0.0; });
  return either == 0 ? 0 : 1 - both / either;
}

// The best alignment by recursion over its last step.
double plain_dtw(const Row& a, const Row& b, std::size_t i, std::size_t j, std::size_t window) {
  if ((i > j ? i - j : j - i) > window) return std::numeric_limits<double>::infinity();
  const double cost = std::abs(a[i] - b[j]);
  if (i == 0 && j == 0) return cost;
  double best = std::numeric_limits<double>::infinity();
  if (i > 0) best = std::min(best, plain_dtw(a, b, i - 1, j, window));
  if (j > 0) best = std::min(best, plain_dtw(a, b, i, j - 1, window));
  if (i > 0 && j > 0) best = std::min(best, plain_dtw(a, b, i - 1, j - 1, window));
  return cost + best;
}

double plain(const PointOptions& options, const Row& a, const Row& b) {
  switch (options.metric) {
    case Metric::Euclidean:
      return std::sqrt(plain_sum(a, b, [](double x, double y) { return (x - y) * (x - y); }));
    case Metric::SquaredEuclidean:
      return plain_sum(a, b, [](double x, double y) { return (x - y) * (x - y); });
    case Metric::Manhattan:
      return plain_sum(a, b, [](double x, double y) { return std::abs(x - y); });
    case Metric::Chebyshev:
      return plain_chebyshev(a, b);
    case Metric::Minkowski: {
      double sum = 0;
      for (std::size_t j = 0; j < a.size(); ++j) sum += std::pow(std::abs(a[j] - b[j]), options.p);
      return std::pow(sum, 1 / options.p);
    }
    case Metric::Cosine:
      return plain_cosine(a, b);
    case Metric::Correlation:
      return plain_cosine(deviations(a), deviations(b));
    case Metric::Jaccard:
      return plain_jaccard(a, b);
    case Metric::Hamming:
      return plain_sum(a, b, [](double x, double y) { return x != y ? 1.0 : 0.0; }) /
             static_cast<double>(a.size());
    case Metric::DTW:
      return plain_dtw(a, b, a.size() - 1, b.size() - 1,
                       options.window < 0 ? a.size() : static_cast<std::size_t>(options.window));
    default:
      return -1;
  }
}

const std::vector<PointOptions>& all_metrics() {
  static const std::vector<PointOptions> list{{.metric = Metric::Euclidean},
                                              {.metric = Metric::SquaredEuclidean},
                                              {.metric = Metric::Manhattan},
                                              {.metric = Metric::Chebyshev},
                                              {.metric = Metric::Minkowski, .p = 3},
                                              {.metric = Metric::Minkowski, .p = 0.5},
                                              {.metric = Metric::Minkowski, .p = 1},
                                              {.metric = Metric::Minkowski, .p = 2},
                                              {.metric = Metric::Cosine},
                                              {.metric = Metric::Correlation},
                                              {.metric = Metric::Jaccard},
                                              {.metric = Metric::Hamming},
                                              {.metric = Metric::DTW},
                                              {.metric = Metric::DTW, .window = 1}};
  return list;
}

// Points with whole coordinates, so that some coincide in part; 0/1 for jaccard. Row 0 is there twice.
std::vector<double> some_points(Index n, Index d, Metric metric, Random& random) {
  std::vector<double> values(static_cast<std::size_t>(n * d));
  for (double& value : values) {
    value = metric == Metric::Jaccard ? static_cast<double>(random.below(2))
                                      : static_cast<double>(random.below(7)) + random.uniform() - 3;
    if (metric == Metric::Hamming) value = std::floor(value);
  }
  std::copy_n(values.begin(), d, values.end() - d);
  return values;
}

Row row_of(const std::vector<double>& points, Index d, Index i) {
  return {points.begin() + i * d, points.begin() + (i + 1) * d};
}

std::vector<Isa> instruction_sets() {
  std::vector<Isa> sets{Isa::Scalar};
  for (const Isa isa : {Isa::Avx2, Isa::Avx512}) {
    if (static_cast<int>(isa) <= static_cast<int>(best_isa())) sets.push_back(isa);
  }
  return sets;
}

TEST(PointMetrics, EqualTheirDefinitions) {
  Random random(1);
  for (const PointOptions& options : all_metrics()) {
    for (const Index d : {2, 5}) {
      const Index n = 37;
      const std::vector<double> points = some_points(n, d, options.metric, random);
      const auto data = Dissimilarity::points(points, n, d, options);
      for (Index a = 0; a < n; ++a) {
        for (Index b = 0; b < n; ++b) {
          const double expected = plain(options, row_of(points, d, a), row_of(points, d, b));
          EXPECT_NEAR(data.at(a, b), expected, 1e-12 * std::max(1.0, expected))
              << name(options.metric) << ' ' << a << ' ' << b;
        }
      }
    }
  }
}

TEST(PointMetrics, EqualPointsAreAtDistanceZeroAndNothingIsNegative) {
  Random random(2);
  for (const PointOptions& options : all_metrics()) {
    const Index n = 50, d = 7;
    const std::vector<double> points = some_points(n, d, options.metric, random);
    const auto data = Dissimilarity::points(points, n, d, options);
    EXPECT_EQ(data.at(0, n - 1), 0) << name(options.metric);
    for (Index a = 0; a < n; ++a) {
      EXPECT_EQ(data.at(a, a), 0);
      for (Index b = 0; b < n; ++b) {
        EXPECT_GE(data.at(a, b), 0);
        EXPECT_EQ(data.at(a, b), data.at(b, a));
      }
    }
  }
}

TEST(PointMetrics, BytesDoNotDependOnInstructionSetOrMatrixOrPart) {
  Random random(3);
  for (PointOptions options : all_metrics()) {
    const Index n = 300, d = 6;
    const std::vector<double> points = some_points(n, d, options.metric, random);
    options.isa = Isa::Scalar;
    const auto scalar = Dissimilarity::points(points, n, d, options);
    for (const Isa isa : instruction_sets()) {
      options.isa = isa;
      options.matrix = Matrix::Never;
      const auto rows = Dissimilarity::points(points, n, d, options);
      EXPECT_FALSE(rows.dense());
      const auto& maker = *std::get<Rows<double>>(rows.rows()).maker;
      std::vector<double> part(static_cast<std::size_t>(n));
      for (Index x = 0; x < n; x += 7) {
        maker.fill(x, 3, n - 1, part.data());
        for (Index o = 3; o < n - 1; ++o) {
          ASSERT_EQ(part[static_cast<std::size_t>(o - 3)], scalar.at(o, x)) << name(options.metric);
          ASSERT_EQ(rows.at(o, x), scalar.at(o, x)) << name(options.metric);
        }
      }
    }
  }
}

TEST(PointMetrics, ClusteringIsTheSameWithoutAMatrix) {
  const Input input = testing::points("iris.csv");
  const auto rows = Dissimilarity::points(input.coordinates, 150, 4, {.matrix = Matrix::Never});
  const Result expected = cluster(input.data, {.k = 3, .init = Init::First});
  const Result result = cluster(rows, {.k = 3, .init = Init::First});
  EXPECT_EQ(result.medoids, expected.medoids);
  EXPECT_EQ(result.total_deviation, expected.total_deviation);
  EXPECT_EQ(result.statistics.swaps, expected.statistics.swaps);
}

TEST(PointMetrics, AutoKeepsAMatrixOnlyWithinTheBudget) {
  const std::vector<double> points(100);
  const PointOptions small{.memory_budget_bytes = 1 << 10, .matrix = Matrix::Auto};
  EXPECT_FALSE(Dissimilarity::points(points, 100, 1, small).dense());
  EXPECT_TRUE(Dissimilarity::points(points, 100, 1, {.matrix = Matrix::Auto}).dense());
}

TEST(PointMetrics, DynamicTimeWarpingHasThePublishedValues) {
  const json::Value document = json::read(testing::data_path("metrics.json"));
  json::Reader dtw = json::Reader(document, "metrics.json").at("dtw");
  std::vector<double> xyz;
  for (const char* series : {"x", "y", "z"}) {
    const std::vector<double> values = dtw.at(series).numbers();
    xyz.insert(xyz.end(), values.begin(), values.end());
  }
  const auto distance = [&](Index window, Index a, Index b) {
    return Dissimilarity::points(xyz, 3, 8, {.metric = Metric::DTW, .window = window}).at(a, b);
  };
  EXPECT_EQ(distance(0, 0, 1), dtw.at("xy_window_0").number());
  EXPECT_EQ(distance(1, 0, 1), dtw.at("xy_window_1").number());
  EXPECT_EQ(distance(1, 0, 2), dtw.at("xz_window_1").number());
  EXPECT_EQ(distance(8, 0, 2), dtw.at("xz_window_8").number());
  EXPECT_EQ(distance(-1, 0, 2), dtw.at("xz_window_8").number());
}

TEST(PointMetrics, RowsOfEqualValuesAreUncorrelatedWithOthersAndEqualToTheirLike) {
  const std::vector<double> points{0.1, 0.1, 0.1, 7, 7, 7, 1, 2, 4};
  const auto data = Dissimilarity::points(points, 3, 3, {.metric = Metric::Correlation});
  EXPECT_EQ(data.at(0, 1), 0);
  EXPECT_NEAR(data.at(0, 2), 1, 1e-15);
  EXPECT_EQ(data.at(0, 2), data.at(1, 2));
}

TEST(PointMetrics, AColumnOfEqualValuesChangesNoCorrelationOfOthersByNaN) {
  const std::vector<double> points{1, 5, 2, 2, 5, 9, 3, 5, 3};
  const auto data = Dissimilarity::points(points, 3, 3, {.metric = Metric::Correlation});
  for (Index a = 0; a < 3; ++a) {
    for (Index b = 0; b < 3; ++b) EXPECT_TRUE(std::isfinite(data.at(a, b)));
  }
}

TEST(PointMetrics, DirectionsOfHugeAndTinyVectorsAreExact) {
  const std::vector<double> points{1e300, 1e300, 1e-310, 1e-310, 3, -3};
  const auto data = Dissimilarity::points(points, 3, 2, {.metric = Metric::Cosine});
  EXPECT_NEAR(data.at(0, 1), 0, 1e-15);
  EXPECT_NEAR(data.at(0, 2), 1, 1e-15);
}

TEST(PointMetrics, HighPowersDoNotVanish) {
  const std::vector<double> points{0, 0, 3e-4, 2e-4, 5e200, 1};
  const auto data = Dissimilarity::points(points, 3, 2, {.metric = Metric::Minkowski, .p = 150});
  EXPECT_NEAR(data.at(0, 1), 3e-4, 1e-15);
  EXPECT_NEAR(data.at(0, 2), 5e200, 1e186);
}

std::string refused(const std::vector<double>& points, Index n, Index d, const PointOptions& options) {
  try {
    Dissimilarity::points(points, n, d, options);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(BadPoints, WhatAMetricDoesNotTakeIsNamed) {
  EXPECT_THAT(refused({1, 2, 0, 0}, 2, 2, {.metric = Metric::Cosine}), HasSubstr("row 2 is a zero vector"));
  EXPECT_THAT(refused({1, 0, 0.5, 1}, 2, 2, {.metric = Metric::Jaccard}),
              HasSubstr("the value in row 2, column 1 is 0.5; expected 0 or 1 for jaccard"));
  EXPECT_THAT(refused({1, 2}, 2, 1, {.metric = Metric::Minkowski, .p = 0}), HasSubstr("p of minkowski is 0"));
  EXPECT_THAT(refused({1, 2}, 2, 1, {.metric = Metric::DTW, .window = -2}), HasSubstr("window of dtw is -2"));
  EXPECT_THAT(refused({1, 2}, 2, 1, {.metric = Metric::Gower}), HasSubstr("gower is no distance between"));
}

TEST(BadPoints, DistancesBeyondDoubleAreANumericErrorWithAndWithoutAMatrix) {
  const std::vector<double> far{-1e300, 1e300, -1.7e308, 1.7e308};
  for (const Metric metric : {Metric::Euclidean, Metric::SquaredEuclidean, Metric::Manhattan,
                              Metric::Chebyshev, Metric::Minkowski, Metric::DTW}) {
    PointOptions options{.metric = metric, .p = 3};
    EXPECT_THROW(Dissimilarity::points(far, 4, 1, options), NumericError) << name(metric);
    options.matrix = Matrix::Never;
    const auto rows = Dissimilarity::points(far, 4, 1, options);
    EXPECT_THROW(rows.at(2, 3), NumericError) << name(metric);
    EXPECT_THROW(cluster(rows, {.k = 2, .init = Init::Build}), NumericError) << name(metric);
  }
}

TEST(MetricNames, ReadBackAndUnknownOnesAreRefused) {
  EXPECT_EQ(metrics().size(), 12U);
  for (const Metric metric : metrics()) EXPECT_EQ(parse_metric(std::string(name(metric))), metric);
  EXPECT_THROW(parse_metric("euclid"), InputError);
}

}  // namespace
}  // namespace xchg::kmedoids
