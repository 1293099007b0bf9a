// Least squares without and with ridge penalty: the plain Cholesky twin of the closed differences.
#include "xchg/dag/score/linear_score.hpp"
#include "xchg/dag/score/regression.hpp"

namespace xchg::dag {
namespace {

class RidgeScore final : public NodeScore {
 public:
  RidgeScore(const Gram& gram, const Constraints& constraints, double ridge)
      : gram_(gram), constraints_(constraints), ridge_(ridge) {}

  int nodes() const override { return static_cast<int>(gram_.nodes()); }

  NodeFit fit(int node, std::span<const int> predecessors, const NodeFit* /*warm*/,
              std::span<const int> /*warm_predecessors*/) const override {
    const std::vector<int> parents = allowed_predecessors(constraints_, node, predecessors);
    const Regression regression = regress(gram_, node, parents, ridge_);
    return {regression.residual / 2, spread(predecessors, parents, regression.weights), {}, false};
  }

  double cost(int node, std::span<const int> predecessors) const override {
    if (!constraints_.restricted(node)) return residual_variance(gram_, node, predecessors, ridge_) / 2;
    const std::vector<int> parents = allowed_predecessors(constraints_, node, predecessors);
    return residual_variance(gram_, node, parents, ridge_) / 2;
  }

  std::vector<double> gradient(int node, std::span<const int> predecessors,
                               const NodeFit& fit) const override {
    std::vector<double> result = least_squares_gradient(gram_, node, predecessors, fit.weights);
    for (std::size_t k = 0; k < predecessors.size(); ++k) {
      result[static_cast<std::size_t>(predecessors[k])] += ridge_ * fit.weights[k];
    }
    return result;
  }

 private:
  const Gram& gram_;
  const Constraints& constraints_;
  double ridge_;
};

}  // namespace

std::vector<double> least_squares_gradient(const Gram& gram, int node, std::span<const int> predecessors,
                                           std::span<const double> weights) {
  const Matrix& s = gram.matrix_of(node);
  const auto target = s.row(static_cast<std::size_t>(node));
  std::vector<double> gradient(target.size());
  for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] = -target[i];
  for (std::size_t k = 0; k < predecessors.size(); ++k) {
    if (weights[k] == 0) continue;
    const auto row = s.row(static_cast<std::size_t>(predecessors[k]));
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] += weights[k] * row[i];
  }
  gradient[static_cast<std::size_t>(node)] = 0;
  return gradient;
}

std::vector<double> spread(std::span<const int> predecessors, std::span<const int> allowed,
                           std::span<const double> weights) {
  std::vector<double> all(predecessors.size(), 0.0);
  std::size_t next = 0;
  for (std::size_t k = 0; k < predecessors.size() && next < allowed.size(); ++k) {
    if (predecessors[k] == allowed[next]) all[k] = weights[next++];
  }
  return all;
}

std::unique_ptr<NodeScore> make_ridge_score(const Gram& gram, const Constraints& constraints, double ridge) {
  return std::make_unique<RidgeScore>(gram, constraints, ridge);
}

std::unique_ptr<NodeScore> make_least_squares_score(const Gram& gram, const Constraints& constraints) {
  return make_ridge_score(gram, constraints, 0);
}

}  // namespace xchg::dag
