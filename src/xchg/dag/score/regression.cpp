#include "xchg/dag/score/regression.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "xchg/core/error.hpp"

namespace xchg::dag {
namespace {

constexpr double dependence = 1e-12;  // of a pivot to its diagonal entry

[[noreturn]] void refuse_dependent(const Gram& gram, int node, std::span<const int> parents,
                                   std::size_t failed) {
  const auto name = [&gram](int column) { return gram.names[static_cast<std::size_t>(column)]; };
  std::string others;
  for (std::size_t k = 0; k < failed; ++k) others += (k == 0 ? "'" : ", '") + name(parents[k]) + "'";
  throw InputError("column '" + name(parents[failed]) + "' depends linearly on " +
                       (others.empty() ? "nothing: it is constant" : others) + " (regression of '" +
                       name(node) + "')",
                   {}, "independent columns, or the score ridge or l1");
}

// The upper triangle of the moments of (parents, node), factorised for the parents; the last entry becomes
// the residual.
std::vector<double>& factorised_moments(const Gram& gram, int node, std::span<const int> parents,
                                        double ridge) {
  thread_local std::vector<double> a;
  const Matrix& s = gram.matrix_of(node);
  const std::size_t count = parents.size();
  const std::size_t size = count + 1;
  a.resize(size * size);
  for (std::size_t i = 0; i < count; ++i) {
    const std::span<const double> row = s.row(static_cast<std::size_t>(parents[i]));
    double* to = a.data() + i * size;
    for (std::size_t k = i; k < count; ++k) to[k] = row[static_cast<std::size_t>(parents[k])];
    to[i] += ridge;
    to[count] = row[static_cast<std::size_t>(node)];
  }
  a[size * size - 1] = s(static_cast<std::size_t>(node), static_cast<std::size_t>(node));
  const std::size_t done = factorise(a, size, count, dependence);
  if (done < count) refuse_dependent(gram, node, parents, done);
  return a;
}

// Diagonal of (U^T U)^-1: the squares of the rows of U^-1, added up.
std::vector<double> inverse_diagonal_of(std::span<const double> u, std::size_t size, std::size_t count) {
  std::vector<double> diagonal(count, 0.0);
  std::vector<double> column(count);
  for (std::size_t k = 0; k < count; ++k) {
    // Column k of U^-1 by back substitution from its last entry.
    column[k] = 1 / u[k * size + k];
    diagonal[k] += column[k] * column[k];
    for (std::size_t i = k; i-- > 0;) {
      double sum = 0;
      for (std::size_t t = i + 1; t <= k; ++t) sum += u[i * size + t] * column[t];
      column[i] = -sum / u[i * size + i];
      diagonal[i] += column[i] * column[i];
    }
  }
  return diagonal;
}

}  // namespace

std::vector<int> allowed_predecessors(const Constraints& constraints, int node,
                                      std::span<const int> predecessors) {
  std::vector<int> allowed(predecessors.begin(), predecessors.end());
  if (constraints.restricted(node)) {
    std::erase_if(allowed, [&](int parent) { return !constraints.allowed(parent, node); });
  }
  return allowed;
}

std::size_t factorise(std::span<double> a, std::size_t size, std::size_t pivots, double tolerance) {
  thread_local std::vector<double> diagonal;
  diagonal.resize(pivots);
  for (std::size_t k = 0; k < pivots; ++k) diagonal[k] = a[k * size + k];
  for (std::size_t k = 0; k < pivots; ++k) {
    double* pivot_row = a.data() + k * size;
    if (!(pivot_row[k] > tolerance * diagonal[k]) || !std::isfinite(pivot_row[k])) return k;
    const double root = std::sqrt(pivot_row[k]);
    for (std::size_t t = k; t < size; ++t) pivot_row[t] /= root;
    for (std::size_t i = k + 1; i < size; ++i) {
      const double factor = pivot_row[i];
      double* row = a.data() + i * size;
      for (std::size_t t = i; t < size; ++t) row[t] -= factor * pivot_row[t];
    }
  }
  return pivots;
}

double residual_variance(const Gram& gram, int node, std::span<const int> parents, double ridge) {
  return std::max(0.0, factorised_moments(gram, node, parents, ridge).back());
}

Regression regress(const Gram& gram, int node, std::span<const int> parents, double ridge,
                   bool with_inverse_diagonal) {
  const std::vector<double>& u = factorised_moments(gram, node, parents, ridge);
  const std::size_t count = parents.size();
  const std::size_t size = count + 1;
  Regression result{std::max(0.0, u.back()), std::vector<double>(count), {}};
  for (std::size_t i = count; i-- > 0;) {
    double sum = u[i * size + count];
    for (std::size_t t = i + 1; t < count; ++t) sum -= u[i * size + t] * result.weights[t];
    result.weights[i] = sum / u[i * size + i];
  }
  if (with_inverse_diagonal) result.inverse_diagonal = inverse_diagonal_of(u, size, count);
  return result;
}

}  // namespace xchg::dag
