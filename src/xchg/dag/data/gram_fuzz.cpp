// Any bytes either are refused with an InputError or are a Gram matrix: symmetric, finite, with positive
// variances; written again it reads the same, and merged with itself it stays what it is.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "xchg/core/csv.hpp"
#include "xchg/core/error.hpp"
#include "xchg/dag/data.hpp"

namespace {

using namespace xchg;
using namespace xchg::dag;

constexpr std::size_t most_columns = 30;

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const Gram& gram) {
  csv::Writer writer;
  for (std::size_t i = 0; i < gram.nodes(); ++i) {
    require(gram.s(i, i) > 0 && std::isfinite(gram.s(i, i)));
    for (std::size_t j = 0; j < gram.nodes(); ++j) {
      require(std::isfinite(gram.s(i, j)) && gram.s(i, j) == gram.s(j, i));
      writer.cell(gram.s(i, j));
    }
    writer.end_row();
  }
  require(parse_gram(writer.text(), gram.n).s == gram.s);
  const Gram twice = merge(gram, gram);
  require(twice.n == 2 * gram.n && twice.s == gram.s);
  try {
    require_independent(gram);
  } catch (const InputError&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    const Gram gram = parse_gram({reinterpret_cast<const char*>(bytes), size}, 100);
    if (gram.nodes() <= most_columns) check(gram);
  } catch (const InputError&) {
  }
  return 0;
}
