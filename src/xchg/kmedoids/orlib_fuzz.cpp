// Any bytes either are refused with an error or are an instance; then its distances are those that the
// Floyd-Warshall recurrence finds on the same numbers.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "xchg/core/error.hpp"
#include "xchg/kmedoids/orlib.hpp"

namespace {

using namespace xchg;

constexpr std::uint64_t most_bytes = 1 << 20;  // of a matrix: up to 512 objects
constexpr std::int64_t far = std::numeric_limits<std::int64_t>::max() / 4;

void require(bool condition) {
  if (!condition) std::abort();
}

std::vector<std::int64_t> all_shortest_paths(const std::string& text, std::int64_t& n, std::int64_t& p) {
  std::istringstream stream(text);
  std::int64_t edges = 0, from = 0, to = 0, cost = 0;
  stream >> n >> edges >> p;
  const auto at = [n](std::int64_t i, std::int64_t j) { return static_cast<std::size_t>(i * n + j); };
  std::vector<std::int64_t> length(at(n, 0), far);
  while (stream >> from >> to >> cost) {
    length[at(from - 1, to - 1)] = cost;
    length[at(to - 1, from - 1)] = cost;
  }
  for (std::int64_t i = 0; i < n; ++i) length[at(i, i)] = 0;
  for (std::int64_t via = 0; via < n; ++via) {
    for (std::int64_t i = 0; i < n; ++i) {
      for (std::int64_t j = 0; j < n; ++j)
        length[at(i, j)] = std::min(length[at(i, j)], length[at(i, via)] + length[at(via, j)]);
    }
  }
  return length;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    const auto [instance, k] =
        kmedoids::parse_orlib(text, "input", {.threads = 1, .memory_budget_bytes = most_bytes});
    if (instance.size() > 100) return 0;
    std::int64_t n = 0, p = 0;
    const std::vector<std::int64_t> expected = all_shortest_paths(text, n, p);
    require(n == instance.size() && p == k);
    for (std::int64_t i = 0; i < n; ++i) {
      for (std::int64_t j = 0; j < n; ++j)
        require(instance.at(i, j) == static_cast<double>(expected[static_cast<std::size_t>(i * n + j)]));
    }
  } catch (const InputError&) {
  } catch (const LimitError&) {
  }
  return 0;
}
