// Starts: BUILD against the one that evaluates everything, and what the others promise.
#include "xchg/kmedoids/initial.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "xchg/core/error.hpp"
#include "xchg/kmedoids/orlib.hpp"
#include "xchg/kmedoids/plain_build.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

using ::testing::ElementsAre;
using testing::points;

template <class T>
Problem<T> problem_of(const Dissimilarity& data, const std::vector<double>& weights = {}) {
  return {std::get<Rows<T>>(data.rows()), data.size(), {weights.begin(), weights.end()}};
}

template <class T>
void expect_build_of_all(const Dissimilarity& data, int k, const std::vector<double>& weights = {}) {
  const auto problem = problem_of<T>(data, weights);
  for (const Ties ties : {Ties::First, Ties::Last}) {
    const std::vector<std::size_t> expected =
        plain::build(problem.rows.dense, static_cast<std::size_t>(data.size()), static_cast<std::size_t>(k),
                     weights, ties == Ties::Last);
    const std::vector<Index> medoids = build_start(problem, k, ties, {.isa = best_isa()}, Progress::none());
    EXPECT_EQ(std::vector<std::size_t>(medoids.begin(), medoids.end()), expected);
  }
}

TEST(LazyBuild, ChoosesTheMedoidsOfPlainBuildOnWholeNumbersFullOfTies) {
  Random random(811);
  for (int round = 0; round < 2000; ++round) {
    const Index n = 1 + static_cast<Index>(random.below(80));
    const int k = 1 + static_cast<int>(random.below(static_cast<std::uint64_t>(n)));
    std::vector<double> weights;
    if (random.below(2) == 0) {
      for (Index o = 0; o < n; ++o) weights.push_back(static_cast<double>(random.below(4)));
      weights.front() = 1;
    }
    SCOPED_TRACE(fmt::format("round {}, n {}, k {}", round, n, k));
    expect_build_of_all<std::int32_t>(testing::random_instance(n, round % 2 == 0, random), k, weights);
  }
}

TEST(LazyBuild, ChoosesTheMedoidsOfPlainBuildOnPointsOfAGrid) {
  Random random(812);
  for (int round = 0; round < 300; ++round) {
    const Index n = 2 + static_cast<Index>(random.below(120));
    std::vector<double> coordinates(static_cast<std::size_t>(2 * n)), weights;
    for (double& value : coordinates) value = 0.1 * static_cast<double>(random.below(9));
    if (round % 3 == 0) {
      for (Index o = 0; o < n; ++o) weights.push_back(0.1 + random.uniform());
    }
    expect_build_of_all<double>(Dissimilarity::points(coordinates, n, 2),
                                1 + static_cast<int>(random.below(static_cast<std::uint64_t>(n))), weights);
  }
}

TEST(LazyBuild, ChoosesTheMedoidsOfPlainBuildOnThePublishedData) {
  for (const int k : {1, 2, 3, 5, 10}) expect_build_of_all<double>(points("iris.csv").data, k);
  for (const int k : {4, 5}) expect_build_of_all<double>(points("ruspini.csv").data, k);
  expect_build_of_all<double>(points("digits.csv").data, 10);
  const Input roads = read_input(testing::data_path("eurodist.csv"), {.precomputed = true});
  for (int k = 1; k <= 21; ++k) expect_build_of_all<std::int32_t>(roads.data, k);
}

TEST(LazyBuild, ChoosesTheMedoidsOfPlainBuildOnGraphs) {
  for (const int instance : {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 15}) {
    const OrlibInstance graph = read_orlib(testing::data_path(fmt::format("orlib/pmed{}.txt", instance)));
    expect_build_of_all<std::int32_t>(graph.data, graph.k);
  }
}

TEST(LazyBuild, EvaluatesFewRowsMoreThanThereAreObjects) {
  const Input input = points("digits.csv");
  std::int64_t evaluated = 0;
  build_start(problem_of<double>(input.data), 100, Ties::First, {.isa = best_isa()}, Progress::none(),
              &evaluated);
  EXPECT_GE(evaluated, 1796);
  EXPECT_LT(evaluated, 6 * 1797);
}

