// Published and enumerated results.
#include "xchg/kmedoids/kmedoids.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "xchg/core/error.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

using ::testing::ElementsAre;
using testing::points;

std::vector<Isa> instruction_sets() {
  std::vector<Isa> sets{Isa::Scalar};
  for (const Isa isa : {Isa::Avx2, Isa::Avx512}) {
    if (static_cast<int>(isa) <= static_cast<int>(best_isa())) sets.push_back(isa);
  }
  return sets;
}

double relative(double expected) { return 1e-9 * expected; }

std::vector<Index> sorted(std::vector<Index> values) {
  std::sort(values.begin(), values.end());
  return values;
}

struct BuildCase {
  const char* file;
  int k;
  double total_deviation;
};

class BuildStart : public ::testing::TestWithParam<BuildCase> {};

TEST_P(BuildStart, HasThePublishedTotalDeviation) {
  const BuildCase& expected = GetParam();
  const Input input = points(expected.file);
  const Result start = cluster(input.data, {.k = expected.k, .init = Init::Build, .max_rounds = 0});
  EXPECT_NEAR(start.total_deviation, expected.total_deviation, relative(expected.total_deviation));
  EXPECT_FALSE(start.converged);
  const Result result = cluster(input.data, {.k = expected.k, .init = Init::Build});
  EXPECT_LE(result.total_deviation, start.total_deviation);
  EXPECT_TRUE(result.converged);
  const Check check = verify(input.data, result);
  EXPECT_TRUE(check.right) << check.problem;
  EXPECT_TRUE(check.swap_optimal);
}

INSTANTIATE_TEST_SUITE_P(Data, BuildStart,
                         ::testing::Values(BuildCase{"iris.csv", 2, 148.5178053411},
                                           BuildCase{"iris.csv", 3, 100.6408632628},
                                           BuildCase{"iris.csv", 5, 82.8143820432},
                                           BuildCase{"iris.csv", 10, 60.7317370102},
                                           BuildCase{"ruspini.csv", 4, 1292.1738299397},
                                           BuildCase{"ruspini.csv", 5, 907.3982316085},
                                           BuildCase{"digits.csv", 10, 51884.0498492433}));

TEST(KMedoids, OneMedoidIsTheObjectOfLeastSum) {
  const Input input = points("iris.csv");
  for (const Init init : {Init::Build, Init::Random, Init::First}) {
    const Result result = cluster(input.data, {.k = 1, .init = init});
    EXPECT_NEAR(result.total_deviation, 284.8487175853, 1e-6);
    EXPECT_THAT(result.medoids, ElementsAre(61));
    EXPECT_TRUE(result.converged);
    EXPECT_TRUE(verify(input.data, result).right);
  }
}

struct EagerCase {
  const char* file;
  int k;
  double total_deviation;
  std::int64_t swaps;
};

class EagerSearch : public ::testing::TestWithParam<EagerCase> {};

