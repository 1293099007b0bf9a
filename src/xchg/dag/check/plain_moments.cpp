// Least squares, ridge regression and BIC by Householder QR.
#include <cmath>

#include "xchg/dag/check/plain_score.hpp"

namespace xchg::dag::check {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

class MomentScore final : public PlainScore {
 public:
  MomentScore(const Moments& moments, Score score, const ScoreOptions& options)
      : moments_(moments),
        is_bic_(score == Score::Bic),
        ridge_(score == Score::Ridge ? options.lambda2 : 0) {}

  PlainFit fit(int node, const std::vector<int>& parents) const override {
    return regression(node, parents, false);
  }

  PlainFit graph_fit(int node, const std::vector<int>& parents) const override {
    if (ridge_ == 0) return regression(node, parents, true);
    PlainFit plain = MomentScore(moments_, Score::LeastSquares, {}).regression(node, parents, true);
    plain.cost += 0.5 * ridge_ * plain.weights.squaredNorm();
    return plain;
  }

  VectorXd gradient(int node, const std::vector<int>& parents, const PlainFit& fit) const override {
    if (is_bic_) return {};
    const Factor& factor = moments_.of(node);
    VectorXd residual = factor.columns.col(node) * factor.unit(node);
    for (std::size_t k = 0; k < parents.size(); ++k)
      residual -=
          factor.columns.col(parents[k]) * factor.unit(parents[k]) * fit.weights(static_cast<Index>(k));
    VectorXd gradient = -factor.unit.cwiseProduct(factor.columns.transpose() * residual);
    for (std::size_t k = 0; k < parents.size(); ++k)
      gradient(parents[k]) += ridge_ * fit.weights(static_cast<Index>(k));
    gradient(node) = 0;
    return gradient;
  }

  double gradient_scale(int i, int node) const override {
    const Factor& factor = moments_.of(node);
    return std::sqrt(factor.variance(i)) * std::sqrt(factor.variance(node));
  }

  bool takes_subsets() const override { return is_bic_; }
  double work() const override { return std::pow(static_cast<double>(moments_.nodes()), 3); }

 private:
  PlainFit regression(int node, const std::vector<int>& parents, bool with_noise) const;

  const Moments& moments_;
  bool is_bic_;
  double ridge_;
};

PlainFit MomentScore::regression(int node, const std::vector<int>& parents, bool with_noise) const {
  constexpr double least_pivot = 1e-6;  // the root of what makes columns dependent
  const Factor& factor = moments_.of(node);
  const auto p = static_cast<Index>(parents.size());
  const Index m = factor.columns.rows();
  MatrixXd columns = MatrixXd::Zero(m + (ridge_ > 0 ? p : 0), p + 1);
  columns.topLeftCorner(m, p) = columns_of(factor, parents);
  columns.col(p).head(m) = factor.columns.col(node);
  PlainFit fit;
  VectorXd ratio(p);
  for (Index k = 0; k < p; ++k) {
    const double unit = factor.unit(parents[static_cast<std::size_t>(k)]);
    ratio(k) = factor.unit(node) / unit;
    if (ridge_ > 0) columns(m + k, k) = std::sqrt(ridge_) / unit;
  }
  const MatrixXd triangle = triangle_of(columns);
  for (Index k = 0; k < p; ++k) {
    if (std::abs(triangle(k, k)) <= least_pivot * columns.col(k).norm())
      fit.trouble = "columns depend on each other";
  }
  const auto square = triangle.topLeftCorner(p, p).template triangularView<Eigen::Upper>();
  const VectorXd weights = square.solve(triangle.col(p).head(p));
  // S v with an error of S_ij's size in each entry; v = (-weights, 1).
  double size = factor.columns.col(node).norm();
  for (Index k = 0; k < p; ++k) size += std::abs(weights(k)) * columns.col(k).norm();
  fit.weight_noise = VectorXd::Zero(p);
  const MatrixXd inverse = with_noise ? MatrixXd(square.solve(MatrixXd::Identity(p, p))) : MatrixXd();
  for (Index k = 0; with_noise && k < p; ++k) {
    double reach = 0;
    for (Index l = 0; l < p; ++l)
      reach += std::abs(inverse.row(k).dot(inverse.row(l))) * columns.col(l).norm();
    fit.weight_noise(k) = reach * size * ratio(k);
  }
  fit.weights = weights.cwiseProduct(ratio);
  fit.weight_scale = std::abs(triangle(p, p)) * ratio;
  const double units = factor.unit(node) * factor.unit(node);
  const double residual = std::pow(triangle(p, p), 2), noise = size * size;
  if (!is_bic_) {
    fit.cost = 0.5 * residual * units;
    fit.cost_noise = 0.5 * noise * units;
    return fit;
  }
  const auto n = static_cast<double>(factor.rows);
  fit.cost =
      n * (std::log(residual) + 2 * std::log(factor.unit(node))) + static_cast<double>(p) * std::log(n);
  fit.cost_noise = n * noise / residual;
  return fit;
}

}  // namespace

MatrixXd columns_of(const Factor& factor, const std::vector<int>& nodes) {
  MatrixXd columns(factor.columns.rows(), static_cast<Index>(nodes.size()));
  for (std::size_t k = 0; k < nodes.size(); ++k)
    columns.col(static_cast<Index>(k)) = factor.columns.col(nodes[k]);
  return columns;
}

MatrixXd triangle_of(const MatrixXd& columns) {
  const Index p = columns.cols();
  MatrixXd triangle = MatrixXd::Zero(p, p);
  const Eigen::HouseholderQR<MatrixXd> qr(columns);
  const Index rows = std::min(p, columns.rows());
  triangle.topRows(rows) = qr.matrixQR().topRows(rows).template triangularView<Eigen::Upper>();
  return triangle;
}

std::unique_ptr<PlainScore> plain_moment_score(const Moments& moments, Score score,
                                               const ScoreOptions& options) {
  return std::make_unique<MomentScore>(moments, score, options);
}

}  // namespace xchg::dag::check
