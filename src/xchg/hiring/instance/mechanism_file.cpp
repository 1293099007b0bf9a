// Mechanisms as JSON:
//   {"support": [{"profile": [an effort for each agent], "probability": 0.45, "probability_exact": "41/91",
//                 "decision": [a decision for each report profile, last agent's signal fastest],
//                 "payments": [{"agent": name, "reports": [a signal for each agent], "state": name,
//                               "amount": 1.0, "amount_exact": "1"}]}]}
// A result of `design` is read as well: its other members are not looked at.
#include "xchg/hiring/instance/mechanism_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "xchg/core/error.hpp"
#include "xchg/core/file.hpp"
#include "xchg/hiring/instance/names.hpp"
#include "xchg/hiring/instance/problems.hpp"

namespace xchg::hiring {
namespace {

using json::Reader;
using json::Value;

std::vector<std::string> agent_names(const Instance& instance) {
  std::vector<std::string> names;
  for (const Agent& agent : instance.agents) names.push_back(agent.name);
  return names;
}

Payment payment_at(Reader& place, const Instance& instance, const std::vector<std::string>& agents) {
  Payment payment{.agent = name_at(place.at("agent"), agents, "agent"),
                  .reports = signals_at(place.at("reports"), instance),
                  .state = name_at(place.at("state"), instance.states, "state"),
                  .amount = exact_at(place, "amount")};
  place.finish();
  return payment;
}

Entry entry_at(Reader& place, const Instance& instance, const std::vector<std::string>& agents) {
  Entry entry;
  entry.profile = efforts_at(place.at("profile"), instance);
  entry.probability = exact_at(place, "probability");
  const Reader decisions = place.at("decision");
  const std::vector<Reader> list = decisions.array();
  if (list.size() != instance.signals().count()) {
    decisions.fail(fmt::format("there are {} decisions", list.size()),
                   fmt::format("one for each of {} report profiles", instance.signals().count()));
  }
  for (const Reader& decision : list)
    entry.decision.push_back(name_at(decision, instance.decisions, "decision"));
  std::set<std::tuple<int, std::size_t, int>> seen;
  for (Reader& item : place.at("payments").array()) {
    Payment payment = payment_at(item, instance, agents);
    if (!seen.insert({payment.agent, payment.reports, payment.state}).second) {
      item.fail("this payment comes twice", "one amount for an agent, reports and state");
    }
    if (payment.amount != 0) entry.payments.push_back(std::move(payment));
  }
  std::sort(entry.payments.begin(), entry.payments.end(), [](const Payment& a, const Payment& b) {
    return std::tie(a.agent, a.reports, a.state) < std::tie(b.agent, b.reports, b.state);
  });
  // Expected pay stands there for people.
  place.optional("expected_payments");
  place.finish();
  return entry;
}

}  // namespace

Value support_json(const Instance& instance, const Mechanism& mechanism, bool decimals) {
  const auto add = [&](Value& object, const std::string& key, const Rational& value) {
    if (decimals) object[key] = to_double(value);
    object[key + "_exact"] = text(value);
  };
  Value support = Value::array();
  for (const Entry& entry : mechanism.support) {
    Value decisions = Value::array(), payments = Value::array();
    for (const int decision : entry.decision) {
      decisions.push_back(instance.decisions[static_cast<std::size_t>(decision)]);
    }
    for (const Payment& payment : entry.payments) {
      Value item{{"agent", instance.agents[static_cast<std::size_t>(payment.agent)].name},
                 {"reports", signal_names(instance, payment.reports)},
                 {"state", instance.states[static_cast<std::size_t>(payment.state)]}};
      add(item, "amount", payment.amount);
      payments.push_back(std::move(item));
    }
    Value item{{"profile", effort_names(instance, entry.profile)}};
    add(item, "probability", entry.probability);
    item["decision"] = std::move(decisions);
    item["payments"] = std::move(payments);
    support.push_back(std::move(item));
  }
  return support;
}

Mechanism mechanism_at(Reader& support, const Instance& instance) {
  Mechanism mechanism;
  const std::vector<std::string> agents = agent_names(instance);
  for (Reader& item : support.array()) {
    Entry entry = entry_at(item, instance, agents);
    for (const Entry& other : mechanism.support) {
      if (other.profile == entry.profile) item.fail("this profile comes twice", "each profile once");
    }
    mechanism.support.push_back(std::move(entry));
  }
  std::sort(mechanism.support.begin(), mechanism.support.end(),
            [](const Entry& a, const Entry& b) { return a.profile < b.profile; });
  return mechanism;
}

namespace {

void require_sound(const Mechanism& mechanism, const Reader& support) {
  Rational mass;
  for (const Entry& entry : mechanism.support) {
    mass += entry.probability;
    if (entry.probability <= 0) support.fail("a probability is " + text(entry.probability), "numbers > 0");
    for (const Payment& payment : entry.payments) {
      if (payment.amount < 0)
        support.fail("a payment of " + text(payment.amount) + " is negative", "amounts >= 0");
    }
  }
  if (mass != 1) support.fail("probabilities sum to " + text(mass), "a sum of exactly 1");
}

}  // namespace

std::string mechanism_json(const Instance& instance, const Mechanism& mechanism) {
  return json::dump({{"support", support_json(instance, mechanism)}});
}

Mechanism parse_mechanism(std::string_view json, const Instance& instance, const std::string& source) {
  const Value document = json::parse(json, source, json::Numbers::Text);
  Reader top(document, source);
  Reader support = top.at("support");
  Mechanism mechanism = mechanism_at(support, instance);
  require_sound(mechanism, support);
  return mechanism;
}

Mechanism read_mechanism(const std::filesystem::path& path, const Instance& instance) {
  return parse_mechanism(file::read(path), instance, path == "-" ? "standard input" : path.string());
}

}  // namespace xchg::hiring
