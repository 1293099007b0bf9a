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
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "xchg/core/isa.hpp"
#include "xchg/core/progress.hpp"

namespace xchg::npy {
class Array;
}

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
  // Accept +infinity and replace it by 2 * n * (largest finite value), more than any sum of finite values.
  bool infinite_penalty = false;
  std::uint64_t memory_budget_bytes = 0;  // of a copy where one is needed; 0: half of the free memory
};

// How a sparse matrix is understood.
struct SparseOptions {
  MatrixOptions matrix;
  // Dissimilarity of pairs that are not stored, >= 0; NaN: twice the largest stored value.
  double absent = std::numeric_limits<double>::quiet_NaN();
};

// What a user's function promises.
struct CallbackOptions {
  bool symmetric = false;    // f(a, b) = f(b, a): only asked for one of them
  bool thread_safe = false;  // may be called from several threads at once; otherwise one call at a time
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

// Entries of a candidate row by ascending object; all objects that are not among them, other than the
// candidate itself, have one distance to it, and no distance in the data is greater.
template <class T>
struct StoredEntries {
  std::span<const Index> objects;
  std::span<const T> values;
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
  // Whether whole rows of several are faster than the halves of a symmetric matrix one by one.
  virtual bool prefers_several() const { return false; }
  // d(object, candidate): the same value to the bit.
  virtual T at(Index object, Index candidate) const = 0;
  // The row as a few entries, if all rows are of that kind: a search then looks at these alone.
  virtual std::optional<StoredEntries<T>> stored(Index /*candidate*/) const { return std::nullopt; }
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

  // The upper triangle of a symmetric matrix without the diagonal, row by row: (0, 1), (0, 2), ..., (1, 2),
  // ..., n (n - 1) / 2 values, as SciPy's pdist makes them. Becomes a matrix or not, as `keep` says; without
  // one the values are taken over. Throws InputError when the length is no such number and for values as in
  // matrix(), LimitError when the matrix is over the budget.
  template <class T>
  static Dissimilarity packed(std::vector<T> values, const MatrixOptions& options = {},
                              Matrix keep = Matrix::Auto, int threads = 0);

  // The same on memory of the caller, which must outlive this object unless it becomes a matrix. Copied only
  // where infinite values have to be replaced.
  template <class T>
  static Dissimilarity packed_view(std::span<const T> values, const MatrixOptions& options = {},
                                   Matrix keep = Matrix::Auto, int threads = 0);

  // A matrix (n, n) of which only some pairs are stored, as compressed sparse rows: row i holds columns
  // [starts[i], starts[i + 1]) of `columns` and `values`, in any order. All other pairs have one constant
  // dissimilarity, objects have 0 to themselves. Copies. Throws InputError for values as in matrix(), for
  // pairs stored twice, a matrix that is not symmetric as declared, and where `absent` is no dissimilarity of
  // type T or cannot be derived.
  template <class T>
  static Dissimilarity sparse(Index n, std::span<const Index> starts, std::span<const Index> columns,
                              std::span<const T> values, const SparseOptions& options = {});

  // A square matrix in an NPY file, mapped into memory and so perhaps larger than that; checked and copied as
  // view() does. The six types of values are kept; other integers become int32 or int64, Fortran order and
  // big-endian files are read into memory. Throws InputError for other shapes and for integers beyond int64,
  // and what view() throws.
  static Dissimilarity map(const std::string& path, const MatrixOptions& options = {});
  // The same from an array in memory, which is copied.
  static Dissimilarity array(const npy::Array& array, const MatrixOptions& options = {});

  // A function of the user: d(object, candidate) for objects 0..n-1, called when a value is needed and never
  // for an object with itself. in_memory() asks for all values once. Whatever it throws comes nested in an
  // InputError that names the pair (xchg::CancelledError as it is); NaN, negative and infinite values are
  // InputErrors too.
  static Dissimilarity callback(std::function<double(Index object, Index candidate)> distance, Index n,
                                const CallbackOptions& options = {});

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
  // How many infinite values were replaced (MatrixOptions::infinite_penalty).
  std::int64_t infinite_replaced() const { return infinite_replaced_; }
  // d(object, candidate) as double; 64-bit integers beyond 2^53 are rounded.
  double at(Index object, Index candidate) const;
  const AnyRows& rows() const { return rows_; }

 private:
  Dissimilarity() = default;
  // `owned` is empty or what `values` is a view of.
  template <class T>
  static Dissimilarity packed_of(std::span<const T> values, std::vector<T> owned,
                                 const MatrixOptions& options);

  Index n_ = 0;
  bool symmetric_ = true;
  double largest_ = std::numeric_limits<double>::infinity();
  std::int64_t infinite_replaced_ = 0;
  AnyRows rows_;
  std::shared_ptr<const void> owner_;
};

}  // namespace xchg::kmedoids
