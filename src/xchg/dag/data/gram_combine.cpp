// Second moments made from others.
#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/core/utf8.hpp"
#include "xchg/dag/data.hpp"
#include "xchg/dag/data/moments.hpp"

namespace xchg::dag {
namespace {

Matrix divided(const Matrix& s, const std::vector<double>& deviation) {
  Matrix result(s.rows, s.columns);
  for (std::size_t i = 0; i < s.rows; ++i) {
    for (std::size_t j = 0; j < s.columns; ++j) result(i, j) = s(i, j) / deviation[i] / deviation[j];
  }
  return result;
}

std::vector<double> divided(const std::vector<double>& mean, const std::vector<double>& deviation) {
  std::vector<double> result(mean.size());
  for (std::size_t i = 0; i < mean.size(); ++i) result[i] = mean[i] / deviation[i];
  return result;
}

void require_alike(const Gram& a, const Gram& b) {
  if (a.nodes() != b.nodes())
    throw InputError("second moments of " + std::to_string(a.nodes()) + " and of " +
                         std::to_string(b.nodes()) + " variables cannot be merged",
                     {}, "the same variables");
  for (std::size_t i = 0; i < a.names.size(); ++i) {
    if (a.names[i] == b.names[i]) continue;
    throw InputError("column " + std::to_string(i + 1) + " is " + utf8::quoted(a.names[i]) + " in one and " +
                         utf8::quoted(b.names[i]) + " in the other",
                     {}, "the same names in the same order");
  }
  if (a.centred != b.centred)
    throw InputError("one of the second moments is centred, the other is not", {}, "both or neither");
  if (a.part_of != b.part_of || a.parts.size() != b.parts.size())
    throw InputError("the second moments come from different interventions", {}, "the same targets in both");
}

}  // namespace

// n S = n_a S_a + n_b S_b + (n_a n_b / n) (m_a - m_b)(m_a - m_b)^T, the last term for centred moments (Chan,
// Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979).
Gram::Part merged(const Gram::Part& a, const Gram::Part& b, bool centred) {
  Gram::Part result{Matrix(a.s.rows, a.s.columns), a.n + b.n, std::vector<double>(a.mean.size(), 0.0)};
  const double share_a = static_cast<double>(a.n) / static_cast<double>(result.n);
  const double share_b = static_cast<double>(b.n) / static_cast<double>(result.n);
  for (std::size_t i = 0; i < a.s.rows; ++i) {
    if (centred) result.mean[i] = share_a * a.mean[i] + share_b * b.mean[i];
    for (std::size_t j = 0; j < a.s.columns; ++j) {
      result.s(i, j) = share_a * a.s(i, j) + share_b * b.s(i, j);
      if (centred) result.s(i, j) += share_a * share_b * (a.mean[i] - b.mean[i]) * (a.mean[j] - b.mean[j]);
    }
  }
  return result;
}

Gram merge(const Gram& a, const Gram& b) {
  check_gram(a, "first Gram matrix");
  check_gram(b, "second Gram matrix");
  require_alike(a, b);
  Gram result = a;
  Gram::Part whole = merged({a.s, a.n, a.mean}, {b.s, b.n, b.mean}, a.centred);
  result.s = std::move(whole.s);
  result.n = whole.n;
  result.mean = std::move(whole.mean);
  for (std::size_t i = 0; i < a.parts.size(); ++i)
    result.parts[i] = merged(a.parts[i], b.parts[i], a.centred);
  return result;
}

Gram standardized(const Gram& gram) {
  Gram result = gram;
  std::vector<double> deviation(gram.nodes());
  for (std::size_t i = 0; i < deviation.size(); ++i) deviation[i] = std::sqrt(gram.s(i, i));
  result.s = divided(gram.s, deviation);
  for (std::size_t i = 0; i < deviation.size(); ++i) result.s(i, i) = 1;
  result.mean = divided(gram.mean, deviation);
  for (Gram::Part& part : result.parts) {
    part.s = divided(part.s, deviation);
    part.mean = divided(part.mean, deviation);
  }
  return result;
}

}  // namespace xchg::dag
