// DynMSC and clusterings for several k.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "xchg/core/error.hpp"
#include "xchg/kmedoids/medoid_silhouette_oracle.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

using ::testing::HasSubstr;
using testing::points;
using testing::StopAfter;
using ::testing::ThrowsMessage;

void expect_consistent(const Dissimilarity& data, const RangeResult& range, int k_min, int k_max) {
  ASSERT_EQ(range.curve.size(), static_cast<std::size_t>(k_max - k_min + 1));
  EXPECT_TRUE(range.converged);
  for (std::size_t i = 0; i < range.curve.size(); ++i) {
    const CurvePoint& point = range.curve[i];
    EXPECT_EQ(point.k, k_min + static_cast<int>(i));
    ASSERT_EQ(point.medoids.size(), static_cast<std::size_t>(point.k));
    const double total = testing::total_deviation(data, point.medoids);
    EXPECT_NEAR(point.total_deviation, total, 1e-9 * total);
    const double silhouette = point.k == 1 ? 0 : testing::medoid_silhouette(data, point.medoids);
    EXPECT_NEAR(point.average_medoid_silhouette, silhouette, 1e-12);
    if (point.k == range.best_k) {
      EXPECT_EQ(point.medoids, range.best.medoids);
      EXPECT_EQ(point.total_deviation, range.best.total_deviation);
    }
  }
  const Check check = verify(data, range.best);
  EXPECT_TRUE(check.right) << check.problem;
}

struct PathCase {
  const char* file;
  int k_max, best_k;
  double least_silhouette;
};

class Path : public ::testing::TestWithParam<PathCase> {};

TEST_P(Path, FindsThePublishedNumberOfClusters) {
  const PathCase& expected = GetParam();
  const Input input = points(expected.file);
  const PathResult path = dynmsc(input.data, 2, expected.k_max, {.init = Init::Build});
  expect_consistent(input.data, path, 2, expected.k_max);
  EXPECT_EQ(path.best_k, expected.best_k);
  EXPECT_GE(path.best.average_medoid_silhouette, expected.least_silhouette);
  for (const CurvePoint& point : path.curve)
    EXPECT_LE(point.average_medoid_silhouette, path.best.average_medoid_silhouette + 1e-12);
}

INSTANTIATE_TEST_SUITE_P(Data, Path,
                         ::testing::Values(PathCase{"iris.csv", 10, 2, 0.778022110687 - 1e-11},
                                           PathCase{"ruspini.csv", 10, 4, 0.818160201265 - 1e-11},
                                           PathCase{"digits.csv", 20, 16, 0.3055}));

// With no swaps allowed the path only drops medoids, and each time the one whose loss hurts least.
TEST(Path, DropsTheMedoidWhoseRemovalLowersTheSilhouetteLeast) {
  Random random(31);
  for (int round = 0; round < 100; ++round) {
    const Dissimilarity data = testing::random_instance(20, round % 2 == 0, random);
    const PathResult path = dynmsc(data, 2, 8, {.seed = static_cast<std::uint64_t>(round), .max_rounds = 0});
    ASSERT_EQ(path.curve.size(), 7U);
    for (std::size_t i = 1; i < path.curve.size(); ++i) {
      double best = -1;
      for (std::size_t slot = 0; slot < path.curve[i].medoids.size(); ++slot) {
        std::vector<Index> rest = path.curve[i].medoids;
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(slot));
        best = std::max(best, testing::medoid_silhouette(data, rest));
      }
      EXPECT_NEAR(path.curve[i - 1].average_medoid_silhouette, best, 1e-12);
    }
  }
}

TEST(Path, EveryStepIsSwapOptimal) {
  const Input input = points("ruspini.csv");
  const PathResult path = dynmsc(input.data, 1, 9, {.seed = 4});
  expect_consistent(input.data, path, 1, 9);
  for (const CurvePoint& point : path.curve) {
    if (point.k == 1) continue;
    EXPECT_LE(testing::best_swap_gain(input.data, point.medoids), 1e-11);
  }
  EXPECT_EQ(path.curve.front().average_medoid_silhouette, 0);
}

TEST(Path, WeightsCount) {
  const Input input = points("ruspini.csv");
  std::vector<double> weights(75);
  for (std::size_t o = 0; o < 75; ++o) weights[o] = o < 60 ? 1 : 0;  // the fourth group counts for nothing
  EXPECT_EQ(dynmsc(input.data, 2, 8, {.init = Init::Build, .weights = weights}).best_k, 3);
}

TEST(Range, EveryKIsTheClusteringOfItsOwn) {
  const Input input = points("iris.csv");
  for (const Method method : {Method::FasterPAM, Method::FastMSC}) {
    const Options options{.method = method, .seed = 5, .restarts = 2};
    const RangeResult range = cluster_range(input.data, 2, 6, options, Objective::MedoidSilhouette);
    expect_consistent(input.data, range, 2, 6);
    for (const CurvePoint& point : range.curve) {
      Options alone = options;
      alone.k = point.k;
      EXPECT_EQ(cluster(input.data, alone).medoids, point.medoids);
    }
    EXPECT_EQ(range.best_k, 2);
  }
}

TEST(Range, TheSilhouetteChoosesTheFourGroupsOfRuspini) {
  const Input input = points("ruspini.csv");
  const RangeResult range = cluster_range(input.data, 1, 8, {.init = Init::Build}, Objective::Silhouette);
  expect_consistent(input.data, range, 1, 8);
  EXPECT_EQ(range.best_k, 4);
  EXPECT_NEAR(*range.curve[3].mean_silhouette, 0.7376569909, 1e-9);
  EXPECT_EQ(range.curve[0].mean_silhouette, 0);
}

