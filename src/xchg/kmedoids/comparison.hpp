// How rows of raw data are compared: what a model keeps of the data that it was made from, and how rows are
// read for it.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "xchg/core/csv.hpp"
#include "xchg/kmedoids/dissimilarity.hpp"

namespace xchg::kmedoids {

// One column.
struct Field {
  std::string name;
  ColumnType type = ColumnType::Numeric;
  double range = std::numeric_limits<double>::quiet_NaN();  // gower, numeric and ordinal columns
  std::vector<std::string> levels;                          // ordinal (in order) and nominal columns
};

struct Comparison {
  Metric metric = Metric::Euclidean;
  double p = 2;
  Index window = -1;
  bool normalised = false;
  std::vector<Field> fields;  // empty for a list of strings

  PointOptions point_options() const {
    PointOptions options;
    options.metric = metric;
    options.p = p;
    options.window = window;
    return options;
  }
};

// Rows of raw data; which member holds them depends on the metric.
struct RawRows {
  std::vector<double> coordinates;   // (n, fields) row-major: metrics of points
  std::vector<TableColumn> table;    // gower
  std::vector<std::string> strings;  // levenshtein
};

// The cells of a column as texts; numbers by their shortest text, missing ones empty.
std::vector<std::string> column_texts(const csv::Column& column);
// What a column is for gower: its type (nominal for texts unless said), its levels in order, its range.
Field describe_column(const csv::Column& column, ColumnType type);
// The values of a column as the field says. Throws InputError for texts where numbers are needed and for a
// level of an ordinal column that the field does not have; an unknown level of a nominal column differs from
// all others.
TableColumn column_values(const csv::Table& table, std::size_t column, const Field& field);

}  // namespace xchg::kmedoids
