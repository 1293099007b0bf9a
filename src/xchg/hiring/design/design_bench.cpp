// Building and solving the programs of generated instances against SciPy's HiGHS solving them, in one run,
// one thread. `ratio` is our time (build and solve) / HiGHS's (solve alone).
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdio>

#include "xchg/hiring/design.hpp"

namespace xchg::hiring {
namespace {

// Seconds and optimum; negative seconds: it failed.
std::array<double, 2> run_highs(const benchmark::State& state) {
  const std::string line =
      fmt::format("OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 /usr/bin/python3 {} {} {} {} {} 1 {} 2>/dev/null",
                  XCHG_TEST_DATA "/../src/xchg/hiring/bench/highs.py", state.range(0), state.range(1),
                  state.range(2), state.range(3), state.range(4) == 0 ? "inf" : "1");
  std::array<double, 2> answer{-1, -1};
  if (FILE* pipe = popen(line.c_str(), "r"); pipe != nullptr) {
    if (std::fscanf(pipe, "%lf %lf", &answer[0], &answer[1]) != 2) answer[0] = -1;
    pclose(pipe);
  }
  return answer;
}

void against_highs(benchmark::State& state) {
  const auto size = [&](int which) { return static_cast<int>(state.range(which)); };
  const Instance instance = generate(size(0), size(1), size(2), size(3), 1);
  const Options options{.payment_bound = state.range(4) == 0 ? Bound::infinity() : Bound(1),
                        .method = Method::Program,
                        .exact = false,
                        .ladder = false};
  for (auto _ : state) {
    const auto [seconds, optimum] = run_highs(state);
    if (seconds < 0) return state.SkipWithError("Python or SciPy is not installed");
    double ours = 1e300;
    Result result;
    for (int i = 0; i < 3; ++i) {
      result = design(instance, options);
      ours = std::min(ours, result.statistics.build_seconds + result.statistics.solve_seconds);
    }
    state.SetIterationTime(ours);
    state.counters["ratio"] = ours / seconds;
    state.counters["highs_seconds"] = seconds;
    state.counters["certify_seconds"] = result.statistics.certify_seconds;
    state.counters["difference"] = result.supremum - optimum;
  }
}

BENCHMARK(against_highs)
    ->Args({3, 3, 3, 3, 1})
    ->Args({4, 2, 3, 2, 1})
    ->Args({3, 3, 4, 3, 1})
    ->Args({4, 3, 3, 2, 1})
    ->Args({3, 4, 4, 3, 1})
    ->Args({5, 2, 3, 2, 1})
    ->Args({3, 3, 3, 3, 0})
    ->Args({4, 3, 3, 2, 0})
    ->Iterations(1)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace xchg::hiring

BENCHMARK_MAIN();
