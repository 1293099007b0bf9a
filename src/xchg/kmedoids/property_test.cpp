// Properties over many random instances with ties, duplicates, weights and asymmetry, against exhaustive
// answers.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include "xchg/kmedoids/evaluate.hpp"
#include "xchg/kmedoids/kmedoids.hpp"
#include "xchg/kmedoids/plain_fasterpam.hpp"
#include "xchg/kmedoids/state.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

struct Instance {
  Dissimilarity data;
  std::vector<double> weights;
  int k;
};

Instance random_case(Random& random, Index most) {
  const Index n = 2 + static_cast<Index>(random.below(static_cast<std::uint64_t>(most - 1)));
  Instance instance{testing::random_instance(n, random.below(2) == 0, random), {}, 0};
  instance.k = 1 + static_cast<int>(random.below(static_cast<std::uint64_t>(n)));
  if (random.below(2) == 0) {
    for (Index o = 0; o < n; ++o) instance.weights.push_back(static_cast<double>(random.below(4)));
    instance.weights.front() = 1;
  }
  return instance;
}

Problem<std::int32_t> problem_of(const Instance& instance) {
  const auto values = std::get<Rows<std::int32_t>>(instance.data.rows());
  return {values, instance.data.size(), {instance.weights.begin(), instance.weights.end()}};
}

std::vector<Index> some_medoids(const Instance& instance, Random& random) {
  std::vector<Index> medoids;
  for (const auto x : sample_without_replacement(static_cast<std::uint64_t>(instance.data.size()),
                                                 static_cast<std::uint64_t>(instance.k), random)) {
    medoids.push_back(static_cast<Index>(x));
  }
  return medoids;
}

void expect_same_as_fresh(const State<std::int32_t>& state, const Problem<std::int32_t>& problem) {
  const State<std::int32_t> fresh(problem, state.medoids());
  EXPECT_EQ(state.d1(), fresh.d1());
  EXPECT_EQ(state.d2(), fresh.d2());
  EXPECT_EQ(state.total_deviation(), fresh.total_deviation());
  if (state.k() > 1) {
    EXPECT_EQ(state.removal_loss(), fresh.removal_loss());
  }
  for (std::size_t slot = 0; slot < state.medoids().size(); ++slot) {
    EXPECT_EQ(state.nearest()[static_cast<std::size_t>(state.medoids()[slot])],
              static_cast<std::int32_t>(slot));
  }
}

TEST(Property, EveryEvaluatedSwapEqualsTheDifferenceOfTotals) {
  Random random(101);
  for (int round = 0; round < 500; ++round) {
    Instance instance = random_case(random, 90);  // more than one block of the filter
    instance.k = std::max(instance.k, 2);
    const auto problem = problem_of(instance);
    const State<std::int32_t> state(problem, some_medoids(instance, random));
    const double before = testing::total_deviation(instance.data, state.medoids(), instance.weights);
    for (Index x = 0; x < problem.n; x += 1 + static_cast<Index>(random.below(5))) {
      if (state.is_medoid(x)) continue;
      std::vector<std::int32_t> buffer;
      std::vector<std::int64_t> change = state.removal_loss();
      const std::int64_t shared =
          evaluate_row_scalar(std::int32_t{})(state.view(), problem.row(x, buffer), change.data());
      const auto slot = random.below(static_cast<std::uint64_t>(state.k()));
      std::vector<Index> swapped = state.medoids();
      swapped[slot] = x;
      EXPECT_EQ(static_cast<double>(change[slot] + shared),
                testing::total_deviation(instance.data, swapped, instance.weights) - before);
    }
  }
}

