// FasterPAM against the same search written to be read (plain_fasterpam.hpp), in one run: float32 matrix of a
// Gaussian mixture (16 dimensions, 60 centres), start at the first k objects, one thread. Ratios are baseline
// time / our time, measured in turn; the counters show their median.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <functional>
#include <numeric>
#include <thread>

#include "xchg/kmedoids/benching.hpp"
#include "xchg/kmedoids/kmedoids.hpp"
#include "xchg/kmedoids/plain_fasterpam.hpp"

namespace xchg::kmedoids {
namespace {

template <plain::Layout layout>
void against_plain(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const int k = static_cast<int>(state.range(1));
  const std::vector<float>& matrix = mixture(n);
  const auto data = Dissimilarity::view(std::span<const float>(matrix), static_cast<Index>(n));
  std::vector<std::size_t> start(static_cast<std::size_t>(k));
  std::iota(start.begin(), start.end(), std::size_t{0});
  std::vector<double> ratios, ours_seconds;
  Result result;
  for (auto _ : state) {
    plain::Outcome outcome;
    const double baseline =
        seconds_of([&] { outcome = plain::FasterPam<float, layout>(matrix.data(), n, start).run(); });
    const double ours =
        seconds_of([&] { result = cluster(data, {.k = k, .init = Init::First, .threads = 1}); });
    if (static_cast<std::size_t>(result.statistics.swaps) != outcome.total_deviation_per_swap.size()) {
      state.SkipWithError("the two searches took different swaps");
      return;
    }
    state.SetIterationTime(ours);
    ratios.push_back(baseline / ours);
    ours_seconds.push_back(ours);
  }
  state.counters["ratio"] = median(ratios);
  state.counters["swaps"] = static_cast<double>(result.statistics.swaps);
  const double bytes =
      static_cast<double>(result.statistics.evaluated) * static_cast<double>(n) * sizeof(float);
  state.counters["GB/s"] = bytes / median(ours_seconds) / 1e9;
}

// Reads all of a matrix, at the speed of the memory.
std::uint64_t exclusive_or(const std::vector<float>& matrix) {
  std::array<std::uint64_t, 32> lanes{};
  constexpr std::size_t step = lanes.size() * 2;
  for (std::size_t i = 0; i + step <= matrix.size(); i += step) {
    std::array<std::uint64_t, 32> words;
    std::memcpy(words.data(), matrix.data() + i, sizeof words);
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) lanes[lane] ^= words[lane];
  }
  return std::accumulate(lanes.begin(), lanes.end(), std::uint64_t{0}, std::bit_xor<>());
}

// Reading the same matrix once, as fast as one thread can: the limit of a round that swaps nothing.
void round_without_swaps(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const int k = static_cast<int>(state.range(1));
  const std::vector<float>& matrix = mixture(n);
  const auto data = Dissimilarity::view(std::span<const float>(matrix), static_cast<Index>(n));
  const Result best = cluster(data, {.k = k, .init = Init::First});
  std::vector<double> shares;
  double bandwidth = 0;
  for (auto _ : state) {
    std::uint64_t sink = 0;
    const double reading = seconds_of([&] { sink = exclusive_or(matrix); });
    benchmark::DoNotOptimize(sink);
    Result again;
    const double whole = seconds_of(
        [&] { again = cluster(data, {.k = k, .init = Init::Given, .medoids = best.medoids, .threads = 1}); });
    state.SetIterationTime(whole);
    shares.push_back(reading / again.statistics.seconds_swap);
    bandwidth = static_cast<double>(matrix.size()) * sizeof(float) / reading / 1e9;
  }
  state.counters["share_of_read_bandwidth"] = median(shares);
  state.counters["read_GB/s"] = bandwidth;
}

// Two threads against one, alone on the machine or with another program that keeps one core busy.
template <bool busy>
void two_threads(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const auto data = Dissimilarity::view(std::span<const float>(mixture(n)), static_cast<Index>(n));
  Options options{.k = static_cast<int>(state.range(1)), .init = Init::First};
  std::atomic<bool> stop = false;
  std::jthread other;
  if (busy) {
    other = std::jthread([&stop] {
      while (!stop) benchmark::ClobberMemory();
    });
  }
  std::vector<double> ratios;
  for (auto _ : state) {
    options.threads = 1;
    const double one = seconds_of([&] { cluster(data, options); });
    options.threads = 2;
    const double two = seconds_of([&] { cluster(data, options); });
    state.SetIterationTime(two);
    ratios.push_back(two / one);
  }
  stop = true;
  state.counters["two_to_one"] = median(ratios);
}

// The same search without and with skipping of candidates that a bound excludes.
void skipping(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const auto data = Dissimilarity::view(std::span<const float>(mixture(n)), static_cast<Index>(n));
  Options options{.k = static_cast<int>(state.range(1)), .init = Init::First, .threads = 1};
  std::vector<double> ratios;
  Result result;
  for (auto _ : state) {
    options.skip = false;
    const double all = cluster(data, options).statistics.seconds_swap;
    options.skip = true;
    result = cluster(data, options);
    state.SetIterationTime(result.statistics.seconds_swap);
    ratios.push_back(all / result.statistics.seconds_swap);
  }
  state.counters["ratio"] = median(ratios);
  state.counters["skipped"] = static_cast<double>(result.statistics.skipped);
  state.counters["evaluated"] = static_cast<double>(result.statistics.evaluated);
}

BENCHMARK(against_plain<plain::Layout::Rows>)
    ->Name("fasterpam/plain_rows")
    ->Args({5000, 10})
    ->Args({5000, 100})
    ->Args({10000, 10})
    ->Args({10000, 100})
    ->Iterations(3)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(against_plain<plain::Layout::Columns>)
    ->Name("fasterpam/plain_columns")
    ->Args({5000, 100})
    ->Args({10000, 100})
    ->Iterations(3)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(round_without_swaps)
    ->Name("fasterpam/round_without_swaps")
    ->Args({10000, 100})
    ->Iterations(5)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(two_threads<false>)
    ->Name("fasterpam/two_threads")
    ->Args({5000, 100})
    ->Args({10000, 10})
    ->Args({10000, 100})
    ->Iterations(7)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(two_threads<true>)
    ->Name("fasterpam/two_threads_one_core_busy")
    ->Args({5000, 100})
    ->Args({10000, 10})
    ->Args({10000, 100})
    ->Iterations(7)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(skipping)
    ->Name("fasterpam/skipping")
    ->Args({5000, 10})
    ->Args({5000, 100})
    ->Args({10000, 10})
    ->Args({10000, 100})
    ->Iterations(5)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace xchg::kmedoids

BENCHMARK_MAIN();
