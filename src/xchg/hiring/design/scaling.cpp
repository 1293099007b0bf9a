#include "xchg/hiring/design/scaling.hpp"

#include <algorithm>
#include <cmath>

#include "xchg/hiring/design/terms.hpp"

namespace xchg::hiring {
namespace {

Bound divided(const Bound& bound, const Rational& unit) {
  return bound.infinite() ? bound : Bound(Rational(bound.amount() / unit));
}

void divide(std::optional<Rational>& value, const Rational& unit) {
  if (value) *value /= unit;
}

}  // namespace

Rational scale_of(const Instance& instance) {
  Rational largest;
  for (const auto& row : instance.utility) {
    for (const Rational& u : row) largest = std::max(largest, u < 0 ? Rational(-u) : u);
  }
  if (largest == 0 || (largest >= Rational(1, 4) && largest <= 4)) return 1;
  Rational unit = 1;
  while (unit * 2 <= largest) unit *= 2;
  while (unit > largest) unit /= 2;
  return unit;
}

Instance scaled(const Instance& instance, const Rational& unit) {
  Instance result = instance;
  for (auto& row : result.utility) {
    for (Rational& u : row) u /= unit;
  }
  for (Agent& agent : result.agents) {
    for (Rational& cost : agent.costs) cost /= unit;
  }
  result.payment_bound = divided(result.payment_bound, unit);
  return result;
}

Options scaled(const Options& options, const Rational& unit) {
  Options result = options;
  if (result.payment_bound) result.payment_bound = divided(*result.payment_bound, unit);
  for (Rational& value : result.outside) value /= unit;
  result.slack /= unit;
  divide(result.expected_budget, unit);
  divide(result.sure_budget, unit);
  return result;
}

Result unscaled(const Instance& instance, const Options& options, const Rational& unit, Result result) {
  const double factor = to_double(unit);
  const auto multiply = [&](std::optional<double>& value) {
    if (value) *value *= factor;
  };
  for (Mechanism* mechanism : {&result.mechanism, &result.certificate.mechanism}) {
    for (Entry& entry : mechanism->support) {
      for (Payment& payment : entry.payments) payment.amount *= unit;
    }
  }
  for (Rational* value :
       {&result.value_exact, &result.upper_bound_exact, &result.ic_violation, &result.largest_payment,
        &result.certificate.value, &result.certificate.upper_bound}) {
    *value *= unit;
  }
  for (double* value : {&result.value, &result.upper_bound, &result.supremum}) *value *= factor;
  Ladder& ladder = result.ladder;
  for (auto* value : {&ladder.own, &ladder.det, &ladder.product, &ladder.corr, &ladder.first_best,
                      &ladder.quadratic, &ladder.logarithmic, &ladder.spherical}) {
    multiply(*value);
  }
  result.certificate.instance = fingerprint(instance);
  result.certificate.terms = terms_of(instance, options);
  return result;
}

}  // namespace xchg::hiring
