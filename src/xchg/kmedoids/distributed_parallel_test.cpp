// The exact search by several processes, with threads in the place of processes.
#include <gtest/gtest.h>

#include <atomic>

#include "xchg/core/error.hpp"
#include "xchg/kmedoids/distributed.hpp"
#include "xchg/kmedoids/testing.hpp"
#include "xchg/kmedoids/thread_communicator.hpp"

namespace xchg::kmedoids {
namespace {

// What all ranks find, which must be the same.
Result on_ranks(int ranks, const Dissimilarity& data, const Options& options) {
  const std::vector<Result> results = testing::on_ranks<Result>(
      ranks, [&](Communicator& communicator) { return cluster_distributed(communicator, data, options); });
  for (const Result& other : results) {
    EXPECT_EQ(other.medoids, results.front().medoids);
    EXPECT_EQ(other.labels, results.front().labels);
    EXPECT_EQ(other.distance_to_medoid, results.front().distance_to_medoid);
    EXPECT_EQ(other.converged, results.front().converged);
  }
  return results.front();
}

void expect_same(const Result& a, const Result& b) {
  EXPECT_EQ(a.medoids, b.medoids);
  EXPECT_EQ(a.labels, b.labels);
  EXPECT_EQ(a.distance_to_medoid, b.distance_to_medoid);
  EXPECT_EQ(a.total_deviation, b.total_deviation);
  EXPECT_EQ(a.total_deviation_exact, b.total_deviation_exact);
  EXPECT_EQ(a.average_medoid_silhouette, b.average_medoid_silhouette);
  EXPECT_EQ(a.converged, b.converged);
  EXPECT_EQ(a.statistics.swaps, b.statistics.swaps);
  EXPECT_EQ(a.statistics.rounds, b.statistics.rounds);
  EXPECT_EQ(a.statistics.evaluated, b.statistics.evaluated);
  EXPECT_EQ(a.statistics.best_start, b.statistics.best_start);
  EXPECT_EQ(a.statistics.total_deviation_init, b.statistics.total_deviation_init);
  EXPECT_EQ(a.statistics.total_deviation_per_swap, b.statistics.total_deviation_per_swap);
}

void expect_right(const Dissimilarity& data, const Result& result, const Options& options) {
  const Check check = verify(data, result, options.weights);
  EXPECT_TRUE(check.right) << check.problem;
}

// Does not depend on the ranks.
Result expect_same_for_all(const Dissimilarity& data, const Options& options) {
  const Result one = on_ranks(1, data, options);
  for (const int ranks : {2, 3, 5}) expect_same(on_ranks(ranks, data, options), one);
  expect_right(data, one, options);
  return one;
}

// An instance of every kind: k from 1 to n, all cheap starts, weights or none, restarts, shuffled orders.
Options random_options(Index n, int round, std::vector<double>& weights, Random& random) {
  Options options{.k = 1 + static_cast<int>(random.below(static_cast<std::uint64_t>(std::min<Index>(n, 12)))),
                  .seed = static_cast<std::uint64_t>(round),
                  .skip = false,
                  .threads = 1};
  constexpr std::array starts{Init::Random, Init::First, Init::PlusPlus, Init::LAB};
  options.init = starts.at(random.below(starts.size()));
  options.restarts = 1 + static_cast<int>(random.below(3));
  options.shuffle = random.below(3) == 0;
  if (random.below(2) == 0) {
    for (Index o = 0; o < n; ++o) weights.push_back(static_cast<double>(1 + random.below(3)));
    options.weights = weights;
  }
  return options;
}

TEST(Distributed, IntegersTakeTheSwapsOfOneProcess) {
  Random random(501);
  for (int round = 0; round < 60; ++round) {
    const Index n = 2 + static_cast<Index>(random.below(150));
    const Dissimilarity data = testing::random_instance(n, round % 2 == 0, random);
    std::vector<double> weights;
    const Options options = random_options(n, round, weights, random);
    expect_same(expect_same_for_all(data, options), cluster(data, options));
  }
}

TEST(Distributed, AllTypesOfWholeNumbersTakeTheSwapsOfOneProcess) {
  Random random(502);
  const Index n = 90;
  const std::vector<std::int32_t> values = testing::random_matrix(n, false, random);
  const MatrixOptions asymmetric{.orientation = Orientation::RowsAreObjects};
  const Options options{.k = 6, .skip = false, .threads = 1};
  const Result expected = cluster(Dissimilarity::matrix(values, n, asymmetric), options);
  const auto check = [&]<class T>(T) {
    const std::vector<T> typed(values.begin(), values.end());
    const Result result = on_ranks(3, Dissimilarity::matrix(typed, n, asymmetric), options);
    EXPECT_EQ(result.medoids, expected.medoids);
    EXPECT_EQ(result.statistics.total_deviation_per_swap, expected.statistics.total_deviation_per_swap);
  };
  check(std::int64_t{});
  check(std::uint16_t{});
  check(std::uint8_t{});
  check(float{});  // sums of small whole numbers are exact, too
  check(double{});
}

TEST(Distributed, FloatsDoNotDependOnTheNumberOfRanks) {
  Random random(503);
  for (int round = 0; round < 30; ++round) {
    const Index n = 2 + static_cast<Index>(random.below(200));
    std::vector<double> points(static_cast<std::size_t>(3 * n));
    for (double& value : points) value = random.normal();
    const Dissimilarity matrix = Dissimilarity::points(points, n, 3);
    std::vector<double> weights;
    Options options = random_options(n, round, weights, random);
    for (double& weight : weights) weight += 0.1;
    const Result result = expect_same_for_all(matrix, options);
    const Dissimilarity made = Dissimilarity::points(points, n, 3, {.matrix = Matrix::Never});
    expect_same(on_ranks(3, made, options), result);
    std::vector<float> narrow;
    for (Index x = 0; x < n; ++x) {
      for (Index o = 0; o < n; ++o) narrow.push_back(static_cast<float>(matrix.at(o, x)));
    }
    expect_same_for_all(Dissimilarity::matrix(narrow, n), options);
  }
}

TEST(Distributed, BrokenWeightsOfWholeNumbersDoNotDependOnTheNumberOfRanks) {
  Random random(504);
  const Dissimilarity data = testing::random_instance(120, false, random);
  std::vector<double> weights;
  for (int o = 0; o < 120; ++o) weights.push_back(random.uniform());
  expect_same_for_all(data, {.k = 7, .weights = weights, .restarts = 3, .threads = 1});
}

TEST(Distributed, FindsTheSwapOptimalClusteringOfDigits) {
  const Input digits = testing::points("digits.csv");
  const Options options{.k = 10, .init = Init::First};
  const Result result = on_ranks(3, digits.data, options);
  EXPECT_NEAR(result.total_deviation, 51194.6998163425, 1e-9 * 51194.7);
  EXPECT_EQ(result.statistics.swaps, 53);
}

TEST(Distributed, ThreadsAndInstructionSetsOfARankGiveTheSameBytes) {
  Random random(505);
  std::vector<double> points(4 * 3000);
  for (double& value : points) value = random.normal();
  const Dissimilarity data = Dissimilarity::points(points, 3000, 4);
  const Result one = on_ranks(2, data, {.k = 20, .threads = 1, .isa = Isa::Scalar});
  expect_same(on_ranks(2, data, {.k = 20, .threads = 3}), one);
}

TEST(Distributed, StartAndRoundsAreThoseAskedFor) {
  Random random(506);
  const Dissimilarity data = testing::random_instance(60, true, random);
  const Options none{.k = 3, .init = Init::Given, .medoids = {5, 7, 50}, .max_rounds = 0};
  const Result start = on_ranks(2, data, none);
  EXPECT_EQ(start.medoids, none.medoids);
  EXPECT_FALSE(start.converged);
  EXPECT_TRUE(on_ranks(2, data, {.k = 60, .max_rounds = 0}).converged);
}

// Says cancel after some questions.
class Impatient : public Progress {
 public:
  explicit Impatient(int questions) : left_(questions) {}
  bool cancelled() const override { return left_.fetch_sub(1) <= 0; }

