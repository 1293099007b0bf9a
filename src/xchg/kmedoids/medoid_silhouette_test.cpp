// FasterMSC, FastMSC and PAMMEDSIL against published, enumerated and exhaustive answers.
#include "xchg/kmedoids/medoid_silhouette.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <set>

#include "xchg/kmedoids/initial.hpp"
#include "xchg/kmedoids/medoid_silhouette_oracle.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

using ::testing::ElementsAre;
using testing::points;
using testing::StopAfter;

constexpr std::array silhouette_methods{Method::FasterMSC, Method::FastMSC, Method::PAMMEDSIL};

std::vector<Index> sorted(std::vector<Index> values) {
  std::sort(values.begin(), values.end());
  return values;
}

struct Instance {
  std::vector<std::int32_t> matrix;
  Dissimilarity data;
  std::vector<double> weights;
  int k;
};

// With ties, duplicates, weights (also 0) and asymmetry.
Instance random_case(Random& random, Index most) {
  const Index n = 3 + static_cast<Index>(random.below(static_cast<std::uint64_t>(most - 2)));
  const bool symmetric = random.below(2) == 0;
  std::vector<std::int32_t> matrix = testing::random_matrix(n, symmetric, random);
  const Orientation orientation = symmetric ? Orientation::Symmetric : Orientation::RowsAreObjects;
  Instance instance{matrix, Dissimilarity::matrix(matrix, n, {.orientation = orientation}), {}, 0};
  instance.k = 2 + static_cast<int>(random.below(static_cast<std::uint64_t>(n - 2)));
  if (random.below(2) == 0) {
    for (Index o = 0; o < n; ++o) instance.weights.push_back(static_cast<double>(random.below(4)));
    instance.weights.front() = 1;
  }
  return instance;
}

Problem<std::int32_t> problem_of(const Instance& instance) {
  return {std::get<Rows<std::int32_t>>(instance.data.rows()), instance.data.size(), {}};
}

TEST(MedoidSilhouetteState, AfterRandomSwapsEqualsAFreshAssignment) {
  Random random(11);
  for (int round = 0; round < 500; ++round) {
    const Instance instance = random_case(random, 40);
    if (instance.k == instance.data.size()) continue;
    const auto problem = problem_of(instance);
    SilhouetteState<std::int32_t> state(problem, instance.weights,
                                        random_start(problem.n, instance.k, random));
    for (int swap = 0; swap < 10; ++swap) {
      Index x = 0;
      do x = static_cast<Index>(random.below(static_cast<std::uint64_t>(problem.n)));
      while (state.is_medoid(x));
      state.swap(static_cast<int>(random.below(static_cast<std::uint64_t>(state.k()))), x);
      const SilhouetteState<std::int32_t> fresh(problem, instance.weights, state.medoids());
      EXPECT_EQ(state.loss(), fresh.loss());
      EXPECT_EQ(state.total_deviation(), fresh.total_deviation());
      for (Index o = 0; o < problem.n; ++o) {
        const auto at = static_cast<std::size_t>(o);
        const SilhouetteObject &object = state.objects()[at], &expected = fresh.objects()[at];
        ASSERT_EQ(object.d1, expected.d1);
        ASSERT_EQ(object.d2, expected.d2);
        ASSERT_EQ(state.d3_or_infinity(o), fresh.d3_or_infinity(o));
        ASSERT_EQ(object.slot_of_self, expected.slot_of_self);
        const auto distance = [&](std::int32_t slot) {
          return instance.data.at(o, state.medoids()[static_cast<std::size_t>(slot)]);
        };
        EXPECT_EQ(distance(object.near), object.d1);
        EXPECT_EQ(distance(object.second), object.d2);
        if (object.third >= 0) {
          EXPECT_EQ(distance(object.third), state.d3_or_infinity(o));
        }
        const std::set<std::int32_t> slots{object.near, object.second, object.third};
        EXPECT_EQ(slots.size(), 3U);
        if (object.slot_of_self >= 0) {
          EXPECT_EQ(object.near, object.slot_of_self);
        }
      }
    }
  }
}

