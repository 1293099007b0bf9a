#include "xchg/hiring/instance/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "xchg/core/text.hpp"
#include "xchg/core/utf8.hpp"
#include "xchg/hiring/instance/problems.hpp"

namespace xchg::hiring {
namespace {

template <class Names>
std::size_t tuple_at(const json::Reader& place, const Instance& instance, const Radix& radix, Names names,
                     const char* what) {
  const std::vector<json::Reader> entries = place.array();
  if (entries.size() != instance.agents.size()) {
    place.fail(fmt::format("there are {} names", entries.size()),
               fmt::format("one {} for each of {} agents", what, instance.agents.size()));
  }
  std::vector<int> digits;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    digits.push_back(name_at(entries[i], names(instance.agents[i]), what));
  }
  return radix.index(digits);
}

}  // namespace

int name_at(const json::Reader& place, const std::vector<std::string>& names, const char* what) {
  const std::string& name = place.text();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    place.fail(fmt::format("there is no {} {}", what, utf8::quoted(name)) + text::suggestion(name, names));
  }
  return static_cast<int>(found - names.begin());
}

std::size_t efforts_at(const json::Reader& place, const Instance& instance) {
  return tuple_at(
      place, instance, instance.efforts(), [](const Agent& agent) { return agent.efforts; }, "effort");
}

std::size_t signals_at(const json::Reader& place, const Instance& instance) {
  return tuple_at(
      place, instance, instance.signals(), [](const Agent& agent) { return agent.signals; }, "signal");
}

std::vector<std::string> effort_names(const Instance& instance, std::size_t b) {
  const Radix efforts = instance.efforts();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < instance.agents.size(); ++i) {
    names.push_back(instance.agents[i].efforts[static_cast<std::size_t>(efforts.digit(b, i))]);
  }
  return names;
}

std::vector<std::string> signal_names(const Instance& instance, std::size_t s) {
  const Radix signals = instance.signals();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < instance.agents.size(); ++i) {
    names.push_back(instance.agents[i].signals[static_cast<std::size_t>(signals.digit(s, i))]);
  }
  return names;
}

Rational exact_at(json::Reader& object, const std::string& key) {
  const auto exact = object.optional(key + "_exact");
  if (!exact) return rational_at(object.at(key));
  const Rational value = rational_at(*exact);
  if (const auto decimal = object.optional(key)) {
    const double rounded = to_double(rational_at(*decimal)), expected = to_double(value);
    if (!(std::abs(rounded - expected) <= 1e-9 * std::max(1.0, std::abs(expected)))) {
      decimal->fail(fmt::format("{} is {}, but {}_exact is {}", key, text::exact(rounded), key, text(value)),
                    "the same number twice");
    }
  }
  return value;
}

}  // namespace xchg::hiring
