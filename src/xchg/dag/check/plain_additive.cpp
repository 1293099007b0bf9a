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
    return regression(node, parents).fit;
  }

  PlainFit graph_fit(int node, const std::vector<int>& parents) const override {
    Regression regression = this->regression(node, parents);
    regression.fit.weight_noise = noise_of(node, parents, regression);
    return regression.fit;
  }

  // |B_i' r| / n: the derivative by the norm of the coefficients of i.
  VectorXd gradient(int node, const std::vector<int>& parents, const PlainFit&) const override {
    const Factor& factor = factor_of(node);
    const VectorXd residual = regression(node, parents).residual;
    VectorXd gradient = VectorXd::Zero(nodes_);
    for (int i = 0; i < nodes_; ++i) {
      const std::vector<int> block = basis_of({i});
      VectorXd slope = columns_of(factor, block).transpose() * residual;
      for (Index k = 0; k < slope.size(); ++k) slope(k) *= factor.unit(block[static_cast<std::size_t>(k)]);
      if (i != node) gradient(i) = slope.norm() * factor.unit(node);
    }
    return gradient;
  }

  double gradient_scale(int i, int node) const override {
    const Factor& factor = factor_of(node);
    double size = 0;
    for (const int column : basis_of({i})) size += factor.variance(column);
    return std::sqrt(size) * std::sqrt(factor.variance(node));
  }
  double work() const override { return 2 * std::pow(static_cast<double>(nodes_ * degree_), 3); }

 private:
  struct Regression {
    PlainFit fit;
    VectorXd residual;      // in the units of the factor
    VectorXd coefficients;  // of its columns
  };

  const Factor& factor_of(int node) const { return factors_[factor_of_[static_cast<std::size_t>(node)]]; }

  // The columns of the polynomials of these nodes.
  std::vector<int> basis_of(const std::vector<int>& parents) const {
    std::vector<int> columns;
    for (const int parent : parents) {
      for (int power = 0; power < degree_; ++power)
        columns.push_back(static_cast<int>(nodes_) + parent * degree_ + power);
    }
    return columns;
  }

  // A weight is the norm of the coefficients of a parent's polynomials.
  Regression regression(int node, const std::vector<int>& parents) const {
    const Factor& factor = factor_of(node);
    const std::vector<int> columns = basis_of(parents);
    const auto p = static_cast<Index>(parents.size());
    const VectorXd target = factor.columns.col(node);
    const MatrixXd basis = columns_of(factor, columns);
    Regression result;
    result.residual = target;
    if (!columns.empty()) {
      result.coefficients = basis.colPivHouseholderQr().solve(target);
      result.residual -= basis * result.coefficients;
    }
    PlainFit& fit = result.fit;
    const double unit = factor.unit(node);
    fit.cost = 0.5 * result.residual.squaredNorm() * unit * unit;
    fit.cost_noise = target.squaredNorm() * unit * unit;
    fit.weights = norms(factor, node, columns, result.coefficients);
    fit.weight_scale = VectorXd::Constant(p, result.residual.norm() * unit);
    fit.weight_noise = VectorXd::Zero(p);
    return result;
  }

  // Of each parent's block, in the units of the data.
  VectorXd norms(const Factor& factor, int node, const std::vector<int>& columns,
                 const VectorXd& values) const {
    VectorXd result = VectorXd::Zero(values.size() / degree_);
    for (Index k = 0; k < values.size(); ++k) {
      const double value = values(k) * factor.unit(node) / factor.unit(columns[static_cast<std::size_t>(k)]);
      result(k / degree_) = std::hypot(result(k / degree_), value);
    }
    return result;
  }

  // What a relative rounding of 2^-52 in each moment of the polynomials may change of the weights.
  VectorXd noise_of(int node, const std::vector<int>& parents, const Regression& regression) const {
    const Factor& factor = factor_of(node);
    const std::vector<int> columns = basis_of(parents);
    const MatrixXd basis = columns_of(factor, columns);
    const MatrixXd triangle = triangle_of(basis);
    const Index p = basis.cols();
    const MatrixXd inverse = triangle.triangularView<Eigen::Upper>().solve(MatrixXd::Identity(p, p));
    const VectorXd lengths = basis.colwise().norm().transpose();
    const double size =
        factor.columns.col(node).norm() + (p > 0 ? lengths.dot(regression.coefficients.cwiseAbs()) : 0);
    const VectorXd noise = size * (inverse * inverse.transpose()).cwiseAbs() * lengths;
    return norms(factor, node, columns, noise);
  }

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
