// The loss of one net: 1/(2n) sum (y - x)^2 + lambda2/2 sum theta^2; the L1 penalty of the first layer is the
// minimiser's.
#pragma once

#include <Eigen/Core>
#include <vector>

#include "xchg/dag/options.hpp"

namespace xchg::dag {

// Parameters in this order: weights of the first layer, (hidden) for each input; of the second layer,
// (hidden); with bias those of the hidden units, (hidden), and of the output.
class MlpLoss {
 public:
  // inputs (n, count), target (n); references are kept.
  MlpLoss(const Eigen::MatrixXd& inputs, const Eigen::VectorXd& target, const ScoreOptions& options);

  static Eigen::Index parameters(Eigen::Index inputs, Eigen::Index hidden, bool bias);
  Eigen::Index first_layer() const { return inputs_.cols() * hidden_; }
  // The value and, into `gradient`, its derivatives.
  double operator()(const Eigen::VectorXd& theta, Eigen::VectorXd& gradient) const;
  // |weights of the first layer| of each input.
  std::vector<double> input_norms(const Eigen::VectorXd& theta) const;

 private:
  const Eigen::MatrixXd& inputs_;
  Eigen::VectorXd target_;
  Eigen::Index hidden_;
  bool bias_;
  double lambda2_;
};

}  // namespace xchg::dag
