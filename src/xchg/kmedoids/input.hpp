// Files as input of k-medoids: points or a dissimilarity matrix, with the names of the objects and their
// weights.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "xchg/core/csv.hpp"
#include "xchg/kmedoids/comparison.hpp"
#include "xchg/kmedoids/dissimilarity.hpp"

namespace xchg::kmedoids {

// What a file is.
enum class Format {
  Auto,     // by its extension or first bytes: NPY, MatrixMarket, a list of strings, otherwise CSV
  Orlib,    // a p-median instance, see orlib.hpp
  Csv,      // a table of delimited text
  Npy,      // an array
  Mtx,      // a sparse matrix of dissimilarities, see mtx.hpp
  Strings,  // a string a line
};
// As in --format: "orlib". Throws InputError that lists the formats.
Format parse_format(const std::string& text);

struct InputOptions {
  Format format = Format::Auto;
  bool precomputed = false;  // the file is a matrix of dissimilarities, square or packed; otherwise raw data
  Orientation orientation = Orientation::Symmetric;
  bool zero_diagonal = false;
  // Nothing: gower for tables with columns that are not numeric, levenshtein for lists of strings, otherwise
  // euclidean.
  std::optional<Metric> metric;
  std::string id_column;      // names of the objects; empty: a first column of texts in a matrix, else none
  std::string weight_column;  // tables only
  std::vector<std::string> drop_columns;  // tables only: not used for the distances
  csv::Options csv;
  Isa isa = Isa::Auto;
  int threads = 0;
  std::uint64_t memory_budget_bytes = 0;
  double p = 2;             // minkowski
  Index window = -1;        // dtw
  bool normalised = false;  // levenshtein
  // Types of columns by name, for gower; the others are numeric or, if they hold texts, nominal.
  std::map<std::string, ColumnType> types;
  bool packed = false;            // the matrix is a packed triangle; one row or column of values always is
  bool infinite_penalty = false;  // see MatrixOptions
  double absent = std::numeric_limits<double>::quiet_NaN();  // see SparseOptions
  Matrix matrix = Matrix::Always;                            // whether distances of raw data are kept
};

struct Input {
  std::string source;
  Dissimilarity data;
  std::vector<std::string> ids;               // (n) or empty
  std::vector<double> weights;                // (n) or empty
  std::vector<std::string> fields;            // names of the coordinates; empty without them
  std::vector<double> coordinates;            // (n, fields) row-major; empty for other than points
  std::string note;                           // what was detected, one line for people
  std::optional<int> k = {};                  // number of medoids, where the file says it
  std::optional<Comparison> comparison = {};  // of raw data; none for a matrix
  std::vector<TableColumn> table = {};        // gower
  std::vector<std::string> strings = {};      // levenshtein
};

// Reads and checks all of it; "-" is standard input. Throws what the readers throw, and InputError for
// columns that do not exist or hold texts.
Input read_input(const std::string& path, const InputOptions& options);

// Rows to be compared with those of a model: the columns are found by their names, others are left out.
// Throws what the readers throw, and InputError for columns that are not there or do not hold what the model
// needs.
struct NewRows {
  std::string source;
  RawRows rows;
  Index n = 0;
  std::vector<std::string> ids;  // (n) or empty
  std::string note;
};
NewRows read_rows(const std::string& path, const Comparison& comparison, const InputOptions& options);

}  // namespace xchg::kmedoids
