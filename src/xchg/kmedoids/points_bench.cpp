// Searches on points whose distances are made as they are needed.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "xchg/core/random.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {
namespace {

// (n, d) points of a Gaussian mixture with 60 centres.
std::vector<double> mixture_points(Index n, Index d) {
  constexpr std::size_t centres = 60;
  const auto dimensions = static_cast<std::size_t>(d);
  Random random(1);
  std::vector<double> centre(centres * dimensions), points;
  for (double& value : centre) value = 10 * random.uniform();
  for (Index o = 0; o < n; ++o) {
    const std::size_t c = random.below(centres);
    for (std::size_t j = 0; j < dimensions; ++j)
      points.push_back(centre[c * dimensions + j] + random.normal());
  }
  return points;
}

// Eight starts that share every row against one start: time ratio, and how often a distance is used.
void lockstep_restarts(benchmark::State& state) {
  const Index n = state.range(0), d = state.range(1);
  const auto data = Dissimilarity::points(mixture_points(n, d), n, d, {.matrix = Matrix::Never});
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
  std::nth_element(ratios.begin(), ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2),
                   ratios.end());
  state.counters["eight_to_one"] = ratios[ratios.size() / 2];
}

// One search with rows made as they are needed against the same with the matrix, whose making counts.
void without_matrix(benchmark::State& state) {
  const Index n = state.range(0), d = state.range(1);
  const std::vector<double> points = mixture_points(n, d);
  const Options options{.k = 50, .threads = 1};
  const auto seconds = [](auto begun) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  };
  for (auto _ : state) {
    const auto begun = std::chrono::steady_clock::now();
    const Result with =
        cluster(Dissimilarity::points(points, n, d, {.threads = 1, .matrix = Matrix::Always}), options);
    const double matrix = seconds(begun);
    const auto again = std::chrono::steady_clock::now();
    const Result without =
        cluster(Dissimilarity::points(points, n, d, {.threads = 1, .matrix = Matrix::Never}), options);
    const double made = seconds(again);
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
