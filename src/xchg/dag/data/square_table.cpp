#include "xchg/dag/data/square_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "xchg/core/csv.hpp"
#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"
#include "xchg/dag/data/array.hpp"
#include "xchg/dag/data/names.hpp"

namespace xchg::dag {
namespace {

void require_square(std::size_t rows, std::size_t columns, const std::string& source) {
  if (rows == columns) return;
  throw InputError(fmt::format("is {} by {}", rows, columns), {source},
                   "a square matrix, d rows of d numbers, perhaps below a row of names");
}

// The first column repeats the names.
bool has_row_names(const csv::Table& table) {
  const csv::Column& first = table.columns[0];
  if (!table.had_header || table.rows + 1 != table.columns.size()) return false;
  for (std::size_t i = 0; i < table.rows; ++i) {
    const std::string cell =
        first.type == csv::Column::Type::Text ? first.texts[i] : text::exact(first.numbers[i]);
    if (cell != table.columns[i + 1].name) return false;
  }
  return true;
}

bool is_text(const csv::Column& column) { return column.type == csv::Column::Type::Text; }

csv::Table table_of(std::string_view text, const std::string& source) {
  csv::Table table = csv::parse(text, {}, source);
  if (table.had_header) return table;
  const std::size_t d = table.columns.size();
  const bool names_beside = table.rows == d && d > 1 && is_text(table.columns[0]) &&
                            std::none_of(table.columns.begin() + 1, table.columns.end(), is_text);
  if (table.rows != d + 1 && !names_beside) return table;
  return csv::parse(text, {.header = csv::Header::Yes}, source);
}

}  // namespace

SquareTable parse_square_table(std::string_view text, const std::string& source) {
  if (is_array(text)) {
    SquareTable result{matrix_of_array(text, source), {}};
    require_square(result.values.rows, result.values.columns, source);
    result.names = numbered_names(result.values.rows);
    return result;
  }
  const csv::Table table = table_of(text, source);
  const std::size_t first = has_row_names(table) ? 1 : 0, d = table.columns.size() - first;
  require_square(table.rows, d, source);
  SquareTable result{Matrix(d, d), numbered_names(d)};
  for (std::size_t j = 0; j < d; ++j) {
    const std::vector<double>& numbers = table.numbers(j + first);
    for (std::size_t i = 0; i < d; ++i) result.values(i, j) = numbers[i];
    if (table.had_header) result.names[j] = table.columns[j + first].name;
  }
  return result;
}

}  // namespace xchg::dag
