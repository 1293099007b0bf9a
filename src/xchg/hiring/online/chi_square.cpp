#include "xchg/hiring/online/chi_square.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace xchg::hiring {
namespace {

// log Gamma(degrees / 2), by its recursion from Gamma(1/2) and Gamma(1).
double log_gamma_of_half(int degrees) {
  double sum = degrees % 2 == 0 ? 0.0 : 0.5 * std::log(3.14159265358979323846);
  for (int k = degrees % 2 == 0 ? 2 : 1; k < degrees; k += 2) sum += std::log(0.5 * k);
  return sum;
}

// P(a, x), the lower incomplete gamma function, by its power series; x < a + 1.
double lower_series(double a, double x, double log_front) {
  double term = 1 / a, sum = term;
  for (double k = a + 1; term > sum * 1e-17; k += 1) {
    term *= x / k;
    sum += term;
  }
  return sum * std::exp(log_front);
}

// Q(a, x), the upper one, by its continued fraction (Lentz's method); x >= a + 1.
double upper_fraction(double a, double x, double log_front) {
  constexpr double tiny = 1e-300;
  double b = x + 1 - a, c = 1 / tiny, d = 1 / b, fraction = d;
  for (double k = 1; k < 10'000; k += 1) {
    const double factor = -k * (k - a);
    b += 2;
    d = factor * d + b;
    c = b + factor / c;
    d = 1 / (std::abs(d) < tiny ? tiny : d);
    if (std::abs(c) < tiny) c = tiny;
    fraction *= d * c;
    if (std::abs(d * c - 1) < 1e-15) break;
  }
  return fraction * std::exp(log_front);
}

}  // namespace

double chi_square_tail(double value, int degrees) {
  if (value <= 0) return 1;
  const double a = 0.5 * degrees, x = 0.5 * value;
  const double log_front = a * std::log(x) - x - log_gamma_of_half(degrees);
  return x < a + 1 ? 1 - lower_series(a, x, log_front) : upper_fraction(a, x, log_front);
}

double same_distribution(const std::vector<std::vector<std::int64_t>>& rows) {
  if (rows.empty()) return 1;
  std::vector<double> row_sum;
  std::vector<double> outcome(rows[0].size());
  for (const auto& row : rows) {
    row_sum.push_back(static_cast<double>(std::accumulate(row.begin(), row.end(), std::int64_t{0})));
    for (std::size_t j = 0; j < row.size(); ++j) outcome[j] += static_cast<double>(row[j]);
  }
  const double total = std::accumulate(row_sum.begin(), row_sum.end(), 0.0);
  double least = std::numeric_limits<double>::infinity();
  int kept_rows = 0;
  for (const double sum : row_sum) {
    if (sum > 0) least = std::min(least, sum), ++kept_rows;
  }
  if (kept_rows < 2) return 1;
  // Rare outcomes go into one, the last.
  std::vector<bool> rare(outcome.size());
  double rare_sum = 0;
  int kept_outcomes = 0;
  for (std::size_t j = 0; j < outcome.size(); ++j) {
    rare[j] = outcome[j] * least < 5 * total;
    if (rare[j]) rare_sum += outcome[j];
    if (!rare[j]) ++kept_outcomes;
  }
  if (rare_sum > 0) ++kept_outcomes;
  if (kept_outcomes < 2) return 1;
  double statistic = 0;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (row_sum[r] == 0) continue;
    double rare_count = 0;
    const auto add = [&](double count, double of_outcome) {
      const double expected = of_outcome * row_sum[r] / total;
      if (expected > 0) statistic += (count - expected) * (count - expected) / expected;
    };
    for (std::size_t j = 0; j < outcome.size(); ++j) {
      const auto count = static_cast<double>(rows[r][j]);
      if (rare[j]) rare_count += count;
      if (!rare[j]) add(count, outcome[j]);
    }
    add(rare_count, rare_sum);
  }
  return chi_square_tail(statistic, (kept_rows - 1) * (kept_outcomes - 1));
}

}  // namespace xchg::hiring
