#include "xchg/hiring/instance/problems.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace xchg::hiring {
namespace {

constexpr std::size_t most_told = 20;

}  // namespace

void Problems::add(const std::string& pointer, const std::string& problem, const std::string& expected) {
  found_.push_back({pointer, problem, expected});
}

void Problems::add(const InputError& error) { add(error.where().pointer, error.problem(), error.expected()); }

void Problems::throw_if_any() const {
  if (found_.empty()) return;
  const Problem& first = found_.front();
  std::string expected = first.expected;
  for (std::size_t i = 1; i < std::min(found_.size(), most_told); ++i) {
    const Problem& other = found_[i];
    expected += fmt::format("{}at {}: {}", expected.empty() ? "" : "; ", other.pointer, other.problem);
    if (!other.expected.empty()) expected += fmt::format(" (expected {})", other.expected);
  }
  if (found_.size() > most_told) expected += fmt::format("; and {} more", found_.size() - most_told);
  throw InputError(first.problem, {source_, 0, 0, first.pointer}, expected);
}

Rational rational_at(const json::Reader& place) {
  constexpr const char* expected = "an exact number such as \"1/3\", \"0.05\" or 0.05";
  const json::Value& value = place.value();
  std::optional<Rational> number;
  if (value.is_string()) {
    number = to_rational(value.get_ref<const std::string&>());
  } else if (value.is_number_unsigned()) {
    number = Rational(value.get<std::uint64_t>());
  } else if (value.is_number_integer()) {
    number = Rational(value.get<std::int64_t>());
  }
  if (!number) place.fail_found(expected);
  return *number;
}

Rational rational_at_least_0(const json::Reader& place) {
  const Rational number = rational_at(place);
  if (number < 0) place.fail(text(number) + " is negative", "a number >= 0");
  return number;
}

}  // namespace xchg::hiring
