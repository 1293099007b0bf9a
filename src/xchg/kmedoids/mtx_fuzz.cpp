// Any bytes either are refused with an error or are a sparse matrix; then its values are those that a plain
// reading of the lines finds, and one constant everywhere else.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>

#include "xchg/core/error.hpp"
#include "xchg/kmedoids/mtx.hpp"

namespace {

using namespace xchg;
using kmedoids::Index;

constexpr std::uint64_t most_bytes = 1 << 20;
constexpr double absent = 1e6;

void require(bool condition) {
  if (!condition) std::abort();
}

using Pairs = std::map<std::pair<Index, Index>, double>;

Pairs stored_pairs(const std::string& text) {
  std::istringstream stream(text);
  std::string line;
  std::getline(stream, line);
  const bool symmetric = line.find("ymm") != std::string::npos || line.find("YMM") != std::string::npos ||
                         line.find("yMM") != std::string::npos || line.find("Ymm") != std::string::npos ||
                         line.find("yMm") != std::string::npos || line.find("ymM") != std::string::npos ||
                         line.find("YMm") != std::string::npos || line.find("YmM") != std::string::npos;
  Pairs pairs;
  bool size_seen = false;
  while (std::getline(stream, line)) {
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string::npos || line[first] == '%') continue;
    if (!size_seen) {
      size_seen = true;
      continue;
    }
    std::istringstream words(line);
    std::string row, column, value;
    words >> row >> column >> value;
    const Index i = std::stoll(row) - 1, j = std::stoll(column) - 1;
    const double number = value.empty() ? 1 : std::strtod(value.c_str(), nullptr);
    pairs[{i, j}] = number;
    if (symmetric) pairs[{j, i}] = number;
  }
  return pairs;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  kmedoids::SparseOptions options;
  options.matrix.orientation = kmedoids::Orientation::RowsAreObjects;
  options.matrix.memory_budget_bytes = most_bytes;
  options.absent = absent;
  try {
    const auto matrix = kmedoids::parse_mtx(text, options);
    if (matrix.size() > 100) return 0;
    const Pairs pairs = stored_pairs(text);
    for (Index i = 0; i < matrix.size(); ++i) {
      for (Index j = 0; j < matrix.size(); ++j) {
        const auto found = pairs.find({i, j});
        const double expected = i == j ? 0 : found == pairs.end() ? absent : found->second;
        require(matrix.at(i, j) == expected);
      }
    }
  } catch (const InputError&) {
  } catch (const LimitError&) {
  }
  return 0;
}
