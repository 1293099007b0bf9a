// Searches of shards, with threads in the place of processes.
#include <gtest/gtest.h>

#include <atomic>

#include "xchg/core/error.hpp"
#include "xchg/kmedoids/sharded.hpp"
#include "xchg/kmedoids/testing.hpp"
#include "xchg/kmedoids/thread_communicator.hpp"

namespace xchg::kmedoids {
namespace {

// Gaussian blobs in the plane.
Dissimilarity blobs(Index n, int count, Matrix matrix, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> centres;
  for (int i = 0; i < 2 * count; ++i) centres.push_back(20 * random.uniform());
  std::vector<double> points;
  for (Index o = 0; o < n; ++o) {
    const std::size_t blob = 2 * random.below(static_cast<std::uint64_t>(count));
    points.push_back(centres[blob] + random.normal());
    points.push_back(centres[blob + 1] + random.normal());
  }
  return Dissimilarity::points(points, n, 2, {.matrix = matrix});
}

Result on_ranks(int ranks, const Dissimilarity& data, const Options& options, const ShardOptions& shards) {
  const std::vector<Result> results = testing::on_ranks<Result>(ranks, [&](Communicator& communicator) {
    return cluster_sharded(communicator, data, options, shards);
  });
  for (const Result& other : results) {
    EXPECT_EQ(other.medoids, results.front().medoids);
    EXPECT_EQ(other.labels, results.front().labels);
  }
  return results.front();
}

void expect_same(const Result& a, const Result& b) {
  EXPECT_EQ(a.medoids, b.medoids);
  EXPECT_EQ(a.labels, b.labels);
  EXPECT_EQ(a.distance_to_medoid, b.distance_to_medoid);
  EXPECT_EQ(a.total_deviation, b.total_deviation);
  EXPECT_EQ(a.total_deviation_exact, b.total_deviation_exact);
  EXPECT_EQ(a.converged, b.converged);
  EXPECT_EQ(a.statistics.rounds, b.statistics.rounds);
  EXPECT_EQ(a.statistics.swaps, b.statistics.swaps);
  EXPECT_EQ(a.statistics.evaluated, b.statistics.evaluated);
  EXPECT_EQ(a.statistics.best_start, b.statistics.best_start);
  EXPECT_EQ(a.statistics.restarts_done, b.statistics.restarts_done);
  EXPECT_EQ(a.statistics.total_deviation_init, b.statistics.total_deviation_init);
  EXPECT_EQ(a.statistics.total_deviation_per_swap, b.statistics.total_deviation_per_swap);
}

void expect_right(const Dissimilarity& data, const Result& result, std::span<const double> weights = {}) {
  const Check check = verify(data, result, weights);
  EXPECT_TRUE(check.right) << check.problem;
}

TEST(Sharded, ResultsDoNotDependOnTheNumberOfRanks) {
  Random random(601);
  for (int round = 0; round < 12; ++round) {
    const Index n = 40 + static_cast<Index>(random.below(200));
    const Dissimilarity data =
        round % 3 == 0 ? blobs(n, 4, Matrix::Always, 7) : testing::random_instance(n, round % 3 == 1, random);
    std::vector<double> weights;
    for (Index o = 0; o < n; ++o) weights.push_back(static_cast<double>(random.below(4)));
    Options options{.k = 1 + static_cast<int>(random.below(6)), .seed = random(), .threads = 1};
    if (round % 2 == 0) options.weights = weights;
    const ShardOptions shards{.shards = 1 + static_cast<int>(random.below(7)), .repetitions = 3};
    SingleProcess alone;
    const Result one = cluster_sharded(alone, data, options, shards);
    for (const int ranks : {2, 3, 5}) expect_same(on_ranks(ranks, data, options, shards), one);
    EXPECT_TRUE(one.converged);
    EXPECT_EQ(one.statistics.restarts_done, 3);
    expect_right(data, one, options.weights);
  }
}

TEST(Sharded, IsWithinThreePercentOfTheSearchOfAllObjects) {
  const Dissimilarity data = blobs(3000, 6, Matrix::Always, 8);
  const Result all = cluster(data, {.k = 6, .restarts = 3});
  for (const int shards : {2, 5, 10}) {
    const Result result = on_ranks(2, data, {.k = 6}, {.shards = shards, .repetitions = 2});
    EXPECT_LE(result.total_deviation, 1.03 * all.total_deviation);
    EXPECT_NEAR(result.total_deviation, testing::total_deviation(data, result.medoids),
                1e-9 * result.total_deviation);
  }
}

TEST(Sharded, OneShardIsTheSearchOfAllObjects) {
  Random random(602);
  const Dissimilarity data = testing::random_instance(150, true, random);
  SingleProcess alone;
  const Result result = cluster_sharded(alone, data, {.k = 5}, {.shards = 1});
  EXPECT_GE(testing::best_swap_change(data, result.medoids), 0);
}

TEST(Sharded, GoingOnGivesWhatAnUninterruptedRunDoes) {
  const Dissimilarity data = blobs(600, 5, Matrix::Always, 9);
  const Options options{.k = 5, .seed = 3};
  std::vector<Result> after;
  ShardOptions shards{.shards = 6, .repetitions = 5};
  shards.after_repetition = [&](const Result& best) { after.push_back(best); };
  const Result uninterrupted = on_ranks(2, data, options, shards);
  ASSERT_EQ(after.size(), 5U);
  expect_same(after.back(), uninterrupted);
  shards.after_repetition = nullptr;
  for (const Result& interrupted : after) {
    expect_right(data, interrupted);
    EXPECT_EQ(interrupted.converged, interrupted.statistics.restarts_done == 5);
    shards.done = interrupted;
    expect_same(on_ranks(3, data, options, shards), uninterrupted);
  }
}

TEST(Sharded, RepetitionsOnlyImproveAndHaveOtherShards) {
  const Dissimilarity data = blobs(500, 8, Matrix::Always, 10);
  std::vector<double> totals;
  ShardOptions shards{.shards = 10, .repetitions = 12};
  shards.after_repetition = [&](const Result& best) { totals.push_back(best.total_deviation); };
  SingleProcess alone;
  const Result result = cluster_sharded(alone, data, {.k = 8}, shards);
  EXPECT_TRUE(std::is_sorted(totals.rbegin(), totals.rend()));
  EXPECT_LT(totals.back(), totals.front());
  EXPECT_EQ(result.statistics.total_deviation_init, totals.front());
  EXPECT_EQ(result.total_deviation, totals.back());
}

TEST(Sharded, NeedsNoMatrix) {
  const Options options{.k = 4};
  const ShardOptions shards{.shards = 4, .repetitions = 2};
  expect_same(on_ranks(2, blobs(800, 4, Matrix::Never, 11), options, shards),
              on_ranks(2, blobs(800, 4, Matrix::Always, 11), options, shards));
}

TEST(Sharded, SearchesSamplesWhereTheMatrixOfAShardIsOverTheBudget) {
  const Dissimilarity data = blobs(3000, 4, Matrix::Never, 12);
  const ShardOptions shards{.shards = 3};
  const Options roomy{.k = 4};
  Options tight = roomy;
  tight.memory_budget_bytes = std::uint64_t{1000} * 1000 * sizeof(double) - 1;
  const Result whole = on_ranks(1, data, roomy, shards), sampled = on_ranks(2, data, tight, shards);
  EXPECT_NE(sampled.statistics.evaluated, whole.statistics.evaluated);
  EXPECT_LE(sampled.total_deviation, 1.05 * whole.total_deviation);
  expect_right(data, sampled);
  tight.memory_budget_bytes += 1;
  expect_same(on_ranks(2, data, tight, shards), whole);
}

TEST(Sharded, AShardWithoutWeightIsNoError) {
  const Dissimilarity data = blobs(60, 2, Matrix::Always, 13);
  std::vector<double> weights(60, 0.0);
  weights[17] = 2;
  const Options options{.k = 2, .weights = weights};
  const Result result = on_ranks(2, data, options, {.shards = 10});
  expect_right(data, result, weights);
}

// Says cancel after some questions.
class Impatient : public Progress {
 public:
  explicit Impatient(int questions) : left_(questions) {}
  bool cancelled() const override { return left_.fetch_sub(1) <= 0; }