TEST(MedoidSilhouette, FastMscTakesTheSwapsOfPammedsil) {
  Random random(12);
  std::int64_t swaps = 0;
  for (int round = 0; round < 1000; ++round) {
    const Instance instance = random_case(random, round % 5 == 0 ? 90 : 30);
    SCOPED_TRACE(fmt::format("round {}, n {}, k {}", round, instance.data.size(), instance.k));
    Options options{.k = instance.k,
                    .method = Method::FastMSC,
                    .init = round % 2 == 0 ? Init::Random : Init::First,
                    .weights = instance.weights,
                    .seed = static_cast<std::uint64_t>(round),
                    .threads = 1};
    const Result fast = cluster(instance.data, options);
    options.method = Method::PAMMEDSIL;
    const Result naive = cluster(instance.data, options);
    EXPECT_EQ(fast.medoids, naive.medoids);
    EXPECT_EQ(fast.statistics.objective_per_swap, naive.statistics.objective_per_swap);
    EXPECT_EQ(fast.statistics.total_deviation_per_swap, naive.statistics.total_deviation_per_swap);
    EXPECT_EQ(fast.statistics.evaluated, naive.statistics.evaluated);
    swaps += fast.statistics.swaps;
  }
  EXPECT_GT(swaps, 1000);
}

TEST(MedoidSilhouette, ResultsCannotBeImprovedByASwapAndDoNotExceedTheOptimum) {
  Random random(13);
  for (int round = 0; round < 600; ++round) {
    const Instance instance = random_case(random, round % 3 == 0 ? 9 : 24);
    const Method method = silhouette_methods[random.below(3)];
    const Result result = cluster(instance.data, {.k = instance.k,
                                                  .method = method,
                                                  .weights = instance.weights,
                                                  .seed = static_cast<std::uint64_t>(round),
                                                  .threads = 1});
    SCOPED_TRACE(fmt::format("round {}, {}, n {}, k {}", round, name(method), instance.data.size(),
                             result.medoids.size()));
    EXPECT_TRUE(result.converged);
    EXPECT_EQ(std::set<Index>(result.medoids.begin(), result.medoids.end()).size(), result.medoids.size());
    const double silhouette = testing::medoid_silhouette(instance.data, result.medoids, instance.weights);
    EXPECT_NEAR(result.average_medoid_silhouette, silhouette, 1e-12);
    EXPECT_LE(testing::best_swap_gain(instance.data, result.medoids, instance.weights), 1e-10);
    EXPECT_TRUE(verify(instance.data, result, instance.weights).right);
    double previous = -1;
    for (const double value : result.statistics.objective_per_swap) {
      EXPECT_GT(value, previous);
      previous = value;
    }
    if (!result.statistics.objective_per_swap.empty()) {
      EXPECT_NEAR(previous, silhouette, 1e-12);
    }
    if (instance.data.size() <= 9) {
      const auto [best, medoids] =
          testing::greatest_medoid_silhouette(instance.data, instance.k, instance.weights);
      EXPECT_LE(silhouette, best + 1e-12);
    }
  }
}

TEST(MedoidSilhouette, WeightsCountLikeRepeatedRows) {
  Random random(14);
  for (int round = 0; round < 100; ++round) {
    Instance instance = random_case(random, 20);
    const Index n = instance.data.size();
    instance.weights.clear();
    std::vector<Index> origin;
    for (Index o = 0; o < n; ++o) {
      instance.weights.push_back(static_cast<double>(1 + o % 3));
      origin.insert(origin.end(), static_cast<std::size_t>(1 + o % 3), o);
    }
    std::vector<double> repeated;
    for (const Index a : origin) {
      for (const Index b : origin) repeated.push_back(instance.data.at(a, b));
    }
    const auto copies = static_cast<Index>(origin.size());
    const auto data = Dissimilarity::matrix(repeated, copies, {.orientation = Orientation::RowsAreObjects});
    const Result weighted =
        cluster(instance.data, {.k = instance.k, .method = Method::FasterMSC, .weights = instance.weights});
    std::vector<Index> medoids;
    for (const Index m : weighted.medoids)
      medoids.push_back(std::find(origin.begin(), origin.end(), m) - origin.begin());
    const Result start = cluster(data, {.k = instance.k,
                                        .method = Method::FastMSC,
                                        .init = Init::Given,
                                        .medoids = medoids,
                                        .max_rounds = 0});
    EXPECT_NEAR(start.average_medoid_silhouette, weighted.average_medoid_silhouette, 1e-12);
    EXPECT_NEAR(start.total_deviation, weighted.total_deviation, 1e-9);
  }
}

