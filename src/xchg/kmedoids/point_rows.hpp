// Candidate rows of points: distances computed as they are asked for.
#pragma once

#include <span>
#include <vector>

#include "xchg/kmedoids/dissimilarity.hpp"
#include "xchg/kmedoids/point_kernels.hpp"

namespace xchg::kmedoids {

// Points made ready for the kernels of a metric: unit vectors for cosine and correlation, otherwise as given.
struct PreparedPoints {
  Index n = 0, d = 0;
  std::vector<double> rows;   // (n, d) row-major
  bool may_overflow = false;  // a distance could leave the range of double
};

// Checks and prepares (n, d) row-major coordinates. Throws InputError: sizes, coordinates that are not
// finite, p or window out of range, values other than 0 and 1 for jaccard, a zero vector for cosine.
PreparedPoints prepare_points(std::span<const double> coordinates, Index n, Index d,
                              const PointOptions& options);

// Distances between points. fill() and at() throw NumericError where a distance overflows.
class PointRows : public RowMaker<double> {
 public:
  PointRows(std::span<const double> coordinates, Index n, Index d, const PointOptions& options);

  void fill(Index candidate, Index begin, Index end, double* out) const override;
  void fill_several(std::span<const Index> candidates, Index n, double* const* outs) const override;
  bool prefers_several() const override { return !dtw_; }  // which is dear: each pair once
  double at(Index object, Index candidate) const override;

 private:
  PointRowCall call() const;
  void run(PointRowCall call) const;

  PreparedPoints points_;
  std::vector<double> blocks_;  // see PointRowCall; the last block is filled up with zeros
  PointRow row_;
  double p_;
  Index window_;
  bool dtw_;
};

}  // namespace xchg::kmedoids