TEST(LazyBuild, DoesNotDependOnTheInstructionSet) {
  const Input input = points("digits.csv");
  const auto problem = problem_of<double>(input.data);
  const auto expected = build_start(problem, 40, Ties::First, {.isa = Isa::Scalar}, Progress::none());
  for (const Isa isa : {Isa::Avx2, Isa::Avx512}) {
    if (isa > best_isa()) continue;
    EXPECT_EQ(build_start(problem, 40, Ties::First, {.isa = isa}, Progress::none()), expected);
  }
}

TEST(Build, WithTheLastOfEqualCandidatesLeadsToTheOptimumOfTheRoads) {
  const Input input = read_input(testing::data_path("eurodist.csv"), {.precomputed = true});
  Options options{.k = 3, .method = Method::PAM, .init = Init::Build};
  const Result first = cluster(input.data, options);
  EXPECT_EQ(first.total_deviation_exact, 12703);
  EXPECT_EQ(first.statistics.total_deviation_init, 12703);
  options.ties = Ties::Last;
  const Result last = cluster(input.data, options);
  EXPECT_EQ(last.statistics.total_deviation_init, 12703);
  EXPECT_EQ(last.total_deviation_exact, 11651);
  EXPECT_THAT(last.medoids, ::testing::UnorderedElementsAre(10, 13, 15));
}

constexpr std::array all_starts{Init::Random,   Init::Build,   Init::LAB,
                                Init::PlusPlus, Init::ParkJun, Init::First};

TEST(Starts, AreKDifferentObjectsAlsoWhenFewAreDifferent) {
  Random random(813);
  for (int round = 0; round < 200; ++round) {
    const Index n = 1 + static_cast<Index>(random.below(40));
    const int k = 1 + static_cast<int>(random.below(static_cast<std::uint64_t>(n)));
    // Every second instance has all objects at distance 0.
    const Dissimilarity data =
        round % 2 == 0 ? testing::random_instance(n, round % 4 == 0, random)
                       : Dissimilarity::matrix(std::vector<std::int32_t>(static_cast<std::size_t>(n * n)), n);
    for (const Init init : all_starts) {
      const Result result =
          cluster(data, {.k = k, .init = init, .seed = static_cast<std::uint64_t>(round), .max_rounds = 0});
      EXPECT_EQ(std::set<Index>(result.medoids.begin(), result.medoids.end()).size(),
                static_cast<std::size_t>(k));
      EXPECT_TRUE(verify(data, result).right);
      EXPECT_EQ(result.statistics.evaluated, 0);
    }
  }
}

double mean_total(const Dissimilarity& data, int k, Init init, double power = 1) {
  double sum = 0;
  constexpr int seeds = 20;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    sum +=
        cluster(data,
                {.k = k, .init = init, .seed = seed, .max_rounds = 0, .plusplus_power = power, .threads = 1})
            .total_deviation;
  }
  return sum / seeds;
}

TEST(Starts, LabAndPlusPlusAreBetterThanRandomAndWorseThanBuild) {
  const Input input = points("digits.csv");
  const double random = mean_total(input.data, 10, Init::Random);
  const double build = mean_total(input.data, 10, Init::Build);
  for (const Init init : {Init::LAB, Init::PlusPlus}) {
    const double mean = mean_total(input.data, 10, init);
    EXPECT_LT(mean, 0.97 * random) << name(init);
    EXPECT_GT(mean, build) << name(init);
  }
  EXPECT_NE(mean_total(input.data, 10, Init::PlusPlus, 2), mean_total(input.data, 10, Init::PlusPlus, 1));
}

TEST(Starts, RandomOnesDependOnTheSeedAndTheOthersDoNot) {
  const Input input = points("iris.csv");
  for (const Init init : all_starts) {
    std::set<std::vector<Index>> seen;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      const Options options{.k = 6, .init = init, .seed = seed, .max_rounds = 0};
      seen.insert(cluster(input.data, options).medoids);
      seen.insert(cluster(input.data, options).medoids);
    }
    EXPECT_EQ(seen.size(), is_random(init) ? 5U : 1U) << name(init);
  }
}

