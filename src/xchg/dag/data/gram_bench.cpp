// Second moments of 1,000,000 rows of 100 variables, one thread, beside Eigen's X^T X of the same rows in the
// same run (counter `of_eigen`: our rate over Eigen's; at least 0.5 is asked for).
#include <benchmark/benchmark.h>

#include <Eigen/Dense>
#include <chrono>
#include <vector>

#include "xchg/core/random.hpp"
#include "xchg/dag/data/moments.hpp"

namespace {

using namespace xchg;
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Uniform numbers: a million normal ones a column take longer to draw than to multiply.
std::vector<double> rows_of(std::size_t n, std::size_t d) {
  Random random(1);
  std::vector<double> x(n * d);
  for (double& value : x) value = random.uniform();
  return x;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double eigen_seconds(const std::vector<double>& x, std::size_t n, std::size_t d) {
  const Eigen::Map<const RowMajor> rows(x.data(), static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(d));
  Eigen::MatrixXd s(rows.cols(), rows.cols());
  const auto start = std::chrono::steady_clock::now();
  s.noalias() = rows.transpose() * rows;
  benchmark::DoNotOptimize(s.data());
  return seconds_since(start);
}

void gram_of_a_million_rows(benchmark::State& state, Isa isa) {
  if (isa > best_isa()) return state.SkipWithError("this processor does not have it");
  constexpr std::size_t n = 1'000'000, d = 100;
  const std::vector<double> x = rows_of(n, d);
  double ours = 0, eigen = 0;
  for ([[maybe_unused]] auto iteration : state) {
    const auto start = std::chrono::steady_clock::now();
    const dag::Gram::Part part = dag::moments(x, n, d, true, 1, isa);
    benchmark::DoNotOptimize(part.s.values.data());
    ours += seconds_since(start);
    state.PauseTiming();
    eigen += eigen_seconds(x, n, d);
    state.ResumeTiming();
  }
  state.counters["of_eigen"] = eigen / ours;
}
BENCHMARK_CAPTURE(gram_of_a_million_rows, best, Isa::Auto)->Iterations(3)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(gram_of_a_million_rows, scalar, Isa::Scalar)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
