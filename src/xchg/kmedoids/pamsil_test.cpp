// PAMSIL against exhaustive answers, and what verify() says of silhouettes.
#include "xchg/kmedoids/pamsil.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "xchg/core/error.hpp"
#include "xchg/kmedoids/medoid_silhouette_oracle.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

using ::testing::HasSubstr;
using testing::points;
using ::testing::ThrowsMessage;

// The mean silhouette that cluster() gives a set of medoids, through its labels.
double mean_of(const Dissimilarity& data, const std::vector<Index>& medoids) {
  const Result result = cluster(data, {.k = static_cast<int>(medoids.size()),
                                       .init = Init::Given,
                                       .medoids = medoids,
                                       .max_rounds = 0,
                                       .threads = 1});
  return mean_silhouette(silhouette(data, result.labels, 1));
}

TEST(Pamsil, EverySwapIsTheBestOfAll) {
  Random random(21);
  int swaps = 0;
  for (int round = 0; round < 60; ++round) {
    const Index n = 4 + static_cast<Index>(random.below(9));
    const Dissimilarity data = testing::random_instance(n, round % 2 == 0, random);
    const int k = 2 + static_cast<int>(random.below(static_cast<std::uint64_t>(n - 2)));
    SCOPED_TRACE(fmt::format("round {}, n {}, k {}", round, n, k));
    const Result result =
        cluster(data, {.k = k, .method = Method::PAMSIL, .init = Init::First, .threads = 1});
    std::vector<Index> medoids(static_cast<std::size_t>(k));
    std::iota(medoids.begin(), medoids.end(), Index{0});
    std::vector<double> values;
    for (double now = mean_of(data, medoids);; values.push_back(now)) {
      std::vector<Index> best = medoids;
      double greatest = now;
      for (Index x = 0; x < n; ++x) {
        if (std::find(medoids.begin(), medoids.end(), x) != medoids.end()) continue;
        for (std::size_t slot = 0; slot < medoids.size(); ++slot) {
          std::vector<Index> swapped = medoids;
          swapped[slot] = x;
          const double value = mean_of(data, swapped);
          if (value <= greatest + 1e-12) continue;
          greatest = value;
          best = swapped;
        }
      }
      if (best == medoids) break;
      medoids = best;
      now = greatest;
    }
    EXPECT_EQ(result.medoids, medoids);
    EXPECT_EQ(result.statistics.objective_per_swap, values);
    EXPECT_EQ(result.mean_silhouette, mean_of(data, medoids));
    EXPECT_TRUE(result.converged);
    const Check check = verify(data, result);
    EXPECT_TRUE(check.right) << check.problem;
    swaps += static_cast<int>(values.size());
  }
  EXPECT_GT(swaps, 60);
}

TEST(Pamsil, DoesNotDependOnThreadsAndBeatsMedoidsOfLeastDeviation) {
  const Input input = points("ruspini.csv");
  const Result one =
      cluster(input.data, {.k = 4, .method = Method::PAMSIL, .init = Init::Build, .threads = 1});
  const Result four =
      cluster(input.data, {.k = 4, .method = Method::PAMSIL, .init = Init::Build, .threads = 4});
  EXPECT_EQ(one.medoids, four.medoids);
  EXPECT_EQ(one.statistics.objective_per_swap, four.statistics.objective_per_swap);
  EXPECT_GE(*one.mean_silhouette, 0.7376569909 - 1e-9);  // of the medoids of least TD
}

TEST(Pamsil, RefusesWhatWouldLastForHours) {
  const Dissimilarity data = Dissimilarity::points(std::vector<double>(12000), 6000, 2);
  EXPECT_THAT([&] { cluster(data, {.k = 100, .method = Method::PAMSIL}); },
              ThrowsMessage<LimitError>(HasSubstr("fastermsc")));
  EXPECT_THAT([] { check_pamsil_size(1000, 5, 1000); }, ThrowsMessage<LimitError>(HasSubstr("fastermsc")));
  EXPECT_NO_THROW(check_pamsil_size(1000, 5, 8000000));
}

TEST(Pamsil, RefusesWeights) {
  const Input input = points("ruspini.csv");
  const std::vector<double> weights(75, 2.0);
  EXPECT_THAT([&] { cluster(input.data, {.k = 4, .method = Method::PAMSIL, .weights = weights}); },
              ThrowsMessage<InputError>(HasSubstr("pamsil knows no weights")));
}

TEST(VerifySilhouette, FindsEverySingleSwapThatImprovesTheMedoidSilhouette) {
  Random random(22);
  int improvable = 0;
  for (int round = 0; round < 200; ++round) {
    const Index n = 4 + static_cast<Index>(random.below(14));
    const Dissimilarity data = testing::random_instance(n, round % 2 == 0, random);
    std::vector<double> weights;
    for (Index o = 0; o < n; ++o) weights.push_back(static_cast<double>(1 + random.below(3)));
    const int k = 2 + static_cast<int>(random.below(static_cast<std::uint64_t>(n - 2)));
    Result result = cluster(data, {.k = k,
                                   .method = Method::FasterMSC,
                                   .weights = weights,
                                   .seed = static_cast<std::uint64_t>(round),
                                   .max_rounds = 0});
    const double gain = testing::best_swap_gain(data, result.medoids, weights);
    const Check check = verify(data, result, weights);
    EXPECT_TRUE(check.right) << check.problem;
    EXPECT_NEAR(std::min(0.0, check.best_swap_change), -gain, 1e-12);
    EXPECT_EQ(check.swap_optimal, gain < 1e-9);
    result.converged = true;  // a claim that is wrong when a swap improves
    EXPECT_EQ(verify(data, result, weights).right, gain < 1e-9);
    improvable += gain > 1e-9 ? 1 : 0;
  }
  EXPECT_GT(improvable, 100);
}

TEST(VerifySilhouette, RejectsWrongSilhouettes) {
  const Input input = points("iris.csv");
  for (const Method method : {Method::FasterPAM, Method::FastMSC}) {
    Result result = cluster(input.data, {.k = 3, .method = method});
    EXPECT_TRUE(verify(input.data, result).right);
    result.average_medoid_silhouette += 1e-6;
    EXPECT_THAT(verify(input.data, result).problem, HasSubstr("average medoid silhouette"));
  }
  Result result = cluster(input.data, {.k = 3, .method = Method::PAMSIL, .init = Init::Build});
  result.mean_silhouette = *result.mean_silhouette + 1e-6;
  EXPECT_THAT(verify(input.data, result).problem, HasSubstr("mean silhouette"));
}

}  // namespace
}  // namespace xchg::kmedoids