TEST(Starts, RestartsRunFromDifferentRandomStarts) {
  const Input input = points("iris.csv");
  for (const Init init : all_starts) {
    const Result result = cluster(input.data, {.k = 6, .init = init, .restarts = 4});
    EXPECT_EQ(result.statistics.restarts_done, is_random(init) ? 4 : 1) << name(init);
  }
}

// Objects far out are never drawn without weight and always with nearly all of it.
TEST(PlusPlus, DrawsByWeightTimesDistance) {
  std::vector<double> coordinates, weights;
  for (int o = 0; o < 50; ++o) {
    coordinates.push_back(o < 48 ? 0.001 * o : 1000.0 * o);
    weights.push_back(o == 49 ? 0 : 1);
  }
  const Dissimilarity data = Dissimilarity::points(coordinates, 50, 1);
  const auto problem = problem_of<double>(data, weights);
  int far = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    const auto medoids = plusplus_start(problem, 2, 1, random, Progress::none());
    if (medoids[0] == 49) continue;  // the first is uniform
    EXPECT_NE(medoids[1], 49);
    far += medoids[0] == 48 || medoids[1] == 48 ? 1 : 0;
  }
  EXPECT_GT(far, 180);
}

TEST(Lab, TakesTheBestOfAllWhenTheSampleIsEverything) {
  Random random(814);
  for (int round = 0; round < 100; ++round) {
    const Index n = 2 + static_cast<Index>(random.below(9));  // the sample has more than 10
    const Dissimilarity data = testing::random_instance(n, round % 2 == 0, random);
    const auto problem = problem_of<std::int32_t>(data);
    EXPECT_EQ(lab_start(problem, 1, random, Progress::none()).front(),
              best_single(problem, 1, Progress::none()));
  }
}

TEST(ParkJun, IsTheOrderOfRelativeCentrality) {
  // Three objects on a line at 0, 1 and 3: sums to all are 4, 3 and 5.
  const Dissimilarity data = Dissimilarity::points(std::vector<double>{0, 1, 3}, 3, 1);
  // v(0) = 1/3 + 3/5, v(1) = 1/4 + 2/5, v(2) = 3/4 + 2/3
  EXPECT_THAT(park_jun_start(problem_of<double>(data), 3, 1, Progress::none()), ElementsAre(1, 0, 2));
  // Asymmetric: object 0 is near to all others, but all others are far from it.
  const auto from_objects = Dissimilarity::matrix(std::vector<std::int32_t>{0, 1, 1,  //
                                                                            9, 0, 2,  //
                                                                            9, 1, 0},
                                                  3, {.orientation = Orientation::RowsAreObjects});
  // sums to all: 2, 11, 10; v(0) = 9/11 + 9/10, v(1) = 1/2 + 1/10, v(2) = 1/2 + 2/11
  EXPECT_THAT(park_jun_start(problem_of<std::int32_t>(from_objects), 3, 1, Progress::none()),
              ElementsAre(1, 2, 0));
}

class Cancelled : public Progress {
  bool cancelled() const override { return true; }
};

TEST(Starts, ThatTakeLongSayWhenTheyWereCancelled) {
  const Input input = points("iris.csv");
  Cancelled progress;
  for (const Init init : {Init::Build, Init::LAB, Init::PlusPlus, Init::ParkJun}) {
    EXPECT_THROW(cluster(input.data, {.k = 5, .init = init}, progress), CancelledError) << name(init);
  }
}

TEST(Starts, RefuseAPowerThatIsNotPositive) {
  const Input input = points("iris.csv");
  for (const double power : {0.0, -1.0, std::nan("")}) {
    EXPECT_THROW(cluster(input.data, {.k = 3, .init = Init::PlusPlus, .plusplus_power = power}), InputError);
  }
}

}  // namespace
}  // namespace xchg::kmedoids
