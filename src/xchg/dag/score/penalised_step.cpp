#include "xchg/dag/score/penalised_step.hpp"

#include <Eigen/Cholesky>
#include <cmath>
#include <vector>

namespace xchg::dag {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

double soft(double value, double threshold) {
  return std::copysign(std::max(std::abs(value) - threshold, 0.0), value);
}

// Coordinate descent finds which weights are 0 and the signs of the others long before it has their digits.
VectorXd descend(const MatrixXd& curvature, const VectorXd& target, VectorXd v, double lambda,
                 Index penalised, double settled) {
  constexpr int most_passes = 10000;
  VectorXd rest = target - curvature * v;
  for (int pass = 0; pass < most_passes; ++pass) {
    double fall = 0;
    for (Index k = 0; k < v.size(); ++k) {
      const double own = curvature(k, k), free = rest(k) + own * v(k);
      const double next = (k < penalised ? soft(free, lambda) : free) / own;
      const double difference = next - v(k);
      if (difference == 0) continue;
      v(k) = next;
      rest -= difference * curvature.col(k);
      fall += own * difference * difference;
    }
    if (!(fall > settled)) break;
  }
  return v;
}

}  // namespace

VectorXd penalised_newton_point(const MatrixXd& curvature, const VectorXd& gradient, const VectorXd& w,
                                double lambda, Index penalised, double scale) {
  const VectorXd target = curvature * w - gradient;
  VectorXd v = descend(curvature, target, w, lambda, penalised, 1e-18 * scale);
  std::vector<Index> active;
  for (Index k = 0; k < v.size(); ++k) {
    if (k >= penalised || v(k) != 0) active.push_back(k);
  }
  VectorXd right = target(active);
  for (std::size_t a = 0; a < active.size(); ++a) {
    if (active[a] < penalised) right(static_cast<Index>(a)) -= std::copysign(lambda, v(active[a]));
  }
  // With these signs the minimum solves linear equations; it is one of the penalised model if it has them.
  const VectorXd exact = MatrixXd(curvature(active, active)).ldlt().solve(right);
  for (std::size_t a = 0; a < active.size(); ++a) {
    const double value = exact(static_cast<Index>(a));
    if (!std::isfinite(value) || (active[a] < penalised && value * v(active[a]) <= 0)) return v;
  }
  v(active) = exact;
  return v;
}

}  // namespace xchg::dag
