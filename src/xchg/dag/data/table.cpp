// Tables of observations.
#include "xchg/dag/data/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>

#include "xchg/core/csv.hpp"
#include "xchg/core/error.hpp"
#include "xchg/core/file.hpp"
#include "xchg/core/text.hpp"
#include "xchg/core/utf8.hpp"
#include "xchg/dag/data.hpp"
#include "xchg/dag/data/array.hpp"
#include "xchg/dag/data/names.hpp"
#include "xchg/dag/data/transform.hpp"

namespace xchg::dag {
namespace {

constexpr double missing_value = std::numeric_limits<double>::quiet_NaN();

std::string cell_text(const csv::Column& column, std::size_t row) {
  return column.type == csv::Column::Type::Text ? column.texts[row] : text::exact(column.numbers[row]);
}

// "1" and "1.0" are the same number.
bool has_value(const csv::Column& column, std::size_t row, const std::string& wanted) {
  if (column.is_missing(row)) return wanted.empty();
  if (column.type == csv::Column::Type::Text) return column.texts[row] == wanted;
  double number = 0;
  const char* end = wanted.data() + wanted.size();
  const auto [rest, status] = std::from_chars(wanted.data(), end, number);
  return status == std::errc() && rest == end && number == column.numbers[row];
}

// The work of one table.
class Reading {
 public:
  // `whole`: the table is all there is, and not a piece of it.
  Reading(const csv::Table& table, const ReadOptions& options, bool whole)
      : table_(table), options_(options), whole_(whole) {}

  Data data() {
    check_names();
    choose_rows();
    choose_columns();
    take_regimes();
    fill();
    treat_missing();
    transform();
    treat_constant();
    return std::move(data_);
  }

 private:
  std::size_t line(std::size_t row) const { return table_.lines[row]; }

  void check_names() const {
    std::vector<std::string> names;
    for (const csv::Column& column : table_.columns) names.push_back(column.name);
    if (table_.had_header) require_names(names, table_.source);
  }

  void choose_rows() {
    std::vector<std::pair<const csv::Column*, const std::string*>> conditions;
    for (const auto& [column, value] : options_.where) {
      conditions.emplace_back(&table_.columns[table_.index(column)], &value);
    }
    for (std::size_t row = 0; row < table_.rows; ++row) {
      const bool kept = std::all_of(conditions.begin(), conditions.end(), [&](const auto& pair) {
        return has_value(*pair.first, row, *pair.second);
      });
      if (kept) rows_.push_back(row);
    }
    if (rows_.empty() && whole_ && !options_.where.empty()) {
      const auto& [column, value] = options_.where.front();
      throw InputError("no row has " + column + " = '" + value + "'", {table_.source},
                       "one of the values of that column");
    }
    if (rows_.size() < table_.rows) {
      data_.remarks.push_back(fmt::format("{} of {} rows chosen", rows_.size(), table_.rows));
    }
  }

  void choose_columns() {
    std::set<std::size_t> left_out;
    for (const std::string& name : options_.ignore) left_out.insert(table_.index(name));
    for (const auto& [name, value] : options_.where) left_out.insert(table_.index(name));
    if (!options_.regime.empty()) left_out.insert(table_.index(options_.regime));
    for (std::size_t c = 0; c < table_.columns.size(); ++c) {
      if (!left_out.contains(c)) columns_.push_back(c);
    }
    if (columns_.empty()) throw InputError("no column is left", {table_.source}, "at least one variable");
    for (const std::size_t c : columns_)
      data_.names.push_back(table_.had_header ? table_.columns[c].name : std::to_string(c));
  }

  void take_regimes() {
    if (options_.regime.empty()) return;
    const csv::Column& column = table_.columns[table_.index(options_.regime)];
    for (const std::size_t row : rows_) {
      if (column.is_missing(row)) {
        throw InputError("the regime is missing", {table_.source, line(row)},
                         "a value in column " + options_.regime);
      }
      const std::string name = cell_text(column, row);
      const auto found = std::find(data_.regimes.begin(), data_.regimes.end(), name);
      data_.regime.push_back(static_cast<int>(found - data_.regimes.begin()));
      if (found == data_.regimes.end()) data_.regimes.push_back(name);
    }
  }

