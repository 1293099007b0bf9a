#include <Eigen/Cholesky>

#include "xchg/core/error.hpp"
#include "xchg/dag/order/conditional.hpp"

namespace xchg::dag {
namespace {

// S in the order of `nodes`.
Eigen::MatrixXd sub_matrix(const Matrix& s, std::span<const int> nodes) {
  const auto size = static_cast<Eigen::Index>(nodes.size());
  Eigen::MatrixXd out(size, size);
  for (Eigen::Index i = 0; i < size; ++i) {
    for (Eigen::Index j = 0; j < size; ++j) {
      out(i, j) = s(static_cast<std::size_t>(nodes[static_cast<std::size_t>(i)]),
                    static_cast<std::size_t>(nodes[static_cast<std::size_t>(j)]));
    }
  }
  return out;
}

Eigen::MatrixXd factor(const Matrix& s, std::span<const int> nodes) {
  const Eigen::LLT<Eigen::MatrixXd> llt(sub_matrix(s, nodes));
  if (llt.info() != Eigen::Success) throw NumericError("second moments are not positive definite");
  return llt.matrixL();
}

}  // namespace

double residual_variance(const Matrix& s, int node, std::span<const int> predecessors) {
  std::vector<int> nodes(predecessors.begin(), predecessors.end());
  nodes.push_back(node);
  const Eigen::MatrixXd l = factor(s, nodes);
  const double last = l(l.rows() - 1, l.rows() - 1);
  return last * last;
}

std::vector<double> regression(const Matrix& s, int node, std::span<const int> predecessors) {
  if (predecessors.empty()) return {};
  Eigen::VectorXd right(static_cast<Eigen::Index>(predecessors.size()));
  for (std::size_t i = 0; i < predecessors.size(); ++i) {
    right(static_cast<Eigen::Index>(i)) =
        s(static_cast<std::size_t>(predecessors[i]), static_cast<std::size_t>(node));
  }
  const Eigen::MatrixXd l = factor(s, predecessors);
  l.triangularView<Eigen::Lower>().solveInPlace(right);
  l.transpose().triangularView<Eigen::Upper>().solveInPlace(right);
  return {right.begin(), right.end()};
}

double least_squares_of_order(const Matrix& s, std::span<const int> order) {
  return 0.5 * factor(s, order).diagonal().squaredNorm();
}

}  // namespace xchg::dag
