// What a principal knows beforehand, as JSON.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "xchg/core/file.hpp"
#include "xchg/core/json.hpp"
#include "xchg/hiring/instance/problems.hpp"
#include "xchg/hiring/online.hpp"

namespace xchg::hiring {
namespace {

std::vector<std::string> names_at(const json::Reader& place) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const json::Reader& entry : place.array()) {
    names.push_back(entry.text());
    if (!seen.insert(names.back()).second) entry.fail("a name comes twice", "names that differ");
  }
  if (names.empty()) place.fail("there is no name", "at least one");
  return names;
}

std::vector<json::Reader> sized(const json::Reader& place, std::size_t size, const char* what) {
  std::vector<json::Reader> entries = place.array();
  if (entries.size() != size) {
    place.fail(fmt::format("there are {} entries", entries.size()),
               fmt::format("{}, one for each {}", size, what));
  }
  return entries;
}

OwnRule rule_at(const json::Reader& place, const Agent& agent, const Instance& frame) {
  OwnRule rule;
  for (const json::Reader& row : sized(place, agent.signals.size(), "signal")) {
    for (const json::Reader& cell : sized(row, frame.states.size(), "state")) {
      const Rational amount = rational_at_least_0(cell);
      if (amount > frame.payment_bound.amount()) {
        cell.fail("a payment of " + text(amount), "at most " + frame.payment_bound.text());
      }
      rule.push_back(to_double(amount));
    }
  }
  return rule;
}

}  // namespace

std::string setting_json(const Setting& setting) {
  const Instance& frame = setting.frame;
  json::Value utility = json::Value::array(), agents = json::Value::array();
  for (const auto& row : frame.utility) {
    auto& list = utility.emplace_back(json::Value::array());
    for (const Rational& u : row) list.push_back(text(u));
  }
  for (std::size_t i = 0; i < frame.agents.size(); ++i) {
    const Agent& agent = frame.agents[i];
    json::Value rules = json::Value::array();
    for (const OwnRule& rule : setting.rules.rule[i]) {
      auto& rows = rules.emplace_back(json::Value::array());
      for (std::size_t z = 0; z < agent.signals.size(); ++z) {
        auto& row = rows.emplace_back(json::Value::array());
        for (std::size_t t = 0; t < frame.states.size(); ++t)
          row.push_back(rule[z * frame.states.size() + t]);
      }
    }
    agents.push_back(
        {{"name", agent.name}, {"efforts", agent.efforts}, {"signals", agent.signals}, {"rules", rules}});
  }
  return json::dump({{"name", frame.name},
                     {"states", frame.states},
                     {"decisions", frame.decisions},
                     {"utility", utility},
                     {"payment_bound", frame.payment_bound.text()},
                     {"state_depends_on_effort", frame.state_depends_on_effort},
                     {"agents", agents}});
}

Setting parse_setting(std::string_view document_text, const std::string& source) {
  const json::Value document = json::parse(document_text, source, json::Numbers::Text);
  json::Reader top(document, source);
  if (!top.is_object()) top.fail_found("an object with states, decisions, utility, payment_bound and agents");
  Setting setting;
  Instance& frame = setting.frame;
  if (const auto name = top.optional("name")) frame.name = name->text();
  if (const auto title = top.optional("title")) frame.title = title->text();
  frame.states = names_at(top.at("states"));
  frame.decisions = names_at(top.at("decisions"));
  for (const json::Reader& row : sized(top.at("utility"), frame.decisions.size(), "decision")) {
    auto& values = frame.utility.emplace_back();
    for (const json::Reader& cell : sized(row, frame.states.size(), "state"))
      values.push_back(rational_at(cell));
  }
  const json::Reader bound = top.at("payment_bound");
  frame.payment_bound = Bound(rational_at_least_0(bound));
  if (frame.payment_bound.amount() == 0) bound.fail("the payment bound is 0", "a number > 0");
  if (const auto flag = top.optional("state_depends_on_effort"))
    frame.state_depends_on_effort = flag->boolean();
  std::set<std::string> seen;
  for (json::Reader entry : top.at("agents").array()) {
    Agent agent;
    json::Reader name = entry.at("name");
    agent.name = name.text();
    if (!seen.insert(agent.name).second) name.fail("the agent comes twice", "names that differ");
    agent.efforts = names_at(entry.at("efforts"));
    agent.signals = names_at(entry.at("signals"));
    agent.costs.assign(agent.efforts.size(), Rational(0));
    auto& rules = setting.rules.rule.emplace_back();
    for (const json::Reader& rule : sized(entry.at("rules"), agent.efforts.size(), "effort")) {
      rules.push_back(rule_at(rule, agent, frame));
    }
    entry.finish();
    frame.agents.push_back(std::move(agent));
  }
  top.finish();
  frame.efforts();
  frame.signals();
  return setting;
}

Setting read_setting(const std::filesystem::path& path, Warnings* warnings) {
  const std::string content = file::read(path);
  const std::string source = path == "-" ? "standard input" : path.string();
  const json::Value document = json::parse(content, source, json::Numbers::Text);
  if (document.is_object() && document.contains("P")) {
    return setting_of(parse_instance(content, source, warnings), warnings);
  }
  return parse_setting(content, source);
}

}  // namespace xchg::hiring
