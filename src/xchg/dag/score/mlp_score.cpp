// A net with one hidden layer of sigmoids for each node (Zheng et al., "Learning sparse nonparametric DAGs",
// AISTATS 2020).
#include <algorithm>
#include <cmath>

#include "xchg/core/random.hpp"
#include "xchg/dag/score/linear_score.hpp"
#include "xchg/dag/score/mlp.hpp"
#include "xchg/dag/score/owlqn.hpp"
#include "xchg/dag/score/regression.hpp"
#include "xchg/dag/score/row_score.hpp"

namespace xchg::dag {
namespace {

class MlpScore final : public NodeScore {
 public:
  MlpScore(const Data& data, const Constraints& constraints, const ScoreOptions& options, std::uint64_t seed)
      : constraints_(constraints), options_(options), seed_(seed), x_(data.rows(), data.nodes()) {
    for (std::size_t j = 0; j < data.nodes(); ++j) {
      for (std::size_t i = 0; i < data.rows(); ++i) {
        x_(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = data.x(i, j);
      }
      auto column = x_.col(static_cast<Eigen::Index>(j));
      column.array() -= column.mean();
    }
  }

  int nodes() const override { return static_cast<int>(x_.cols()); }
  // Nets are not convex, so more inputs may end higher. Costs are those of nets trained from the random
  // start, and so a function of the set: trained on from the nets of the present order they would keep inputs
  // that were cut off at 0, and searches end far from the best order.
  bool is_monotone() const override { return false; }

  NodeFit fit(int node, std::span<const int> predecessors, const NodeFit* warm,
              std::span<const int> warm_predecessors) const override {
    const std::vector<int> parents = allowed_predecessors(constraints_, node, predecessors);
    Eigen::MatrixXd inputs(x_.rows(), static_cast<Eigen::Index>(parents.size()));
    for (std::size_t k = 0; k < parents.size(); ++k)
      inputs.col(static_cast<Eigen::Index>(k)) = x_.col(parents[k]);
    const MlpLoss loss(inputs, x_.col(node), options_);
    Eigen::VectorXd theta = start(node, parents, warm, warm_predecessors);
    NodeFit result;
    result.cost = minimise_with_l1(loss, options_.lambda1, loss.first_layer(), theta);
    result.weights = spread(predecessors, parents, loss.input_norms(theta));
    result.parameters.assign(theta.data(), theta.data() + theta.size());
    return result;
  }

 private:
  // A random net whose numbers depend on node and parent alone; with an earlier fit its layers, where it has
  // them.
  Eigen::VectorXd start(int node, const std::vector<int>& parents, const NodeFit* warm,
                        std::span<const int> warm_predecessors) const {
    const Eigen::Index hidden = options_.hidden_units;
    const auto inputs = static_cast<Eigen::Index>(parents.size());
    Eigen::VectorXd theta = Eigen::VectorXd::Zero(MlpLoss::parameters(inputs, hidden, options_.bias));
    const std::vector<int> known =
        warm == nullptr ? std::vector<int>() : allowed_predecessors(constraints_, node, warm_predecessors);
    const auto old_inputs = static_cast<Eigen::Index>(known.size());
    const bool use = warm != nullptr && static_cast<Eigen::Index>(warm->parameters.size()) ==
                                            MlpLoss::parameters(old_inputs, hidden, options_.bias);
    for (Eigen::Index k = 0; k < inputs; ++k) {
      const int parent = parents[static_cast<std::size_t>(k)];
      const auto found = std::lower_bound(known.begin(), known.end(), parent);
      if (use && found != known.end() && *found == parent) {
        for (Eigen::Index h = 0; h < hidden; ++h) {
          theta(k * hidden + h) =
              warm->parameters[static_cast<std::size_t>((found - known.begin()) * hidden + h)];
        }
      } else {
        Random random(seed_, stream(node, parent));
        const double scale = (use ? 0.01 : 1.0) / std::max(1.0, deviation(parent));
        for (Eigen::Index h = 0; h < hidden; ++h) theta(k * hidden + h) = scale * (2 * random.uniform() - 1);
      }
    }
    const Eigen::Index rest = theta.size() - inputs * hidden;
    if (use) {
      for (Eigen::Index i = 0; i < rest; ++i) {
        theta(inputs * hidden + i) = warm->parameters[static_cast<std::size_t>(old_inputs * hidden + i)];
      }
    } else {
      Random random(seed_, stream(node, nodes()));
      for (Eigen::Index i = 0; i < hidden; ++i) theta(inputs * hidden + i) = 0.2 * (2 * random.uniform() - 1);
    }
    return theta;
  }

  double deviation(int node) const {
    return std::sqrt(x_.col(node).squaredNorm() / static_cast<double>(x_.rows()));
  }
  std::uint64_t stream(int node, int parent) const {
    return static_cast<std::uint64_t>(node) * static_cast<std::uint64_t>(nodes() + 1) +
           static_cast<std::uint64_t>(parent);
  }

  const Constraints& constraints_;
  ScoreOptions options_;
  std::uint64_t seed_;
  Eigen::MatrixXd x_;
};

}  // namespace

MlpLoss::MlpLoss(const Eigen::MatrixXd& inputs, const Eigen::VectorXd& target, const ScoreOptions& options)
    : inputs_(inputs),
      target_(target),
      hidden_(options.hidden_units),
      bias_(options.bias),
      lambda2_(options.lambda2) {}

Eigen::Index MlpLoss::parameters(Eigen::Index inputs, Eigen::Index hidden, bool bias) {
  return inputs * hidden + hidden + (bias ? hidden + 1 : 0);
}

double MlpLoss::operator()(const Eigen::VectorXd& theta, Eigen::VectorXd& gradient) const {
  const Eigen::Index count = inputs_.cols(), n = inputs_.rows();
  const Eigen::Map<const Eigen::MatrixXd> first(theta.data(), hidden_, count);  // (hidden, inputs)
  const auto second = theta.segment(count * hidden_, hidden_);
  Eigen::MatrixXd active = Eigen::MatrixXd::Zero(n, hidden_);
  if (count > 0) active.noalias() = inputs_ * first.transpose();
  if (bias_) active.rowwise() += theta.segment((count + 1) * hidden_, hidden_).transpose();
  active = (1.0 + (-active.array()).exp()).inverse();
  Eigen::VectorXd residual = active * second - target_;
  if (bias_) residual.array() += theta(theta.size() - 1);
  const double scale = 1 / static_cast<double>(n);

  gradient.resize(theta.size());
  gradient.segment(count * hidden_, hidden_) = scale * (active.transpose() * residual);
  // Through the sigmoids: d/d input = residual * second * s (1 - s).
  Eigen::MatrixXd back = active.array() * (1 - active.array());
  back.array().colwise() *= residual.array();
  back.array().rowwise() *= scale * second.transpose().array();
  if (count > 0) {
    Eigen::Map<Eigen::MatrixXd>(gradient.data(), hidden_, count).noalias() = back.transpose() * inputs_;
  }
  if (bias_) {
    gradient.segment((count + 1) * hidden_, hidden_) = back.colwise().sum().transpose();
    gradient(theta.size() - 1) = scale * residual.sum();
  }
  gradient += lambda2_ * theta;
  return 0.5 * scale * residual.squaredNorm() + 0.5 * lambda2_ * theta.squaredNorm();
}

std::vector<double> MlpLoss::input_norms(const Eigen::VectorXd& theta) const {
  std::vector<double> norms;
  for (Eigen::Index k = 0; k < inputs_.cols(); ++k)
    norms.push_back(theta.segment(k * hidden_, hidden_).norm());
  return norms;
}

std::unique_ptr<NodeScore> make_mlp_score(const Data& data, const Constraints& constraints,
                                          const ScoreOptions& options, std::uint64_t seed) {
  return std::make_unique<MlpScore>(data, constraints, options, seed);
}

}  // namespace xchg::dag
