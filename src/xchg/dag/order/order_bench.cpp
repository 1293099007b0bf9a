// Searches over orders against Cholesky factorisations, in one run on one thread. `ratio` is baseline time /
// our time where it is called faster, our time in units of a factorisation where it is called factorisations.
#include <benchmark/benchmark.h>

#include <Eigen/Cholesky>
#include <limits>
#include <numeric>

#include "xchg/dag/benching.hpp"
#include "xchg/dag/learn.hpp"
#include "xchg/dag/order/exact.hpp"
#include "xchg/dag/order/factor.hpp"
#include "xchg/dag/order/order_state.hpp"
#include "xchg/dag/order/search.hpp"

namespace xchg::dag {
namespace {

const Gram& problem(int d) {
  static const Gram small = shipped("er4_20"), middle = shipped("er4_50"), large = shipped("er4_100");
  return d == 20 ? small : d == 50 ? middle : large;
}

std::vector<int> shuffled(int d) { return random_order(d, Constraints(static_cast<std::size_t>(d)), 1, 0); }

// Time of one factorisation by Eigen (same compiler flags as the program without its instruction sets).
double eigen_seconds(const Gram& gram) {
  const auto d = static_cast<Eigen::Index>(gram.nodes());
  const Eigen::MatrixXd s = Eigen::Map<const Eigen::MatrixXd>(gram.s.values.data(), d, d);
  Eigen::LLT<Eigen::MatrixXd> factor(s);
  const int times = std::max(1, static_cast<int>(20'000'000 / (d * d * d)));
  return seconds_of([&] {
           for (int i = 0; i < times; ++i) {
             factor.compute(s);
             benchmark::DoNotOptimize(factor.matrixLLT()(d - 1, d - 1));
           }
         }) /
         times;
}

// All insertions from factor and inverse against a factorisation for each, by the same kernels.
void insertion_scan(benchmark::State& state) {
  const int d = static_cast<int>(state.range(0));
  const Gram& gram = problem(d);
  const Constraints none(gram.nodes());
  const std::vector<int> order = shuffled(d);
  const auto scanner = make_least_squares_state(gram, none, {.threads = 1});
  Factor factor(gram.s, Isa::Auto);
  std::vector<double> ratios;
  for (auto _ : state) {
    double sink = 0;
    const double plain = seconds_of([&] {
      for (int from = 0; from < d; ++from) {
        for (int to = 0; to < d; ++to) {
          if (to == from || to == from - 1) continue;
          std::vector<int> moved = order;
          move_nodes(moved, {Delta::Kind::Insert, from, to, 0});
          factor.factorise(moved);
          sink += factor.half_sum();
        }
      }
    });
    constexpr int times = 20;
    std::vector<Delta> moves;
    const double ours = seconds_of([&] {
                          for (int i = 0; i < times; ++i) {
                            moves.clear();
                            scanner->reset(order);
                            scanner->insertions(-std::numeric_limits<double>::infinity(), moves);
                          }
                        }) /
                        times;
    benchmark::DoNotOptimize(sink);
    state.SetIterationTime(ours);
    ratios.push_back(plain / ours);
  }
  state.counters["faster"] = median(ratios);
}

void swap_scan(benchmark::State& state) {
  const int d = static_cast<int>(state.range(0));
  const Gram& gram = problem(d);
  const Constraints none(gram.nodes());
  const auto scanner = make_least_squares_state(gram, none, {.threads = 1});
  const std::vector<int> order = shuffled(d);
  std::vector<Delta> moves;
  for (auto _ : state) {
    scanner->reset(order);
    scanner->swaps(-std::numeric_limits<double>::infinity(), moves);
  }
}

// The default search to its end, in factorisations of this size by Eigen.
void whole_search(benchmark::State& state, Start start) {
  const int d = static_cast<int>(state.range(0));
  const Gram& gram = d <= 100 ? problem(d) : simulated(d);
  const Constraints none(gram.nodes());
  const Options options{.threads = 1};
  std::vector<double> costs;
  double score = 0;
  for (auto _ : state) {
    const double eigen = eigen_seconds(gram);
    const double ours = seconds_of([&] {
      std::vector<int> order = shuffled(d);
      if (start == Start::MinVar) {
        Factor factor(gram.s, Isa::Auto);
        factor.factorise_by_least_variance(none);
        order = factor.order();
      }
      const auto searching = make_least_squares_state(gram, none, options);
      searching->reset(order);
      SearchClock clock(Progress::none(), std::numeric_limits<double>::infinity());
      descend(*searching, options, clock);
      score = searching->score();
    });
    state.SetIterationTime(ours);
    costs.push_back(ours / eigen);
  }
  state.counters["factorisations"] = median(costs);
  state.counters["score"] = score;
}

void minvar(benchmark::State& state) {
  const Gram& gram = simulated(static_cast<int>(state.range(0)));
  const Constraints none(gram.nodes());
  std::vector<double> costs;
  Factor factor(gram.s, Isa::Auto);
  for (auto _ : state) {
    const double eigen = eigen_seconds(gram);
    const double ours = seconds_of([&] { factor.factorise_by_least_variance(none); });
    state.SetIterationTime(ours);
    costs.push_back(ours / eigen);
  }
  state.counters["factorisations"] = median(costs);
}

void exact(benchmark::State& state) {
  const int d = static_cast<int>(state.range(0));
  const Gram& gram = d == 20 ? problem(d) : simulated(d);
  const Constraints none(gram.nodes());
  for (auto _ : state) {
    benchmark::DoNotOptimize(exact_order(gram, none, {.threads = 1}, Progress::none()).score);
  }
  state.counters["table_megabytes"] = static_cast<double>(exact_bytes(gram.nodes())) / 1e6;
}

// Branch and bound from where the default search with restarts ends; `proven` is 1 when it closes the gap.
void proof(benchmark::State& state, const std::string& name) {
  const Gram gram = shipped(name);
  const Constraints none(gram.nodes());
  const std::vector<int> incumbent = learn(gram, {.restarts = 20, .threads = 1}).order;
  for (auto _ : state) {
    const ExactResult result = branch_and_bound(gram, none, incumbent, {.threads = 1}, Progress::none());
    state.counters["proven"] = result.proven ? 1 : 0;
    state.counters["score"] = result.score;
  }
}

BENCHMARK(insertion_scan)
    ->Arg(20)
    ->Arg(50)
    ->Arg(100)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond)
    ->Iterations(5);
BENCHMARK(swap_scan)->Arg(20)->Arg(50)->Arg(100)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(whole_search, minvar, Start::MinVar)
    ->Arg(20)
    ->Arg(50)
    ->Arg(100)
    ->Arg(500)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(5);
BENCHMARK_CAPTURE(whole_search, random, Start::Random)
    ->Arg(20)
    ->Arg(50)
    ->Arg(100)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(5);
BENCHMARK(minvar)->Arg(1000)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(5);
BENCHMARK(exact)->Arg(20)->Arg(24)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(proof, er4_50, "er4_50")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(proof, sf4_50, "sf4_50")->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace xchg::dag

BENCHMARK_MAIN();