  // The two values of a text column, in order of appearance.
  std::vector<std::string> two_values(const csv::Column& column) const {
    std::vector<std::string> values;
    for (const std::size_t row : rows_) {
      if (column.is_missing(row) ||
          std::find(values.begin(), values.end(), column.texts[row]) != values.end())
        continue;
      values.push_back(column.texts[row]);
      if (values.size() > 2) return {};
    }
    return values.size() == 2 ? values : std::vector<std::string>();
  }

  [[noreturn]] void refuse_text(const csv::Column& column, std::size_t number, bool two) const {
    const std::size_t row = column.first_text_row;
    throw InputError(
        "column " + utf8::quoted(column.name) + " is not numeric: it has " + utf8::quoted(column.texts[row]),
        {table_.source, line(row), number + 1},
        two ? "numbers; it has two values: --two-valued makes them 0 and 1, with --score logistic; or "
              "--ignore, --where or --regime with its name"
            : "numbers, or --ignore, --where or --regime with its name");
  }

  void fill() {
    data_.x = Matrix(rows_.size(), columns_.size());
    for (std::size_t j = 0; j < columns_.size(); ++j) {
      const csv::Column& column = table_.columns[columns_[j]];
      if (column.type == csv::Column::Type::Number) {
        for (std::size_t i = 0; i < rows_.size(); ++i) set(i, j, column.numbers[rows_[i]]);
        continue;
      }
      const std::vector<std::string> values = two_values(column);
      if (values.empty() || !options_.two_valued_text) refuse_text(column, columns_[j], !values.empty());
      for (std::size_t i = 0; i < rows_.size(); ++i) {
        const std::size_t row = rows_[i];
        data_.x(i, j) = column.is_missing(row) ? missing_value : column.texts[row] == values[1] ? 1.0 : 0.0;
      }
      data_.remarks.push_back("column " + utf8::quoted(column.name) + ": 0 is " + utf8::quoted(values[0]) +
                              ", 1 is " + utf8::quoted(values[1]));
    }
  }

  void set(std::size_t i, std::size_t j, double value) {
    if (std::isinf(value)) {
      throw InputError("column " + utf8::quoted(data_.names[j]) + " has an infinite value",
                       {table_.source, line(rows_[i]), columns_[j] + 1}, "finite numbers");
    }
    data_.x(i, j) = value;
  }

  void treat_missing() {
    std::vector<char> incomplete(rows_.size());
    std::size_t count = 0, first_row = 0, first_column = 0;
    for (std::size_t i = rows_.size(); i-- > 0;) {
      for (std::size_t j = columns_.size(); j-- > 0;) {
        if (!std::isnan(data_.x(i, j))) continue;
        ++count;
        first_row = i;
        first_column = j;
        incomplete[i] = 1;
      }
    }
    if (count == 0) return;
    if (options_.missing == Missing::Error) {
      throw InputError(fmt::format("column {} has a missing value; {} in all",
                                   utf8::quoted(data_.names[first_column]), count),
                       {table_.source, line(rows_[first_row]), columns_[first_column] + 1},
                       "complete numbers, or --missing listwise, pairwise or em");
    }
    if (options_.missing == Missing::Listwise) drop_rows(incomplete);
  }

  void drop_rows(const std::vector<char>& dropped) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (dropped[i] != 0) continue;
      std::copy(data_.x.row(i).begin(), data_.x.row(i).end(), data_.x.row(kept).begin());
      if (!data_.regime.empty()) data_.regime[kept] = data_.regime[i];
      rows_[kept++] = rows_[i];
    }
    const std::size_t lost = rows_.size() - kept;
    if (kept == 0 && whole_)
      throw InputError("every row has a missing value", {table_.source}, "--missing em or pairwise");
    rows_.resize(kept);
    data_.x.rows = kept;
    data_.x.values.resize(kept * columns_.size());
    if (!data_.regime.empty()) data_.regime.resize(kept);
    data_.remarks.push_back(fmt::format("{} rows with missing values left out, {} kept", lost, kept));
  }