TEST(MedoidSilhouette, AllTypesOfValuesTakeTheSameSwaps) {
  Random random(15);
  for (int round = 0; round < 60; ++round) {
    const Instance instance = random_case(random, 100);
    // The greatest value that the narrowest type has stands for nothing else.
    std::vector<std::int32_t> matrix = instance.matrix;
    for (std::int32_t& value : matrix) value = value == 9 ? 255 : value;
    const Index n = instance.data.size();
    const MatrixOptions how{.orientation = Orientation::RowsAreObjects};
    const Options options{
        .k = round % 3 == 0 ? 2 : instance.k, .method = Method::FastMSC, .weights = instance.weights};
    const Result expected = cluster(Dissimilarity::matrix(matrix, n, how), options);
    const auto expect_same = [&]<class T>(T) {
      const Result result =
          cluster(Dissimilarity::matrix(std::vector<T>(matrix.begin(), matrix.end()), n, how), options);
      EXPECT_EQ(result.medoids, expected.medoids);
      EXPECT_EQ(result.statistics.objective_per_swap, expected.statistics.objective_per_swap);
    };
    expect_same(double{});
    expect_same(float{});
    expect_same(std::int64_t{});
    expect_same(std::uint16_t{});
    expect_same(std::uint8_t{});
  }
}

// Rows of a matrix (of objects), made one by one.
class MadeRows : public RowMaker<std::int32_t> {
 public:
  MadeRows(std::vector<std::int32_t> matrix, Index n) : matrix_(std::move(matrix)), n_(n) {}
  void fill(Index candidate, Index begin, Index end, std::int32_t* out) const override {
    for (Index o = begin; o < end; ++o) out[o - begin] = at(o, candidate);
  }
  std::int32_t at(Index object, Index candidate) const override {
    return matrix_[static_cast<std::size_t>(object * n_ + candidate)];
  }

 private:
  std::vector<std::int32_t> matrix_;
  Index n_;
};

TEST(MedoidSilhouette, RowsThatAreMadeGiveTheSameAsAMatrix) {
  Random random(17);
  for (int round = 0; round < 60; ++round) {
    const Instance instance = random_case(random, 40);
    const auto made = Dissimilarity::made<std::int32_t>(
        std::make_shared<MadeRows>(instance.matrix, instance.data.size()), instance.data.size(), false, 9);
    for (const Method method : {Method::FasterMSC, Method::FastMSC, Method::PAMMEDSIL, Method::PAMSIL}) {
      const Options options{.k = instance.k, .method = method, .init = Init::Build, .threads = 1};
      const Result expected = cluster(instance.data, options);
      const Result result = cluster(made, options);
      EXPECT_EQ(result.medoids, expected.medoids);
      EXPECT_EQ(result.statistics.objective_per_swap, expected.statistics.objective_per_swap);
      EXPECT_EQ(result.mean_silhouette, expected.mean_silhouette);
    }
  }
}

TEST(MedoidSilhouette, BrokenWeightsOfWholeDissimilaritiesCount) {
  const std::vector<std::int32_t> matrix{0, 1, 4, 8, 1, 0, 5, 9, 4, 5, 0, 2, 8, 9, 2, 0};
  const auto data = Dissimilarity::matrix(matrix, 4);
  const std::vector<double> weights{0.5, 1.25, 1, 2};
  for (const Method method : silhouette_methods) {
    const Result result = cluster(data, {.k = 2, .method = method, .weights = weights});
    const auto [best, medoids] = testing::greatest_medoid_silhouette(data, 2, weights);
    EXPECT_NEAR(result.average_medoid_silhouette, best, 1e-12);
    EXPECT_EQ(sorted(result.medoids), medoids);
  }
}

struct OptimumCase {
  const char* file;
  int k;
  double silhouette;
  std::vector<Index> medoids;
};

class Optimum : public ::testing::TestWithParam<OptimumCase> {};

// Global optima by enumeration of all sets.
TEST_P(Optimum, IsReachedByFastMscFromBuild) {
  const OptimumCase& expected = GetParam();
  const Input input = points(expected.file);
  const Result result =
      cluster(input.data, {.k = expected.k, .method = Method::FastMSC, .init = Init::Build});
  EXPECT_NEAR(result.average_medoid_silhouette, expected.silhouette, 1e-11);
  EXPECT_EQ(sorted(result.medoids), expected.medoids);
}

INSTANTIATE_TEST_SUITE_P(Data, Optimum,
                         ::testing::Values(OptimumCase{"iris.csv", 2, 0.778022110687, {40, 126}},
                                           OptimumCase{"iris.csv", 3, 0.696859031448, {7, 15, 63}},
                                           OptimumCase{"ruspini.csv", 4, 0.818160201265, {9, 31, 53, 69}}));

