#include "xchg/hiring/estimate/observed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"
#include "xchg/core/utf8.hpp"

namespace xchg::hiring {
namespace {

std::size_t find(const std::string& name, const std::vector<std::string>& names, const std::string& what,
                 const Where& where) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw InputError(
        fmt::format("there is no {} {}", what, utf8::quoted(name)) + text::suggestion(name, names), where);
  }
  return static_cast<std::size_t>(found - names.begin());
}

std::vector<std::string> names_of(const std::vector<Agent>& agents) {
  std::vector<std::string> names;
  for (const Agent& agent : agents) names.push_back(agent.name);
  return names;
}

}  // namespace

int Observed::total(std::size_t task, std::size_t agent, std::size_t effort) const {
  const auto& counts = count[task][agent][effort];
  return std::accumulate(counts.begin(), counts.end(), 0);
}

Observed observed(const Panel& panel, const Instance& instance) {
  Observed result;
  std::map<std::string, std::size_t> tasks;
  const std::vector<std::string> agents = names_of(instance.agents);
  for (const Report& report : panel.reports) {
    const Where where{panel.source, report.line};
    const auto [known, fresh] = tasks.emplace(report.task, tasks.size());
    if (fresh) {
      result.state.push_back(static_cast<int>(find(report.truth, instance.states, "state", where)));
      auto& counts = result.count.emplace_back();
      for (const Agent& agent : instance.agents) {
        counts.emplace_back(agent.efforts.size(), std::vector<int>(agent.signals.size()));
      }
    }
    const std::size_t i = find(report.agent, agents, "agent", where);
    const Agent& agent = instance.agents[i];
    const std::size_t effort =
        find(report.effort, agent.efforts, "effort of agent " + utf8::quoted(agent.name), where);
    const std::size_t signal =
        find(report.report, agent.signals, "signal of agent " + utf8::quoted(agent.name), where);
    ++result.count[known->second][i][effort][signal];
  }
  return result;
}

void set_costs(const Costs& costs, Instance& instance) {
  const std::vector<std::string> agents = names_of(instance.agents);
  std::vector<std::vector<bool>> known;
  for (Agent& agent : instance.agents) {
    known.emplace_back(agent.efforts.size(), !agent.costs.empty());
    agent.costs.resize(agent.efforts.size());
  }
  if (costs.per_label) {
    for (std::size_t i = 0; i < instance.agents.size(); ++i) {
      Agent& agent = instance.agents[i];
      for (std::size_t b = 0; b < agent.efforts.size(); ++b) {
        const auto labels = to_rational(agent.efforts[b]);
        if (!labels || *labels < 0) {
          throw InputError("the effort " + utf8::quoted(agent.efforts[b]) + " is no number of labels", {},
                           "numbers as efforts, or a list of costs");
        }
        agent.costs[b] = *labels * *costs.per_label;
        known[i][b] = true;
      }
    }
  }
  for (const Costs::Item& item : costs.items) {
    const std::size_t i = find(item.agent, agents, "agent", {"costs"});
    const std::size_t b = find(item.effort, instance.agents[i].efforts,
                               "effort of agent " + utf8::quoted(item.agent), {"costs"});
    instance.agents[i].costs[b] = item.cost;
    known[i][b] = true;
  }
  for (std::size_t i = 0; i < instance.agents.size(); ++i) {
    for (std::size_t b = 0; b < known[i].size(); ++b) {
      if (known[i][b]) continue;
      throw InputError(
          fmt::format("the cost of effort {} of agent {} is not known",
                      utf8::quoted(instance.agents[i].efforts[b]), utf8::quoted(instance.agents[i].name)),
          {"costs"}, "a cost for every effort");
    }
  }
}

}  // namespace xchg::hiring
