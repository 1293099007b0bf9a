// The same work by R's package cluster (Debian: r-cran-cluster), when it is installed: pam(pamonce = 5),
// which is FastPAM1 after BUILD, on the same distances, and clara() on the same points. One thread each; R's
// time is that of the call alone. The ratio is R's time / ours.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "xchg/kmedoids/benching.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {
namespace {

// A file that is removed at the end.
class ScratchFile {
 public:
  explicit ScratchFile(const std::vector<double>& values)
      : path_(std::filesystem::temp_directory_path() / fmt::format("xchg-bench-{}.bin", getpid())) {
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(values.data()),
               static_cast<std::streamsize>(values.size() * sizeof(double)));
  }
  ~ScratchFile() { std::filesystem::remove(path_); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

bool r_is_there() {
  static const bool there = std::system("Rscript --vanilla -e 'library(cluster)' >/dev/null 2>&1") ==
                            0;  // NOLINT(concurrency-mt-unsafe)
  return there;
}

// Runs R code that prints a time in seconds and an objective. Negative times: it failed.
std::array<double, 2> run_r(const std::string& code) {
  std::array<double, 2> answer{-1, -1};
  FILE* pipe = popen(fmt::format("Rscript --vanilla -e '{}' 2>/dev/null", code).c_str(), "r");
  if (pipe == nullptr) return answer;
  if (std::fscanf(pipe, "%lf %lf", &answer[0], &answer[1]) != 2) answer[0] = -1;
  pclose(pipe);
  return answer;
}

// n(n-1)/2 distances of the float32 mixture, in the order of R's dist objects.
std::vector<double> packed_mixture(std::size_t n) {
  const std::vector<float>& matrix = mixture(n);
  std::vector<double> packed;
  packed.reserve(n * (n - 1) / 2);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) packed.push_back(static_cast<double>(matrix[i * n + j]));
  }
  return packed;
}

void against_pam(benchmark::State& state) {
  if (!r_is_there())
    return state.SkipWithError("R's package cluster is not installed (apt install r-cran-cluster)");
  const auto n = static_cast<std::size_t>(state.range(0));
  const int k = static_cast<int>(state.range(1));
  const ScratchFile file(packed_mixture(n));
  const auto data = Dissimilarity::view(std::span<const float>(mixture(n)), static_cast<Index>(n));
  for (auto _ : state) {
    const auto [seconds, objective] = run_r(fmt::format(
        "suppressMessages(library(cluster)); n <- {}; d <- readBin(\"{}\", \"double\", n * (n - 1) / 2); "
        "attr(d, \"Size\") <- n; class(d) <- \"dist\"; "
        "t <- system.time(p <- pam(d, {}, diss = TRUE, pamonce = 5, cluster.only = FALSE, keep.diss = "
        "FALSE)); "
        "cat(t[[3]], p$objective[[2]] * n)",
        n, file.path(), k));
    if (seconds < 0) return state.SkipWithError("R failed");
    Result exact;
    const double ours = seconds_of([&] {
      exact = cluster(data, {.k = k, .method = Method::FastPAM1, .init = Init::Build, .threads = 1});
    });
    Result eager;
    const double faster = seconds_of([&] { eager = cluster(data, {.k = k, .threads = 1}); });
    state.SetIterationTime(ours);
    state.counters["ratio"] = seconds / ours;
    state.counters["r_seconds"] = seconds;
    state.counters["td_to_r"] = exact.total_deviation / objective;
    state.counters["ratio_fasterpam"] = seconds / faster;
    state.counters["td_fasterpam_to_r"] = eager.total_deviation / objective;
  }
}

void against_clara(benchmark::State& state) {
  if (!r_is_there())
    return state.SkipWithError("R's package cluster is not installed (apt install r-cran-cluster)");
  const auto n = static_cast<std::size_t>(state.range(0));
  const int k = static_cast<int>(state.range(1));
  constexpr std::size_t d = 16;
  const std::vector<double> points = mixture_points(n, d);
  const ScratchFile file(points);
  for (auto _ : state) {
    const auto [seconds, objective] = run_r(fmt::format(
        "suppressMessages(library(cluster)); n <- {}; x <- matrix(readBin(\"{}\", \"double\", n * {}), n, "
        "{}, "
        "byrow = TRUE); t <- system.time(p <- clara(x, {}, samples = 5, pamLike = TRUE, rngR = TRUE, "
        "medoids.x = FALSE, keep.data = FALSE)); cat(t[[3]], p$objective * n)",
        n, file.path(), d, d, k));
    if (seconds < 0) return state.SkipWithError("R failed");
    const auto run = [&](Method method, Result& result) {
      return seconds_of([&] {
        const auto data =
            Dissimilarity::points(points, static_cast<Index>(n), d, {.threads = 1, .matrix = Matrix::Never});
        result = cluster(data, {.k = k, .method = method, .init = Init::Build, .threads = 1});
      });
    };
    Result classic, faster;
    const double ours = run(Method::CLARA, classic), fast = run(Method::FasterCLARA, faster);
    state.SetIterationTime(ours);
    state.counters["ratio"] = seconds / ours;
    state.counters["r_seconds"] = seconds;
    state.counters["td_to_r"] = classic.total_deviation / objective;
    state.counters["ratio_fasterclara"] = seconds / fast;
    state.counters["td_fasterclara_to_r"] = faster.total_deviation / objective;
  }
}

BENCHMARK(against_pam)
    ->Name("r_cluster/pam_pamonce5")
    ->Args({2000, 10})
    ->Args({2000, 100})
    ->Args({5000, 10})
    ->Args({5000, 100})
    ->Iterations(1)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(against_clara)
    ->Name("r_cluster/clara")
    ->Args({100000, 10})
    ->Args({100000, 60})
    ->Iterations(1)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace xchg::kmedoids
