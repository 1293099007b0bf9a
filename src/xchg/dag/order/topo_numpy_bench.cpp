// TOPO against the same method that refits on the rows, in Python with NumPy alone (bench/topo_numpy.py):
// same data, start and sizes (those of the authors' later package). `faster` is its time / ours, from rows to
// result in both.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>

#include "xchg/core/npy.hpp"
#include "xchg/dag/benching.hpp"
#include "xchg/dag/order/search.hpp"

namespace xchg::dag {
namespace {

// Centred rows of a random graph, 1000 by d.
Data rows_of(int d) {
  Data data = simulate({.degree = 4, .nodes = d, .rows = 1000, .seed = 3}).data;
  for (std::size_t j = 0; j < data.nodes(); ++j) {
    double sum = 0;
    for (std::size_t i = 0; i < data.rows(); ++i) sum += data.x(i, j);
    for (std::size_t i = 0; i < data.rows(); ++i) data.x(i, j) -= sum / static_cast<double>(data.rows());
  }
  return data;
}

// Seconds and score; negative seconds: it failed.
std::array<double, 2> run_numpy(const Data& data, const std::vector<int>& order, const TopoSizes& sizes) {
  const auto path = std::filesystem::temp_directory_path() / fmt::format("xchg-bench-{}.npy", getpid());
  npy::write(path, npy::Array::from<double>(data.x.values, {data.x.rows, data.x.columns}));
  const std::string script = XCHG_TEST_DATA "/../src/xchg/dag/bench/topo_numpy.py";
  const std::string line =
      fmt::format("OPENBLAS_NUM_THREADS=1 /usr/bin/python3 {} {} {} {} {} {} 2>/dev/null", script,
                  path.string(), fmt::join(order, ","), sizes.small, sizes.large, sizes.large_rounds);
  std::array<double, 2> answer{-1, -1};
  if (FILE* pipe = popen(line.c_str(), "r"); pipe != nullptr) {
    if (std::fscanf(pipe, "%lf %lf", &answer[0], &answer[1]) != 2) answer[0] = -1;
    pclose(pipe);
  }
  std::filesystem::remove(path);
  return answer;
}

void against_numpy(benchmark::State& state) {
  const int d = static_cast<int>(state.range(0));
  const Data data = rows_of(d);
  const TopoSizes sizes = topo_release_sizes(d, true);
  const std::vector<int> order = random_order(d, Constraints(data.nodes()), 5, 0);
  for (auto _ : state) {
    const auto [seconds, score] = run_numpy(data, order, sizes);
    if (seconds < 0) return state.SkipWithError("Python or NumPy is not installed");
    Options options{.method = Method::Topo, .start = Start::Given, .order = order, .threads = 1};
    options.size_small = sizes.small;
    options.size_large = sizes.large;
    options.large_rounds = sizes.large_rounds;
    Result result, insertions;
    std::vector<double> topo, insert;
    for (int i = 0; i < 9; ++i) {
      topo.push_back(seconds_of([&] { result = learn(gram(data), options); }));
      insert.push_back(seconds_of([&] { insertions = learn(gram(data), {.threads = 1}); }));
    }
    const double ours = median(topo), better = median(insert);
    state.SetIterationTime(ours);
    state.counters["faster"] = seconds / ours;
    state.counters["numpy_seconds"] = seconds;
    state.counters["score_to_numpy"] = result.score_order / score;
    state.counters["faster_insert"] = seconds / better;
    state.counters["score_insert_to_numpy"] = insertions.score_order / score;
  }
}

BENCHMARK(against_numpy)
    ->Name("topo/against_numpy")
    ->Arg(20)
    ->Arg(50)
    ->Iterations(1)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace xchg::dag