template <class T>
void expect_kernels_agree(EvaluateRow<T> kernel) {
  Random random(55);
  for (int round = 0; round < 200; ++round) {
    const auto n = static_cast<std::int64_t>(1 + random.below(300));
    const int k = 2 + static_cast<int>(random.below(9));
    std::vector<T> row, d1, d2;
    std::vector<std::int32_t> near;
    std::vector<Sum<T>> weights;
    for (std::int64_t o = 0; o < n; ++o) {
      row.push_back(static_cast<T>(random.uniform() * 100));
      d1.push_back(static_cast<T>(random.uniform() * 50));
      d2.push_back(d1.back() + static_cast<T>(random.uniform() * 50));
      near.push_back(static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(k))));
      weights.push_back(static_cast<Sum<T>>(random.below(5)));
    }
    for (const bool weighted : {false, true}) {
      const StateView<T> state{n, near.data(), d1.data(), d2.data(), weighted ? weights.data() : nullptr};
      std::vector<Sum<T>> expected(static_cast<std::size_t>(k), Sum<T>{7}), got = expected;
      const Sum<T> shared = evaluate_row_scalar(T{})(state, row.data(), expected.data());
      EXPECT_EQ(kernel(state, row.data(), got.data()), shared);
      EXPECT_EQ(got, expected);
    }
  }
}

#if defined(__x86_64__)
TEST(Property, Avx2KernelsAgreeWithScalarToTheBit) {
  if (best_isa() < Isa::Avx2) GTEST_SKIP() << "no AVX2 here";
#define XCHG_EXPECT(T) expect_kernels_agree<T>(evaluate_row_avx2(T{}));
  XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_EXPECT)
#undef XCHG_EXPECT
}

TEST(Property, Avx512KernelsAgreeWithScalarToTheBit) {
  if (best_isa() < Isa::Avx512) GTEST_SKIP() << "no AVX-512 here";
#define XCHG_EXPECT(T) expect_kernels_agree<T>(evaluate_row_avx512(T{}));
  XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_EXPECT)
#undef XCHG_EXPECT
}
#endif

TEST(Property, StateAfterRandomSwapsEqualsAFreshAssignment) {
  Random random(202);
  for (int round = 0; round < 500; ++round) {
    Instance instance = random_case(random, 40);
    instance.k = std::min(std::max(instance.k, 2), static_cast<int>(instance.data.size()) - 1);
    if (instance.k < 2) continue;
    const auto problem = problem_of(instance);
    State<std::int32_t> state(problem, some_medoids(instance, random));
    for (int swap = 0; swap < 10; ++swap) {
      Index x = 0;
      do x = static_cast<Index>(random.below(static_cast<std::uint64_t>(problem.n)));
      while (state.is_medoid(x));
      state.swap(static_cast<int>(random.below(static_cast<std::uint64_t>(state.k()))), x);
      expect_same_as_fresh(state, problem);
    }
  }
}

TEST(Property, ResultsAreValidSwapOptimalAndNotBelowTheOptimum) {
  Random random(303);
  for (int round = 0; round < 2000; ++round) {
    const Instance instance = random_case(random, round % 4 == 0 ? 12 : 40);
    const Init init = random.below(2) == 0 ? Init::Random : Init::Build;
    const Result result = cluster(instance.data, {.k = instance.k,
                                                  .init = init,
                                                  .weights = instance.weights,
                                                  .seed = static_cast<std::uint64_t>(round),
                                                  .threads = 1});
    SCOPED_TRACE(fmt::format("round {}, n {}, k {}", round, instance.data.size(), instance.k));
    EXPECT_TRUE(result.converged);
    EXPECT_EQ(std::set<Index>(result.medoids.begin(), result.medoids.end()).size(),
              static_cast<std::size_t>(instance.k));
    EXPECT_EQ(result.total_deviation,
              testing::total_deviation(instance.data, result.medoids, instance.weights));
    double previous = result.statistics.total_deviation_init;
    for (const double total : result.statistics.total_deviation_per_swap) {
      EXPECT_LT(total, previous);
      previous = total;
    }
    const Check check = verify(instance.data, result, instance.weights);
    EXPECT_TRUE(check.right) << check.problem;
    if (round % 10 == 0) {
      EXPECT_EQ(testing::best_swap_change(instance.data, result.medoids, instance.weights), 0);
    }
    if (instance.data.size() <= 12) {
      EXPECT_GE(result.total_deviation, testing::optimum(instance.data, instance.k, instance.weights));
    }
  }
}

