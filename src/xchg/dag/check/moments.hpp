// Second moments as the check sees them: factors F with F^T F = S, from rows by orthogonal transformations or
// from a Gram matrix. Nothing of the search is used.
#pragma once

#include <Eigen/Dense>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "xchg/dag/data.hpp"

namespace xchg::dag::check {

// Columns in units near their standard deviations, so that values of any size can be squared.
struct Factor {
  Eigen::MatrixXd columns;  // (m, d): S_ij = unit_i unit_j columns_i . columns_j
  Eigen::VectorXd unit;     // (d) powers of two (over standard deviations where standardized)
  std::int64_t rows = 0;    // observations

  double variance(Eigen::Index j) const { return unit(j) * unit(j) * columns.col(j).squaredNorm(); }
};

// Fills in one row of numbers.
using MakeRow = std::function<void(std::int64_t row, Eigen::RowVectorXd& values)>;

// The factor of rows, divided by the root of their number: QR of piece after piece. `centred`: of the rows
// minus their mean.
Factor factor_of_rows(std::int64_t rows, Eigen::Index columns, bool centred, const MakeRow& make_row);

// The factors that hold for each node.
class Moments {
 public:
  explicit Moments(const Gram& gram);
  // From rows without missing values.
  Moments(const Data& data, const GramOptions& options);

  Eigen::Index nodes() const { return factors_.front().columns.cols(); }
  // Of all rows.
  const Factor& all() const { return factors_.front(); }
  // Of those in which the node was not set from outside.
  const Factor& of(int node) const { return factors_[part_of_[static_cast<std::size_t>(node)]]; }
  bool has_parts() const { return factors_.size() > 1; }

 private:
  std::vector<Factor> factors_;
  std::vector<std::size_t> part_of_;
};

// The rows in which the node was not set from outside. Throws InputError for targets that do not exist.
std::vector<std::int64_t> rows_of(const Data& data, const GramOptions& options, int node);

}  // namespace xchg::dag::check
