// Best-improvement searches: published results, and PAM's swaps from every form of FastPAM1.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "xchg/core/error.hpp"
#include "xchg/kmedoids/kmedoids.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::points;

std::vector<Index> sorted(std::vector<Index> values) {
  std::sort(values.begin(), values.end());
  return values;
}

struct BestSwapCase {
  const char* file;
  int k;
  double start, end;
  std::vector<Index> medoids;  // empty: not published
  std::int64_t swaps = -1;     // -1: not published
};

class BestSwaps : public ::testing::TestWithParam<BestSwapCase> {};

TEST_P(BestSwaps, AfterBuildHasThePublishedTotalDeviation) {
  const BestSwapCase& expected = GetParam();
  const Input input = points(expected.file);
  for (const Method method : {Method::FastPAM1, Method::PAM}) {
    const Result result = cluster(input.data, {.k = expected.k, .method = method, .init = Init::Build});
    EXPECT_NEAR(result.statistics.total_deviation_init, expected.start, 1e-9 * expected.start);
    EXPECT_NEAR(result.total_deviation, expected.end, 1e-9 * expected.end);
    EXPECT_TRUE(result.converged);
    EXPECT_EQ(result.method, method);
    if (!expected.medoids.empty()) {
      EXPECT_EQ(sorted(result.medoids), expected.medoids);
    }
    if (expected.swaps >= 0) {
      EXPECT_EQ(result.statistics.swaps, expected.swaps);
    }
    EXPECT_EQ(result.statistics.rounds, result.statistics.swaps + 1);
    EXPECT_EQ(result.statistics.seconds_per_swap.size(), static_cast<std::size_t>(result.statistics.swaps));
    const Check check = verify(input.data, result);
    EXPECT_TRUE(check.right && check.swap_optimal) << check.problem;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Data, BestSwaps,
    ::testing::Values(BestSwapCase{"iris.csv", 2, 148.5178053411, 129.3303885769, {7, 126}},
                      BestSwapCase{"iris.csv", 3, 100.6408632628, 98.1311548823, {7, 78, 112}},
                      BestSwapCase{"iris.csv", 5, 82.8143820432, 79.0925271172, {7, 63, 69, 105, 112}},
                      BestSwapCase{"iris.csv", 10, 60.7317370102, 59.8715714940, {}},
                      BestSwapCase{"ruspini.csv", 4, 1292.1738299397, 861.4781110933, {9, 31, 51, 69}},
                      BestSwapCase{"ruspini.csv", 5, 907.3982316085, 779.6843019643, {}},
                      BestSwapCase{"digits.csv",
                                   10,
                                   51884.0498492433,
                                   51194.6998163425,
                                   {186, 345, 360, 983, 1039, 1075, 1327, 1387, 1417, 1696},
                                   4}));

TEST(Pam, OneMedoidIsTheObjectOfLeastSum) {
  const Input input = points("iris.csv");
  for (const Method method : {Method::FastPAM1, Method::PAM}) {
    const Result result = cluster(input.data, {.k = 1, .method = method, .init = Init::Build});
    EXPECT_NEAR(result.total_deviation, 284.8487175853, 1e-6);
    EXPECT_THAT(result.medoids, ElementsAre(61));
  }
}

TEST(Pam, ManhattanFromTheFirstThreeReachesTheOptimum) {
  const Input input = points("iris.csv", Metric::Manhattan);
  for (const Method method : {Method::FastPAM1, Method::PAM}) {
    const Result result = cluster(input.data, {.k = 3, .method = method, .init = Init::First});
    EXPECT_NEAR(result.total_deviation, 162.5, 1e-9);
    EXPECT_EQ(sorted(result.medoids), (std::vector<Index>{7, 55, 112}));
  }
}

void expect_same_search(const Result& a, const Result& b) {
  EXPECT_EQ(a.medoids, b.medoids);
  EXPECT_EQ(a.converged, b.converged);
  EXPECT_EQ(a.statistics.total_deviation_per_swap, b.statistics.total_deviation_per_swap);
  EXPECT_EQ(a.statistics.rounds, b.statistics.rounds);
  EXPECT_EQ(a.statistics.evaluated, b.statistics.evaluated);
  EXPECT_EQ(a.statistics.objects_changed, b.statistics.objects_changed);
}

TEST(Pam, FastPam1TakesItsSwapsOnWholeNumbersWithTiesWeightsAndAsymmetry) {
  Random random(711);
  for (int round = 0; round < 2000; ++round) {
    const Index n = 2 + static_cast<Index>(random.below(39));
    const Dissimilarity data = testing::random_instance(n, random.below(2) == 0, random);
    std::vector<double> weights;
    if (random.below(2) == 0) {
      for (Index o = 0; o < n; ++o) weights.push_back(static_cast<double>(random.below(4)));
      weights.front() = 1;
    }
    Options options{.k = 1 + static_cast<int>(random.below(static_cast<std::uint64_t>(n))),
                    .method = Method::PAM,
                    .weights = weights,
                    .seed = static_cast<std::uint64_t>(round),
                    .threads = 1};
    const Result naive = cluster(data, options);
    options.method = Method::FastPAM1;
    const Result fast = cluster(data, options);
    SCOPED_TRACE(fmt::format("round {}, n {}, k {}", round, n, options.k));
    expect_same_search(fast, naive);
    const Check check = verify(data, fast, weights);
    EXPECT_TRUE(check.right && check.swap_optimal) << check.problem;
  }
}

TEST(Pam, FastPam1TakesItsSwapsOnPointsThoughSumsAreRoundedDifferently) {
  Random random(712);
  for (int round = 0; round < 100; ++round) {
    const Index n = 10 + static_cast<Index>(random.below(120));
    std::vector<double> coordinates(static_cast<std::size_t>(2 * n));
    // A grid has many swaps that change TD by the same.
    for (double& value : coordinates)
      value = round % 2 == 0 ? random.normal() : 0.1 * static_cast<double>(random.below(8));
    const Dissimilarity data = Dissimilarity::points(coordinates, n, 2);
    Options options{.k = 2 + static_cast<int>(random.below(8)),
                    .method = Method::PAM,
                    .seed = static_cast<std::uint64_t>(round),
                    .threads = 1};
    const Result naive = cluster(data, options);
    options.method = Method::FastPAM1;
    SCOPED_TRACE(fmt::format("round {}, n {}, k {}", round, n, options.k));
    expect_same_search(cluster(data, options), naive);
  }
}

// PAM in a few lines over the definition of TD: every swap tried, the first best one taken.
std::vector<double> totals_by_enumeration(const Dissimilarity& data, std::vector<Index> medoids) {
  std::vector<double> totals;
  for (double total = testing::total_deviation(data, medoids);;) {
    double best = total;
    std::vector<Index> best_medoids;
    for (Index x = 0; x < data.size(); ++x) {
      if (std::find(medoids.begin(), medoids.end(), x) != medoids.end()) continue;
      for (std::size_t slot = 0; slot < medoids.size(); ++slot) {
        std::vector<Index> swapped = medoids;
        swapped[slot] = x;
        const double after = testing::total_deviation(data, swapped);
        if (after < best) {
          best = after;
          best_medoids = swapped;
        }
      }
    }
    if (best_medoids.empty()) return totals;
    medoids = best_medoids;
    totals.push_back(total = best);
  }
}

TEST(Pam, TakesTheFirstBestOfAllSwapsByEnumeration) {
  Random random(713);
  for (int round = 0; round < 200; ++round) {
    const Index n = 4 + static_cast<Index>(random.below(14));
    const int k = 2 + static_cast<int>(random.below(static_cast<std::uint64_t>(n - 3)));
    const Dissimilarity data = testing::random_instance(n, round % 2 == 0, random);
    std::vector<Index> first(static_cast<std::size_t>(k));
    std::iota(first.begin(), first.end(), Index{0});
    const Result result = cluster(data, {.k = k, .method = Method::PAM, .init = Init::First});
    EXPECT_EQ(result.statistics.total_deviation_per_swap, totals_by_enumeration(data, first));
  }
}

TEST(FastPam2, EndsSwapOptimalAndItsFirstSwapIsPams) {
  Random random(714);
  for (int round = 0; round < 300; ++round) {
    const Index n = 3 + static_cast<Index>(random.below(60));
    const Dissimilarity data = testing::random_instance(n, round % 2 == 0, random);
    Options options{.k = 2 + static_cast<int>(random.below(static_cast<std::uint64_t>(n - 2))),
                    .method = Method::FastPAM2,
                    .seed = static_cast<std::uint64_t>(round),
                    .fastpam2_tolerance = 0.5 * static_cast<double>(random.below(3)),
                    .threads = 1};
    const Result result = cluster(data, options);
    EXPECT_TRUE(result.converged);
    double previous = result.statistics.total_deviation_init;
    for (const double total : result.statistics.total_deviation_per_swap) {
      EXPECT_LT(total, previous);
      previous = total;
    }
    const Check check = verify(data, result);
    EXPECT_TRUE(check.right && check.swap_optimal) << check.problem;
    options.method = Method::PAM;
    const Result best = cluster(data, options);
    ASSERT_EQ(best.statistics.swaps == 0, result.statistics.swaps == 0);
    if (best.statistics.swaps > 0) {
      EXPECT_EQ(result.statistics.total_deviation_per_swap.front(),
                best.statistics.total_deviation_per_swap.front());
    }
  }
}

TEST(FastPam2, NeedsFewerPassesThanFastPam1ForAsManySwaps) {
  const Input input = points("digits.csv");
  const Result one = cluster(input.data, {.k = 40, .method = Method::FastPAM1, .init = Init::First});
  const Result two = cluster(input.data, {.k = 40, .method = Method::FastPAM2, .init = Init::First});
  EXPECT_EQ(one.statistics.rounds, one.statistics.swaps + 1);
  EXPECT_LT(2 * two.statistics.rounds, one.statistics.rounds);
  EXPECT_LT(two.total_deviation, 1.01 * one.total_deviation);
}

TEST(FastPam2, WithToleranceZeroTakesOnlySwapsWhoseGainIsAsPredicted) {
  const Input input = points("digits.csv");
  Options options{.k = 40, .method = Method::FastPAM2, .init = Init::First, .max_rounds = 1};
  const Result any = cluster(input.data, options);
  options.fastpam2_tolerance = 0;
  const Result unaffected = cluster(input.data, options);
  EXPECT_GT(unaffected.statistics.swaps, 1);
  EXPECT_LT(unaffected.statistics.swaps, any.statistics.swaps);
  // Swaps come in the order of their predicted gains, so undiminished gains never grow.
  double previous = unaffected.statistics.total_deviation_init;
  double gain = previous;
  for (const double total : unaffected.statistics.total_deviation_per_swap) {
    EXPECT_LE(previous - total, gain * (1 + 1e-9));
    gain = previous - total;
    previous = total;
  }
}

TEST(FastPam2, RefusesATolerancesOutsideZeroToOne) {
  const Input input = points("iris.csv");
  for (const double tolerance : {-0.1, 1.1, std::nan("")}) {
    EXPECT_THROW(cluster(input.data, {.k = 3, .method = Method::FastPAM2, .fastpam2_tolerance = tolerance}),
                 InputError);
  }
}

TEST(Alternating, StopsWhereNoClusterHasABetterMember) {
  Random random(715);
  int worse = 0;
  for (int round = 0; round < 200; ++round) {
    const Index n = 5 + static_cast<Index>(random.below(40));
    const int k = 1 + static_cast<int>(random.below(static_cast<std::uint64_t>(n)));
    const Dissimilarity data = testing::random_instance(n, round % 2 == 0, random);
    const Result result = cluster(
        data,
        {.k = k, .method = Method::Alternating, .seed = static_cast<std::uint64_t>(round), .threads = 1});
    EXPECT_TRUE(result.converged);
    EXPECT_LE(result.total_deviation, result.statistics.total_deviation_init);
    const auto sum_within = [&](Index x, std::int32_t label) {
      double sum = 0;
      for (Index o = 0; o < n; ++o) {
        if (result.labels[static_cast<std::size_t>(o)] == label) sum += data.at(o, x);
      }
      return sum;
    };
    for (Index x = 0; x < n; ++x) {
      const std::int32_t label = result.labels[static_cast<std::size_t>(x)];
      EXPECT_GE(sum_within(x, label), sum_within(result.medoids[static_cast<std::size_t>(label)], label));
    }
    worse += testing::best_swap_change(data, result.medoids) < 0 ? 1 : 0;
  }
  EXPECT_GT(worse, 50);  // it is not PAM
}

// Cancels at the n-th question.
class CancelAfter : public Progress {
 public:
  explicit CancelAfter(int questions) : questions_(questions) {}
  bool cancelled() const override { return --questions_ < 0; }

 private:
  mutable int questions_;
};

TEST(BestSwapSearches, KeepAValidClusteringWhenCancelled) {
  const Input input = points("iris.csv");
  for (const Method method : {Method::FastPAM1, Method::FastPAM2, Method::PAM, Method::Alternating}) {
    CancelAfter progress(2);
    const Result result =
        cluster(input.data, {.k = 5, .method = method, .init = Init::First, .threads = 1}, progress);
    EXPECT_FALSE(result.converged);
    EXPECT_GE(result.statistics.swaps, 1);
    EXPECT_TRUE(verify(input.data, result).right);
    EXPECT_NEAR(result.total_deviation, testing::total_deviation(input.data, result.medoids), 1e-9);
  }
}

}  // namespace
}  // namespace xchg::kmedoids
