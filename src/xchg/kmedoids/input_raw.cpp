// Files that hold raw data: tables, arrays of points, lists of strings.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/core/file.hpp"
#include "xchg/core/text.hpp"
#include "xchg/kmedoids/input_parts.hpp"

namespace xchg::kmedoids {
namespace {

std::vector<double> weights_of(const csv::Table& table, std::size_t column) {
  const std::vector<double>& weights = table.numbers(column);
  for (std::size_t row = 0; row < weights.size(); ++row) {
    if (weights[row] >= 0 && std::isfinite(weights[row])) continue;
    throw InputError(fmt::format("the weight is {}", text::exact(weights[row])),
                     {.file = table.source, .line = table.lines[row], .column = column + 1},
                     "a finite number >= 0");
  }
  return weights;
}

ColumnType type_of(const csv::Column& column, const InputOptions& options) {
  const auto said = options.types.find(column.name);
  if (said != options.types.end()) return said->second;
  return column.type == csv::Column::Type::Text ? ColumnType::Nominal : ColumnType::Numeric;
}

// A text among numbers is more often a slip than a level: whoever means it says so with --type.
void refuse_mixtures(const csv::Table& table, const std::vector<std::size_t>& columns,
                     const InputOptions& options) {
  for (const std::size_t c : columns) {
    const csv::Column& column = table.columns[c];
    if (column.type != csv::Column::Type::Text || options.types.contains(column.name)) continue;
    if (std::none_of(column.texts.begin(), column.texts.end(), is_number)) continue;
    throw InputError(
        fmt::format("column '{}' holds text ('{}') among numbers", column.name,
                    column.texts[column.first_text_row]),
        {.file = table.source, .line = table.lines[column.first_text_row], .column = c + 1},
        fmt::format("numbers; --type {}=nominal compares it as text, --id uses it as the objects' "
                    "names, --drop leaves it out",
                    column.name));
  }
}

// The columns that hold values, and how they are compared.
struct Layout {
  std::vector<std::size_t> columns;
  Comparison comparison;
};

void check_types(const csv::Table& table, const std::vector<std::size_t>& columns, Metric metric,
                 const InputOptions& options) {
  for (const auto& [name, type] : options.types) {
    if (std::find(columns.begin(), columns.end(), table.index(name)) == columns.end()) {
      throw InputError(fmt::format("column '{}' has a type but is not compared", name),
                       {.file = table.source}, "a column that --id, --weights and --drop do not name");
    }
    if (metric != Metric::Gower && type != ColumnType::Numeric) {
      throw InputError(fmt::format("column '{}' is {}, which {} cannot compare", name, kmedoids::name(type),
                                   kmedoids::name(metric)),
                       {.file = table.source}, "--metric gower");
    }
  }
}

Layout layout_of(const csv::Table& table, const InputOptions& options) {
  std::vector<std::size_t> away;
  if (!options.id_column.empty()) away.push_back(table.index(options.id_column));
  if (!options.weight_column.empty()) away.push_back(table.index(options.weight_column));
  for (const std::string& name : options.drop_columns) away.push_back(table.index(name));
  Layout layout{value_columns(table, away), {}};
  if (layout.columns.empty())
    throw InputError("no column is left for the distances", {.file = table.source}, "at least one");
  const bool numeric = std::all_of(layout.columns.begin(), layout.columns.end(), [&](std::size_t c) {
    return type_of(table.columns[c], options) == ColumnType::Numeric;
  });
  Comparison& comparison = layout.comparison;
  comparison = {options.metric.value_or(numeric ? Metric::Euclidean : Metric::Gower),
                options.p,
                options.window,
                options.normalised,
                {}};
  check_types(table, layout.columns, comparison.metric, options);
  if (comparison.metric == Metric::Gower) refuse_mixtures(table, layout.columns, options);
  for (const std::size_t c : layout.columns) {
    const csv::Column& column = table.columns[c];
    comparison.fields.push_back(comparison.metric == Metric::Gower
                                    ? describe_column(column, type_of(column, options))
                                    : Field{column.name});
  }
  if (comparison.metric == Metric::Levenshtein && layout.columns.size() != 1) {
    throw InputError(fmt::format("{} columns are left to compare by levenshtein", layout.columns.size()),
                     {.file = table.source}, "one; --id and --drop take others away");
  }
  return layout;
}

// The values of some columns as the metric needs them.
RawRows values_of(const csv::Table& table, const std::vector<std::size_t>& columns,
                  const Comparison& comparison) {
  RawRows rows;
  if (comparison.metric == Metric::Gower) {
    for (std::size_t i = 0; i < columns.size(); ++i)
      rows.table.push_back(column_values(table, columns[i], comparison.fields[i]));
  } else if (comparison.metric == Metric::Levenshtein) {
    rows.strings = column_texts(table.columns[columns.front()]);
  } else {
    refuse_texts(table, columns,
                 "numbers; --metric gower or levenshtein compare texts, --id uses it as the objects' names, "
                 "--drop leaves it out");
    rows.coordinates = csv::matrix(table, columns).values;
  }
  return rows;
}

RawOptions raw_options(const InputOptions& options, const std::string& source, std::size_t first_line) {
  return {options.matrix, options.threads, options.memory_budget_bytes, source, first_line};
}

PointOptions point_options(const Comparison& comparison, const InputOptions& options,
                           const std::string& source, std::size_t first_line) {
  PointOptions points = comparison.point_options();
  points.isa = options.isa;
  points.threads = options.threads;
  points.memory_budget_bytes = options.memory_budget_bytes;
  points.source = source;
  points.first_line = first_line;
  points.matrix = options.matrix;
  return points;
}

Dissimilarity compare(const RawRows& rows, std::size_t n, const Comparison& comparison,
                      const InputOptions& options, const std::string& source, std::size_t first_line) {
  const RawOptions raw = raw_options(options, source, first_line);
  if (comparison.metric == Metric::Gower) return Dissimilarity::table(rows.table, raw);
  if (comparison.metric == Metric::Levenshtein)
    return Dissimilarity::strings(rows.strings, comparison.normalised, raw);
  return Dissimilarity::points(rows.coordinates, static_cast<Index>(n),
                               static_cast<Index>(rows.coordinates.size() / n),
                               point_options(comparison, options, source, first_line));
}

// "height numeric, grade ordinal (a < b < c < d), colour nominal".
std::string types_text(const Comparison& comparison) {
  constexpr std::size_t most_levels = 8;
  std::string result;
  for (const Field& field : comparison.fields) {
    result += fmt::format("{}{} {}", result.empty() ? "" : ", ", field.name, name(field.type));
    if (field.type == ColumnType::Ordinal && field.levels.size() <= most_levels)
      result += fmt::format(" ({})", fmt::join(field.levels, " < "));
  }
  return result;
}

std::string note_of(const csv::Table& table, const Comparison& comparison) {
  const std::size_t columns = comparison.fields.size();
  if (comparison.metric == Metric::Gower)
    return shape_of(table, "values", columns) + ", compared by gower: " + types_text(comparison);
  return shape_of(table, comparison.metric == Metric::Levenshtein ? "strings" : "numbers", columns);
}

void take_rows(Input& input, RawRows rows, Comparison comparison) {
  input.coordinates = std::move(rows.coordinates);
  input.table = std::move(rows.table);
  input.strings = std::move(rows.strings);
  if (!input.coordinates.empty()) {
    for (const Field& field : comparison.fields) input.fields.push_back(field.name);
  }
  input.comparison = std::move(comparison);
}

std::pair<Index, Index> shape_of_points(const npy::Array& array, const std::string& source) {
  const std::vector<std::size_t>& shape = array.shape();
  if (shape.size() == 2 && shape[0] > 0 && shape[1] > 0)
    return {static_cast<Index>(shape[0]), static_cast<Index>(shape[1])};
  throw InputError(fmt::format("the array has the shape ({})", fmt::join(shape, ", ")), {.file = source},
                   "points (n, d)");
}

}  // namespace

std::string shape_of(const csv::Table& table, std::string_view what, std::size_t columns) {
  return fmt::format("{}: {} rows, {} columns of {}, {} header, delimiter {}", table.source, table.rows,
                     columns, what, table.had_header ? "a" : "no",
                     table.delimiter == '\t'  ? "tab"
                     : table.delimiter == ' ' ? "blank"
                                              : fmt::format("'{}'", table.delimiter));
}

std::vector<std::size_t> value_columns(const csv::Table& table, const std::vector<std::size_t>& away) {
  std::vector<std::size_t> columns;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (std::find(away.begin(), away.end(), c) == away.end()) columns.push_back(c);
  }
  return columns;
}

