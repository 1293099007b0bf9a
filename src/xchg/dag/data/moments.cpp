#include "xchg/dag/data/moments.hpp"

#include <cmath>

#include "xchg/core/parallel.hpp"

namespace xchg::dag {
namespace {

AddProducts products_for([[maybe_unused]] Isa isa) {
#if defined(__x86_64__)
  if (isa == Isa::Avx512) return add_products_avx512();
  if (isa == Isa::Avx2) return add_products_avx2();
#endif
  return add_products_scalar();
}

// Neumaier's compensated sums of columns.
std::vector<double> means(std::span<const double> x, std::int64_t rows, std::size_t columns) {
  std::vector<double> sum(columns), carry(columns);
  for (std::int64_t r = 0; r < rows; ++r) {
    const double* row = x.data() + static_cast<std::size_t>(r) * columns;
    for (std::size_t j = 0; j < columns; ++j) {
      const double next = sum[j] + row[j];
      carry[j] += std::abs(sum[j]) >= std::abs(row[j]) ? (sum[j] - next) + row[j] : (row[j] - next) + sum[j];
      sum[j] = next;
    }
  }
  for (std::size_t j = 0; j < columns; ++j) sum[j] = (sum[j] + carry[j]) / static_cast<double>(rows);
  return sum;
}

// Rows of S from `first` to `last`: blocks of rows of X, and the sums of blocks compensated.
void some_rows(std::span<const double> x, std::int64_t rows, std::size_t columns,
               const std::vector<double>& mean, AddProducts add, std::int64_t first, std::int64_t last,
               Matrix& s) {
  const auto d = static_cast<std::int64_t>(columns);
  const std::int64_t begin = first - first % product_lanes;
  const std::int64_t width =
      (d - begin + product_lanes - 1) / product_lanes * product_lanes;  // columns from begin on
  std::vector<double> block(static_cast<std::size_t>(product_rows * width));
  std::vector<double> part(static_cast<std::size_t>((last - begin) * width));
  std::vector<double> sum(part.size()), carry(part.size());
  for (std::int64_t from = 0; from < rows; from += product_rows) {
    const std::int64_t count = std::min(product_rows, rows - from);
    for (std::int64_t r = 0; r < count; ++r) {
      const double* row = x.data() + static_cast<std::size_t>(from + r) * columns;
      double* out = block.data() + r * width;
      for (std::int64_t j = begin; j < d; ++j) out[j - begin] = row[j] - mean[static_cast<std::size_t>(j)];
    }
    std::fill(part.begin(), part.end(), 0.0);
    add(block.data(), count, width, first - begin, last - begin, part.data());
    for (std::size_t i = 0; i < part.size(); ++i) {
      const double next = sum[i] + part[i];
      carry[i] +=
          std::abs(sum[i]) >= std::abs(part[i]) ? (sum[i] - next) + part[i] : (part[i] - next) + sum[i];
      sum[i] = next;
    }
  }
  for (std::int64_t i = first; i < last; ++i) {
    for (std::int64_t j = i; j < d; ++j) {
      const auto at = static_cast<std::size_t>((i - begin) * width + (j - begin));
      const double value = (sum[at] + carry[at]) / static_cast<double>(rows);
      s(static_cast<std::size_t>(i), static_cast<std::size_t>(j)) = value;
      s(static_cast<std::size_t>(j), static_cast<std::size_t>(i)) = value;
    }
  }
}

}  // namespace

Gram::Part moments(std::span<const double> x, std::int64_t rows, std::size_t columns, bool center,
                   int threads, Isa isa) {
  Gram::Part part{Matrix(columns, columns), rows, std::vector<double>(columns, 0.0)};
  if (center) part.mean = means(x, rows, columns);
  const AddProducts add = products_for(resolve_isa(isa));
  // A thread's rows of S are a multiple of the lanes; the work of each is about rows * d * grain / 2.
  const std::int64_t grain = 32;
  parallel_for(threads, static_cast<std::int64_t>(columns), grain, [&](std::int64_t begin, std::int64_t end) {
    some_rows(x, rows, columns, part.mean, add, begin, end, part.s);
  });
  return part;
}

}  // namespace xchg::dag
