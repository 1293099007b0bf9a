// Least squares on a polynomial basis of each predecessor: z, z^2 - 1, z^3 - 3 z of its standardised value.
#include <Eigen/Cholesky>
#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/dag/score/linear_score.hpp"
#include "xchg/dag/score/regression.hpp"
#include "xchg/dag/score/row_score.hpp"

namespace xchg::dag {
namespace {

using Dense = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

class AdditiveScore final : public NodeScore {
 public:
  AdditiveScore(const Data& data, const Constraints& constraints, int degree)
      : constraints_(constraints),
        degree_(degree),
        nodes_(static_cast<int>(data.nodes())),
        names_(data.names) {
    const auto n = static_cast<Eigen::Index>(data.rows());
    Dense basis(n, nodes_ * degree), targets(n, nodes_);
    for (Eigen::Index j = 0; j < nodes_; ++j) {
      Vector x(n);
      for (Eigen::Index i = 0; i < n; ++i)
        x(i) = data.x(static_cast<std::size_t>(i), static_cast<std::size_t>(j));
      x.array() -= x.mean();
      targets.col(j) = x;
      const Vector z = x / std::sqrt(x.squaredNorm() / static_cast<double>(n));
      for (int power = 0; power < degree; ++power) {
        auto column = basis.col(j * degree + power);
        const auto square = z.array().square();
        if (power == 0) column = z;
        if (power == 1) column = square - 1;
        if (power == 2) column = z.array() * square - 3 * z.array();
        column.array() -= column.mean();
      }
    }
    moments_ = basis.transpose() * basis / static_cast<double>(n);
    cross_ = basis.transpose() * targets / static_cast<double>(n);
    own_ = targets.colwise().squaredNorm().transpose() / static_cast<double>(n);
  }

  int nodes() const override { return nodes_; }

  // A weight is the norm of the coefficients of its block: the standard deviation of what the parent
  // contributes, about.
  NodeFit fit(int node, std::span<const int> predecessors, const NodeFit* /*warm*/,
              std::span<const int> /*warm_predecessors*/) const override {
    const std::vector<int> parents = allowed_predecessors(constraints_, node, predecessors);
    NodeFit result;
    if (parents.empty()) {
      result.cost = 0.5 * own_(node);
      result.weights.assign(predecessors.size(), 0.0);
      return result;
    }
    const std::vector<Eigen::Index> columns = columns_of(parents);
    const Eigen::LLT<Dense> factor(Dense(moments_(columns, columns)));
    const Dense l = factor.matrixL();
    if (factor.info() != Eigen::Success ||
        !(l.diagonal().minCoeff() > 1e-6 * l.diagonal().maxCoeff() * 1e-3)) {
      throw InputError("the polynomials of the predecessors of '" + names_[static_cast<std::size_t>(node)] +
                           "' depend on each other",
                       {}, "a smaller degree or columns with more values");
    }
    const Vector right = cross_(columns, node);
    const Vector half = l.triangularView<Eigen::Lower>().solve(right);
    const Vector w = factor.solve(right);
    result.cost = 0.5 * (own_(node) - half.squaredNorm());
    std::vector<double> norms;
    for (std::size_t k = 0; k < parents.size(); ++k) {
      norms.push_back(w.segment(static_cast<Eigen::Index>(k) * degree_, degree_).norm());
    }
    result.weights = spread(predecessors, parents, norms);
    result.parameters.assign(w.data(), w.data() + w.size());
    return result;
  }

  // W(i, node) is a norm of coefficients: its derivative is the norm of theirs, |B_i' r| / n, by the steepest
  // way to change them. 0 for parents by the normal equations.
  std::vector<double> gradient(int node, std::span<const int> predecessors,
                               const NodeFit& fit) const override {
    const std::vector<int> parents = allowed_predecessors(constraints_, node, predecessors);
    Vector slope = -cross_.col(node);
    if (!parents.empty()) {
      const Eigen::Map<const Vector> w(fit.parameters.data(),
                                       static_cast<Eigen::Index>(fit.parameters.size()));
      slope += moments_(Eigen::all, columns_of(parents)) * w;
    }
    std::vector<double> result;
    for (Eigen::Index i = 0; i < nodes_; ++i)
      result.push_back(i == node ? 0 : slope.segment(i * degree_, degree_).norm());
    return result;
  }

 private:
  std::vector<Eigen::Index> columns_of(const std::vector<int>& parents) const {
    std::vector<Eigen::Index> columns;
    for (const int parent : parents) {
      for (int power = 0; power < degree_; ++power) columns.push_back(parent * degree_ + power);
    }
    return columns;
  }

  const Constraints& constraints_;
  int degree_, nodes_;
  std::vector<std::string> names_;
  Dense moments_, cross_;
  Vector own_;
};

}  // namespace

std::unique_ptr<NodeScore> make_additive_score(const Data& data, const Constraints& constraints, int degree) {
  return std::make_unique<AdditiveScore>(data, constraints, degree);
}

}  // namespace xchg::dag
