#include "xchg/dag/order/walks.hpp"

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "xchg/core/error.hpp"

namespace xchg::dag {
namespace {

// All matrices here are without negative entries, so that nothing cancels: what no walk reaches is exactly 0,
// and every entry is right to a few units in the last place.

// out += A B, by rows; zeros of A are skipped, which makes triangular factors (in any order) cheap.
void add_product(Matrix& out, const Matrix& a, const Matrix& b) {
  for (std::size_t i = 0; i < a.rows; ++i) {
    double* to = out.row(i).data();
    for (std::size_t k = 0; k < a.columns; ++k) {
      const double factor = a(i, k);
      if (factor == 0) continue;
      const double* from = b.row(k).data();
      for (std::size_t j = 0; j < b.columns; ++j) to[j] += factor * from[j];
    }
  }
}

// P + Q + P Q: (I + P)(I + Q) - I, without the cancellation of computing the former.
Matrix joined(const Matrix& p, const Matrix& q) {
  Matrix out = p;
  for (std::size_t i = 0; i < out.values.size(); ++i) out.values[i] += q.values[i];
  add_product(out, p, q);
  return out;
}

Matrix absolute(const Matrix& w, double factor) {
  Matrix out(w.rows, w.columns);
  for (std::size_t i = 0; i < w.values.size(); ++i) out.values[i] = std::abs(w.values[i]) * factor;
  return out;
}

// e^|W| - I as the 2^s-th power of the Taylor polynomial of degree 24 of A = |W| / 2^s. A walk of l edges
// gets the weight 1/l! less the share of ways to put l edges into 2^s boxes with more than 24 in one; with at
// most two edges a box, that is below 1e-16. `longest`: of the walks that matter.
Matrix exponential_less_one(const Matrix& w, double longest) {
  constexpr int degree = 24;
  int squarings = 0;
  while (std::ldexp(1.0, squarings) < longest / 2) ++squarings;
  const Matrix a = absolute(w, std::ldexp(1.0, -squarings));
  Matrix sum(w.rows, w.columns);  // Horner: A (1 + A/2 (1 + A/3 (…)))
  for (int k = degree; k >= 1; --k) {
    Matrix next = a;
    add_product(next, a, sum);
    for (double& value : next.values) value /= k;
    sum = std::move(next);
  }
  for (; squarings > 0; --squarings) sum = joined(sum, sum);
  return sum;
}

// (I + |W|/d)^power - I.
Matrix polynomial_less_one(const Matrix& w, std::size_t power) {
  Matrix base = absolute(w, 1 / static_cast<double>(w.rows));
  Matrix out(w.rows, w.columns);
  for (; power > 0; power >>= 1) {
    if ((power & 1) != 0) out = joined(out, base);
    if (power > 1) base = joined(base, base);
  }
  return out;
}

// (I - |W|)^-1 of a matrix that is triangular in the order: T_ak = [a = k] + sum over a <= i < k of T_ai
// |W_ik|. Row k of `columns` is column k of T by position.
Matrix triangular_inverse(const Matrix& w, std::span<const int> order) {
  const std::size_t d = order.size();
  const auto node = [&order](std::size_t k) { return static_cast<std::size_t>(order[k]); };
  Matrix columns(d, d);
  for (std::size_t k = 0; k < d; ++k) {
    double* to = columns.row(k).data();
    for (std::size_t i = 0; i < k; ++i) {
      const double weight = std::abs(w(node(i), node(k)));
      if (weight == 0) continue;
      const double* from = columns.row(i).data();
      for (std::size_t a = 0; a <= i; ++a) to[a] += from[a] * weight;
    }
    to[k] = 1;
  }
  Matrix out(d, d);
  for (std::size_t k = 0; k < d; ++k) {
    for (std::size_t a = 0; a <= k; ++a) out(node(a), node(k)) = columns(k, a);
  }
  return out;
}

double trace(const Matrix& m) {
  double sum = 0;
  for (std::size_t i = 0; i < m.rows; ++i) sum += m(i, i);
  return sum;
}

// -log det (I - |W|) by elimination. The pivots are 1 less the walks from a node to itself through those
// eliminated; all are above 0 iff the spectral radius is below 1 (I - |W| then is an M-matrix).
double log_det(const Matrix& w) {
  Matrix a = absolute(w, 1);
  double sum = 0;
  for (std::size_t k = 0; k < a.rows; ++k) {
    const double pivot = 1 - a(k, k);
    if (!(pivot > 0)) {
      throw NumericError("the log-det acyclicity of a matrix needs a spectral radius of |W| below 1");
    }
    sum -= std::log(pivot);
    for (std::size_t i = k + 1; i < a.rows; ++i) {
      if (a(i, k) == 0) continue;
      const double factor = a(i, k) / pivot;
      for (std::size_t j = k + 1; j < a.rows; ++j) a(i, j) += factor * a(k, j);
    }
  }
  return sum;
}

// Length that walks of weight have in e^|W|: those much longer than the norm do not count.
double longest_walk(const Matrix& w) {
  double norm = 0;
  for (std::size_t i = 0; i < w.rows; ++i) {
    double sum = 0;
    for (const double value : w.row(i)) sum += std::abs(value);
    norm = std::max(norm, sum);
  }
  return std::max(static_cast<double>(w.rows), 4 * norm + 50);
}

}  // namespace

Matrix walk_weights(const Matrix& w, std::span<const int> order, Acyclicity acyclicity) {
  if (acyclicity == Acyclicity::LogDet) return triangular_inverse(w, order);
  Matrix out = acyclicity == Acyclicity::Exponential ? exponential_less_one(w, static_cast<double>(w.rows))
                                                     : polynomial_less_one(w, w.rows == 0 ? 0 : w.rows - 1);
  for (std::size_t i = 0; i < out.rows; ++i) out(i, i) += 1;
  return out;
}

double acyclicity(const Matrix& w, Acyclicity function) {
  if (w.rows != w.columns) {
    throw InputError("a weight matrix has " + std::to_string(w.rows) + " rows and " +
                         std::to_string(w.columns) + " columns",
                     {}, "a square one");
  }
  switch (function) {
    case Acyclicity::LogDet:
      return log_det(w);
    case Acyclicity::Exponential:
      return trace(exponential_less_one(w, longest_walk(w)));
    case Acyclicity::Polynomial:
      return trace(polynomial_less_one(w, w.rows));
  }
  return 0;
}

}  // namespace xchg::dag
