// What a Gram matrix must be, and what can be made of one without the rows.
#include "xchg/dag/data/gram_checks.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"
#include "xchg/core/utf8.hpp"
#include "xchg/dag/data.hpp"
#include "xchg/dag/data/names.hpp"

namespace xchg::dag {
namespace {

constexpr double symmetry = 1e-9;          // relative difference of S_ij and S_ji that is refused
constexpr double rounding = 1e-14;         // of sqrt(S_ii S_jj), which is no asymmetry
constexpr double singular_pivot = 1e-12;   // of S_jj: what the predecessors leave of a dependent column
constexpr double least_eigenvalue = 1e-9;  // of the correlation matrix: below minus this it is indefinite

std::string entry(std::size_t i, std::size_t j) {
  return "row " + std::to_string(i + 1) + ", column " + std::to_string(j + 1);
}

// S in units of standard deviations; its diagonal must be positive.
Eigen::MatrixXd scaled(const Matrix& s) {
  const auto d = static_cast<Eigen::Index>(s.rows);
  Eigen::MatrixXd result(d, d);
  Eigen::VectorXd deviation(d);
  for (Eigen::Index i = 0; i < d; ++i)
    deviation(i) = std::sqrt(s.values[static_cast<std::size_t>(i * (d + 1))]);
  for (Eigen::Index i = 0; i < d; ++i) {
    for (Eigen::Index j = 0; j < d; ++j)
      result(i, j) = s.values[static_cast<std::size_t>(i * d + j)] / deviation(i) / deviation(j);
  }
  return result;
}

void require_symmetric(const Matrix& s, const std::string& source) {
  for (std::size_t i = 0; i < s.rows; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double difference = std::abs(s(i, j) - s(j, i));
      const double size = std::max(std::abs(s(i, j)), std::abs(s(j, i)));
      if (difference <= symmetry * size || difference <= rounding * std::sqrt(s(i, i)) * std::sqrt(s(j, j)))
        continue;
      throw InputError("is not symmetric: " + entry(j, i) + " holds " + text::exact(s(j, i)) + ", " +
                           entry(i, j) + " holds " + text::exact(s(i, j)),
                       {source}, "a symmetric matrix");
    }
  }
}

void require_positive_diagonal(const Matrix& s, const std::vector<std::string>& names,
                               const std::string& source) {
  for (std::size_t i = 0; i < s.rows; ++i) {
    // Halves of subnormal numbers are rounded.
    if (s(i, i) >= 2 * std::numeric_limits<double>::min()) continue;
    throw InputError("column " + utf8::quoted(names[i]) + " has the variance " + text::exact(s(i, i)),
                     {source},
                     s(i, i) > 0 ? "a larger one: smaller units"
                                 : "a positive one: constant columns have no place in a graph");
  }
}

void check_moments(const Matrix& s, std::int64_t n, const std::vector<std::string>& names,
                   const std::string& source) {
  const std::size_t d = names.size();
  if (s.rows != d || s.columns != d || s.values.size() != d * d)
    throw InputError("is " + std::to_string(s.rows) + " by " + std::to_string(s.columns), {source},
                     "a square matrix, a row and a column for each of " + std::to_string(d) + " variables");
  if (n < 2)
    throw InputError("is of n = " + std::to_string(n) + " observations", {source},
                     "their number n, at least 2 (--n)");
  for (std::size_t i = 0; i < d * d; ++i) {
    if (!std::isfinite(s.values[i]))
      throw InputError(entry(i / d, i % d) + " is " + text::exact(s.values[i]), {source}, "finite numbers");
  }
  require_positive_diagonal(s, names, source);
  require_symmetric(s, source);
  require_semidefinite(s, source, {});
}

// Row j of the Cholesky factor of `s`, given the rows before, into `l`; returns the pivot.
double factor_row(const Eigen::MatrixXd& s, Eigen::MatrixXd& l, Eigen::Index j) {
  for (Eigen::Index k = 0; k < j; ++k) l(j, k) = (s(j, k) - l.row(j).head(k).dot(l.row(k).head(k))) / l(k, k);
  return s(j, j) - l.row(j).head(j).squaredNorm();
}

// The first column that those before it determine, with those that do so; empty when there is none.
std::vector<std::size_t> dependent_set(const Eigen::MatrixXd& s) {
  constexpr double noticeable = 1e-6;  // coefficient, in standard deviations, of a column that takes part
  Eigen::MatrixXd l = Eigen::MatrixXd::Zero(s.rows(), s.cols());
  for (Eigen::Index j = 0; j < s.rows(); ++j) {
    const double pivot = factor_row(s, l, j);
    if (pivot > singular_pivot) {
      l(j, j) = std::sqrt(pivot);
      continue;
    }
    const Eigen::VectorXd weights =
        l.topLeftCorner(j, j).transpose().triangularView<Eigen::Upper>().solve(l.row(j).head(j).transpose());
    std::vector<std::size_t> result;
    for (Eigen::Index k = 0; k < j; ++k) {
      if (std::abs(weights(k)) > noticeable) result.push_back(static_cast<std::size_t>(k));
    }
    result.push_back(static_cast<std::size_t>(j));
    return result;
  }
  return {};
}

// A factorisation shows at once that there is none.
bool surely_independent(const Eigen::MatrixXd& s) {
  const Eigen::LLT<Eigen::MatrixXd> factor(s);
  if (factor.info() != Eigen::Success) return false;
  const double least = factor.matrixLLT().diagonal().minCoeff();
  return least * least > singular_pivot;
}

void require_independent(const Matrix& s, std::int64_t n, const std::vector<std::string>& names) {
  const Eigen::MatrixXd unit = scaled(s);
  if (surely_independent(unit)) return;
  const std::vector<std::size_t> dependent = dependent_set(unit);
  if (dependent.empty()) return;
  const bool few = n <= static_cast<std::int64_t>(names.size());
  throw InputError("the columns " + list_of(names, dependent) + " depend on each other exactly" +
                       (few ? ": there are " + std::to_string(n) + " observations of " +
                                  std::to_string(names.size()) + " variables"
                            : ""),
                   {},
                   std::string(few ? "more observations than variables" : "none that follows from others") +
                       ", or --score ridge or l1");
}

}  // namespace

