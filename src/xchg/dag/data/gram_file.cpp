// Reading Gram matrices.
#include <cmath>
#include <limits>

#include "xchg/core/error.hpp"
#include "xchg/core/file.hpp"
#include "xchg/dag/data.hpp"
#include "xchg/dag/data/square_table.hpp"

namespace xchg::dag {
namespace {

// Halves of subnormal numbers would be rounded: they are 0, as none matters beside the variances.
double mean_of(double a, double b) {
  const double mean = a / 2 + b / 2;
  return std::abs(mean) < 2 * std::numeric_limits<double>::min() ? 0 : mean;
}

}  // namespace

Gram parse_gram(std::string_view text, std::int64_t n, const std::string& source) {
  SquareTable table = parse_square_table(text, source);
  Gram gram;
  gram.s = std::move(table.values);
  gram.names = std::move(table.names);
  gram.n = n;
  gram.mean.assign(gram.nodes(), 0.0);
  check_gram(gram, source);
  for (std::size_t i = 0; i < gram.nodes(); ++i) {
    for (std::size_t j = 0; j < i; ++j) gram.s(i, j) = gram.s(j, i) = mean_of(gram.s(i, j), gram.s(j, i));
  }
  return gram;
}

Gram read_gram(const std::filesystem::path& path, std::int64_t n) {
  return parse_gram(file::read(path), n, path == "-" ? "standard input" : path.string());
}

}  // namespace xchg::dag
