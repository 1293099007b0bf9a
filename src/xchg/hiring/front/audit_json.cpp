// Audits as JSON.
#include "xchg/hiring/front/result_json.hpp"
#include "xchg/hiring/instance/names.hpp"

namespace xchg::hiring {
namespace {

using nlohmann::ordered_json;

const Agent& agent_of(const Instance& instance, int i) {
  return instance.agents[static_cast<std::size_t>(i)];
}

// What is said after each signal that may be seen.
ordered_json reports_json(const Agent& agent, const std::vector<int>& reports) {
  ordered_json json = ordered_json::object();
  for (std::size_t z = 0; z < reports.size(); ++z) {
    if (reports[z] >= 0) json[agent.signals[z]] = agent.signals[static_cast<std::size_t>(reports[z])];
  }
  return json;
}

ordered_json temptation_json(const Instance& instance, const Agent& agent, const Temptation& plan) {
  ordered_json json{{"effort", agent.efforts[static_cast<std::size_t>(plan.effort)]},
                    {"reports", reports_json(agent, plan.reports)}};
  add_exact(json, "gain", plan.gain_exact);
  json["payment"] = plan.payment;
  json["utility"] = plan.utility;
  json["driver"] = nullptr;
  if (plan.driver) {
    json["driver"] = {{"profile", effort_names(instance, plan.driver->profile)},
                      {"reports", signal_names(instance, plan.driver->reports)},
                      {"state", instance.states[static_cast<std::size_t>(plan.driver->state)]},
                      {"amount", plan.driver->amount},
                      {"honest", plan.driver->honest},
                      {"deviating", plan.driver->deviating}};
  }
  return json;
}

ordered_json recommendation_json(const Instance& instance, const Recommendation& asked) {
  const Agent& agent = agent_of(instance, asked.agent);
  ordered_json json{{"agent", agent.name}, {"effort", agent.efforts[static_cast<std::size_t>(asked.effort)]}};
  add_exact(json, "probability", asked.probability_exact);
  json["payment"] = asked.payment;
  json["utility"] = asked.utility;
  json["alternatives"] = ordered_json::array();
  for (const Temptation& plan : asked.alternatives) {
    json["alternatives"].push_back(temptation_json(instance, agent, plan));
  }
  return json;
}

ordered_json coalition_json(const Instance& instance, const Coalition& coalition) {
  ordered_json json{{"members", ordered_json::array()}, {"gain", coalition.gain}};
  for (const int i : coalition.members) json["members"].push_back(agent_of(instance, i).name);
  return json;
}

ordered_json equilibrium_json(const Instance& instance, const Equilibrium& equilibrium) {
  ordered_json json{{"honest", equilibrium.honest},       {"found", equilibrium.found},
                    {"principal", equilibrium.principal}, {"payments", equilibrium.payments},
                    {"utilities", equilibrium.utilities}, {"reactions", ordered_json::array()}};
  for (std::size_t i = 0; i < equilibrium.reactions.size(); ++i) {
    const Agent& agent = instance.agents[i];
    for (std::size_t b = 0; b < equilibrium.reactions[i].size(); ++b) {
      const Reaction& reaction = equilibrium.reactions[i][b];
      if (!reaction.asked) continue;
      json["reactions"].push_back({{"agent", agent.name},
                                   {"recommended", agent.efforts[b]},
                                   {"effort", agent.efforts[static_cast<std::size_t>(reaction.effort)]},
                                   {"reports", reports_json(agent, reaction.reports)}});
    }
  }
  return json;
}

ordered_json or_null(const std::optional<double>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

}  // namespace

ordered_json audit_json(const Instance& instance, const Audit& audit) {
  ordered_json json{{"value", audit.value}, {"payments", audit.payments}, {"utilities", audit.utilities}};
  json["violation"] = nullptr;
  if (audit.violation) add_exact(json, "violation", *audit.violation);
  json["incentive_compatible"] = audit.incentive_compatible;
  json["cost_error"] = or_null(audit.cost_error);
  json["least_cost_factor"] = audit.least_cost_factor;
  json["most_cost_factor"] = or_null(audit.most_cost_factor);
  json["law_error"] = or_null(audit.law_error);
  for (const char* list : {"recommendations", "costs_off", "coalitions", "equilibria"}) {
    json[list] = ordered_json::array();
  }
  for (const Recommendation& asked : audit.recommendations) {
    json["recommendations"].push_back(recommendation_json(instance, asked));
  }
  for (const CostsOff& off : audit.costs_off) {
    json["costs_off"].push_back(
        {{"factor", off.factor},
         {"gain", off.gain},
         {"recommendation",
          off.recommendation ? recommendation_json(instance, *off.recommendation) : nullptr}});
  }
  for (const Coalition& coalition : audit.coalitions) {
    json["coalitions"].push_back(coalition_json(instance, coalition));
  }
  for (const Equilibrium& found : audit.equilibria) {
    json["equilibria"].push_back(equilibrium_json(instance, found));
  }
  json["starts"] = audit.starts;
  json["unsettled"] = audit.unsettled;
  json["complete"] = audit.complete;
  return json;
}

}  // namespace xchg::hiring
