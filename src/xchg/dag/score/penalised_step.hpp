// Internal: one step of Newton's method for a loss with an L1 penalty.
#pragma once

#include <Eigen/Core>

namespace xchg::dag {

// The minimum over v of gradient . (v - w) + 1/2 (v - w)' curvature (v - w) + lambda sum over k < penalised
// of |v_k|. `scale`: of the values of the loss; the model is minimised to its rounding.
Eigen::VectorXd penalised_newton_point(const Eigen::MatrixXd& curvature, const Eigen::VectorXd& gradient,
                                       const Eigen::VectorXd& w, double lambda, Eigen::Index penalised,
                                       double scale);

}  // namespace xchg::dag
