// L1-penalised least squares by feature-sign search (Lee, Battle, Raina, Ng, "Efficient sparse coding
// algorithms", NIPS 2006): sets of non-zero weights with their signs, each solved by QR, until the optimality
// conditions hold. Exact but for rounding, in finitely many steps.
#include <algorithm>
#include <cmath>

#include "xchg/dag/check/plain_score.hpp"

namespace xchg::dag::check {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double tolerance = 1e-11;  // of gradients of columns of about unit length

// The least of 1/2 |y - A x|^2 + sum penalty_k |x_k|.
class FeatureSign {
 public:
  FeatureSign(MatrixXd a, VectorXd y, VectorXd penalty)
      : a_(std::move(a)), y_(std::move(y)), penalty_(std::move(penalty)), x_(VectorXd::Zero(a_.cols())) {}

  // False when it did not end.
  bool solve() {
    const Index most = 100 + 20 * a_.cols();
    for (Index step = 0; step < most; ++step) {
      const VectorXd gradient = a_.transpose() * (a_ * x_ - y_);
      if (active_optimal(gradient)) {
        if (!activate(gradient)) return true;
      }
      if (!improve()) return false;
    }
    return false;
  }

  const VectorXd& x() const { return x_; }
  double value() const { return value_of(x_); }

 private:
  double value_of(const VectorXd& x) const {
    return 0.5 * (y_ - a_ * x).squaredNorm() + penalty_.dot(x.cwiseAbs());
  }

  bool active_optimal(const VectorXd& gradient) const {
    for (const Index k : active_) {
      if (x_(k) == 0 || std::abs(gradient(k) + penalty_(k) * sign(x_(k))) > tolerance) return false;
    }
    return true;
  }

  // Takes in the weight whose condition is violated most; false when none is.
  bool activate(const VectorXd& gradient) {
    Index worst = -1;
    double excess = tolerance;
    for (Index k = 0; k < a_.cols(); ++k) {
      if (x_(k) != 0 || std::abs(gradient(k)) - penalty_(k) <= excess) continue;
      excess = std::abs(gradient(k)) - penalty_(k);
      worst = k;
    }
    if (worst < 0) return false;
    active_.push_back(worst);
    signs_.push_back(-sign(gradient(worst)));
    return true;
  }

  // Goes to the best point between here and the optimum for the present signs: that optimum, or where a
  // weight changes its sign. Weights that are 0 then leave.
  bool improve() {
    const auto p = static_cast<Index>(active_.size());
    MatrixXd columns(a_.rows(), p + 1);
    VectorXd slope(p);
    for (Index k = 0; k < p; ++k) {
      columns.col(k) = a_.col(active_[static_cast<std::size_t>(k)]);
      slope(k) = penalty_(active_[static_cast<std::size_t>(k)]) * signs_[static_cast<std::size_t>(k)];
    }
    columns.col(p) = y_;
    const MatrixXd triangle = triangle_of(columns);
    const auto square = triangle.topLeftCorner(p, p).template triangularView<Eigen::Upper>();
    const VectorXd goal = square.solve(triangle.col(p).head(p) - square.transpose().solve(slope));
    if (!goal.allFinite()) return false;
    VectorXd target = VectorXd::Zero(a_.cols());
    for (Index k = 0; k < p; ++k) target(active_[static_cast<std::size_t>(k)]) = goal(k);
    VectorXd best = target;
    double least = value_of(target);
    for (const Index crossing : active_) {
      if (x_(crossing) == 0 || sign(x_(crossing)) == sign(target(crossing))) continue;
      const double share = x_(crossing) / (x_(crossing) - target(crossing));
      VectorXd point = x_ + share * (target - x_);
      point(crossing) = 0;
      const double value = value_of(point);
      if (value >= least) continue;
      least = value;
      best = point;
    }
    x_ = best;
    active_.clear();
    signs_.clear();
    for (Index k = 0; k < a_.cols(); ++k) {
      if (x_(k) == 0) continue;
      active_.push_back(k);
      signs_.push_back(sign(x_(k)));
    }
    return true;
  }

  static double sign(double value) { return value < 0 ? -1 : 1; }

  MatrixXd a_;
  VectorXd y_, penalty_, x_;
  std::vector<Index> active_;
  std::vector<double> signs_;
};

class L1Score final : public PlainScore {
 public:
  L1Score(const Moments& moments, double lambda) : moments_(moments), lambda_(lambda) {}

  PlainFit fit(int node, const std::vector<int>& parents) const override {
    const Factor& factor = moments_.of(node);
    const auto p = static_cast<Index>(parents.size());
    PlainFit fit;
    VectorXd penalty(p), ratio(p);
    for (Index k = 0; k < p; ++k) {
      const double unit = factor.unit(parents[static_cast<std::size_t>(k)]);
      ratio(k) = factor.unit(node) / unit;
      penalty(k) = lambda_ / unit / factor.unit(node);
    }
    FeatureSign search(columns_of(factor, parents), factor.columns.col(node), penalty);
    if (!search.solve()) fit.trouble = "the L1 regression did not end";
    fit.weights = search.x().cwiseProduct(ratio);
    fit.weight_scale = std::sqrt(2 * search.value()) * ratio;
    const double units = factor.unit(node) * factor.unit(node);
    fit.cost = search.value() * units;
    double size = factor.columns.col(node).norm();
    for (Index k = 0; k < p; ++k)
      size += std::abs(search.x()(k)) * factor.columns.col(parents[static_cast<std::size_t>(k)]).norm();
    fit.cost_noise = 0.5 * size * size * units;
    fit.weight_noise = VectorXd::Zero(p);
    return fit;
  }

  PlainFit graph_fit(int node, const std::vector<int>& parents) const override {
    PlainFit fit = plain_moment_score(moments_, Score::LeastSquares, {})->graph_fit(node, parents);
    fit.cost += lambda_ * fit.weights.cwiseAbs().sum();
    return fit;
  }

  VectorXd gradient(int node, const std::vector<int>& parents, const PlainFit& fit) const override {
    const Factor& factor = moments_.of(node);
    VectorXd weights = VectorXd::Zero(factor.unit.size());
    for (std::size_t k = 0; k < parents.size(); ++k) weights(parents[k]) = fit.weights(static_cast<Index>(k));
    const VectorXd residual =
        factor.columns.col(node) * factor.unit(node) - factor.columns * factor.unit.cwiseProduct(weights);
    VectorXd gradient = -factor.unit.cwiseProduct(factor.columns.transpose() * residual);
    for (Index i = 0; i < gradient.size(); ++i) {
      const double slope = gradient(i);
      gradient(i) = weights(i) > 0   ? slope + lambda_
                    : weights(i) < 0 ? slope - lambda_
                                     : std::copysign(std::max(0.0, std::abs(slope) - lambda_), slope);
    }
    gradient(node) = 0;
    return gradient;
  }

  double gradient_scale(int i, int node) const override {
    const Factor& factor = moments_.of(node);
    return std::sqrt(factor.variance(i)) * std::sqrt(factor.variance(node));
  }

  double work() const override { return 20 * std::pow(static_cast<double>(moments_.nodes()), 3); }

 private:
  const Moments& moments_;
  double lambda_;
};

}  // namespace

std::unique_ptr<PlainScore> plain_l1_score(const Moments& moments, double lambda) {
  return std::make_unique<L1Score>(moments, lambda);
}

}  // namespace xchg::dag::check
