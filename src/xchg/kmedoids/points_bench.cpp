// Searches on points whose distances are made as they are needed.
#include <benchmark/benchmark.h>

#include <vector>

#include "xchg/kmedoids/benching.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {
namespace {

// Eight starts that share every row against one start: time ratio, and how often a distance is used.
void lockstep_restarts(benchmark::State& state) {
  const Index n = state.range(0), d = state.range(1);
  const auto data =
      Dissimilarity::points(mixture_points(static_cast<std::size_t>(n), static_cast<std::size_t>(d)), n, d,
                            {.matrix = Matrix::Never});
  Options options{.k = 20, .threads = 1};
  std::vector<double> ratios;
  for (auto _ : state) {
    options.restarts = 1;
    const double one = cluster(data, options).statistics.seconds_swap;
    options.restarts = 8;
    const double eight = cluster(data, options).statistics.seconds_swap;
    state.SetIterationTime(eight);
    ratios.push_back(eight / one);
  }
  state.counters["eight_to_one"] = median(ratios);
}

// One search with rows made as they are needed against the same with the matrix, whose making counts.
void without_matrix(benchmark::State& state) {
  const Index n = state.range(0), d = state.range(1);
  const std::vector<double> points = mixture_points(static_cast<std::size_t>(n), static_cast<std::size_t>(d));
  const Options options{.k = 50, .threads = 1};
  for (auto _ : state) {
    Result with, without;
    const auto search = [&](Matrix matrix, Result& result) {
      return seconds_of([&] {
        result = cluster(Dissimilarity::points(points, n, d, {.threads = 1, .matrix = matrix}), options);
      });
    };
    const double matrix = search(Matrix::Always, with), made = search(Matrix::Never, without);
    if (with.medoids != without.medoids) return state.SkipWithError("the two searches differ");
    state.SetIterationTime(made);
    state.counters["time_to_matrix"] = made / matrix;
    state.counters["ns_a_distance"] = 1e9 * made / static_cast<double>(without.statistics.evaluated * n);
  }
}

BENCHMARK(lockstep_restarts)
    ->Name("points/lockstep_restarts")
    ->Args({4000, 512})
    ->Iterations(3)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(without_matrix)
    ->Name("points/without_matrix")
    ->Args({5000, 16})
    ->Args({5000, 512})
    ->Iterations(1)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace xchg::kmedoids
