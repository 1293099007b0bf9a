// Searches in lockstep, candidates left out by a bound, and rows made as they are needed: none of them
// changes a swap.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <numeric>

#include "xchg/core/error.hpp"
#include "xchg/kmedoids/fasterpam.hpp"
#include "xchg/kmedoids/initial.hpp"
#include "xchg/kmedoids/skip.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

Dissimilarity random_points(Index n, Index d, Random& random) {
  std::vector<double> points(static_cast<std::size_t>(n * d));
  for (double& value : points) value = random.normal();
  return Dissimilarity::points(points, n, d);
}

void expect_same(const Result& a, const Result& b) {
  EXPECT_EQ(a.medoids, b.medoids);
  EXPECT_EQ(a.statistics.total_deviation_per_swap, b.statistics.total_deviation_per_swap);
  EXPECT_EQ(a.statistics.rounds, b.statistics.rounds);
  EXPECT_EQ(a.statistics.evaluated, b.statistics.evaluated);
  EXPECT_EQ(a.converged, b.converged);
}

TEST(Lockstep, RestartsDoWhatEachWouldDoAlone) {
  Random random(11);
  for (int round = 0; round < 40; ++round) {
    const Index n = 10 + static_cast<Index>(random.below(120));
    const int k = 2 + static_cast<int>(random.below(8));
    const bool whole = round % 2 == 0;
    const Dissimilarity data =
        whole ? testing::random_instance(n, round % 4 == 0, random) : random_points(n, 3, random);
    const auto seed = static_cast<std::uint64_t>(round);
    const int restarts = 2 + static_cast<int>(random.below(20));  // more than one group
    const Result together = cluster(data, {.k = k, .seed = seed, .restarts = restarts});
    std::optional<Result> best;
    int best_start = 0;
    for (int start = 0; start < restarts; ++start) {
      Random stream(seed, static_cast<std::uint64_t>(start));
      Result alone = cluster(data, {.k = k, .init = Init::Given, .medoids = random_start(n, k, stream)});
      if (best && alone.total_deviation >= best->total_deviation) continue;
      best = std::move(alone);
      best_start = start;
    }
    expect_same(together, *best);
    EXPECT_EQ(together.statistics.best_start, best_start);
    EXPECT_EQ(together.statistics.restarts_done, restarts);
  }
}

TEST(Lockstep, SeveralKDoWhatEachWouldDoAlone) {
  Random random(16);
  for (int round = 0; round < 15; ++round) {
    const Index n = 30 + static_cast<Index>(random.below(60));
    const Dissimilarity data =
        round % 2 == 0 ? testing::random_instance(n, round % 4 == 0, random) : random_points(n, 3, random);
    Options options{.init = round % 3 == 0 ? Init::Build : Init::Random,
                    .seed = static_cast<std::uint64_t>(round),
                    .restarts = 1 + round % 3};
    const RangeResult range = cluster_range(data, 1, 20, options, Objective::MedoidSilhouette);
    EXPECT_TRUE(range.converged);
    ASSERT_EQ(range.curve.size(), 20U);
    for (int k = 1; k <= 20; ++k) {
      options.k = k;
      const Result alone = cluster(data, options);
      EXPECT_EQ(range.curve[static_cast<std::size_t>(k - 1)].medoids, alone.medoids) << k;
    }
  }
}

TEST(Skipping, ChangesNoSwap) {
  Random random(12);
  std::int64_t skipped = 0;
  for (int round = 0; round < 150; ++round) {
    const Index n = 10 + static_cast<Index>(random.below(200));
    const Dissimilarity data =
        round % 3 == 0 ? testing::random_instance(n, round % 2 == 0, random) : random_points(n, 2, random);
    std::vector<double> weights;
    if (round % 5 == 0) {
      for (Index o = 0; o < n; ++o) weights.push_back(static_cast<double>(1 + random.below(3)));
    }
    Options options{.k = 2 + static_cast<int>(random.below(6)),
                    .weights = weights,
                    .seed = static_cast<std::uint64_t>(round),
                    .shuffle = round % 2 == 0};
    const Result with = cluster(data, options);
    options.skip = false;
    const Result without = cluster(data, options);
    EXPECT_EQ(with.medoids, without.medoids);
    EXPECT_EQ(with.statistics.total_deviation_per_swap, without.statistics.total_deviation_per_swap);
    EXPECT_EQ(with.statistics.rounds, without.statistics.rounds);
    EXPECT_EQ(with.statistics.evaluated + with.statistics.skipped, without.statistics.evaluated);
    EXPECT_EQ(without.statistics.skipped, 0);
    skipped += with.statistics.skipped;
  }
  EXPECT_GT(skipped, 1000);
}

