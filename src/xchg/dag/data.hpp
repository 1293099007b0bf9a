// What the engine learns from: rows of a table, or only their Gram (covariance) matrix.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/dag/matrix.hpp"

namespace xchg::dag {

// Observations of d variables.
struct Data {
  Matrix x;                          // (n, d) row-major, in the units of the input
  std::vector<std::string> names;    // (d) all different
  std::vector<int> regime;           // (n) index into `regimes`; empty: all rows are of one kind
  std::vector<std::string> regimes;  // names of the regimes, in order of appearance
  std::vector<std::string> remarks;  // what reading did that its user should know ("12 rows dropped: …")

  std::size_t rows() const { return x.rows; }
  std::size_t nodes() const { return x.columns; }
};

// Second moments S = X^T X / n of n observations of d variables (of the centred ones unless asked otherwise).
// Divided by n, not n - 1.
struct Gram {
  Matrix s;                        // (d, d) symmetric, positive definite
  std::int64_t n = 0;              // observations behind it, at least 2
  std::vector<double> mean;        // (d) what was subtracted; zeros where nothing was or it is not known
  std::vector<std::string> names;  // (d) all different
  bool centred = true;             // the means were subtracted

  // Second moments of the rows in which some variables were not intervened on.
  struct Part {
    Matrix s;
    std::int64_t n = 0;
    std::vector<double> mean;
  };
  std::vector<Part> parts;   // of interventions; empty without any
  std::vector<int> part_of;  // (d) the part that holds for node j, -1: s itself; empty: all -1

  std::size_t nodes() const { return s.rows; }
  const Matrix& matrix_of(int node) const;  // the one that node's regression uses
  std::int64_t rows_of(int node) const;     // and the observations behind it
};

// What to do about missing values.
enum class Missing {
  Error,     // refuse: line, column, count
  Listwise,  // drop the rows
  Pairwise,  // every entry of S from the rows that have both values; refused when S is not positive definite
  Em         // maximum likelihood of a Gaussian, by expectation maximisation
};

// A function of a column: "log(x+10)", "sqrt", "rank", "asinh(x-2)".
struct Transform {
  enum class Function { None, Log, Sqrt, Rank, Asinh };
  Function function = Function::None;
  double shift = 0;    // added before
  std::string column;  // of this column alone; empty: of all
};
// "log(x+10)", "rank", or "COLUMN=log(x+10)". Throws InputError.
Transform parse_transform(const std::string& text);

// How a table becomes Data.
struct ReadOptions {
  std::vector<std::pair<std::string, std::string>> where;  // keep the rows whose columns all have these
                                                           // values; these columns are no variables
  std::vector<std::string> ignore;                         // columns to leave out
  std::string regime;                 // text or number column that names each row's regime
  std::vector<Transform> transforms;  // in this order
  Missing missing = Missing::Error;   // Error and Listwise are done while reading
  bool drop_constant = false;         // leave out constant columns instead of refusing
  bool two_valued_text = false;       // a text column of two values becomes 0 and 1 (in order of appearance)
};

// Reads a table: CSV (see core/csv.hpp) or NPY; "-" is standard input. Values may stay missing (NaN) only
// with Missing::Pairwise or Em. Throws InputError with file, line and column: missing values, text columns
// that no option mentions, names that come twice or are unknown, constant columns, values that a transform
// cannot take.
Data read_data(const std::filesystem::path& path, const ReadOptions& options = {});
// The same from text in memory.
Data parse_data(std::string_view text, const ReadOptions& options = {}, const std::string& source = "table");

// Reads a Gram matrix (CSV or NPY, with or without a header of names; otherwise they are 0..d-1) of n
// observations. Throws InputError when it is not square, finite, symmetric (1e-9 relative) and positive
// definite (names the entry or the smallest eigenvalue), or n < 2.
Gram read_gram(const std::filesystem::path& path, std::int64_t n);
// The same from text in memory.
Gram parse_gram(std::string_view text, std::int64_t n, const std::string& source = "Gram matrix");
// What read_gram checks. Throws InputError.
void check_gram(const Gram& gram, const std::string& source = "Gram matrix");

// How second moments are taken.
struct GramOptions {
  bool center = true;
  bool standardize = false;  // divide every column by its standard deviation (over n)
  Missing missing = Missing::Error;
  std::map<std::string, std::vector<std::string>> targets;  // regime -> variables that were set from outside
  int threads = 0;  // 0: all processors; the result does not depend on it
};

// Second moments of the rows; with targets also those of the nodes that an intervention concerned. Throws
// InputError: fewer than two rows, a constant column, values whose squares overflow, targets that name no
// regime or variable, with Missing::Pairwise an indefinite matrix (says the smallest eigenvalue).
Gram gram(const Data& data, const GramOptions& options = {}, Progress& progress = Progress::none());

// Reads the rows of a CSV or NPY file in pieces, so that memory does not grow with their number: at most 64
// MiB beside 8 d^2 bytes a thread. No transforms that need all values (rank), no missing values but dropped
// rows.
Gram gram_of_file(const std::filesystem::path& path, const ReadOptions& read_options = {},
                  const GramOptions& options = {}, Progress& progress = Progress::none());

// The second moments of two sets of rows together, from theirs: data that must not leave their houses add up
// this way. Throws InputError when names or centring differ.
Gram merge(const Gram& a, const Gram& b);

// The same second moments in units of standard deviations: the correlation matrix of centred data.
Gram standardized(const Gram& gram);

// Refuses what least squares on all predecessors cannot take: throws InputError that names a set of columns
// that depend on each other (pivot <= 1e-12 S_jj), and what to do.
void require_independent(const Gram& gram);

}  // namespace xchg::dag