void require_semidefinite(const Matrix& s, const std::string& source, const std::string& remedy) {
  const Eigen::MatrixXd unit = scaled(s);
  if (Eigen::LLT<Eigen::MatrixXd>(unit).info() == Eigen::Success) return;
  const double least =
      Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(unit, Eigen::EigenvaluesOnly).eigenvalues()(0);
  if (least >= -least_eigenvalue) return;
  throw InputError(
      "is not positive definite: the smallest eigenvalue of its correlation matrix is " + text::brief(least),
      {source}, remedy.empty() ? "second moments, X^T X / n of some rows X" : remedy);
}

const Matrix& Gram::matrix_of(int node) const {
  const int part = part_of.empty() ? -1 : part_of.at(static_cast<std::size_t>(node));
  return part < 0 ? s : parts.at(static_cast<std::size_t>(part)).s;
}

std::int64_t Gram::rows_of(int node) const {
  const int part = part_of.empty() ? -1 : part_of.at(static_cast<std::size_t>(node));
  return part < 0 ? n : parts.at(static_cast<std::size_t>(part)).n;
}

void check_gram(const Gram& gram, const std::string& source) {
  if (gram.names.empty()) throw InputError("has no columns", {source}, "at least one variable");
  require_names(gram.names, source);
  check_moments(gram.s, gram.n, gram.names, source);
  if (gram.mean.size() != gram.nodes())
    throw InputError("has " + std::to_string(gram.mean.size()) + " means", {source},
                     std::to_string(gram.nodes()));
  const auto parts = static_cast<int>(gram.parts.size());
  if (!gram.part_of.empty() && gram.part_of.size() != gram.nodes())
    throw InputError("says of " + std::to_string(gram.part_of.size()) + " nodes which part is theirs",
                     {source}, "of all " + std::to_string(gram.nodes()) + " or of none");
  for (const int part : gram.part_of) {
    if (part < -1 || part >= parts)
      throw InputError("a node has part " + std::to_string(part), {source},
                       "-1 to " + std::to_string(parts - 1));
  }
  for (int i = 0; i < parts; ++i) {
    const Gram::Part& part = gram.parts[static_cast<std::size_t>(i)];
    check_moments(part.s, part.n, gram.names, source + " (part " + std::to_string(i) + ")");
  }
}

void require_independent(const Gram& gram) {
  require_independent(gram.s, gram.n, gram.names);
  for (const Gram::Part& part : gram.parts) require_independent(part.s, part.n, gram.names);
}

}  // namespace xchg::dag
