// What k-medoids runs on: the dissimilarities between n objects.
//
// d(o, x) >= 0 is the dissimilarity from object o to candidate medoid x; d(o, o) = 0. Neither symmetry nor
// the triangle inequality is needed. A *candidate row* holds d(., x) for all objects, contiguous; for a
// symmetric matrix that is row x, for an asymmetric one whose rows are objects it is column x.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "xchg/core/isa.hpp"
#include "xchg/core/progress.hpp"

namespace xchg::kmedoids {

using Index = std::int64_t;  // an object, 0-based

// What the rows and columns of a given square matrix mean.
enum class Orientation {
  Symmetric,          // d(i, j) = d(j, i) is checked
  RowsAreObjects,     // element (i, j) = d(i, j): from object i to candidate j
  RowsAreCandidates,  // element (i, j) = d(j, i)
};
// From symmetric, rows-are-objects or rows-are-candidates. Throws InputError.
Orientation parse_orientation(const std::string& text);

// Dissimilarities of raw data. All but the last two are of points x, y with d coordinates.
enum class Metric {
  Euclidean,         // sqrt(sum (x - y)^2)
  SquaredEuclidean,  // sum (x - y)^2
  Manhattan,         // sum |x - y|
  Chebyshev,         // max |x - y|
  Minkowski,         // (sum |x - y|^p)^(1/p), p > 0
  Cosine,            // 1 - x.y / (|x| |y|); there must be no zero vector
  Correlation,       // 1 - Pearson's correlation of the two rows; a row of equal values is uncorrelated with
                     // all others (1) and equal to its like (0)
  Jaccard,           // of 0/1 vectors: 1 - |both| / |either|, 0 when both are empty
  Hamming,           // share of the positions in which they differ
  DTW,               // dynamic time warping of two series with costs |x_i - y_j|, |i - j| <= window
  Gower,             // of rows of a table with columns of several types; see Dissimilarity::table
  Levenshtein,       // of strings; see Dissimilarity::strings
};
// As in --metric: "euclidean", "sqeuclidean", "manhattan", "chebyshev", "minkowski", "cosine", "correlation",
// "jaccard", "hamming", "dtw", "gower", "levenshtein".
std::string_view name(Metric metric);
// Throws InputError that lists the metrics.
Metric parse_metric(const std::string& text);
// All metrics in the order of their type.
std::span<const Metric> metrics();

// How a given matrix is understood.
struct MatrixOptions {
  Orientation orientation = Orientation::Symmetric;
  bool zero_diagonal = false;  // accept a non-zero diagonal and treat it as zero
  std::string source;          // named in errors, e.g. the file
  std::size_t first_line = 0;  // line of the first row in that file; 0: rows are named by number
};

// Whether distances of raw data are computed once and kept or each time they are needed.
enum class Matrix {
  Auto,    // kept when the matrix fits the memory budget
  Always,  // kept; LimitError when the matrix does not fit
  Never,   // computed each time; memory O(n d)
};

// How distances between points are computed.
struct PointOptions {
  Metric metric = Metric::Euclidean;
  Isa isa = Isa::Auto;
  int threads = 0;
  std::uint64_t memory_budget_bytes = 0;  // 0: half of the memory that is free
  std::string source;
  std::size_t first_line = 0;
  double p = 2;       // Minkowski
  Index window = -1;  // DTW; -1: any alignment
  Matrix matrix = Matrix::Always;
};

// What the values of a column are.
enum class ColumnType {
  Numeric,     // numbers; differ by |x - y| / range, 0 where the range is 0
  Ordinal,     // codes 0, 1, ... of ordered levels; differ by |x - y| / (range of the codes)
  Nominal,     // codes of unordered levels; differ by 0 (the same) or 1
  Asymmetric,  // 0 or 1; differ by 0 or 1, and two 0 say nothing: the column does not count then
};
// "numeric", "ordinal", "nominal", "asymmetric".
std::string_view name(ColumnType type);
// The inverse of name(). Throws InputError that lists the types.
ColumnType parse_column_type(const std::string& text);

// One column of a table of n rows.
struct TableColumn {
  std::string name;
  ColumnType type = ColumnType::Numeric;
  std::vector<double> values;  // (n); NaN: missing, the column does not count for pairs with that row
  // Greatest minus least value, for numeric and ordinal columns; NaN: that of `values`.
  double range = std::numeric_limits<double>::quiet_NaN();
};

// How dissimilarities of raw data other than points are computed.
struct RawOptions {
  Matrix matrix = Matrix::Always;
  int threads = 0;
  std::uint64_t memory_budget_bytes = 0;  // 0: half of the memory that is free
  std::string source;
  std::size_t first_line = 0;
};

// Candidate rows that do not lie in memory as they are: computed, gathered or unpacked one at a time. Both
// functions may be called from several threads at once.
template <class T>
class RowMaker {
 public:
  virtual ~RowMaker() = default;
  // d(o, candidate) of begin <= o < end into out[0, end - begin).
  virtual void fill(Index candidate, Index begin, Index end, T* out) const = 0;
  // Whole rows of several candidates, outs[i] being that of candidates[i].
  virtual void fill_several(std::span<const Index> candidates, Index n, T* const* outs) const {
    for (std::size_t i = 0; i < candidates.size(); ++i) fill(candidates[i], 0, n, outs[i]);
  }
  // d(object, candidate): the same value to the bit.
  virtual T at(Index object, Index candidate) const = 0;
};

// Where candidate rows of T come from: one of the two is set.
template <class T>
struct Rows {
  const T* dense = nullptr;            // (n, n): row x holds d(., x)
  const RowMaker<T>* maker = nullptr;  // makes them
};

// The types of values. Sums of integers are exact.
using AnyRows = std::variant<Rows<double>, Rows<float>, Rows<std::int32_t>, Rows<std::int64_t>,
                             Rows<std::uint16_t>, Rows<std::uint8_t>>;

// The dissimilarities of n objects. Copying shares the values.
class Dissimilarity {
 public:
  // A square matrix, (n, n) row-major, which is taken over. Throws InputError when its length is not n*n,
  // when a value is NaN, infinite or negative, when the diagonal is not zero, or when it is not symmetric as
  // declared (relative tolerance 1e-6; the message names the worst pair).
  template <class T>
  static Dissimilarity matrix(std::vector<T> values, Index n, const MatrixOptions& options = {});