void refuse_texts(const csv::Table& table, const std::vector<std::size_t>& columns, std::string_view advice) {
  for (const std::size_t c : columns) {
    const csv::Column& column = table.columns[c];
    if (column.type != csv::Column::Type::Text) continue;
    throw InputError(
        fmt::format("column '{}' holds text ('{}')", column.name, column.texts[column.first_text_row]),
        {.file = table.source, .line = table.lines[column.first_text_row], .column = c + 1},
        std::string(advice));
  }
}

std::size_t first_line_of(const csv::Table& table) {
  const std::size_t first = table.lines[0];
  return table.lines[table.rows - 1] == first + table.rows - 1 ? first : 0;
}

Input read_raw_table(std::string_view text, const std::string& source, const InputOptions& options) {
  const csv::Table table = csv::parse(text, options.csv, source);
  Layout layout = layout_of(table, options);
  RawRows rows = values_of(table, layout.columns, layout.comparison);
  Input input{source,
              compare(rows, table.rows, layout.comparison, options, source, first_line_of(table)),
              {},
              {},
              {},
              {},
              note_of(table, layout.comparison)};
  if (!options.id_column.empty()) input.ids = column_texts(table.columns[table.index(options.id_column)]);
  if (!options.weight_column.empty()) input.weights = weights_of(table, table.index(options.weight_column));
  take_rows(input, std::move(rows), std::move(layout.comparison));
  return input;
}

