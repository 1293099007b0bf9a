// The best-improvement searches and BUILD against the same written to be read (plain_fastpam1.hpp,
// plain_build.hpp), and PAM against what replaces it, in one run on one thread. Ratios are baseline time /
// our time, measured in turn; the counters show their median.
#include <benchmark/benchmark.h>

#include <numeric>

#include "xchg/kmedoids/benching.hpp"
#include "xchg/kmedoids/kmedoids.hpp"
#include "xchg/kmedoids/plain_build.hpp"
#include "xchg/kmedoids/plain_fastpam1.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

// FastPAM1 with tables on the mixture, from the first k objects.
void fastpam1_against_plain(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const int k = static_cast<int>(state.range(1));
  const std::vector<float>& matrix = mixture(n);
  const auto data = Dissimilarity::view(std::span<const float>(matrix), static_cast<Index>(n));
  std::vector<std::size_t> start(static_cast<std::size_t>(k));
  std::iota(start.begin(), start.end(), std::size_t{0});
  std::vector<double> ratios;
  Result result;
  for (auto _ : state) {
    std::vector<double> totals;
    const double baseline =
        seconds_of([&] { totals = plain::FastPam1<float>(matrix.data(), n, start).run(); });
    const double ours = seconds_of([&] {
      result = cluster(data, {.k = k, .method = Method::FastPAM1, .init = Init::First, .threads = 1});
    });
    if (static_cast<std::size_t>(result.statistics.swaps) != totals.size()) {
      state.SkipWithError("the two searches took different swaps");
      return;
    }
    state.SetIterationTime(ours);
    ratios.push_back(baseline / ours);
  }
  state.counters["ratio"] = median(ratios);
  state.counters["swaps"] = static_cast<double>(result.statistics.swaps);
}

// Lazy BUILD on the mixture.
void build_against_plain(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const auto k = static_cast<std::size_t>(state.range(1));
  const std::vector<float>& matrix = mixture(n);
  const auto data = Dissimilarity::view(std::span<const float>(matrix), static_cast<Index>(n));
  std::vector<double> ratios;
  for (auto _ : state) {
    std::vector<std::size_t> expected;
    const double baseline = seconds_of([&] { expected = plain::build(matrix.data(), n, k); });
    const Result result =
        cluster(data, {.k = static_cast<int>(k), .init = Init::Build, .max_rounds = 0, .threads = 1});
    if (!std::equal(expected.begin(), expected.end(), result.medoids.begin(), result.medoids.end(),
                    [](std::size_t a, Index b) { return static_cast<Index>(a) == b; })) {
      state.SkipWithError("the two chose different medoids");
      return;
    }
    state.SetIterationTime(result.statistics.seconds_init);
    ratios.push_back(baseline / result.statistics.seconds_init);
  }
  state.counters["ratio"] = median(ratios);
}

// The swaps of a method on the digits, k = 100, from the first 100 objects.
double digits_seconds(const Input& digits, Method method) {
  return cluster(digits.data, {.k = 100, .method = method, .init = Init::First, .threads = 1})
      .statistics.seconds_swap;
}

// PAM by its definition is measured once, since it takes half a minute.
void against_pam(benchmark::State& state) {
  static const Input digits = testing::points("digits.csv");
  static const double pam = digits_seconds(digits, Method::PAM);
  const auto method = static_cast<Method>(state.range(0));
  std::vector<double> ratios;
  for (auto _ : state) {
    const double ours = digits_seconds(digits, method);
    state.SetIterationTime(ours);
    ratios.push_back(pam / ours);
  }
  state.counters["ratio"] = median(ratios);
  state.counters["pam_seconds"] = pam;
}

BENCHMARK(fastpam1_against_plain)
    ->Name("fastpam1/plain")
    ->Args({5000, 10})
    ->Args({5000, 100})
    ->Iterations(3)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(build_against_plain)
    ->Name("build/plain")
    ->Args({5000, 10})
    ->Args({5000, 100})
    ->Iterations(3)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(against_pam)
    ->Name("fasterpam/pam")
    ->Arg(static_cast<int>(Method::FasterPAM))
    ->Iterations(5)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(against_pam)
    ->Name("fastpam1/pam")
    ->Arg(static_cast<int>(Method::FastPAM1))
    ->Iterations(5)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace xchg::kmedoids