  // The same on memory of the caller, without a copy unless the orientation needs a transposed one or the
  // diagonal has to be cleared; it must outlive this object.
  template <class T>
  static Dissimilarity view(std::span<const T> values, Index n, const MatrixOptions& options = {});

  // The distances of points, (n, d) row-major, as double. The bytes do not depend on threads, instruction set
  // and whether there is a matrix; equal points are at distance 0 exactly. The coordinates are copied unless
  // the matrix is kept. Throws InputError on NaN and infinite coordinates and on what the metric does not
  // take, LimitError when a matrix is over the memory budget, NumericError when a distance overflows (without
  // a matrix: where it is met).
  static Dissimilarity points(std::span<const double> coordinates, Index n, Index d,
                              const PointOptions& options = {});

  // Gower's dissimilarity (Gower 1971) of the rows of a table, as double: the mean over the columns that
  // count for a pair of how much the two differ in them. Throws InputError when columns have different
  // lengths, values do not fit their type, or two rows have no column in common (the message names them;
  // without a matrix: where it is met), NumericError when a range overflows.
  static Dissimilarity table(std::span<const TableColumn> columns, const RawOptions& options = {});

  // Levenshtein distances of UTF-8 strings: the least number of insertions, deletions and substitutions of
  // characters (code points) that turn one into the other, as int32; `normalised` divides by the length of
  // the longer one (0 for two empty strings), as double. Throws InputError for bytes that are no UTF-8.
  static Dissimilarity strings(std::span<const std::string> strings, bool normalised = false,
                               const RawOptions& options = {});

  // Rows that `maker` makes. `largest` must not be below any value (it guards the sums of integers).
  template <class T>
  static Dissimilarity made(std::shared_ptr<const RowMaker<T>> maker, Index n, bool symmetric,
                            double largest = std::numeric_limits<double>::infinity());

  // The same dissimilarities as one matrix in memory. Throws LimitError when it is over the budget (0: half
  // of the memory that is free), InputError or NumericError when a value made cannot be a dissimilarity,
  // CancelledError when `progress` says stop.
  Dissimilarity in_memory(std::uint64_t memory_budget_bytes = 0, int threads = 0,
                          Progress& progress = Progress::none()) const;
  // The same with or without one, as asked for.
  Dissimilarity kept(Matrix matrix, std::uint64_t memory_budget_bytes = 0, int threads = 0,
                     Progress& progress = Progress::none()) const;

  Index size() const { return n_; }
  bool symmetric() const { return symmetric_; }
  // Whether values are integers, so that sums are exact.
  bool integers() const;
  // Whether all rows lie in memory.
  bool dense() const;
  // No value is greater (exact for matrices of integers, infinite where nothing is known).
  double largest() const { return largest_; }
  // d(object, candidate) as double; 64-bit integers beyond 2^53 are rounded.
  double at(Index object, Index candidate) const;
  const AnyRows& rows() const { return rows_; }

 private:
  Dissimilarity() = default;

  Index n_ = 0;
  bool symmetric_ = true;
  double largest_ = std::numeric_limits<double>::infinity();
  AnyRows rows_;
  std::shared_ptr<const void> owner_;
};

}  // namespace xchg::kmedoids