TEST_P(EagerSearch, TakesThePublishedSwapsForEveryInstructionSetAndThreadCount) {
  const EagerCase& expected = GetParam();
  const Input input = points(expected.file);
  const Result first =
      cluster(input.data, {.k = expected.k, .init = Init::First, .threads = 1, .isa = Isa::Scalar});
  EXPECT_NEAR(first.total_deviation, expected.total_deviation, relative(expected.total_deviation));
  EXPECT_EQ(first.statistics.swaps, expected.swaps);
  for (const Isa isa : instruction_sets()) {
    for (const int threads : {1, 2, 4}) {
      const Result again =
          cluster(input.data, {.k = expected.k, .init = Init::First, .threads = threads, .isa = isa});
      EXPECT_EQ(again.medoids, first.medoids);
      EXPECT_EQ(again.statistics.total_deviation_per_swap, first.statistics.total_deviation_per_swap);
      EXPECT_EQ(again.statistics.evaluated, first.statistics.evaluated);
      EXPECT_EQ(again.total_deviation, first.total_deviation);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Data, EagerSearch,
                         ::testing::Values(EagerCase{"digits.csv", 10, 51194.6998163425, 53},
                                           EagerCase{"iris.csv", 3, 98.8685730641, 27},
                                           EagerCase{"ruspini.csv", 4, 861.4781110933, 40}));

TEST(KMedoids, ManhattanFromTheFirstThreeIsSwapOptimal) {
  const Input input = points("iris.csv", Metric::Manhattan);
  const Result result = cluster(input.data, {.k = 3, .init = Init::Given, .medoids = {0, 1, 2}});
  EXPECT_GE(result.total_deviation, 162.5 - 1e-9);  // the proven optimum
  EXPECT_LE(result.total_deviation, 164.7 + 1e-9);
  EXPECT_TRUE(verify(input.data, result).swap_optimal);
  const Result best = cluster(input.data, {.k = 3, .init = Init::Given, .medoids = {7, 55, 112}});
  EXPECT_NEAR(best.total_deviation, 162.5, 1e-9);
  EXPECT_EQ(best.statistics.swaps, 0);
}

TEST(KMedoids, RoadDistancesAreSummedExactly) {
  const Input input = read_input(testing::data_path("eurodist.csv"), {.precomputed = true});
  ASSERT_TRUE(input.data.integers());
  EXPECT_EQ(input.ids.at(10), "Hook of Holland");
  EXPECT_EQ(cluster(input.data, {.k = 3, .init = Init::Build}).total_deviation_exact, 12703);
  const Result best = cluster(input.data, {.k = 3, .init = Init::Given, .medoids = {10, 13, 15}});
  EXPECT_EQ(best.total_deviation_exact, 11651);
  EXPECT_TRUE(best.converged);
}

TEST(KMedoids, SilhouettesHaveThePublishedMeans) {
  const auto mean_silhouette = [](const Input& input, int k, std::vector<Index> medoids) {
    const Result result =
        cluster(input.data, {.k = k, .init = Init::Given, .medoids = std::move(medoids), .max_rounds = 0});
    const std::vector<double> values = silhouette(input.data, result.labels);
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  };
  EXPECT_NEAR(mean_silhouette(points("iris.csv"), 3, {7, 78, 112}), 0.5528190124, 1e-9);
  EXPECT_NEAR(mean_silhouette(points("ruspini.csv"), 4, {9, 31, 51, 69}), 0.7376569909, 1e-9);
  EXPECT_NEAR(
      mean_silhouette(points("digits.csv"), 10, {186, 345, 360, 983, 1039, 1075, 1327, 1387, 1417, 1696}),
      0.1736479284, 1e-9);
}

TEST(KMedoids, MedoidSilhouetteOfEnumeratedOptima) {
  const auto average = [](const char* file, std::vector<Index> medoids) {
    const Input input = points(file);
    const int k = static_cast<int>(medoids.size());
    return cluster(input.data, {.k = k, .init = Init::Given, .medoids = std::move(medoids), .max_rounds = 0})
        .average_medoid_silhouette;
  };
  EXPECT_NEAR(average("iris.csv", {40, 126}), 0.778022110687, 1e-11);
  EXPECT_NEAR(average("iris.csv", {7, 15, 63}), 0.696859031448, 1e-11);
  EXPECT_NEAR(average("ruspini.csv", {9, 31, 53, 69}), 0.818160201265, 1e-11);
}

TEST(KMedoids, WholeWeightsEqualRepeatedRows) {
  const Input input = points("iris.csv");
  std::vector<double> weights, repeated;
  for (Index o = 0; o < 150; ++o) {
    const Index times = 1 + o % 3;
    weights.push_back(static_cast<double>(times));
    for (Index copy = 0; copy < times; ++copy) {
      repeated.insert(repeated.end(), input.coordinates.begin() + o * 4,
                      input.coordinates.begin() + (o + 1) * 4);
    }
  }
  const Result weighted = cluster(input.data, {.k = 3, .init = Init::Build, .weights = weights});
  const auto copies = Dissimilarity::points(repeated, static_cast<Index>(repeated.size()) / 4, 4);
  const Result plain = cluster(copies, {.k = 3, .init = Init::Build});
  EXPECT_NEAR(weighted.total_deviation, plain.total_deviation, 1e-9 * plain.total_deviation);
  EXPECT_TRUE(verify(input.data, weighted, weights).right);
}

TEST(KMedoids, RestartsKeepTheBestAndDependOnTheSeedAlone) {
  const Input input = points("iris.csv");
  const Options options{.k = 5, .seed = 7, .restarts = 8};
  const Result many = cluster(input.data, options);
  EXPECT_EQ(many.statistics.restarts_done, 8);
  EXPECT_EQ(cluster(input.data, options).medoids, many.medoids);
  Options one = options;
  one.restarts = 1;
  EXPECT_LE(many.total_deviation, cluster(input.data, one).total_deviation);
  EXPECT_TRUE(verify(input.data, many).right);
}

TEST(KMedoids, ShuffledOrderIsReproducibleAndSwapOptimal) {
  const Input input = points("digits.csv");
  const Options options{.k = 10, .seed = 3, .shuffle = true};
  const Result result = cluster(input.data, options);
  EXPECT_EQ(cluster(input.data, options).medoids, result.medoids);
  EXPECT_TRUE(verify(input.data, result).right);
}

TEST(KMedoids, EveryObjectItsOwnMedoidCostsNothing) {
  const Input input = points("ruspini.csv");
  const Result result = cluster(input.data, {.k = 75});
  EXPECT_EQ(result.total_deviation, 0);
  EXPECT_EQ(result.statistics.swaps, 0);
  EXPECT_TRUE(result.converged);
  EXPECT_TRUE(verify(input.data, result).right);
}

// Cancels at the first question after the first swap.
class CancelAfterFirstSwap : public Progress {
 public:
  void note(std::string_view) override { ++notes_; }
  bool cancelled() const override { return notes_ > 1; }  // the first note comes before any swap

 private:
  int notes_ = 0;
};

TEST(KMedoids, CancelKeepsAValidClustering) {
  const Input input = points("digits.csv");
  CancelAfterFirstSwap progress;
  const Result result = cluster(input.data, {.k = 10, .init = Init::First, .restarts = 3}, progress);
  EXPECT_FALSE(result.converged);
  EXPECT_EQ(result.statistics.swaps, 1);
  EXPECT_TRUE(verify(input.data, result).right);
  EXPECT_FALSE(verify(input.data, result).swap_optimal);
}

TEST(KMedoids, TimeLimitKeepsAValidClustering) {
  const Input input = points("digits.csv");
  const Result result = cluster(input.data, {.k = 10, .init = Init::First, .time_limit_seconds = 1e-9});
  EXPECT_FALSE(result.converged);
  EXPECT_TRUE(verify(input.data, result).right);
}

TEST(KMedoids, SummaryMatchesTheDefinitions) {
  const Input input = points("ruspini.csv");
  const Result result = cluster(input.data, {.k = 4, .init = Init::Build});
  const auto silhouettes = silhouette(input.data, result.labels);
  const auto table = summarize(input.data, result, silhouettes);
  double total = 0;
  std::int64_t objects = 0;
  for (std::size_t slot = 0; slot < table.size(); ++slot) {
    double diameter = 0, separation = 1e300;
    for (Index a = 0; a < 75; ++a) {
      if (result.labels[static_cast<std::size_t>(a)] != static_cast<std::int32_t>(slot)) continue;
      for (Index b = 0; b < 75; ++b) {
        if (result.labels[static_cast<std::size_t>(b)] == static_cast<std::int32_t>(slot))
          diameter = std::max(diameter, input.data.at(a, b));
        else
          separation = std::min(separation, input.data.at(a, b));
      }
    }
    EXPECT_EQ(table[slot].diameter, diameter);
    EXPECT_EQ(table[slot].separation, separation);
    EXPECT_EQ(table[slot].medoid, result.medoids[slot]);
    total += table[slot].mean_distance * static_cast<double>(table[slot].size);
    objects += table[slot].size;
  }
  EXPECT_NEAR(total, result.total_deviation, 1e-9 * total);
  EXPECT_EQ(objects, 75);
  EXPECT_EQ(sorted(result.medoids), (std::vector<Index>{9, 31, 51, 69}));
}

TEST(Projection, OfPointsInThePlaneKeepsAllDistances) {
  const Input input = points("ruspini.csv");
  const Projection projection = project(input.data, std::vector<Index>{0, 1, 2}, 1);
  EXPECT_NEAR(projection.kept, 1, 1e-9);
  for (std::size_t a = 0; a < 75; ++a) {
    for (std::size_t b = 0; b < 75; ++b) {
      const double distance =
          std::hypot(projection.coordinates[2 * a] - projection.coordinates[2 * b],
                     projection.coordinates[2 * a + 1] - projection.coordinates[2 * b + 1]);
      EXPECT_NEAR(distance, input.data.at(static_cast<Index>(a), static_cast<Index>(b)), 1e-6);
    }
  }
}

}  // namespace
}  // namespace xchg::kmedoids