TEST(Range, TheElbowOfTheTotalDeviationIsTheGreatestSecondDifference) {
  // Three tight groups far apart: TD falls steeply up to k = 3 and hardly after it.
  const std::vector<double> line{0, 1, 2, 100, 101, 102, 200, 201, 202, 203};
  const auto data = Dissimilarity::points(line, 10, 1);
  const RangeResult range = cluster_range(data, 1, 6, {.restarts = 5}, Objective::TotalDeviation);
  expect_consistent(data, range, 1, 6);
  EXPECT_EQ(range.best_k, 3);
}

TEST(Range, RefusesRangesThatHoldNothing) {
  const Input input = points("iris.csv");
  for (const auto& [low, high, said] : {std::tuple{0, 5, "range of k is 0 to 5; expected 1 to 150"},
                                        std::tuple{2, 151, "range of k is 2 to 151; expected 1 to 150"},
                                        std::tuple{5, 4, "range of k is 5 to 4, which holds nothing"}}) {
    EXPECT_THAT([&] { dynmsc(input.data, low, high, {}); }, ThrowsMessage<InputError>(HasSubstr(said)));
    EXPECT_THAT([&] { cluster_range(input.data, low, high, {}, Objective::MedoidSilhouette); },
                ThrowsMessage<InputError>(HasSubstr(said)));
  }
  EXPECT_THAT([&] { cluster_range(input.data, 2, 3, {}, Objective::TotalDeviation); },
              ThrowsMessage<InputError>(HasSubstr("at least three k")));
  EXPECT_THAT(
      [&] {
        cluster_range(input.data, 2, 4, {.init = Init::Given, .medoids = {1, 2}},
                      Objective::MedoidSilhouette);
      },
      ThrowsMessage<InputError>(HasSubstr("medoids are given for several k")));
}

TEST(Range, CancellingKeepsTheKThatWereReached) {
  const Input input = points("ruspini.csv");
  for (const int questions : {0, 3, 10, 30}) {
    StopAfter progress(questions), again(questions);
    for (const RangeResult& range : {dynmsc(input.data, 2, 12, {}, progress),
                                     cluster_range(input.data, 2, 12, {.method = Method::FastPAM1},
                                                   Objective::MedoidSilhouette, again)}) {
      EXPECT_FALSE(range.converged);
      EXPECT_EQ(range.stopped_by, "cancelled");
      ASSERT_FALSE(range.curve.empty());
      EXPECT_LT(range.curve.size(), 11U);
      EXPECT_TRUE(verify(input.data, range.best).right);
    }
  }
}

TEST(Range, CancellingSearchesInLockstepKeepsAClusteringForEveryK) {
  const Input input = points("ruspini.csv");
  for (const int questions : {0, 1}) {
    StopAfter progress(questions);
    const RangeResult range = cluster_range(input.data, 2, 12, {}, Objective::MedoidSilhouette, progress);
    EXPECT_FALSE(range.converged);
    EXPECT_EQ(range.stopped_by, "cancelled");
    EXPECT_EQ(range.curve.size(), 11U);
    EXPECT_TRUE(verify(input.data, range.best).right);
  }
}

// Points on a line, until so many rows were made.
class FailingRows : public RowMaker<double> {
 public:
  explicit FailingRows(int rows) : left_(rows) {}
  void fill(Index candidate, Index begin, Index end, double* out) const override {
    if (--left_ < 0) throw NumericError("the source of distances is gone");
    for (Index o = begin; o < end; ++o) out[o - begin] = at(o, candidate);
  }
  double at(Index object, Index candidate) const override {
    return std::abs(static_cast<double>(object * object - candidate * candidate));
  }

 private:
  mutable std::atomic<int> left_;
};

TEST(Range, AnErrorAtALaterKKeepsWhatThereIs) {
  const auto failing = [](int rows) {
    return Dissimilarity::made<double>(std::make_shared<FailingRows>(rows), 30, true);
  };
  const Dissimilarity whole = failing(1 << 30);
  for (const RangeResult& range :
       {dynmsc(failing(400), 2, 12, {.threads = 1}),
        cluster_range(failing(400), 2, 12, {.method = Method::FastPAM1, .threads = 1},
                      Objective::MedoidSilhouette)}) {
    EXPECT_EQ(range.stopped_by, "the source of distances is gone");
    EXPECT_FALSE(range.converged);
    EXPECT_LT(range.curve.size(), 11U);
    EXPECT_TRUE(verify(whole, range.best).right);
  }
  EXPECT_THROW(dynmsc(failing(10), 2, 12, {.threads = 1}), NumericError);
}

TEST(Range, TheTimeLimitIsTheReasonOfSearchesInLockstep) {
  const RangeResult range = cluster_range(points("digits.csv").data, 2, 40, {.time_limit_seconds = 1e-9},
                                          Objective::MedoidSilhouette);
  EXPECT_FALSE(range.converged);
  EXPECT_EQ(range.stopped_by, "the time limit");
}

TEST(Range, TheTimeLimitIsOneForAllK) {
  const Input input = points("digits.csv");
  const PathResult path = dynmsc(input.data, 2, 400, {.time_limit_seconds = 0.05});
  EXPECT_FALSE(path.converged);
  EXPECT_EQ(path.stopped_by, "the time limit");
  EXPECT_LT(path.curve.size(), 399U);
  EXPECT_TRUE(verify(input.data, path.best).right);
}

}  // namespace
}  // namespace xchg::kmedoids
