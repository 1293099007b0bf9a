// Exact rational numbers, on GMP.
//
// All probabilities, costs and payments of this engine are rationals: what a file says is what is computed
// with.
#pragma once

#include <boost/multiprecision/gmp.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace xchg::hiring {

// An integer of any size.
using Integer = boost::multiprecision::number<boost::multiprecision::gmp_int, boost::multiprecision::et_off>;
// A fraction in lowest terms with a positive denominator.
using Rational =
    boost::multiprecision::number<boost::multiprecision::gmp_rational, boost::multiprecision::et_off>;

// The number that a text stands for: "3", "-1/3", "0.05", "2.5e-3"; a decimal means exactly that decimal.
// Nothing where the text is no such number, its denominator is 0, or it has more than 4000 characters or an
// exponent beyond 400.
std::optional<Rational> to_rational(std::string_view text);
// The number that a double is, exactly. Finite values only.
Rational to_rational(double value);

// The nearest double (ties to even).
double to_double(const Rational& value);
// "p/q", or "p" where q is 1.
std::string text(const Rational& value);
// The fraction with the smallest denominator within `tolerance` of the value.
Rational simplest(double value, double tolerance);

// The most that one agent may be paid in a round: a number >= 0, or no bound.
class Bound {
 public:
  // No bound.
  Bound() = default;
  // Throws InputError where the amount is negative.
  explicit Bound(Rational amount);
  static Bound infinity() { return {}; }

  bool infinite() const { return !amount_; }
  // Finite bounds only.
  const Rational& amount() const { return *amount_; }
  // "inf", "1/2".
  std::string text() const;

  // The same amount, or both without bound.
  friend bool operator==(const Bound&, const Bound&) = default;

 private:
  std::optional<Rational> amount_;
};

}  // namespace xchg::hiring