  void transform() {
    if (options_.transforms.empty()) return;
    std::vector<std::size_t> lines(rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i) lines[i] = line(rows_[i]);
    for (const Transform& step : options_.transforms) {
      if (!step.column.empty() &&
          std::find(data_.names.begin(), data_.names.end(), step.column) == data_.names.end()) {
        throw InputError("the transform names column '" + step.column + "', which is no variable" +
                         text::suggestion(step.column, data_.names));
      }
      std::vector<double> column(rows_.size());
      for (std::size_t j = 0; j < columns_.size(); ++j) {
        if (!step.column.empty() && step.column != data_.names[j]) continue;
        for (std::size_t i = 0; i < rows_.size(); ++i) column[i] = data_.x(i, j);
        apply(step, column, data_.names[j], table_.source, lines);
        for (std::size_t i = 0; i < rows_.size(); ++i) data_.x(i, j) = column[i];
      }
    }
  }

  bool is_constant(std::size_t j) const {
    double first = missing_value;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const double value = data_.x(i, j);
      if (std::isnan(value)) continue;
      if (std::isnan(first)) first = value;
      if (value != first) return false;
    }
    return true;
  }

  void treat_constant() {
    if (!whole_ || rows_.size() < 2) return;  // gram() says that there are too few
    std::vector<std::size_t> constant, kept;
    for (std::size_t j = 0; j < columns_.size(); ++j) (is_constant(j) ? constant : kept).push_back(j);
    if (constant.empty()) return;
    const std::string list = list_of(data_.names, constant);
    if (!options_.drop_constant) {
      throw InputError("constant: " + list, {table_.source},
                       "columns that vary (a constant tells nothing), or --drop-constant");
    }
    if (kept.empty()) throw InputError("every column is constant", {table_.source});
    Matrix x(rows_.size(), kept.size());
    std::vector<std::string> names;
    for (std::size_t j = 0; j < kept.size(); ++j) {
      names.push_back(data_.names[kept[j]]);
      for (std::size_t i = 0; i < rows_.size(); ++i) x(i, j) = data_.x(i, kept[j]);
    }
    data_.x = std::move(x);
    data_.names = std::move(names);
    data_.remarks.push_back("left out as constant: " + list);
  }

  const csv::Table& table_;
  const ReadOptions& options_;
  bool whole_;
  std::vector<std::size_t> rows_, columns_;
  Data data_;
};

// An array as a table of numbered columns.
csv::Table table_of(const Matrix& matrix, const std::string& source) {
  csv::Table table;
  table.source = source;
  table.rows = matrix.rows;
  for (std::size_t j = 0; j < matrix.columns; ++j) {
    csv::Column column;
    column.name = std::to_string(j);
    column.numbers.resize(matrix.rows);
    for (std::size_t i = 0; i < matrix.rows; ++i) {
      column.numbers[i] = matrix(i, j);
      column.missing += std::isnan(matrix(i, j));
    }
    table.columns.push_back(std::move(column));
  }
  for (std::size_t i = 0; i < matrix.rows; ++i) table.lines.add(i, i + 1);
  return table;
}

}  // namespace

Data parse_rows(std::string_view text, const csv::Options& format, const ReadOptions& options,
                const std::string& source, bool whole) {
  const csv::Table table =
      is_array(text) ? table_of(matrix_of_array(text, source), source) : csv::parse(text, format, source);
  return Reading(table, options, whole).data();
}

Data parse_data(std::string_view text, const ReadOptions& options, const std::string& source) {
  return parse_rows(text, {}, options, source, true);
}

Data read_data(const std::filesystem::path& path, const ReadOptions& options) {
  return parse_data(file::read(path), options, path == "-" ? "standard input" : path.string());
}

}  // namespace xchg::dag