// The change of one object's distance when a candidate at `distance` replaces the medoid of `slot`.
double term(const Skipping::Nearest& nearest, std::int32_t slot, double distance) {
  return nearest.slot == slot ? std::min(distance, nearest.d2) - nearest.d1
                              : std::min(distance - nearest.d1, 0.0);
}

TEST(Skipping, LargestDropIsThatOfTryingAllDistancesAndSlots) {
  Random random(13);
  for (int round = 0; round < 3000; ++round) {
    const auto nearest = [&] {
      const auto d1 = static_cast<double>(random.below(6));
      return Skipping::Nearest{static_cast<std::int32_t>(random.below(3)), d1,
                               d1 + static_cast<double>(random.below(6))};
    };
    const Skipping::Nearest before = nearest(), after = nearest();
    double largest = 0;
    for (int distance = 0; distance <= 14; ++distance) {
      for (std::int32_t slot = 0; slot < 4; ++slot)
        largest = std::max(largest, term(before, slot, distance) - term(after, slot, distance));
    }
    EXPECT_EQ(Skipping::largest_drop(before, after), largest) << fmt::format(
        "{} {} {} -> {} {} {}", before.slot, before.d1, before.d2, after.slot, after.d1, after.d2);
  }
}

// Rows of another Dissimilarity, made each time.
template <class T>
class Copies : public RowMaker<T> {
 public:
  explicit Copies(const Dissimilarity& data) : rows_(std::get<Rows<T>>(data.rows())), n_(data.size()) {}
  void fill(Index candidate, Index begin, Index end, T* out) const override {
    std::copy(rows_.dense + candidate * n_ + begin, rows_.dense + candidate * n_ + end, out);
  }
  T at(Index object, Index candidate) const override { return rows_.dense[candidate * n_ + object]; }

 private:
  Rows<T> rows_;
  Index n_;
};

template <class T>
void expect_same_when_made(const Dissimilarity& data, const Options& options) {
  const auto made = Dissimilarity::made<T>(std::make_shared<Copies<T>>(data), data.size(), data.symmetric(),
                                           data.largest());
  EXPECT_FALSE(made.dense());
  const Result expected = cluster(data, options), result = cluster(made, options);
  expect_same(result, expected);
  EXPECT_EQ(result.labels, expected.labels);
  EXPECT_EQ(result.total_deviation, expected.total_deviation);
  EXPECT_TRUE(verify(made, result, options.weights).right);
  EXPECT_EQ(silhouette(made, result.labels), silhouette(data, result.labels));
  const Dissimilarity again = made.in_memory();
  EXPECT_TRUE(again.dense());
  expect_same(cluster(again, options), expected);
}

TEST(MadeRows, GiveTheResultOfRowsInMemory) {
  Random random(14);
  for (int round = 0; round < 60; ++round) {
    const Index n = 5 + static_cast<Index>(random.below(150));
    const Options options{.k = 1 + static_cast<int>(random.below(5)),
                          .init = round % 3 == 0 ? Init::Build : Init::Random,
                          .seed = static_cast<std::uint64_t>(round),
                          .restarts = 1 + round % 3};
    expect_same_when_made<std::int32_t>(testing::random_instance(n, round % 2 == 0, random), options);
    expect_same_when_made<double>(random_points(n, 2, random), options);
  }
}

// Fails in the second start: the first one must not be lost.
class FailsLater : public Copies<double> {
 public:
  FailsLater(const Dissimilarity& data, std::int64_t calls) : Copies(data), calls_(calls) {}
  void fill(Index candidate, Index begin, Index end, double* out) const override {
    if (--calls_ < 0) throw InputError("the source of distances is gone");
    Copies::fill(candidate, begin, end, out);
  }

 private:
  mutable std::atomic<std::int64_t> calls_;
};

TEST(Restarts, AnErrorInALaterOneKeepsTheBestSoFar) {
  Random random(15);
  const Dissimilarity data = random_points(50, 2, random);
  const Options options{.k = 3, .restarts = 1000, .threads = 1};
  const auto failing = [&](std::int64_t calls) {
    return Dissimilarity::made<double>(std::make_shared<FailsLater>(data, calls), 50, true);
  };
  const Result result = cluster(failing(2000), options);
  EXPECT_FALSE(result.converged);
  EXPECT_EQ(result.stopped_by, "the source of distances is gone");
  EXPECT_GT(result.statistics.restarts_done, 0);
  EXPECT_TRUE(verify(data, result).right);
  EXPECT_THROW(cluster(failing(10), options), InputError);
}

}  // namespace
}  // namespace xchg::kmedoids
