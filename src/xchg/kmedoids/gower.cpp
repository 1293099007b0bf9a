#include "xchg/kmedoids/gower.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "xchg/kmedoids/places.hpp"
#include "xchg/kmedoids/transpose.hpp"

namespace xchg::kmedoids {
namespace {

constexpr Index block = 256;

// Sums over the columns that count, and how many count, of a block of objects.
struct Sums {
  std::array<double, block> differences, counted;
};

// What a column adds for the objects values[0, count) against the value `center`, which is not missing.
template <ColumnType type>
void add_column(const double* values, Index count, double center, double range, Sums& sums) {
  for (Index o = 0; o < count; ++o) {
    const auto at = static_cast<std::size_t>(o);
    const double value = values[o];
    bool counts = value == value;  // not missing
    double difference = value != center ? 1 : 0;
    if constexpr (type == ColumnType::Asymmetric) counts = counts && (value != 0 || center != 0);
    if constexpr (type == ColumnType::Numeric || type == ColumnType::Ordinal)
      difference = std::abs(value - center) / range;
    sums.differences[at] += counts ? difference : 0;
    sums.counted[at] += counts ? 1 : 0;
  }
}

void check_column(const TableColumn& column, std::size_t c, Index n, const RawOptions& options) {
  if (static_cast<Index>(column.values.size()) != n) {
    throw InputError(
        fmt::format("column '{}' has {} values, the first column {}", column.name, column.values.size(), n),
        {options.source}, "as many values in every column");
  }
  for (Index i = 0; i < n; ++i) {
    const double value = column.values[static_cast<std::size_t>(i)];
    const bool fits = std::isnan(value) ||
                      (column.type == ColumnType::Numeric      ? std::isfinite(value)
                       : column.type == ColumnType::Asymmetric ? value == 0 || value == 1
                                                               : value >= 0 && value == std::floor(value));
    if (fits) continue;
    const char* expected = column.type == ColumnType::Numeric      ? "a finite number"
                           : column.type == ColumnType::Asymmetric ? "0, 1 or missing in an asymmetric column"
                                                                   : "the code of a level";
    throw InputError(fmt::format("the value of '{}' in row {} is {}", column.name, i + 1, text::exact(value)),
                     place(options.source, options.first_line, i, static_cast<Index>(c)), expected);
  }
}

// 1 where nothing differs, so that differences are 0 and not 0/0.
double range_of(const TableColumn& column) {
  double range = column.range;
  if (std::isnan(range)) {
    double least = std::numeric_limits<double>::infinity(), greatest = -least;
    for (const double value : column.values) {
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
    range = greatest < least ? 0 : greatest - least;
  }
  if (!std::isfinite(range)) {
    throw NumericError(
        fmt::format("the range of column '{}' is over the range of double; scale the data", column.name));
  }
  return range > 0 ? range : 1;
}

}  // namespace

GowerRows::GowerRows(std::span<const TableColumn> columns, const RawOptions& options)
    : width_(static_cast<Index>(columns.size())), source_(options.source), first_line_(options.first_line) {
  if (columns.empty() || columns.front().values.empty())
    throw InputError("the table is empty", {options.source}, "at least one column and one row");
  n_ = static_cast<Index>(columns.front().values.size());
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const TableColumn& column = columns[c];
    check_column(column, c, n_, options);
    kinds_.push_back({column.type, range_of(column)});
    columns_.insert(columns_.end(), column.values.begin(), column.values.end());
    always_comparable_ = always_comparable_ || (column.type != ColumnType::Asymmetric &&
                                                std::none_of(column.values.begin(), column.values.end(),
                                                             [](double v) { return std::isnan(v); }));
  }
  rows_ = transposed(std::span<const double>(columns_), width_, n_);
}

void GowerRows::run(Index candidate, const double* columns, Index stride, Index begin, Index end,
                    double* out) const {
  const double* centers = rows_.data() + candidate * width_;
  Sums sums;
  for (Index start = begin; start < end; start += block) {
    const Index count = std::min(block, end - start);
    std::fill_n(sums.differences.begin(), count, 0.0);
    std::fill_n(sums.counted.begin(), count, 0.0);
    for (Index c = 0; c < width_; ++c) {
      const Kind& kind = kinds_[static_cast<std::size_t>(c)];
      const double center = centers[c];
      if (std::isnan(center)) continue;
      const double* values = columns + c * stride + start;
      switch (kind.type) {
        case ColumnType::Numeric:
        case ColumnType::Ordinal:
          add_column<ColumnType::Numeric>(values, count, center, kind.range, sums);
          break;
        case ColumnType::Nominal:
          add_column<ColumnType::Nominal>(values, count, center, kind.range, sums);
          break;
        case ColumnType::Asymmetric:
          add_column<ColumnType::Asymmetric>(values, count, center, kind.range, sums);
          break;
      }
    }
    for (Index o = 0; o < count; ++o) {
      const auto at = static_cast<std::size_t>(o);
      out[start - begin + o] = sums.differences[at] / sums.counted[at];
    }
  }
}

void GowerRows::refuse(Index object, Index candidate) const {
  const auto [first, second] = std::minmax(object, candidate);
  throw InputError(
      fmt::format("rows {} and {} have no column in common in which both count", first + 1, second + 1),
      place(source_, first_line_, first, 0),
      "a column that both have (two 0 of an asymmetric column do not count)");
}

void GowerRows::fill(Index candidate, Index begin, Index end, double* out) const {
  run(candidate, columns_.data(), n_, begin, end, out);
  if (candidate >= begin && candidate < end) out[candidate - begin] = 0;
  if (always_comparable_) return;
  for (Index o = begin; o < end; ++o) {
    if (std::isnan(out[o - begin])) refuse(o, candidate);
  }
}

double GowerRows::at(Index object, Index candidate) const {
  if (object == candidate) return 0;
  double value = 0;
  run(candidate, rows_.data() + object * width_, 1, 0, 1, &value);
  if (std::isnan(value)) refuse(object, candidate);
  return value;
}

Dissimilarity Dissimilarity::table(std::span<const TableColumn> columns, const RawOptions& options) {
  auto rows = std::make_shared<GowerRows>(columns, options);
  const Index n = rows->size();
  return made<double>(std::move(rows), n, true)
      .kept(options.matrix, options.memory_budget_bytes, options.threads);
}

}  // namespace xchg::kmedoids