TEST(MedoidSilhouette, DigitsReachThePublishedValueForEveryInstructionSetAndThreadCount) {
  const Input input = points("digits.csv");
  for (const Method method : {Method::FasterMSC, Method::FastMSC}) {
    Options options{.k = 10, .method = method, .init = Init::Build, .threads = 1, .isa = Isa::Scalar};
    const Result first = cluster(input.data, options);
    EXPECT_NEAR(first.average_medoid_silhouette, 0.3026460929, 1e-8);
    EXPECT_TRUE(first.converged);
    options.threads = 2;
    options.isa = Isa::Auto;
    const Result again = cluster(input.data, options);
    EXPECT_EQ(again.medoids, first.medoids);
    EXPECT_EQ(again.statistics.objective_per_swap, first.statistics.objective_per_swap);
    EXPECT_EQ(again.statistics.evaluated, first.statistics.evaluated);
    EXPECT_EQ(again.average_medoid_silhouette, first.average_medoid_silhouette);
  }
}

TEST(MedoidSilhouette, OneMedoidIsTheBestSingleAndItsSilhouetteIsZero) {
  const Input input = points("iris.csv");
  for (const Method method : silhouette_methods) {
    const Result result = cluster(input.data, {.k = 1, .method = method});
    EXPECT_THAT(result.medoids, ElementsAre(61));
    EXPECT_EQ(result.average_medoid_silhouette, 0);
    EXPECT_TRUE(result.converged);
  }
}

TEST(MedoidSilhouette, AllObjectsAsMedoidsHaveNothingToSwap) {
  Random random(16);
  const Dissimilarity data = testing::random_instance(7, false, random);
  for (const Method method : silhouette_methods) {
    const Result result = cluster(data, {.k = 7, .method = method});
    EXPECT_EQ(result.statistics.swaps, 0);
    EXPECT_EQ(result.average_medoid_silhouette, 1);
    EXPECT_TRUE(result.converged);
  }
}

TEST(MedoidSilhouette, EqualDissimilaritiesSwapNothing) {
  const std::vector<double> points(40, 1.5);
  const auto data = Dissimilarity::points(points, 20, 2);
  for (const Method method : silhouette_methods) {
    const Result result = cluster(data, {.k = 4, .method = method, .init = Init::First});
    EXPECT_EQ(result.statistics.swaps, 0);
    EXPECT_THAT(result.medoids, ElementsAre(0, 1, 2, 3));
    EXPECT_EQ(result.average_medoid_silhouette, 1);  // 0/0 counts as 1
  }
}

TEST(MedoidSilhouette, OfSeveralStartsTheGreatestSilhouetteIsKept) {
  const Input input = points("iris.csv");
  double best = -1;
  for (int start = 1; start <= 6; ++start) {
    const Result result =
        cluster(input.data, {.k = 6, .method = Method::FasterMSC, .seed = 3, .restarts = start});
    EXPECT_GE(result.average_medoid_silhouette, best);
    best = result.average_medoid_silhouette;
  }
  const Result one = cluster(input.data, {.k = 6, .method = Method::FasterMSC, .seed = 3});
  EXPECT_GT(best, one.average_medoid_silhouette);
}

TEST(MedoidSilhouette, CancellingKeepsAValidClustering) {
  const Input input = points("ruspini.csv");
  for (const Method method : silhouette_methods) {
    StopAfter progress(method == Method::FasterMSC ? 0 : 1);  // asked after windows and after scans
    const Result result = cluster(input.data, {.k = 4, .method = method, .init = Init::First}, progress);
    EXPECT_FALSE(result.converged);
    EXPECT_EQ(result.statistics.swaps, 1);
    EXPECT_NEAR(result.average_medoid_silhouette, testing::medoid_silhouette(input.data, result.medoids),
                1e-12);
    EXPECT_TRUE(verify(input.data, result).right);
  }
}

TEST(MedoidSilhouette, RoundsAreLimited) {
  const Input input = points("ruspini.csv");
  for (const Method method : silhouette_methods) {
    const Result start =
        cluster(input.data, {.k = 4, .method = method, .init = Init::First, .max_rounds = 0});
    EXPECT_THAT(start.medoids, ElementsAre(0, 1, 2, 3));
    EXPECT_FALSE(start.converged);
    const Result one = cluster(input.data, {.k = 4, .method = method, .init = Init::First, .max_rounds = 1});
    EXPECT_EQ(one.statistics.rounds, 1);
    EXPECT_FALSE(one.converged);
    EXPECT_GT(one.average_medoid_silhouette, start.average_medoid_silhouette);
  }
}

}  // namespace
}  // namespace xchg::kmedoids
