// Instances to JSON, and several agents as one.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "xchg/core/error.hpp"
#include "xchg/core/json.hpp"
#include "xchg/hiring/instance.hpp"

namespace xchg::hiring {
namespace {

using json::Value;

Value numbers(const std::vector<Rational>& values) {
  Value list = Value::array();
  for (const Rational& value : values) list.push_back(text(value));
  return list;
}

Value rows(const std::vector<std::vector<Rational>>& values) {
  Value list = Value::array();
  for (const auto& row : values) list.push_back(numbers(row));
  return list;
}

Value law_json(const Instance& instance) {
  const Law& law = instance.law;
  if (law.form == Form::Joint) {
    const std::size_t states = instance.states.size();
    Value table = Value::array();
    for (const auto& of_profile : law.table) {
      Value list = Value::array();
      for (auto first = of_profile.begin(); first != of_profile.end();
           first += static_cast<std::ptrdiff_t>(states)) {
        list.push_back(numbers({first, first + static_cast<std::ptrdiff_t>(states)}));
      }
      table.push_back(std::move(list));
    }
    return {{"form", "joint"}, {"table", std::move(table)}};
  }
  Value signal = Value::array();
  for (const auto& agent : law.signal) {
    Value list = Value::array();
    for (const auto& effort : agent) list.push_back(rows(effort));
    signal.push_back(std::move(list));
  }
  if (law.form == Form::Independent) {
    return {{"form", "independent"}, {"prior", numbers(law.latent_prior)}, {"signal", std::move(signal)}};
  }
  return {{"form", "latent"},
          {"latent_prior", numbers(law.latent_prior)},
          {"state_given_latent", rows(law.state_given_latent)},
          {"signal", std::move(signal)}};
}

}  // namespace

std::string instance_json(const Instance& instance) {
  Value agents = Value::array();
  for (const Agent& agent : instance.agents) {
    agents.push_back({{"name", agent.name},
                      {"efforts", agent.efforts},
                      {"costs", numbers(agent.costs)},
                      {"signals", agent.signals}});
  }
  Value document{{"name", instance.name},
                 {"title", instance.title},
                 {"states", instance.states},
                 {"decisions", instance.decisions},
                 {"utility", rows(instance.utility)},
                 {"payment_bound", instance.payment_bound.text()},
                 {"agents", std::move(agents)}};
  if (instance.state_depends_on_effort) document["state_depends_on_effort"] = true;
  document["P"] = law_json(instance);
  return json::dump(document);
}

namespace {

// Which member of the merged instance's agent lists every agent of the old one becomes: new position, and for
// members their place in the tuple.
struct Merge {
  std::vector<int> members;
  Radix efforts, signals;  // of the merged agent
};

std::string joined(const Radix& radix, std::size_t index, const std::vector<int>& members,
                   const Instance& instance, bool efforts) {
  std::string name;
  for (std::size_t k = 0; k < members.size(); ++k) {
    const Agent& agent = instance.agents[static_cast<std::size_t>(members[k])];
    const auto digit = static_cast<std::size_t>(radix.digit(index, k));
    name += (k > 0 ? "+" : "") + (efforts ? agent.efforts[digit] : agent.signals[digit]);
  }
  return name;
}

Agent merged_agent(const Instance& instance, const Merge& merge) {
  Agent agent;
  for (std::size_t k = 0; k < merge.members.size(); ++k) {
    agent.name += (k > 0 ? "+" : "") + instance.agents[static_cast<std::size_t>(merge.members[k])].name;
  }
  for (std::size_t b = 0; b < merge.efforts.count(); ++b) {
    agent.efforts.push_back(joined(merge.efforts, b, merge.members, instance, true));
    Rational cost;
    for (std::size_t k = 0; k < merge.members.size(); ++k) {
      const auto& costs = instance.agents[static_cast<std::size_t>(merge.members[k])].costs;
      cost += costs[static_cast<std::size_t>(merge.efforts.digit(b, k))];
    }
    agent.costs.push_back(cost);
  }
  for (std::size_t s = 0; s < merge.signals.count(); ++s) {
    agent.signals.push_back(joined(merge.signals, s, merge.members, instance, false));
  }
  return agent;
}

// The law of the merged agent's signals given the latent value, [effort][w][signal].
std::vector<std::vector<std::vector<Rational>>> merged_signal(const Law& law, const Merge& merge) {
  std::vector<std::vector<std::vector<Rational>>> result;
  for (std::size_t b = 0; b < merge.efforts.count(); ++b) {
    auto& rows = result.emplace_back();
    for (std::size_t w = 0; w < law.latent_prior.size(); ++w) {
      auto& row = rows.emplace_back();
      for (std::size_t s = 0; s < merge.signals.count(); ++s) {
        Rational product = 1;
        for (std::size_t k = 0; k < merge.members.size(); ++k) {
          const auto i = static_cast<std::size_t>(merge.members[k]);
          product *= law.signal[i][static_cast<std::size_t>(merge.efforts.digit(b, k))][w]
                               [static_cast<std::size_t>(merge.signals.digit(s, k))];
        }
        row.push_back(std::move(product));
      }
    }
  }
  return result;
}

// The old tuple that a tuple with the merged agent first, then the others in order, stands for.
std::size_t old_index(const Radix& merged, const Radix& inner, const Radix& old,
                      const std::vector<int>& members, std::size_t index) {
  std::vector<int> tuple(old.digits(), -1);
  const auto inside = static_cast<std::size_t>(merged.digit(index, 0));
  for (std::size_t k = 0; k < members.size(); ++k) {
    tuple[static_cast<std::size_t>(members[k])] = inner.digit(inside, k);
  }
  std::size_t next = 1;
  for (int& digit : tuple) {
    if (digit < 0) digit = merged.digit(index, next++);
  }
  return old.index(tuple);
}

}  // namespace

Instance merge_agents(const Instance& instance, std::vector<int> members) {
  const std::set<int> different(members.begin(), members.end());
  if (members.size() < 2 || different.size() != members.size() || *different.begin() < 0 ||
      static_cast<std::size_t>(*different.rbegin()) >= instance.agents.size()) {
    throw InputError(fmt::format("agents {} cannot be merged", fmt::join(members, ",")), {},
                     fmt::format("two or more different ones of 0 to {}", instance.agents.size() - 1));
  }
  std::vector<int> efforts, signals;
  for (const int member : members) {
    const Agent& agent = instance.agents[static_cast<std::size_t>(member)];
    efforts.push_back(static_cast<int>(agent.efforts.size()));
    signals.push_back(static_cast<int>(agent.signals.size()));
  }
  const Merge merge{members, Radix(efforts), Radix(signals)};
  Instance result = instance;
  result.agents = {merged_agent(instance, merge)};
  for (std::size_t i = 0; i < instance.agents.size(); ++i) {
    if (!different.contains(static_cast<int>(i))) result.agents.push_back(instance.agents[i]);
  }
  if (instance.law.form != Form::Joint) {
    result.law.signal = {merged_signal(instance.law, merge)};
    for (std::size_t i = 0; i < instance.agents.size(); ++i) {
      if (!different.contains(static_cast<int>(i))) result.law.signal.push_back(instance.law.signal[i]);
    }
    return result;
  }
  const Radix new_efforts = result.efforts(), new_signals = result.signals();
  const std::size_t states = instance.states.size();
  for (std::size_t b = 0; b < new_efforts.count(); ++b) {
    const auto& from =
        instance.law.table[old_index(new_efforts, merge.efforts, instance.efforts(), members, b)];
    auto& to = result.law.table[b];
    for (std::size_t s = 0; s < new_signals.count(); ++s) {
      const std::size_t old = old_index(new_signals, merge.signals, instance.signals(), members, s);
      for (std::size_t t = 0; t < states; ++t) to[s * states + t] = from[old * states + t];
    }
  }
  return result;
}

}  // namespace xchg::hiring
