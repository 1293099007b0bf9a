// What k-medoids runs on: the dissimilarities between n objects.
//
// d(o, x) >= 0 is the dissimilarity from object o to candidate medoid x; d(o, o) = 0. Neither symmetry nor
// the triangle inequality is needed. A *candidate row* holds d(., x) for all objects, contiguous; for a
// symmetric matrix that is row x, for an asymmetric one whose rows are objects it is column x.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "xchg/core/isa.hpp"

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

// Distances between points.
enum class Metric { Euclidean, Manhattan };
// As in --metric: "euclidean".
std::string_view name(Metric metric);
// Throws InputError that lists the metrics.
Metric parse_metric(const std::string& text);

// How a given matrix is understood.
struct MatrixOptions {
  Orientation orientation = Orientation::Symmetric;
  bool zero_diagonal = false;  // accept a non-zero diagonal and treat it as zero
  std::string source;          // named in errors, e.g. the file
  std::size_t first_line = 0;  // line of the first row in that file; 0: rows are named by number
};

// How distances between points are computed.
struct PointOptions {
  Metric metric = Metric::Euclidean;
  Isa isa = Isa::Auto;
  int threads = 0;
  std::uint64_t memory_budget_bytes = 0;  // 0: half of the memory that is free
  std::string source;
  std::size_t first_line = 0;
};

// The dissimilarities of n objects as candidate rows in memory. Copying shares the values.
class Dissimilarity {
 public:
  // Values are held as double, float or int32; sums of int32 are exact.
  template <class T>
  using Values = std::span<const T>;
  using AnyValues = std::variant<Values<double>, Values<float>, Values<std::int32_t>>;

  // A square matrix, (n, n) row-major, which is taken over. Throws InputError when its length is not n*n,
  // when a value is NaN, infinite or negative, when the diagonal is not zero, or when it is not symmetric as
  // declared (relative tolerance 1e-6; the message names the worst pair).
  template <class T>
  static Dissimilarity matrix(std::vector<T> values, Index n, const MatrixOptions& options = {});

  // The same on memory of the caller, without a copy unless the orientation needs a transposed one or the
  // diagonal has to be cleared; it must outlive this object.
  template <class T>
  static Dissimilarity view(std::span<const T> values, Index n, const MatrixOptions& options = {});

  // All pairwise distances of points, (n, d) row-major, as double. The bytes do not depend on threads and
  // instruction set. Throws InputError on NaN and infinite coordinates, LimitError when the matrix is over
  // the memory budget, NumericError when a distance overflows.
  static Dissimilarity points(std::span<const double> coordinates, Index n, Index d,
                              const PointOptions& options = {});

  Index size() const { return n_; }
  bool symmetric() const { return symmetric_; }
  bool integers() const { return std::holds_alternative<Values<std::int32_t>>(values_); }
  // d(object, candidate) as double.
  double at(Index object, Index candidate) const;
  // All candidate rows, (n, n): row x holds d(., x).
  const AnyValues& values() const { return values_; }

 private:
  Dissimilarity() = default;

  Index n_ = 0;
  bool symmetric_ = true;
  AnyValues values_;
  std::shared_ptr<const void> owner_;
};

}  // namespace xchg::kmedoids