Input read_raw_array(const npy::Array& array, const std::string& source, const InputOptions& options) {
  refuse_column_options(options, source, "an NPY array");
  const auto [n, d] = shape_of_points(array, source);
  RawRows rows;
  rows.coordinates = array.as_doubles();
  Comparison comparison{
      options.metric.value_or(Metric::Euclidean), options.p, options.window, options.normalised, {}};
  for (Index j = 0; j < d; ++j) comparison.fields.push_back({fmt::format("column {}", j + 1)});
  Input input{source,
              Dissimilarity::points(rows.coordinates, n, d, point_options(comparison, options, source, 0)),
              {},
              {},
              {},
              {},
              fmt::format("{}: {} of shape ({}, {})", source, npy::name(array.type()), n, d)};
  take_rows(input, std::move(rows), std::move(comparison));
  return input;
}

Input read_string_list(std::string_view text, const std::string& source, const InputOptions& options) {
  refuse_column_options(options, source, "a list of strings");
  if (options.metric.value_or(Metric::Levenshtein) != Metric::Levenshtein) {
    throw InputError(fmt::format("strings cannot be compared by {}", name(*options.metric)), {.file = source},
                     "--metric levenshtein");
  }
  RawRows rows;
  rows.strings = lines_of(text);
  Comparison comparison{Metric::Levenshtein, options.p, options.window, options.normalised, {}};
  Input input{source,
              Dissimilarity::strings(rows.strings, options.normalised, raw_options(options, source, 1)),
              rows.strings,
              {},
              {},
              {},
              fmt::format("{}: {} strings, compared by levenshtein", source, rows.strings.size())};
  take_rows(input, std::move(rows), std::move(comparison));
  return input;
}

NewRows read_rows(const std::string& path, const Comparison& comparison, const InputOptions& options) {
  NewRows result;
  result.source = path == "-" ? "standard input" : path;
  const std::string text = file::read(path);
  if (comparison.fields.empty()) {
    result.rows.strings = lines_of(text);
    result.ids = result.rows.strings;
    result.n = static_cast<Index>(result.rows.strings.size());
    result.note = fmt::format("{}: {} strings", result.source, result.n);
    return result;
  }
  if (is_array(text)) {
    const npy::Array array = npy::parse(std::as_bytes(std::span(text)), result.source);
    const auto [n, d] = shape_of_points(array, result.source);
    if (d != static_cast<Index>(comparison.fields.size())) {
      throw InputError(fmt::format("the array has {} columns, the model {}", d, comparison.fields.size()),
                       {.file = result.source}, "as many columns");
    }
    result.rows.coordinates = array.as_doubles();
    result.n = n;
    result.note = fmt::format("{}: {} of shape ({}, {})", result.source, npy::name(array.type()), n, d);
    return result;
  }
  const csv::Table table = csv::parse(text, options.csv, result.source);
  std::vector<std::size_t> columns;
  for (const Field& field : comparison.fields) columns.push_back(table.index(field.name));
  result.rows = values_of(table, columns, comparison);
  result.n = static_cast<Index>(table.rows);
  if (!options.id_column.empty()) result.ids = column_texts(table.columns[table.index(options.id_column)]);
  result.note = note_of(table, comparison);
  return result;
}

}  // namespace xchg::kmedoids
