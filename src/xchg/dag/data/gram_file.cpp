// Reading Gram matrices.
#include <algorithm>

#include "xchg/core/csv.hpp"
#include "xchg/core/error.hpp"
#include "xchg/core/file.hpp"
#include "xchg/dag/data.hpp"
#include "xchg/dag/data/array.hpp"
#include "xchg/dag/data/names.hpp"

namespace xchg::dag {
namespace {

// Row numbers as names of columns, which csv takes for a row of numbers: 0, 1, 2, …
bool is_numbered_header(const csv::Table& table) {
  if (table.had_header || table.rows != table.columns.size() + 1) return false;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const csv::Column& column = table.columns[i];
    if (column.type != csv::Column::Type::Number || column.numbers[0] != static_cast<double>(i)) return false;
  }
  return true;
}

// The first column repeats the names, as in a table that pandas wrote.
bool has_row_names(const csv::Table& table) {
  const csv::Column& first = table.columns[0];
  if (!table.had_header || first.type != csv::Column::Type::Text || table.rows + 1 != table.columns.size())
    return false;
  for (std::size_t i = 0; i < table.rows; ++i) {
    if (first.texts[i] != table.columns[i + 1].name) return false;
  }
  return true;
}

Gram from_table(const csv::Table& table) {
  Gram gram;
  const std::size_t first = has_row_names(table) ? 1 : 0, skipped = is_numbered_header(table) ? 1 : 0;
  const std::size_t d = table.columns.size() - first, rows = table.rows - skipped;
  if (rows != d)
    throw InputError("is " + std::to_string(rows) + " by " + std::to_string(d), {table.source},
                     "a square matrix, d rows of d numbers, perhaps below a row of names");
  gram.s = Matrix(d, d);
  gram.names = numbered_names(d);
  for (std::size_t j = 0; j < d; ++j) {
    const std::vector<double>& numbers = table.numbers(j + first);
    for (std::size_t i = 0; i < d; ++i) gram.s(i, j) = numbers[i + skipped];
    if (table.had_header) gram.names[j] = table.columns[j + first].name;
  }
  return gram;
}

Gram from_array(std::string_view bytes, const std::string& source) {
  Gram gram;
  gram.s = matrix_of_array(bytes, source);
  if (gram.s.rows != gram.s.columns)
    throw InputError("is " + std::to_string(gram.s.rows) + " by " + std::to_string(gram.s.columns), {source},
                     "a square matrix");
  gram.names = numbered_names(gram.s.rows);
  return gram;
}

}  // namespace

Gram parse_gram(std::string_view text, std::int64_t n, const std::string& source) {
  Gram gram = is_array(text) ? from_array(text, source) : from_table(csv::parse(text, {}, source));
  gram.n = n;
  gram.mean.assign(gram.nodes(), 0.0);
  check_gram(gram, source);
  for (std::size_t i = 0; i < gram.nodes(); ++i) {
    for (std::size_t j = 0; j < i; ++j) gram.s(i, j) = gram.s(j, i) = gram.s(i, j) / 2 + gram.s(j, i) / 2;
  }
  return gram;
}

Gram read_gram(const std::filesystem::path& path, std::int64_t n) {
  return parse_gram(file::read(path), n, path == "-" ? "standard input" : path.string());
}

}  // namespace xchg::dag
