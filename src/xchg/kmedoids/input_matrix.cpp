// Files that hold dissimilarities.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/core/npy.hpp"
#include "xchg/kmedoids/input_parts.hpp"
#include "xchg/kmedoids/mtx.hpp"
#include "xchg/kmedoids/npy_values.hpp"
#include "xchg/kmedoids/orlib.hpp"

namespace xchg::kmedoids {
namespace {

constexpr double largest_int32 = 2147483647;

MatrixOptions matrix_options(const InputOptions& options, const std::string& source, std::size_t first_line) {
  MatrixOptions matrix;
  matrix.orientation = options.orientation;
  matrix.zero_diagonal = options.zero_diagonal;
  matrix.source = source;
  matrix.first_line = first_line;
  matrix.infinite_penalty = options.infinite_penalty;
  matrix.memory_budget_bytes = options.memory_budget_bytes;
  return matrix;
}

bool all_whole(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(),
                     [](double v) { return v == std::floor(v) && std::abs(v) <= largest_int32; });
}

// Whole numbers as int32, so that sums are exact.
Dissimilarity square(std::vector<double> values, Index n, const MatrixOptions& options) {
  if (!all_whole(values)) return Dissimilarity::matrix(std::move(values), n, options);
  return Dissimilarity::matrix(std::vector<std::int32_t>(values.begin(), values.end()), n, options);
}

Dissimilarity triangle(std::vector<double> values, const MatrixOptions& options, int threads) {
  if (!all_whole(values)) return Dissimilarity::packed(std::move(values), options, Matrix::Auto, threads);
  return Dissimilarity::packed(std::vector<std::int32_t>(values.begin(), values.end()), options, Matrix::Auto,
                               threads);
}

Input matrix_input(const std::string& source, Dissimilarity data, std::string note) {
  if (data.infinite_replaced() > 0)
    note += fmt::format(", {} infinite values replaced", data.infinite_replaced());
  if (!data.dense()) note += ", not unpacked";
  return {source, std::move(data), {}, {}, {}, {}, std::move(note)};
}

void refuse_packed(const InputOptions& options, const std::string& source, std::size_t rows,
                   std::size_t columns) {
  if (!options.packed) return;
  throw InputError(fmt::format("{} rows and {} columns are no packed triangle", rows, columns), {source},
                   "one row or column of n (n - 1) / 2 values");
}

}  // namespace

Input read_matrix_table(std::string_view text, const std::string& source, const InputOptions& options) {
  const csv::Table table = csv::parse(text, options.csv, source);
  std::vector<std::size_t> away;
  if (!options.id_column.empty()) {
    away.push_back(table.index(options.id_column));
  } else if (table.columns.front().type == csv::Column::Type::Text && table.columns.size() > 1) {
    away.push_back(0);
  }
  const std::vector<std::size_t> columns = value_columns(table, away);
  refuse_texts(table, columns, "numbers; --id names the column that holds the objects' names");
  const bool packed = table.rows * columns.size() > 1 && (table.rows == 1 || columns.size() == 1);
  csv::Matrix matrix = csv::matrix(table, columns);
  if (packed) {
    const std::string note =
        fmt::format("{}: packed triangle of {} dissimilarities", source, matrix.values.size());
    return matrix_input(
        source, triangle(std::move(matrix.values), matrix_options(options, source, 0), options.threads),
        note);
  }
  refuse_packed(options, source, table.rows, columns.size());
  if (columns.size() != table.rows) {
    throw InputError(
        fmt::format("the matrix is not square: {} rows and {} columns", table.rows, columns.size()),
        {.file = source}, "as many columns as rows");
  }
  Input input = matrix_input(source,
                             square(std::move(matrix.values), static_cast<Index>(table.rows),
                                    matrix_options(options, source, first_line_of(table))),
                             shape_of(table, "dissimilarities", columns.size()));
  if (input.data.integers()) input.note += ", all whole";
  if (!away.empty()) {
    input.ids = column_texts(table.columns[away.front()]);
  } else if (table.had_header) {
    input.ids = matrix.names;
  }
  return input;
}

Input read_matrix_array(const npy::Array& array, const std::string& source, const InputOptions& options) {
  refuse_column_options(options, source, "an NPY array");
  const MatrixOptions matrix = matrix_options(options, source, 0);
  const std::string type(npy::name(array.type()));
  if (array.shape().size() == 1) {
    Dissimilarity data = visit_values(array.type(), array.bytes(), source, [&](auto values) {
      using T = std::remove_const_t<typename decltype(values)::value_type>;
      return Dissimilarity::packed(std::vector<T>(values.begin(), values.end()), matrix, Matrix::Auto,
                                   options.threads);
    });
    return matrix_input(source, std::move(data),
                        fmt::format("{}: packed triangle of {} {}", source, array.count(), type));
  }
  if (array.shape().size() == 2) refuse_packed(options, source, array.shape()[0], array.shape()[1]);
  Dissimilarity data = Dissimilarity::array(array, matrix);
  const Index n = data.size();
  return matrix_input(source, std::move(data), fmt::format("{}: {} of shape ({}, {})", source, type, n, n));
}

Input read_matrix_file(const std::string& path, const InputOptions& options) {
  refuse_column_options(options, path, "an NPY array");
  const npy::Header header = [&] {
    const file::Mapped file(path);
    return npy::parse_header(file.bytes(), path);
  }();
  if (header.shape.size() == 1) return read_matrix_array(npy::read(path), path, options);
  Dissimilarity data = Dissimilarity::map(path, matrix_options(options, path, 0));
  const Index n = data.size();
  return matrix_input(path, std::move(data),
                      fmt::format("{}: {} of shape ({}, {})", path, npy::name(header.type), n, n));
}

Input read_sparse(std::string_view text, const std::string& source, const InputOptions& options) {
  refuse_column_options(options, source, "a sparse matrix");
  Dissimilarity data = parse_mtx(text, {matrix_options(options, source, 0), options.absent});
  const std::string note = fmt::format("{}: sparse matrix of {} objects{}", source, data.size(),
                                       data.integers() ? ", all whole" : "");
  return {source, std::move(data), {}, {}, {}, {}, note};
}

Input read_p_median(const std::string& path, const InputOptions& options) {
  refuse_column_options(options, path, "a p-median instance");
  OrlibInstance instance = read_orlib(path, {options.threads, options.memory_budget_bytes});
  const std::string note = fmt::format("{}: p-median instance, shortest paths between {} nodes, p = {}", path,
                                       instance.data.size(), instance.k);
  return {path, std::move(instance.data), {}, {}, {}, {}, note, instance.k};
}

}  // namespace xchg::kmedoids
