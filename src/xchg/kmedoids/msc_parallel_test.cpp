// The medoid silhouette searches on several threads, with so little work for each that windows, ties and hits
// interleave.
#include <gtest/gtest.h>

#include <numeric>

#include "xchg/kmedoids/initial.hpp"
#include "xchg/kmedoids/medoid_silhouette.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

struct Outcome {
  std::vector<Index> medoids;
  Statistics statistics;
  bool converged;
};

template <class T>
Outcome search(const Dissimilarity& data, const std::vector<Index>& start, Method method, int threads) {
  const Problem<T> problem{std::get<Rows<T>>(data.rows()), data.size(), {}};
  SilhouetteState<T> state(problem, {}, start);
  std::vector<Index> order(static_cast<std::size_t>(problem.n));
  std::iota(order.rbegin(), order.rend(), Index{0});
  const SearchLimits limits{.threads = threads, .parallel_work = 1};
  Outcome outcome;
  outcome.converged =
      method == Method::FasterMSC ? fastermsc(state, order, limits, outcome.statistics, Progress::none())
      : method == Method::FastMSC ? fastmsc(state, limits, outcome.statistics, Progress::none())
                                  : pammedsil(state, limits, outcome.statistics, Progress::none());
  outcome.medoids = state.medoids();
  return outcome;
}

template <class T>
void expect_same_for_all_thread_counts(const Dissimilarity& data, const std::vector<Index>& start) {
  for (const Method method : {Method::FasterMSC, Method::FastMSC, Method::PAMMEDSIL}) {
    const Outcome one = search<T>(data, start, method, 1);
    EXPECT_TRUE(one.converged);
    for (const int threads : {2, 5}) {
      const Outcome several = search<T>(data, start, method, threads);
      EXPECT_EQ(several.medoids, one.medoids);
      EXPECT_EQ(several.converged, one.converged);
      EXPECT_EQ(several.statistics.evaluated, one.statistics.evaluated);
      EXPECT_EQ(several.statistics.rounds, one.statistics.rounds);
      EXPECT_EQ(several.statistics.objective_per_swap, one.statistics.objective_per_swap);
    }
  }
}

TEST(ParallelMedoidSilhouette, WindowsTakeTheSwapsOfOneThread) {
  Random random(88);
  for (int round = 0; round < 10; ++round) {
    const Index n = 5 + static_cast<Index>(random.below(150));
    const int k = 2 + static_cast<int>(random.below(static_cast<std::uint64_t>(std::min<Index>(n - 2, 12))));
    const std::vector<Index> start = random_start(n, k, random);
    expect_same_for_all_thread_counts<std::int32_t>(testing::random_instance(n, round % 2 == 0, random),
                                                    start);
    std::vector<double> points(static_cast<std::size_t>(2 * n));
    for (double& value : points) value = random.normal();
    expect_same_for_all_thread_counts<double>(Dissimilarity::points(points, n, 2), start);
  }
}

}  // namespace
}  // namespace xchg::kmedoids
