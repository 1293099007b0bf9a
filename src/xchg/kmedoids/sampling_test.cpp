// Searches of samples: quality against full searches, what they read, and what they promise.
#include "xchg/kmedoids/sampling.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <set>

#include "xchg/core/error.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

using ::testing::HasSubstr;
using testing::points;

constexpr std::array object_samplers{Method::CLARA, Method::FastCLARA, Method::FasterCLARA};
constexpr std::array samplers{Method::CLARA, Method::FastCLARA, Method::FasterCLARA, Method::CLARANS,
                              Method::FastCLARANS};

// Points in 3 Gaussian blobs.
Dissimilarity blobs(Index n) {
  Random random(3);
  std::vector<double> coordinates;
  for (Index o = 0; o < n; ++o) {
    const double x = 8 * static_cast<double>(o % 3), y = o % 3 == 1 ? 8 : 0;
    coordinates.push_back(x + random.normal());
    coordinates.push_back(y + random.normal());
  }
  return Dissimilarity::points(coordinates, n, 2);
}

void expect_valid(const Dissimilarity& data, const Result& result, const std::vector<double>& weights = {}) {
  const Check check = verify(data, result, weights);
  EXPECT_TRUE(check.right) << check.problem;
  const double total = testing::total_deviation(data, result.medoids, weights);
  EXPECT_NEAR(result.total_deviation, total, 1e-9 * total);
  EXPECT_EQ(result.statistics.total_deviation_per_swap.size(),
            static_cast<std::size_t>(result.statistics.swaps));
  EXPECT_EQ(result.statistics.seconds_per_swap.size(), static_cast<std::size_t>(result.statistics.swaps));
  double previous = result.statistics.total_deviation_init;
  for (const double after : result.statistics.total_deviation_per_swap) {
    EXPECT_LT(after, previous);
    previous = after;
  }
  EXPECT_NEAR(result.total_deviation, previous, 1e-9 * previous);
}

TEST(Clara, IsAFewPercentWorseThanTheFullSearchAndTheFasterOneIsBetter) {
  const Dissimilarity data = blobs(3000);
  const double full = cluster(data, {.k = 3, .restarts = 3}).total_deviation;
  double clara = 0, faster = 0;
  constexpr int seeds = 20;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    for (const Method method : {Method::CLARA, Method::FasterCLARA}) {
      const Result result = cluster(data, {.k = 3, .method = method, .seed = seed, .threads = 1});
      EXPECT_TRUE(result.converged);
      EXPECT_GE(result.total_deviation, full * (1 - 1e-12));
      (method == Method::CLARA ? clara : faster) += result.total_deviation / seeds;
    }
  }
  EXPECT_LE(faster, clara);
  EXPECT_LE(faster, 1.03 * full);
  EXPECT_LE(clara, 1.05 * full);
  RecordProperty("clara", fmt::format("{:.5f}", clara / full));
  RecordProperty("fasterclara", fmt::format("{:.5f}", faster / full));
}

TEST(FastClarans, ComesNearFasterPamWithFewEvaluations) {
  const Input input = points("digits.csv");
  double full = 0, sampled = 0, evaluated = 0;
  constexpr int seeds = 10;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    full += cluster(input.data, {.k = 10, .seed = seed, .threads = 1}).total_deviation / seeds;
    const Result result =
        cluster(input.data, {.k = 10, .method = Method::FastCLARANS, .seed = seed, .threads = 1});
    EXPECT_TRUE(result.converged);
    sampled += result.total_deviation / seeds;
    evaluated += static_cast<double>(result.statistics.evaluated) / seeds;
  }
  EXPECT_LE(sampled, 1.03 * full);
  EXPECT_LT(evaluated, 1000);
  RecordProperty("ratio", fmt::format("{:.5f}", sampled / full));
  RecordProperty("evaluated", fmt::format("{}", evaluated));
}

