// Any bytes either are refused with an InputError or are a table; then the table written and read again is
// the same, and the matrix of the same text agrees with it.
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>

#include "xchg/core/csv.hpp"
#include "xchg/core/error.hpp"

namespace {

using namespace xchg;

void require(bool condition) {
  if (!condition) std::abort();
}

bool same(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) ||
         std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

void require_same(const csv::Table& a, const csv::Table& b) {
  require(a.rows == b.rows && a.columns.size() == b.columns.size());
  for (std::size_t i = 0; i < a.columns.size(); ++i) {
    const csv::Column& left = a.columns[i];
    const csv::Column& right = b.columns[i];
    require(left.name == right.name && left.type == right.type && left.missing == right.missing);
    require(left.texts == right.texts && left.numbers.size() == right.numbers.size());
    for (std::size_t row = 0; row < left.numbers.size(); ++row)
      require(same(left.numbers[row], right.numbers[row]));
  }
}

// The first byte chooses the options.
csv::Options options_from(std::uint8_t choice) {
  csv::Options options;
  options.header = static_cast<csv::Header>(choice % 3);
  constexpr char delimiters[] = {0, ',', ';', '\t', ' '};
  options.delimiter = delimiters[choice / 3 % 5];
  if (choice / 15 % 4 == 3) options.decimal = ',';
  if (choice / 60 % 2 == 1) options.comment = '#';
  return options;
}

std::optional<csv::Matrix> matrix_of(std::string_view text, const csv::Options& options) {
  try {
    return csv::parse_matrix(text, options);
  } catch (const InputError&) {
    return std::nullopt;
  }
}

bool is_complete(const csv::Table& table) {
  for (const csv::Column& column : table.columns) {
    if (column.type == csv::Column::Type::Text || column.missing != 0) return false;
  }
  return true;
}

void require_agreement(const csv::Table& table, const std::optional<csv::Matrix>& matrix) {
  require(matrix.has_value() == is_complete(table));
  if (!matrix) return;
  require(matrix->rows == table.rows && matrix->columns == table.columns.size());
  for (std::size_t row = 0; row < table.rows; ++row) {
    require(matrix->lines[row] == table.lines[row]);
    for (std::size_t i = 0; i < matrix->columns; ++i)
      require(same(matrix->row(row)[i], table.columns[i].numbers[row]));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const csv::Options options = options_from(data[0]);
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  csv::Table table;
  try {
    table = csv::parse(text, options);
  } catch (const InputError&) {
    return 0;
  }
  require_agreement(table, matrix_of(text, options));
  // What is written has decimal points, and with those other texts would be numbers.
  if (options.decimal != '.') return 0;
  csv::Options again;
  again.header = csv::Header::Yes;
  again.delimiter = table.delimiter;
  require_same(table, csv::parse(csv::format(table, {.header = true, .delimiter = table.delimiter}), again));
  return 0;
}
