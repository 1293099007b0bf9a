// A dense matrix of doubles.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace xchg::dag {

// (rows, columns), row-major. A weight matrix W has causes as rows and effects as columns: W(i, j) belongs to
// the edge i -> j.
struct Matrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> values;

  Matrix() = default;
  Matrix(std::size_t row_count, std::size_t column_count, double value = 0)
      : rows(row_count), columns(column_count), values(row_count * column_count, value) {}

  double& operator()(std::size_t i, std::size_t j) { return values[i * columns + j]; }
  double operator()(std::size_t i, std::size_t j) const { return values[i * columns + j]; }
  std::span<double> row(std::size_t i) { return std::span(values).subspan(i * columns, columns); }
  std::span<const double> row(std::size_t i) const { return std::span(values).subspan(i * columns, columns); }
  bool empty() const { return values.empty(); }
  bool operator==(const Matrix&) const = default;
};

}  // namespace xchg::dag
