// Best-improvement searches and starts on several threads, with so little work for each that pieces
// interleave.
#include <gtest/gtest.h>

#include "xchg/kmedoids/fastpam.hpp"
#include "xchg/kmedoids/initial.hpp"
#include "xchg/kmedoids/pam.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

struct Outcome {
  std::vector<Index> medoids;
  Statistics statistics;
  bool converged = false;
};

template <class T>
Outcome search(Method method, const Dissimilarity& data, const std::vector<Index>& start, int threads,
               std::uint64_t budget) {
  const Problem<T> problem{std::get<Rows<T>>(data.rows()), data.size(), {}};
  State<T> state(problem, start);
  const SearchLimits limits{.threads = threads, .memory_budget_bytes = budget, .parallel_work = 1};
  Outcome outcome;
  Statistics& statistics = outcome.statistics;
  if (method == Method::FastPAM1)
    outcome.converged = fastpam1(problem, state, limits, statistics, Progress::none());
  else if (method == Method::FastPAM2)
    outcome.converged = fastpam2(problem, state, 1, limits, statistics, Progress::none());
  else if (method == Method::PAM)
    outcome.converged = pam(problem, state, limits, statistics, Progress::none());
  else
    outcome.converged = alternating(problem, state, limits, statistics, Progress::none());
  outcome.medoids = state.medoids();
  return outcome;
}

template <class T>
void expect_same_for_all_thread_counts(Method method, const Dissimilarity& data,
                                       const std::vector<Index>& start, std::uint64_t budget) {
  const Outcome one = search<T>(method, data, start, 1, budget);
  EXPECT_TRUE(one.converged);
  for (const int threads : {2, 5}) {
    const Outcome several = search<T>(method, data, start, threads, budget);
    EXPECT_EQ(several.medoids, one.medoids);
    EXPECT_EQ(several.converged, one.converged);
    EXPECT_EQ(several.statistics.evaluated, one.statistics.evaluated);
    EXPECT_EQ(several.statistics.rounds, one.statistics.rounds);
    EXPECT_EQ(several.statistics.total_deviation_per_swap, one.statistics.total_deviation_per_swap);
  }
}

TEST(ParallelBestSwaps, AreThoseOfOneThread) {
  Random random(1011);
  for (int round = 0; round < 12; ++round) {
    const Index n = 5 + static_cast<Index>(random.below(150));
    const int k = 2 + static_cast<int>(random.below(static_cast<std::uint64_t>(std::min<Index>(n - 2, 20))));
    const std::vector<Index> start = random_start(n, k, random);
    const Dissimilarity whole = testing::random_instance(n, round % 2 == 0, random);
    std::vector<double> coordinates(static_cast<std::size_t>(2 * n));
    for (double& value : coordinates) value = random.normal();
    const Dissimilarity points = Dissimilarity::points(coordinates, n, 2);
    for (const Method method : {Method::FastPAM1, Method::FastPAM2, Method::PAM, Method::Alternating}) {
      expect_same_for_all_thread_counts<std::int32_t>(method, whole, start, 0);
      expect_same_for_all_thread_counts<double>(method, points, start, 0);
    }
  }
}

TEST(ParallelBestSwaps, FromTablesAreThoseOfOneThread) {
  Random random(1012);
  // More objects than are updated in one piece.
  const Index n = 2200;
  std::vector<float> values(static_cast<std::size_t>(n * n));
  std::vector<double> place(static_cast<std::size_t>(n));
  for (double& value : place) value = random.uniform();
  for (std::size_t i = 0; i < place.size(); ++i) {
    for (std::size_t j = 0; j < place.size(); ++j)
      values[i * place.size() + j] = static_cast<float>(std::abs(place[i] - place[j]));
  }
  const Dissimilarity line = Dissimilarity::matrix(std::move(values), n);
  expect_same_for_all_thread_counts<float>(Method::FastPAM1, line, random_start(n, 40, random),
                                           std::uint64_t{1} << 40);
}

TEST(ParallelStart, ParkAndJunDoesNotDependOnThreads) {
  Random random(1013);
  const Dissimilarity data = testing::random_instance(300, false, random);
  const Problem<std::int32_t> problem{std::get<Rows<std::int32_t>>(data.rows()), 300, {}};
  EXPECT_EQ(park_jun_start(problem, 20, 4, Progress::none()),
            park_jun_start(problem, 20, 1, Progress::none()));
}

}  // namespace
}  // namespace xchg::kmedoids
