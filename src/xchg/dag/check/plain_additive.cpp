// Least squares on polynomials of each parent, by QR of all polynomials of all variables at once.
#include <cmath>
#include <numeric>

#include "xchg/dag/check/plain_score.hpp"

namespace xchg::dag::check {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

class AdditiveScore final : public PlainScore {
 public:
  AdditiveScore(const Data& data, const GramOptions& gram_options, int degree)
      : degree_(degree), nodes_(static_cast<Index>(data.nodes())) {
    for (Index j = 0; j < nodes_; ++j) {
      const auto rows = rows_of(data, gram_options, static_cast<int>(j));
      if (rows.size() == data.rows() && first_is_complete_) {
        factor_of_.push_back(0);
        continue;
      }
      first_is_complete_ = first_is_complete_ || (factors_.empty() && rows.size() == data.rows());
      factor_of_.push_back(factors_.size());
      factors_.push_back(factor(data, rows));
    }
  }

  PlainFit fit(int node, const std::vector<int>& parents) const override {
    const Factor& factor = factors_[factor_of_[static_cast<std::size_t>(node)]];
    std::vector<int> columns;
    for (const int parent : parents) {
      for (int power = 0; power < degree_; ++power)
        columns.push_back(static_cast<int>(nodes_) + parent * degree_ + power);
    }
    const VectorXd target = factor.columns.col(node);
    const MatrixXd basis = columns_of(factor, columns);
    VectorXd residual = target;
    if (!columns.empty()) residual -= basis * basis.colPivHouseholderQr().solve(target);
    PlainFit fit;
    const double units = factor.unit(node) * factor.unit(node);
    fit.cost = 0.5 * residual.squaredNorm() * units;
    fit.cost_noise = target.squaredNorm() * units;
    return fit;
  }

  VectorXd gradient(int, const std::vector<int>&, const PlainFit&) const override { return {}; }
  double gradient_scale(int, int) const override { return 1; }
  double work() const override { return 2 * std::pow(static_cast<double>(nodes_ * degree_), 3); }

 private:
  // Columns 0..d-1 are the variables, then come `degree` polynomials of each, which with a constant span all
  // of that degree.
  Factor factor(const Data& data, const std::vector<std::int64_t>& rows) const {
    VectorXd mean = VectorXd::Zero(nodes_), square = VectorXd::Zero(nodes_);
    const auto row_of = [&](std::int64_t i) {
      return data.x.row(static_cast<std::size_t>(rows[static_cast<std::size_t>(i)]));
    };
    const auto n = static_cast<std::int64_t>(rows.size());
    for (std::int64_t i = 0; i < n; ++i)
      mean += Eigen::Map<const VectorXd>(row_of(i).data(), nodes_) / static_cast<double>(n);
    for (std::int64_t i = 0; i < n; ++i)
      square +=
          (Eigen::Map<const VectorXd>(row_of(i).data(), nodes_) - mean).cwiseAbs2() / static_cast<double>(n);
    return factor_of_rows(n, nodes_ * (1 + degree_), true, [&](std::int64_t i, Eigen::RowVectorXd& values) {
      for (Index j = 0; j < nodes_; ++j) {
        const double value = row_of(i)[static_cast<std::size_t>(j)];
        const double z = (value - mean(j)) / std::sqrt(square(j));
        const double powers[] = {z, z * z - 1, z * z * z - 3 * z};
        values(j) = value;
        for (int power = 0; power < degree_; ++power) values(nodes_ + j * degree_ + power) = powers[power];
      }
    });
  }

  int degree_;
  Index nodes_;
  bool first_is_complete_ = false;
  std::vector<Factor> factors_;
  std::vector<std::size_t> factor_of_;
};

}  // namespace

std::unique_ptr<PlainScore> plain_additive_score(const Data& data, const GramOptions& gram_options,
                                                 int degree) {
  return std::make_unique<AdditiveScore>(data, gram_options, degree);
}

}  // namespace xchg::dag::check
