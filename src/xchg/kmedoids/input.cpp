#include "xchg/kmedoids/input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/core/npy.hpp"
#include "xchg/core/text.hpp"
#include "xchg/kmedoids/orlib.hpp"

namespace xchg::kmedoids {
namespace {

constexpr double largest_int32 = 2147483647;

std::vector<std::string> as_texts(const csv::Column& column) {
  if (column.type == csv::Column::Type::Text) return column.texts;
  std::vector<std::string> texts;
  for (const double number : column.numbers) texts.push_back(text::exact(number));
  return texts;
}

// Which columns hold values, in order: all but those taken away.
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

// The line of the file of data row 0, if all rows follow it line by line; otherwise 0, and errors name rows.
std::size_t first_line(const csv::Table& table) {
  const std::size_t first = table.lines[0];
  return table.lines[table.rows - 1] == first + table.rows - 1 ? first : 0;
}

std::string shape(const csv::Table& table, std::string_view what, std::size_t columns) {
  return fmt::format("{}: {} rows, {} columns of {}, {} header, delimiter {}", table.source, table.rows,
                     columns, what, table.had_header ? "a" : "no",
                     table.delimiter == '\t'  ? "tab"
                     : table.delimiter == ' ' ? "blank"
                                              : fmt::format("'{}'", table.delimiter));
}

Dissimilarity matrix_of(std::vector<double> values, Index n, const MatrixOptions& options) {
  const bool whole = std::all_of(values.begin(), values.end(),
                                 [](double v) { return v == std::floor(v) && std::abs(v) <= largest_int32; });
  if (!whole) return Dissimilarity::matrix(std::move(values), n, options);
  return Dissimilarity::matrix(std::vector<std::int32_t>(values.begin(), values.end()), n, options);
}

Input read_matrix_table(const std::string& path, const InputOptions& options) {
  const csv::Table table = csv::read(path, options.csv);
  std::vector<std::size_t> away;
  if (!options.id_column.empty()) {
    away.push_back(table.index(options.id_column));
  } else if (table.columns.front().type == csv::Column::Type::Text) {
    away.push_back(0);
  }
  const std::vector<std::size_t> columns = value_columns(table, away);
  refuse_texts(table, columns, "numbers; --id names the column that holds the objects' names");
  if (columns.size() != table.rows) {
    throw InputError(
        fmt::format("the matrix is not square: {} rows and {} columns", table.rows, columns.size()),
        {.file = table.source}, "as many columns as rows");
  }
  csv::Matrix matrix = csv::matrix(table, columns);
  const MatrixOptions checks{options.orientation, options.zero_diagonal, table.source, first_line(table)};
  Input input{table.source,
              matrix_of(std::move(matrix.values), static_cast<Index>(table.rows), checks),
              {},
              {},
              {},
              {},
              ""};
  if (!away.empty()) {
    input.ids = as_texts(table.columns[away.front()]);
  } else if (table.had_header) {
    input.ids = matrix.names;
  }
  input.note = shape(table, "dissimilarities", columns.size()) + (input.data.integers() ? ", all whole" : "");
  return input;
}

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

Input read_points(const std::string& path, const InputOptions& options) {
  const csv::Table table = csv::read(path, options.csv);
  std::vector<std::size_t> away;
  if (!options.id_column.empty()) away.push_back(table.index(options.id_column));
  if (!options.weight_column.empty()) away.push_back(table.index(options.weight_column));
  for (const std::string& name : options.drop_columns) away.push_back(table.index(name));
  const std::vector<std::size_t> columns = value_columns(table, away);
  if (columns.empty())
    throw InputError("no column is left for the distances", {.file = table.source}, "at least one");
  refuse_texts(table, columns, "numbers; --id uses it as the objects' names, --drop leaves it out");
  csv::Matrix matrix = csv::matrix(table, columns);
  const PointOptions points{options.metric, options.isa,      options.threads, options.memory_budget_bytes,
                            table.source,   first_line(table)};
  Input input{table.source,
              Dissimilarity::points(matrix.values, static_cast<Index>(matrix.rows),
                                    static_cast<Index>(matrix.columns), points),
              {},
              {},
              {},
              {},
              ""};
  if (!options.id_column.empty()) input.ids = as_texts(table.columns[away.front()]);
  if (!options.weight_column.empty()) input.weights = weights_of(table, table.index(options.weight_column));
  input.fields = std::move(matrix.names);
  input.coordinates = std::move(matrix.values);
  input.note = shape(table, "numbers", columns.size());
  return input;
}

void refuse_column_options(const InputOptions& options, const std::string& path, std::string_view what) {
  if (options.id_column.empty() && options.weight_column.empty() && options.drop_columns.empty()) return;
  throw InputError(fmt::format("{} has no column names", what), {.file = path},
                   "no --id, --weights or --drop, or a CSV table");
}

// Values of types other than the ones that matrices keep: as int32 where that is exact, otherwise as double.
Dissimilarity converted_matrix(const npy::Array& array, Index n, const MatrixOptions& options) {
  return matrix_of(array.as_doubles(), n, options);
}

template <class T>
Dissimilarity kept_matrix(const npy::Array& array, Index n, const MatrixOptions& options) {
  const std::span<const T> values = array.values<T>();
  return Dissimilarity::matrix(std::vector<T>(values.begin(), values.end()), n, options);
}

Input read_array(const std::string& path, const InputOptions& options) {
  refuse_column_options(options, path, "an NPY array");
  const npy::Array array = npy::read(path);
  const std::vector<std::size_t>& shape = array.shape();
  if (shape.size() != 2 || shape[0] == 0 || shape[1] == 0) {
    throw InputError(fmt::format("the array has the shape ({})", fmt::join(shape, ", ")), {.file = path},
                     options.precomputed ? "a square matrix (n, n)" : "points (n, d)");
  }
  const auto n = static_cast<Index>(shape[0]), d = static_cast<Index>(shape[1]);
  const std::string note = fmt::format("{}: {} of shape ({}, {})", path, npy::name(array.type()), n, d);
  if (options.precomputed) {
    if (n != d) {
      throw InputError(fmt::format("the matrix is not square: {} rows and {} columns", n, d), {.file = path},
                       "as many columns as rows");
    }
    const MatrixOptions checks{options.orientation, options.zero_diagonal, path, 0};
    Dissimilarity data = array.type() == npy::Type::Float32   ? kept_matrix<float>(array, n, checks)
                         : array.type() == npy::Type::Float64 ? kept_matrix<double>(array, n, checks)
                         : array.type() == npy::Type::Int32   ? kept_matrix<std::int32_t>(array, n, checks)
                                                              : converted_matrix(array, n, checks);
    return {path, std::move(data), {}, {}, {}, {}, note};
  }
  std::vector<double> coordinates = array.as_doubles();
  Input input{path,
              Dissimilarity::points(
                  coordinates, n, d,
                  {options.metric, options.isa, options.threads, options.memory_budget_bytes, path, 0}),
              {},
              {},
              {},
              {},
              note};
  for (Index j = 0; j < d; ++j) input.fields.push_back(fmt::format("column {}", j + 1));
  input.coordinates = std::move(coordinates);
  return input;
}

Input read_p_median(const std::string& path, const InputOptions& options) {
  refuse_column_options(options, path, "a p-median instance");
  OrlibInstance instance = read_orlib(path, {options.threads, options.memory_budget_bytes});
  const std::string note = fmt::format("{}: p-median instance, shortest paths between {} nodes, p = {}", path,
                                       instance.data.size(), instance.k);
  return {path, std::move(instance.data), {}, {}, {}, {}, note, instance.k};
}

}  // namespace

Format parse_format(const std::string& text) {
  if (text == "auto") return Format::Auto;
  if (text == "orlib") return Format::Orlib;
  throw InputError("unknown format '" + text + "'" + text::suggestion(text, {"auto", "orlib"}));
}

Input read_input(const std::string& path, const InputOptions& options) {
  if (options.format == Format::Orlib) return read_p_median(path, options);
  if (path.ends_with(".npy")) return read_array(path, options);
  return options.precomputed ? read_matrix_table(path, options) : read_points(path, options);
}

}  // namespace xchg::kmedoids