TEST(Clarans, EvaluatesAtLeastTheFailuresThatEndIt) {
  const Input input = points("digits.csv");
  const Result result = cluster(input.data, {.k = 10, .method = Method::CLARANS, .seed = 4});
  EXPECT_GE(result.statistics.evaluated, 2 * 250);  // 1.25 % of k(n-k) is less
  const Result more =
      cluster(input.data, {.k = 10, .method = Method::CLARANS, .seed = 4, .maxneighbor = 0.1});
  EXPECT_GE(more.statistics.evaluated, 2 * 1787);
  EXPECT_LE(more.total_deviation, result.total_deviation);
  const Result counted =
      cluster(input.data, {.k = 10, .method = Method::FastCLARANS, .numlocal = 3, .maxneighbor = 20});
  EXPECT_GE(counted.statistics.evaluated, 3 * 20);
  EXPECT_LT(counted.statistics.evaluated, 3 * 500);
  EXPECT_EQ(counted.statistics.rounds, 3);
}

// With as many failures as there are candidates nothing is left to improve.
TEST(FastClarans, ThatDrawsAllCandidatesEndsSwapOptimal) {
  Random random(1111);
  for (int round = 0; round < 100; ++round) {
    const Index n = 4 + static_cast<Index>(random.below(30));
    const int k = 2 + static_cast<int>(random.below(static_cast<std::uint64_t>(n - 3)));
    const Dissimilarity data = testing::random_instance(n, round % 2 == 0, random);
    const Result result = cluster(data, {.k = k,
                                         .method = Method::FastCLARANS,
                                         .seed = static_cast<std::uint64_t>(round),
                                         .maxneighbor = 1e9,
                                         .threads = 1});
    EXPECT_EQ(testing::best_swap_change(data, result.medoids), 0);
  }
}

TEST(Samplers, GiveValidClusteringsOfAnythingWithWeights) {
  Random random(1112);
  for (int round = 0; round < 300; ++round) {
    const Index n = 1 + static_cast<Index>(random.below(90));
    const int k = 1 + static_cast<int>(random.below(static_cast<std::uint64_t>(n)));
    const Dissimilarity data = testing::random_instance(n, round % 2 == 0, random);
    std::vector<double> weights;
    if (random.below(2) == 0) {
      for (Index o = 0; o < n; ++o) weights.push_back(static_cast<double>(random.below(4)));
      weights.front() = 1;
    }
    for (const Method method : samplers) {
      SCOPED_TRACE(fmt::format("round {}, n {}, k {}, {}", round, n, k, name(method)));
      const Result result = cluster(data, {.k = k,
                                           .method = method,
                                           .init = random.below(2) == 0 ? Init::Random : Init::PlusPlus,
                                           .weights = weights,
                                           .seed = static_cast<std::uint64_t>(round),
                                           .sample_size = random.below(2) == 0 ? 0 : k + 3,
                                           .independent_samples = random.below(2) == 0,
                                           .threads = 1});
      EXPECT_TRUE(result.converged);
      EXPECT_EQ(std::set<Index>(result.medoids.begin(), result.medoids.end()).size(),
                static_cast<std::size_t>(k));
      EXPECT_EQ(result.total_deviation, testing::total_deviation(data, result.medoids, weights));
      expect_valid(data, result, weights);
    }
  }
}

TEST(Samplers, DependOnTheSeedAlone) {
  const Input input = points("iris.csv");
  for (const Method method : samplers) {
    std::set<std::vector<Index>> seen;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      Options options{.k = 12, .method = method, .seed = seed, .threads = 1};
      const Result one = cluster(input.data, options);
      options.threads = 4;
      options.isa = Isa::Scalar;
      const Result again = cluster(input.data, options);
      EXPECT_EQ(again.medoids, one.medoids);
      EXPECT_EQ(again.statistics.evaluated, one.statistics.evaluated);
      seen.insert(one.medoids);
    }
    EXPECT_GT(seen.size(), 1U) << name(method);
  }
}

TEST(Clara, OfASampleOfAllObjectsIsTheFullSearch) {
  const Input input = points("iris.csv");
  const Result full = cluster(input.data, {.k = 5, .method = Method::FastPAM1, .init = Init::Build});
  for (const Method method : {Method::CLARA, Method::FastCLARA}) {
    const Result result = cluster(input.data, {.k = 5, .method = method, .samples = 1, .sample_size = 150});
    EXPECT_EQ(result.medoids, full.medoids);
    EXPECT_NEAR(result.total_deviation, 79.0925271172, 1e-8);
  }
}

