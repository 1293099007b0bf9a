#include "xchg/hiring/rational.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "xchg/core/error.hpp"

namespace xchg::hiring {
namespace {

constexpr std::size_t longest = 4000;
constexpr int largest_exponent = 400;

bool all_digits(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

Integer power_of_ten(int exponent) {
  Integer ten = 10;
  return boost::multiprecision::pow(ten, static_cast<unsigned>(exponent));
}

Integer integer(std::string_view digits) {
  // A leading zero would mean octal.
  const auto first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? Integer(0) : Integer(std::string(digits.substr(first)));
}

std::optional<int> exponent_of(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (!all_digits(text)) return {};
  while (text.size() > 1 && text.front() == '0') text.remove_prefix(1);
  if (text.size() > 3) return {};
  const int value = std::stoi(std::string(text));
  if (value > largest_exponent) return {};
  return negative ? -value : value;
}

std::optional<Rational> decimal(std::string_view text) {
  int exponent = 0;
  if (const auto e = text.find_first_of("eE"); e != std::string_view::npos) {
    const auto value = exponent_of(text.substr(e + 1));
    if (!value) return {};
    exponent = *value;
    text = text.substr(0, e);
  }
  std::string digits(text);
  if (const auto point = digits.find('.'); point != std::string::npos) {
    exponent -= static_cast<int>(digits.size() - point - 1);
    digits.erase(point, 1);
    if (digits.size() == text.size()) return {};
  }
  if (!all_digits(digits)) return {};
  const Integer value = integer(digits);
  return exponent >= 0 ? Rational(value * power_of_ten(exponent)) : Rational(value, power_of_ten(-exponent));
}

}  // namespace

std::optional<Rational> to_rational(std::string_view text) {
  if (text.size() > longest) return {};
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  std::optional<Rational> value;
  if (const auto slash = text.find('/'); slash != std::string_view::npos) {
    const std::string_view p = text.substr(0, slash), q = text.substr(slash + 1);
    if (!all_digits(p) || !all_digits(q)) return {};
    const Integer denominator = integer(q);
    if (denominator == 0) return {};
    value = Rational(integer(p), denominator);
  } else {
    value = decimal(text);
  }
  if (value && negative) *value = -*value;
  return value;
}

Rational to_rational(double value) { return Rational(value); }

double to_double(const Rational& value) {
  // GMP cuts off; of the neighbours on both sides the nearest is taken, of two equally near ones the even.
  const double cut = mpq_get_d(value.backend().data());
  if (!std::isfinite(cut) || Rational(cut) == value) return cut;
  const double infinity = std::numeric_limits<double>::infinity();
  const double other = std::nextafter(cut, value > Rational(cut) ? infinity : -infinity);
  if (!std::isfinite(other)) return cut;
  Rational from_cut = value - Rational(cut), from_other = value - Rational(other);
  if (from_cut < 0) from_cut = -from_cut;
  if (from_other < 0) from_other = -from_other;
  if (from_cut != from_other) return from_cut < from_other ? cut : other;
  int exponent = 0;
  const double mantissa = std::ldexp(std::frexp(cut, &exponent), 53);
  return std::fmod(mantissa, 2) == 0 ? cut : other;
}

std::string text(const Rational& value) { return value.str(); }

Rational simplest(double value, double tolerance) {
  // Continued fraction of the exact value, cut as soon as it is near enough; then the last partial quotient
  // is made as small as the tolerance allows.
  if (value < 0) return -simplest(-value, tolerance);
  const Rational target(value), width(tolerance);
  Integer p0 = 0, q0 = 1, p1 = 1, q1 = 0;
  Rational rest = target;
  for (;;) {
    const Integer whole = numerator(rest) / denominator(rest);
    const Integer p2 = whole * p1 + p0, q2 = whole * q1 + q0;
    const auto near = [&](const Integer& p, const Integer& q) {
      const Rational difference = Rational(p, q) - target;
      return difference <= width && -difference <= width;
    };
    if (near(p2, q2)) {
      Integer low = q1 == 0 ? Integer(0) : Integer(1), high = whole;
      while (low < high) {
        const Integer middle = (low + high) / 2;
        if (middle * q1 + q0 != 0 && near(middle * p1 + p0, middle * q1 + q0)) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      return Rational(high * p1 + p0, high * q1 + q0);
    }
    rest = 1 / (rest - Rational(whole));
    p0 = p1;
    q0 = q1;
    p1 = p2;
    q1 = q2;
  }
}

Bound::Bound(Rational amount) : amount_(std::move(amount)) {
  if (*amount_ < 0) {
    throw InputError("payment bound " + hiring::text(*amount_) + " is negative", {}, "a number >= 0, or inf");
  }
}

std::string Bound::text() const { return amount_ ? hiring::text(*amount_) : "inf"; }

}  // namespace xchg::hiring