 private:
  mutable std::atomic<int> left_;
};

TEST(Distributed, OneRankThatIsCancelledStopsAllWithAValidResult) {
  Random random(507);
  const Dissimilarity data = testing::random_instance(300, false, random);
  const Options options{.k = 5, .restarts = 1000, .threads = 1};
  const auto results = testing::on_ranks<Result>(3, [&](Communicator& communicator) {
    Impatient impatient(communicator.rank() == 1 ? 5 : 1 << 30);
    return cluster_distributed(communicator, data, options, impatient);
  });
  for (const Result& result : results) {
    EXPECT_FALSE(result.converged);
    EXPECT_EQ(result.stopped_by, "cancelled");
    EXPECT_EQ(result.medoids, results.front().medoids);
    expect_right(data, result, options);
  }
}

TEST(Distributed, TheTimeLimitOfOneRankStopsAll) {
  Random random(508);
  const Dissimilarity data = testing::random_instance(300, false, random);
  const auto results = testing::on_ranks<Result>(2, [&](Communicator& communicator) {
    Options options{.k = 5, .restarts = 1 << 30, .threads = 1};
    if (communicator.rank() == 1) options.time_limit_seconds = 0.05;
    return cluster_distributed(communicator, data, options);
  });
  EXPECT_EQ(results.front().medoids, results.back().medoids);
  EXPECT_EQ(results.front().stopped_by, "the time limit");
}

// Zeros, but where an object is too far away.
class Failing : public RowMaker<double> {
 public:
  void fill(Index candidate, Index begin, Index end, double* out) const override {
    for (Index o = begin; o < end; ++o) out[o - begin] = at(o, candidate);
  }
  double at(Index object, Index candidate) const override {
    if (object == 39 && candidate == 20) throw NumericError("no distance of 39 and 20");
    return static_cast<double>(std::abs(object - candidate));
  }
};

TEST(Distributed, AnErrorOfOneRankEndsAllWithItsMessage) {
  const Dissimilarity data = Dissimilarity::made<double>(std::make_shared<Failing>(), 40, true);
  std::atomic<int> failed = 0;
  testing::on_ranks<int>(4, [&](Communicator& communicator) {
    try {
      cluster_distributed(communicator, data, {.k = 2, .init = Init::First});
    } catch (const NumericError& error) {
      EXPECT_STREQ(error.what(), "no distance of 39 and 20");
      ++failed;
    }
    return 0;
  });
  EXPECT_EQ(failed, 4);
}

TEST(Distributed, RefusesWhatItDoesNotDo) {
  Random random(509);
  const Dissimilarity data = testing::random_instance(20, true, random);
  SingleProcess alone;
  const auto message = [&](const Options& options) -> std::string {
    try {
      cluster_distributed(alone, data, options);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message({.k = 3}), "");
  EXPECT_NE(message({.k = 3, .method = Method::PAM}).find("pam does not run distributed"), std::string::npos);
  EXPECT_NE(message({.k = 3, .init = Init::Build}).find("build"), std::string::npos);
  EXPECT_NE(message({.k = 3, .certify = true}).find("certify"), std::string::npos);
  EXPECT_NE(message({.k = 21}).find("k is 21"), std::string::npos);
}

}  // namespace
}  // namespace xchg::kmedoids
