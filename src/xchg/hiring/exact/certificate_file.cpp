// Certificates as JSON. All numbers are exact fractions in text.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "xchg/core/error.hpp"
#include "xchg/core/file.hpp"
#include "xchg/core/json.hpp"
#include "xchg/hiring/certificate.hpp"
#include "xchg/hiring/instance/mechanism_file.hpp"
#include "xchg/hiring/instance/problems.hpp"

namespace xchg::hiring {
namespace {

using json::Reader;
using json::Value;

Value numbers(const std::vector<Rational>& values) {
  Value list = Value::array();
  for (const Rational& value : values) list.push_back(text(value));
  return list;
}

Value lists(const std::vector<std::vector<Rational>>& values) {
  Value list = Value::array();
  for (const auto& row : values) list.push_back(numbers(row));
  return list;
}

Value or_null(const std::optional<Rational>& value) { return value ? Value(text(*value)) : Value(nullptr); }

std::vector<Rational> numbers_at(const Reader& place, std::size_t count, const std::string& what) {
  std::vector<Rational> values;
  for (const Reader& cell : place.array()) values.push_back(rational_at(cell));
  if (values.size() != count) {
    place.fail(fmt::format("there are {} numbers", values.size()), fmt::format("{} {}", count, what));
  }
  return values;
}

// One list for each agent, of the length that `count` gives.
template <class Count>
std::vector<std::vector<Rational>> lists_at(const Reader& place, const Instance& instance, Count count,
                                            const std::string& what) {
  const std::vector<Reader> entries = place.array();
  if (entries.size() != instance.agents.size()) {
    place.fail(fmt::format("there are {} lists", entries.size()),
               fmt::format("one for each of {} agents", instance.agents.size()));
  }
  std::vector<std::vector<Rational>> result;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    result.push_back(numbers_at(entries[i], count(instance.agents[i]), what));
  }
  return result;
}

Terms terms_at(Reader place, const Instance& instance) {
  Terms terms;
  const Reader bound = place.at("payment_bound");
  if (!(bound.is_text() && bound.value() == "inf")) terms.payment_bound = Bound(rational_at_least_0(bound));
  const Reader outside = place.at("outside");
  if (!outside.value().empty())
    terms.outside = numbers_at(outside, instance.agents.size(), "outside options");
  terms.slack = rational_at_least_0(place.at("slack"));
  const Reader error = place.at("cost_error");
  terms.cost_error = rational_at_least_0(error);
  if (terms.cost_error >= 1) error.fail(text(terms.cost_error) + " is too large", "a share below 1");
  if (const auto budget = place.optional("expected_budget"))
    terms.expected_budget = rational_at_least_0(*budget);
  if (const auto budget = place.optional("sure_budget")) terms.sure_budget = rational_at_least_0(*budget);
  place.finish();
  return terms;
}

Multipliers multipliers_at(Reader place, const Instance& instance, bool with_outside) {
  Multipliers result;
  result.obedience = lists_at(
      place.at("obedience"), instance,
      [](const Agent& agent) { return agent.efforts.size() * agent.efforts.size(); },
      "numbers, one for each pair of efforts");
  result.truth = lists_at(
      place.at("truth"), instance,
      [](const Agent& agent) {
        return agent.efforts.size() * agent.efforts.size() * agent.signals.size() * agent.signals.size();
      },
      "numbers, one for each pair of efforts and pair of signals");
  const Reader outside = place.at("outside");
  if (with_outside) {
    result.outside = lists_at(
        outside, instance, [](const Agent& agent) { return agent.efforts.size(); },
        "numbers, one for each effort");
  } else if (!outside.value().empty()) {
    outside.fail("there are multipliers of outside options, but none are asked for", "an empty list");
  }
  result.budget = rational_at(place.at("budget"));
  place.finish();
  return result;
}

}  // namespace

std::string certificate_json(const Instance& instance, const Certificate& certificate) {
  const Terms& terms = certificate.terms;
  const Multipliers& multipliers = certificate.multipliers;
  return json::dump({{"certificate", "xchg hiring 1"},
                     {"instance", certificate.instance},
                     {"value", text(certificate.value)},
                     {"upper_bound", text(certificate.upper_bound)},
                     {"terms",
                      {{"payment_bound", terms.payment_bound.text()},
                       {"outside", numbers(terms.outside)},
                       {"slack", text(terms.slack)},
                       {"cost_error", text(terms.cost_error)},
                       {"expected_budget", or_null(terms.expected_budget)},
                       {"sure_budget", or_null(terms.sure_budget)}}},
                     {"support", support_json(instance, certificate.mechanism, false)},
                     {"multipliers",
                      {{"obedience", lists(multipliers.obedience)},
                       {"truth", lists(multipliers.truth)},
                       {"outside", lists(multipliers.outside)},
                       {"budget", text(multipliers.budget)}}}});
}

Certificate parse_certificate(std::string_view json, const Instance& instance, const std::string& source) {
  const Value document = json::parse(json, source, json::Numbers::Text);
  Reader top(document, source);
  top.at("certificate").choice({"xchg hiring 1"});
  Certificate certificate;
  certificate.instance = top.at("instance").text();
  certificate.value = rational_at(top.at("value"));
  certificate.upper_bound = rational_at(top.at("upper_bound"));
  certificate.terms = terms_at(top.at("terms"), instance);
  Reader support = top.at("support");
  certificate.mechanism = mechanism_at(support, instance);
  certificate.multipliers =
      multipliers_at(top.at("multipliers"), instance, !certificate.terms.outside.empty());
  top.finish();
  return certificate;
}

Certificate read_certificate(const std::filesystem::path& path, const Instance& instance) {
  return parse_certificate(file::read(path), instance, path == "-" ? "standard input" : path.string());
}

}  // namespace xchg::hiring
