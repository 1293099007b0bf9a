// Reading tables of numbers, beside std::from_chars alone on the same bytes and beside reading the bytes.
//
// Each text is about 16 MB. "ratio" is the rate as a multiple of from_chars's, measured in the same run right
// before on the same text.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <filesystem>
#include <map>
#include <string>

#include "xchg/core/csv.hpp"
#include "xchg/core/file.hpp"
#include "xchg/core/random.hpp"
#include "xchg/core/text.hpp"

namespace xchg::csv {
namespace {

constexpr std::size_t columns = 8;
constexpr std::size_t text_bytes = std::size_t{16} << 20;

enum Kind { Measured, Exact, Whole };  // 6 digits or so; 17 digits; small integers

std::string make_text(Kind kind) {
  Random random(1);
  std::string text;
  std::size_t cell = 0;
  while (text.size() < text_bytes || cell % columns != 0) {
    const double value = random.normal() * 100;
    switch (kind) {
      case Measured:
        text += text::brief(value, 6);
        break;
      case Exact:
        text += text::exact(value);
        break;
      case Whole:
        text += std::to_string(random.below(1000));
        break;
    }
    text += ++cell % columns == 0 ? '\n' : ',';
  }
  return text;
}

const std::string& text_of(Kind kind) {
  static std::map<Kind, std::string> texts;
  std::string& text = texts[kind];
  if (text.empty()) text = make_text(kind);
  return text;
}

// from_chars from number to number, with no regard for rows, and the numbers only summed.
double sum_with_from_chars(const std::string& text) {
  double sum = 0;
  const char* position = text.data();
  const char* end = position + text.size();
  while (position < end) {
    double value = 0;
    position = std::from_chars(position, end, value).ptr + 1;
    sum += value;
  }
  return sum;
}

// Seconds that this thread ran: the machine may be busy with other things.
double processor_time() {
  timespec time = {};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double seconds_with_from_chars(const std::string& text) {
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    const auto start = processor_time();
    benchmark::DoNotOptimize(sum_with_from_chars(text));
    best = std::min(best, processor_time() - start);
  }
  return best;
}

template <class Work>
void measure(benchmark::State& state, const std::string& text, Work work) {
  const double baseline = seconds_with_from_chars(text);
  double best = 1e9;
  for (auto _ : state) {
    const auto start = processor_time();
    work();
    best = std::min(best, processor_time() - start);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
  state.counters["best_MB/s"] = static_cast<double>(text.size()) / best / 1e6;
  state.counters["ratio"] = baseline / best;
}

void from_chars_alone(benchmark::State& state, Kind kind) {
  const std::string& text = text_of(kind);
  measure(state, text, [&] { benchmark::DoNotOptimize(sum_with_from_chars(text)); });
}

void parse_table(benchmark::State& state, Kind kind) {
  const std::string& text = text_of(kind);
  measure(state, text, [&] { benchmark::DoNotOptimize(parse(text)); });
}

void parse_numbers(benchmark::State& state, Kind kind) {
  const std::string& text = text_of(kind);
  measure(state, text, [&] { benchmark::DoNotOptimize(parse_matrix(text)); });
}

// A file that removes itself.
struct TemporaryFile {
  explicit TemporaryFile(const std::string& text)
      : path(std::filesystem::temp_directory_path() / ("xchg-bench-" + std::to_string(::getpid()) + ".csv")) {
    file::write_atomically(path, text);
  }
  ~TemporaryFile() { std::filesystem::remove(path); }
  std::filesystem::path path;
};

void read_bytes(benchmark::State& state) {
  const std::string& text = text_of(Measured);
  const TemporaryFile temporary(text);
  measure(state, text, [&] { benchmark::DoNotOptimize(file::read(temporary.path)); });
}

void read_numbers(benchmark::State& state) {
  const std::string& text = text_of(Measured);
  const TemporaryFile temporary(text);
  measure(state, text, [&] { benchmark::DoNotOptimize(read_matrix(temporary.path)); });
}

void format_table(benchmark::State& state) {
  const std::string& text = text_of(Exact);
  const Table table = parse(text);
  measure(state, text, [&] { benchmark::DoNotOptimize(format(table)); });
}

BENCHMARK_CAPTURE(from_chars_alone, measured, Measured);
BENCHMARK_CAPTURE(parse_numbers, measured, Measured);
BENCHMARK_CAPTURE(parse_table, measured, Measured);
BENCHMARK_CAPTURE(from_chars_alone, exact, Exact);
BENCHMARK_CAPTURE(parse_numbers, exact, Exact);
BENCHMARK_CAPTURE(parse_table, exact, Exact);
BENCHMARK_CAPTURE(from_chars_alone, whole, Whole);
BENCHMARK_CAPTURE(parse_numbers, whole, Whole);
BENCHMARK_CAPTURE(parse_table, whole, Whole);
BENCHMARK(read_bytes);
BENCHMARK(read_numbers);
BENCHMARK(format_table);

}  // namespace
}  // namespace xchg::csv

BENCHMARK_MAIN();
