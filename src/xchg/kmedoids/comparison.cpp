#include "xchg/kmedoids/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_map>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"
#include "xchg/core/utf8.hpp"

namespace xchg::kmedoids {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

bool has_levels(ColumnType type) { return type == ColumnType::Ordinal || type == ColumnType::Nominal; }

// Numbers in the order of numbers, texts in that of their bytes.
std::vector<std::string> levels_of(const csv::Column& column) {
  std::vector<std::string> levels;
  if (column.type == csv::Column::Type::Number) {
    std::set<double> numbers;
    for (const double number : column.numbers) {
      if (!std::isnan(number)) numbers.insert(number);
    }
    for (const double number : numbers) levels.push_back(text::exact(number));
  } else {
    const std::set<std::string> texts(column.texts.begin(), column.texts.end());
    std::copy_if(texts.begin(), texts.end(), std::back_inserter(levels),
                 [](const std::string& level) { return !level.empty(); });
  }
  return levels;
}

double range_of(const std::vector<double>& values) {
  double least = std::numeric_limits<double>::infinity(), greatest = -least;
  for (const double value : values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return greatest < least ? 0 : greatest - least;
}

Where place_of(const csv::Table& table, std::size_t column, std::size_t row) {
  return {.file = table.source, .line = table.lines[row], .column = column + 1};
}

std::vector<double> codes(const csv::Table& table, std::size_t c, const Field& field) {
  const std::vector<std::string> texts = column_texts(table.columns[c]);
  std::unordered_map<std::string, double> code;
  for (const std::string& level : field.levels) code.emplace(level, static_cast<double>(code.size()));
  std::vector<double> values;
  for (std::size_t row = 0; row < texts.size(); ++row) {
    if (texts[row].empty()) {
      values.push_back(missing);
      continue;
    }
    const auto [found, is_new] = code.emplace(texts[row], static_cast<double>(code.size()));
    if (is_new && field.type == ColumnType::Ordinal) {
      throw InputError(
          fmt::format("{} is no level of the ordinal column '{}'", utf8::quoted(texts[row]), field.name),
          place_of(table, c, row), fmt::format("one of {}", fmt::join(field.levels, ", ")));
    }
    values.push_back(found->second);
  }
  return values;
}

}  // namespace

std::vector<std::string> column_texts(const csv::Column& column) {
  if (column.type == csv::Column::Type::Text) return column.texts;
  std::vector<std::string> texts;
  for (const double number : column.numbers)
    texts.push_back(std::isnan(number) ? std::string() : text::exact(number));
  return texts;
}

Field describe_column(const csv::Column& column, ColumnType type) {
  Field field{column.name, type, missing, {}};
  if (has_levels(type)) field.levels = levels_of(column);
  if (type == ColumnType::Ordinal)
    field.range = field.levels.empty() ? 0 : static_cast<double>(field.levels.size() - 1);
  if (type == ColumnType::Numeric) field.range = range_of(column.numbers);
  return field;
}

TableColumn column_values(const csv::Table& table, std::size_t c, const Field& field) {
  const csv::Column& column = table.columns[c];
  if (has_levels(field.type)) return {field.name, field.type, codes(table, c, field), field.range};
  if (column.type == csv::Column::Type::Text && column.missing < table.rows) {
    throw InputError(fmt::format("column '{}' holds text ({}), its type is {}", column.name,
                                 utf8::quoted(column.texts[column.first_text_row]), name(field.type)),
                     place_of(table, c, column.first_text_row),
                     field.type == ColumnType::Asymmetric ? "0 and 1" : "numbers, or another --type");
  }
  for (std::size_t row = 0; row < column.numbers.size(); ++row) {
    const double value = column.numbers[row];
    const bool fits = std::isnan(value) || (field.type == ColumnType::Asymmetric ? value == 0 || value == 1
                                                                                 : std::isfinite(value));
    if (fits) continue;
    throw InputError(fmt::format("the value of the {} column '{}' is {}", name(field.type), column.name,
                                 text::exact(value)),
                     place_of(table, c, row),
                     field.type == ColumnType::Asymmetric ? "0, 1 or missing" : "a finite number");
  }
  return {field.name, field.type, column.numbers, field.range};
}

}  // namespace xchg::kmedoids