TEST(Clara, KeepsGivenMedoidsUnlessASampleHasBetterOnes) {
  const Input input = points("iris.csv");
  const std::vector<Index> optimum{7, 78, 112};
  for (const Method method : object_samplers) {
    const Result kept =
        cluster(input.data, {.k = 3, .method = method, .init = Init::Given, .medoids = optimum});
    EXPECT_EQ(kept.medoids, optimum);
    EXPECT_EQ(kept.statistics.swaps, 0);
    const Result bettered =
        cluster(input.data, {.k = 3, .method = method, .init = Init::Given, .medoids = {0, 1, 2}});
    EXPECT_LT(bettered.total_deviation, 110);
  }
}

// Distances on a line that count how often they are asked for.
class Counting : public RowMaker<double> {
 public:
  explicit Counting(Index n) : n_(n) {}
  void fill(Index candidate, Index begin, Index end, double* out) const override {
    for (Index o = begin; o < end; ++o) out[o - begin] = at(o, candidate);
  }
  double at(Index object, Index candidate) const override {
    ++made_;
    return std::abs(static_cast<double>((object * 7919) % n_ - (candidate * 7919) % n_));
  }
  std::int64_t made() const { return made_; }

 private:
  Index n_;
  mutable std::atomic<std::int64_t> made_ = 0;
};

TEST(Clara, WithoutAMatrixMakesTheRowsOfMedoidsOnly) {
  constexpr Index n = 20000;
  constexpr int k = 4;
  for (const Method method : object_samplers) {
    const auto maker = std::make_shared<Counting>(n);
    const auto data = Dissimilarity::made<double>(maker, n, true);
    const Result result = cluster(data, {.k = k, .method = method});
    EXPECT_TRUE(result.converged);
    // The start, the result and each of the 5 samples are assigned once; samples have at most 96 objects.
    EXPECT_LT(maker->made(), 7 * n * k + 5 * 96 * 96 + 1000);
    // On a line of equal steps the best k medoids leave a TD of n^2 / (4 k).
    EXPECT_LT(result.total_deviation, 1.1 * n * n / (4 * k));
  }
}

TEST(Samplers, StopWhenCancelledAndKeepTheBestSoFar) {
  class CancelAfter : public Progress {
   public:
    explicit CancelAfter(int questions) : questions_(questions) {}
    bool cancelled() const override { return --questions_ < 0; }

   private:
    mutable int questions_;
  };
  const Input input = points("iris.csv");
  for (const Method method : samplers) {
    for (int questions = 0; questions < 60; questions += 7) {
      CancelAfter progress(questions);
      // BUILD on a sample throws, since a start that is not finished is none.
      const Result result = cluster(
          input.data, {.k = 5, .method = method, .init = Init::Given, .medoids = {0, 1, 2, 3, 4}}, progress);
      EXPECT_TRUE(questions > 7 || !result.converged);
      expect_valid(input.data, result);
    }
  }
}

std::string problem_of(const Options& options) {
  try {
    cluster(points("iris.csv").data, options);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Samplers, RefuseSizesThatCannotBe) {
  EXPECT_THAT(problem_of({.k = 5, .method = Method::CLARA, .sample_size = 4}),
              HasSubstr("the sample size is 4; expected at least k = 5"));
  EXPECT_THAT(problem_of({.k = 5, .method = Method::CLARA, .samples = 0}), HasSubstr("samples is 0"));
  EXPECT_THAT(problem_of({.k = 5, .method = Method::CLARANS, .numlocal = 0}), HasSubstr("numlocal is 0"));
  EXPECT_THAT(problem_of({.k = 5, .method = Method::CLARANS, .maxneighbor = -1}),
              HasSubstr("maxneighbor is -1"));
}

TEST(Order, MustNameEachObjectOnce) {
  EXPECT_THAT(problem_of({.k = 5, .order = {0, 1, 2}}), HasSubstr("the order has 3 objects of 150"));
  std::vector<Index> order(150);
  EXPECT_THAT(problem_of({.k = 5, .order = order}), HasSubstr("the order names object 0 twice"));
  order[3] = 150;
  order[1] = 1;
  order[2] = 2;
  EXPECT_THAT(problem_of({.k = 5, .order = order}),
              HasSubstr("the order names object 150; expected 0 to 149"));
}

}  // namespace
}  // namespace xchg::kmedoids
