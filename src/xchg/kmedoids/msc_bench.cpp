// The medoid silhouette searches against PAMMEDSIL, which evaluates every swap by itself, and DynMSC against
// one search for every k, in one run on one thread. Ratios are baseline time / our time, measured in turn;
// the counters show their median.
#include <benchmark/benchmark.h>

#include "xchg/kmedoids/benching.hpp"
#include "xchg/kmedoids/kmedoids.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

// The 1797 digits, k = 20, from the first 20 objects; without the time of the distances.
void against_pammedsil(benchmark::State& state) {
  const Input input = testing::points("digits.csv");
  const auto method = static_cast<Method>(state.range(0));
  std::vector<double> ratios;
  Result naive, result;
  for (auto _ : state) {
    const Options options{.k = 20, .method = Method::PAMMEDSIL, .init = Init::First, .threads = 1};
    const double baseline = seconds_of([&] { naive = cluster(input.data, options); });
    Options fast = options;
    fast.method = method;
    const double ours = seconds_of([&] { result = cluster(input.data, fast); });
    if (method == Method::FastMSC && result.medoids != naive.medoids) {
      state.SkipWithError("the two searches ended in different medoids");
      return;
    }
    state.SetIterationTime(ours);
    ratios.push_back(baseline / ours);
  }
  state.counters["ratio"] = median(ratios);
  state.counters["swaps"] = static_cast<double>(result.statistics.swaps);
  state.counters["silhouette"] = result.average_medoid_silhouette;
  state.counters["silhouette_of_baseline"] = naive.average_medoid_silhouette;
}

// The mixture, from the first k objects.
void fastermsc_alone(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const auto data = Dissimilarity::view(std::span<const float>(mixture(n)), static_cast<Index>(n));
  Result result;
  for (auto _ : state) {
    state.SetIterationTime(seconds_of([&] {
      result = cluster(data, {.k = static_cast<int>(state.range(1)),
                              .method = Method::FasterMSC,
                              .init = Init::First,
                              .threads = 1});
    }));
  }
  state.counters["swaps"] = static_cast<double>(result.statistics.swaps);
}

// The digits, k = 20 down to 2, against FasterMSC for each k from its own BUILD.
void dynmsc_against_each_k(benchmark::State& state) {
  const Input input = testing::points("digits.csv");
  const Options options{.method = Method::FasterMSC, .init = Init::Build, .threads = 1};
  std::vector<double> ratios;
  RangeResult each, path;
  for (auto _ : state) {
    const double baseline =
        seconds_of([&] { each = cluster_range(input.data, 2, 20, options, Objective::MedoidSilhouette); });
    const double ours = seconds_of([&] { path = dynmsc(input.data, 2, 20, options); });
    state.SetIterationTime(ours);
    ratios.push_back(baseline / ours);
  }
  state.counters["ratio"] = median(ratios);
  state.counters["best_k"] = path.best_k;
  state.counters["best_k_of_baseline"] = each.best_k;
  state.counters["silhouette"] = path.best.average_medoid_silhouette;
  state.counters["silhouette_of_baseline"] = each.best.average_medoid_silhouette;
}

BENCHMARK(against_pammedsil)
    ->Name("fastermsc/pammedsil")
    ->Arg(static_cast<int>(Method::FasterMSC))
    ->Iterations(3)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(against_pammedsil)
    ->Name("fastmsc/pammedsil")
    ->Arg(static_cast<int>(Method::FastMSC))
    ->Iterations(3)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(fastermsc_alone)
    ->Name("fastermsc")
    ->Args({5000, 10})
    ->Args({5000, 100})
    ->Iterations(3)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(dynmsc_against_each_k)
    ->Name("dynmsc/each_k")
    ->Iterations(3)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace xchg::kmedoids
