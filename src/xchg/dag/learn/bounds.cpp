#include "xchg/dag/learn/bounds.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <map>

#include "xchg/core/error.hpp"
#include "xchg/dag/learn.hpp"

namespace xchg::dag {
namespace {

using Dense = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

std::optional<Dense> inverse_factor(const Matrix& s) {
  const auto d = static_cast<Eigen::Index>(s.rows);
  const Eigen::Map<const Dense> moments(s.values.data(), d, d);
  const Eigen::LLT<Dense> factor(moments);
  if (factor.info() != Eigen::Success) return std::nullopt;
  return factor.matrixL().solve(Dense::Identity(d, d));
}

// (d/2) det(S)^(1/d): the diagonal of L^-1 has the inverse roots of the residual variances.
double by_determinant(const Dense& inverse) {
  const auto d = static_cast<double>(inverse.rows());
  return 0.5 * d * std::exp(-2 * inverse.diagonal().array().log().sum() / d);
}

}  // namespace

double lower_bound(const Gram& gram) {
  const auto inverse = inverse_factor(gram.s);
  if (!inverse) throw NumericError("the Gram matrix is not positive definite in double precision");
  return by_determinant(*inverse);
}

std::optional<double> score_bound(const Problem& problem) {
  const Score score = problem.options.score;
  if (score != Score::LeastSquares && score != Score::L1 && score != Score::Ridge) return std::nullopt;
  const Gram& gram = problem.gram;
  double rests = 0;
  std::map<const Matrix*, std::optional<Dense>> inverses;
  for (std::size_t j = 0; j < gram.nodes(); ++j) {
    const Matrix& s = gram.matrix_of(static_cast<int>(j));
    auto found = inverses.find(&s);
    if (found == inverses.end()) found = inverses.emplace(&s, inverse_factor(s)).first;
    if (!found->second) return std::nullopt;
    // (S^-1)_jj is the squared length of column j of L^-1.
    rests += 0.5 / found->second->col(static_cast<Eigen::Index>(j)).squaredNorm();
  }
  if (!gram.parts.empty()) return rests;
  return std::max(rests, by_determinant(*inverses.begin()->second));
}

}  // namespace xchg::dag
