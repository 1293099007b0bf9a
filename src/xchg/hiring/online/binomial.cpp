#include "xchg/hiring/online/binomial.hpp"

#include <algorithm>
#include <cmath>

namespace xchg::hiring {
namespace {

// Below this many expected successes the distribution function is walked up.
constexpr double walk_below = 10;

std::int64_t by_inversion(std::int64_t trials, double p, Random& random) {
  const auto n = static_cast<double>(trials);
  const double odds = p / (1 - p), none = std::exp(n * std::log1p(-p));
  for (;;) {
    double u = random.uniform(), mass = none;
    for (std::int64_t k = 0; k <= trials; ++k) {
      if (u < mass) return k;
      u -= mass;
      mass *= odds * (n - static_cast<double>(k)) / static_cast<double>(k + 1);
      // Beyond any chance: the rest of u is rounding, and another is drawn.
      if (mass < 1e-30 && static_cast<double>(k) > n * p) break;
    }
  }
}

// log(k!) less Stirling's (k + 1/2) log(k + 1) - (k + 1) + log(2 pi) / 2.
double stirling_rest(double k) {
  static constexpr double small[] = {0.08106146679532726, 0.04134069595540929, 0.02767792568499834,
                                     0.02079067210376509, 0.01664469118982119, 0.01387612882307075,
                                     0.01189670994589177, 0.01041126526197209, 0.009255462182712733,
                                     0.008330563433362871};
  if (k < 10) return small[static_cast<std::size_t>(k)];
  const double x = k + 1, square = x * x;
  return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / x;
}

// Transformed rejection with squeeze: W. Hoermann, "The generation of binomial random variates" (1993),
// algorithm BTRS. p <= 1/2, trials * p >= 10.
std::int64_t by_rejection(std::int64_t trials, double p, Random& random) {
  const auto n = static_cast<double>(trials);
  const double deviation = std::sqrt(n * p * (1 - p));
  const double b = 1.15 + 2.53 * deviation, a = -0.0873 + 0.0248 * b + 0.01 * p, center = n * p + 0.5;
  const double squeeze = 0.92 - 4.2 / b, alpha = (2.83 + 5.1 / b) * deviation;
  const double odds = p / (1 - p), mode = std::floor((n + 1) * p);
  const double at_mode = (mode + 0.5) * std::log((mode + 1) / (odds * (n - mode + 1))) + stirling_rest(mode) +
                         stirling_rest(n - mode);
  for (;;) {
    const double u = random.uniform() - 0.5, v = random.uniform(), us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + center);
    if (!(k >= 0 && k <= n)) continue;
    if (us >= 0.07 && v <= squeeze) return static_cast<std::int64_t>(k);
    const double bound = at_mode + (n + 1) * std::log((n - mode + 1) / (n - k + 1)) +
                         (k + 0.5) * std::log(odds * (n - k + 1) / (k + 1)) - stirling_rest(k) -
                         stirling_rest(n - k);
    if (std::log(v * alpha / (a / (us * us) + b)) <= bound) return static_cast<std::int64_t>(k);
  }
}

}  // namespace

std::int64_t binomial(std::int64_t trials, double probability, Random& random) {
  if (trials == 0 || probability <= 0) return 0;
  if (probability >= 1) return trials;
  const double p = std::min(probability, 1 - probability);
  const std::int64_t rarer = static_cast<double>(trials) * p < walk_below ? by_inversion(trials, p, random)
                                                                          : by_rejection(trials, p, random);
  return probability <= 0.5 ? rarer : trials - rarer;
}

void multinomial(std::int64_t trials, std::span<const double> weights, Random& random,
                 std::span<std::int64_t> counts) {
  std::size_t last = weights.size();
  double rest = 0;
  for (std::size_t j = 0; j < weights.size(); ++j) {
    rest += weights[j];
    if (weights[j] > 0) last = j;
  }
  for (std::size_t j = 0; j < weights.size() && trials > 0; ++j) {
    if (weights[j] <= 0) continue;
    const std::int64_t count =
        j == last ? trials : binomial(trials, std::min(1.0, weights[j] / rest), random);
    counts[j] += count;
    trials -= count;
    rest -= weights[j];
  }
}

}  // namespace xchg::hiring
