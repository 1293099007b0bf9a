// What runs on several threads, with so little work for each that windows, ties and hits interleave.
#include <gtest/gtest.h>

#include <numeric>

#include "xchg/kmedoids/fasterpam.hpp"
#include "xchg/kmedoids/initial.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

struct Outcome {
  std::vector<Index> medoids;
  Statistics statistics;
  bool converged;
};

template <class T>
Outcome search(const Dissimilarity& data, std::vector<Index> start, int threads) {
  const auto values = std::get<Rows<T>>(data.rows());
  const Problem<T> problem{values, data.size(), {}};
  State<T> state(problem, std::move(start));
  std::vector<Index> order(static_cast<std::size_t>(problem.n));
  std::iota(order.begin(), order.end(), Index{0});
  const SearchLimits limits{.threads = threads, .parallel_work = 1, .measure_threads = false};
  Statistics statistics;
  const bool converged = fasterpam(problem, state, order, limits, statistics, Progress::none());
  return {state.medoids(), statistics, converged};
}

template <class T>
void expect_same_for_all_thread_counts(const Dissimilarity& data, const std::vector<Index>& start) {
  const Outcome one = search<T>(data, start, 1);
  EXPECT_TRUE(one.converged);
  for (const int threads : {2, 3, 5}) {
    const Outcome several = search<T>(data, start, threads);
    EXPECT_EQ(several.medoids, one.medoids);
    EXPECT_EQ(several.converged, one.converged);
    EXPECT_EQ(several.statistics.evaluated, one.statistics.evaluated);
    EXPECT_EQ(several.statistics.rounds, one.statistics.rounds);
    EXPECT_EQ(several.statistics.total_deviation_per_swap, one.statistics.total_deviation_per_swap);
  }
}

TEST(ParallelSearch, WindowsTakeTheSwapsOfOneThread) {
  Random random(77);
  for (int round = 0; round < 60; ++round) {
    const Index n = 5 + static_cast<Index>(random.below(300));
    const int k = 2 + static_cast<int>(random.below(static_cast<std::uint64_t>(std::min<Index>(n - 2, 30))));
    const std::vector<Index> start = random_start(n, k, random);
    expect_same_for_all_thread_counts<std::int32_t>(testing::random_instance(n, round % 2 == 0, random),
                                                    start);
    std::vector<double> points(static_cast<std::size_t>(2 * n));
    for (double& value : points) value = random.normal();
    expect_same_for_all_thread_counts<double>(Dissimilarity::points(points, n, 2), start);
  }
}

TEST(ParallelSearch, LockstepDoesNotDependOnThreads) {
  Random random(80);
  for (int round = 0; round < 20; ++round) {
    const Index n = 50 + static_cast<Index>(random.below(200));
    const Dissimilarity data = testing::random_instance(n, round % 2 == 0, random);
    Options options{.k = 5, .seed = static_cast<std::uint64_t>(round), .restarts = 7, .threads = 1};
    const Result one = cluster(data, options);
    for (const int threads : {2, 5}) {
      options.threads = threads;
      const Result several = cluster(data, options);
      EXPECT_EQ(several.medoids, one.medoids);
      EXPECT_EQ(several.statistics.evaluated, one.statistics.evaluated);
      EXPECT_EQ(several.statistics.skipped, one.statistics.skipped);
      EXPECT_EQ(several.statistics.total_deviation_per_swap, one.statistics.total_deviation_per_swap);
    }
  }
}

TEST(ParallelStart, BuildAndBestSingleDoNotDependOnThreads) {
  Random random(78);
  for (int round = 0; round < 30; ++round) {
    const Dissimilarity data = testing::random_instance(60, round % 2 == 0, random);
    const auto values = std::get<Rows<std::int32_t>>(data.rows());
    const Problem<std::int32_t> problem{values, 60, {}};
    const std::vector<Index> one = build_start(problem, 7, Ties::First, {.threads = 1}, Progress::none());
    EXPECT_EQ(build_start(problem, 7, Ties::First, {.threads = 4, .parallel_work = 1}, Progress::none()),
              one);
    EXPECT_EQ(best_single(problem, 4, Progress::none()), one.front());
  }
}

TEST(ParallelDistances, MatrixSilhouettesAndSummaryDoNotDependOnThreads) {
  Random random(79);
  std::vector<double> points(120 * 5);
  for (double& value : points) value = random.normal();
  const Dissimilarity one = Dissimilarity::points(points, 120, 5, {.threads = 1});
  const Dissimilarity four = Dissimilarity::points(points, 120, 5, {.threads = 4});
  for (Index a = 0; a < 120; ++a) {
    for (Index b = 0; b < 120; ++b) ASSERT_EQ(one.at(a, b), four.at(a, b));
  }
  const Result result = cluster(one, {.k = 6});
  const std::vector<double> silhouettes = silhouette(one, result.labels, 1);
  EXPECT_EQ(silhouette(one, result.labels, 4), silhouettes);
  const auto first = summarize(one, result, silhouettes, 1), second = summarize(one, result, silhouettes, 4);
  for (std::size_t slot = 0; slot < first.size(); ++slot) {
    EXPECT_EQ(first[slot].diameter, second[slot].diameter);
    EXPECT_EQ(first[slot].separation, second[slot].separation);
  }
}

}  // namespace
}  // namespace xchg::kmedoids