// The fast search takes the same swaps as the one written to be read.
template <class T>
void expect_plain_trajectory(const Dissimilarity& data, int k) {
  const auto values = std::get<Rows<T>>(data.rows());
  std::vector<std::size_t> start(static_cast<std::size_t>(k));
  std::iota(start.begin(), start.end(), std::size_t{0});
  const plain::Outcome plain =
      plain::FasterPam<T>(values.dense, static_cast<std::size_t>(data.size()), start).run();
  const Result result = cluster(data, {.k = k, .init = Init::First});
  EXPECT_EQ(result.statistics.swaps, static_cast<std::int64_t>(plain.total_deviation_per_swap.size()));
  for (std::size_t slot = 0; slot < plain.medoids.size(); ++slot) {
    EXPECT_EQ(static_cast<std::size_t>(result.medoids[slot]), plain.medoids[slot]);
  }
  for (std::size_t swap = 0; swap < plain.total_deviation_per_swap.size(); ++swap) {
    EXPECT_NEAR(result.statistics.total_deviation_per_swap[swap], plain.total_deviation_per_swap[swap],
                1e-12 * plain.total_deviation_per_swap[swap]);
  }
}

TEST(Property, SwapsAreThoseOfThePlainSearch) {
  Random random(606);
  for (int round = 0; round < 300; ++round) {
    const Index n = 3 + static_cast<Index>(random.below(150));
    const int k = 2 + static_cast<int>(random.below(static_cast<std::uint64_t>(n - 2)));
    // Symmetric matrices have swaps of equal value (two medoids that are each other's nearest), between which
    // rounding decides; whole numbers and asymmetric ones have a definite answer.
    std::vector<double> values(static_cast<std::size_t>(n * n));
    for (double& value : values) value = random.uniform();
    for (Index i = 0; i < n; ++i) values[static_cast<std::size_t>(i * n + i)] = 0;
    expect_plain_trajectory<double>(
        Dissimilarity::matrix(values, n, {.orientation = Orientation::RowsAreCandidates}), k);
    expect_plain_trajectory<std::int32_t>(testing::random_instance(n, round % 2 == 0, random), k);
  }
}

TEST(Property, VerifyFindsEverySingleSwapThatImproves) {
  Random random(404);
  int improvable = 0;
  for (int round = 0; round < 300; ++round) {
    const Instance instance = random_case(random, 20);
    Result start = cluster(instance.data, {.k = instance.k,
                                           .init = Init::Random,
                                           .weights = instance.weights,
                                           .seed = static_cast<std::uint64_t>(round),
                                           .max_rounds = 0});
    const double change = testing::best_swap_change(instance.data, start.medoids, instance.weights);
    const Check check = verify(instance.data, start, instance.weights);
    EXPECT_TRUE(check.right);
    EXPECT_EQ(std::min(0.0, check.best_swap_change), change);
    start.converged = true;  // a claim that is wrong when a swap improves
    EXPECT_EQ(verify(instance.data, start, instance.weights).right, change == 0);
    improvable += change < 0 ? 1 : 0;
  }
  EXPECT_GT(improvable, 100);
}

TEST(Property, VerifyRejectsDamagedResults) {
  Random random(505);
  for (int round = 0; round < 200; ++round) {
    const Dissimilarity data = testing::random_instance(15, true, random);
    const Result good = cluster(data, {.k = 4, .seed = static_cast<std::uint64_t>(round)});
    Result total = good;
    total.total_deviation += 1;
    EXPECT_FALSE(verify(data, total).right);
    Result twice = good;
    twice.medoids[0] = twice.medoids[1];
    EXPECT_FALSE(verify(data, twice).right);
    Result outside = good;
    outside.medoids[2] = 15;
    EXPECT_FALSE(verify(data, outside).right);
    Result label = good;
    const auto medoid = static_cast<std::size_t>(good.medoids[0]);
    label.labels[medoid] = 1;
    EXPECT_FALSE(verify(data, label).right);
    Result distance = good;
    distance.distance_to_medoid[3] += 0.5;
    EXPECT_FALSE(verify(data, distance).right);
  }
}

}  // namespace
}  // namespace xchg::kmedoids