 private:
  mutable std::atomic<int> left_;
};

TEST(Sharded, CancellingOneRankEndsAllWithAValidResult) {
  const Dissimilarity data = blobs(300, 4, Matrix::Always, 14);
  for (const int questions : {0, 3, 200}) {
    const auto results = testing::on_ranks<Result>(3, [&](Communicator& communicator) {
      Impatient impatient(communicator.rank() == 2 ? questions : 1 << 30);
      return cluster_sharded(communicator, data, {.k = 4, .threads = 1}, {.shards = 5, .repetitions = 100000},
                             impatient);
    });
    for (const Result& result : results) {
      EXPECT_FALSE(result.converged);
      EXPECT_EQ(result.stopped_by, "cancelled");
      EXPECT_EQ(result.medoids, results.front().medoids);
      expect_right(data, result);
    }
  }
}

TEST(Sharded, AnErrorOfTheCallbackEndsAllRanks) {
  const Dissimilarity data = blobs(50, 2, Matrix::Always, 15);
  std::atomic<int> failed = 0;
  testing::on_ranks<int>(3, [&](Communicator& communicator) {
    ShardOptions shards{.shards = 2};
    shards.after_repetition = [](const Result&) { throw LimitError("the disk is full"); };
    try {
      cluster_sharded(communicator, data, {.k = 2}, shards);
    } catch (const LimitError& error) {
      EXPECT_STREQ(error.what(), "the disk is full");
      ++failed;
    }
    return 0;
  });
  EXPECT_EQ(failed, 3);
}

TEST(Sharded, RefusesWhatItDoesNotDo) {
  const Dissimilarity data = blobs(40, 2, Matrix::Always, 16);
  SingleProcess alone;
  const auto message = [&](const Options& options, const ShardOptions& shards) -> std::string {
    try {
      cluster_sharded(alone, data, options, shards);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  const auto has = [](const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
  };
  EXPECT_EQ(message({.k = 10}, {.shards = 4}), "");
  EXPECT_TRUE(has(message({.k = 10}, {.shards = 5}), "5 shards of 40 objects"));
  EXPECT_TRUE(has(message({.k = 10}, {.shards = 5}), "1 to 4, so that each has at least k = 10 objects"));
  EXPECT_TRUE(has(message({.k = 2}, {.shards = 0}), "0 shards"));
  EXPECT_TRUE(has(message({.k = 2}, {.shards = 2, .repetitions = 0}), "repetitions is 0"));
  EXPECT_TRUE(has(message({.k = 2, .method = Method::PAM}, {.shards = 2}), "pam does not search shards"));
  EXPECT_TRUE(has(message({.k = 1, .init = Init::Given, .medoids = {3}}, {.shards = 2}), "given medoids"));
  EXPECT_TRUE(has(message({.k = 2, .certify = true}, {.shards = 2}), "certify"));
  Result done;
  done.medoids = {1, 40};
  EXPECT_TRUE(
      has(message({.k = 2}, {.shards = 2, .repetitions = 2, .done = done}), "medoid 40 does not exist"));
}

}  // namespace
}  // namespace xchg::kmedoids
