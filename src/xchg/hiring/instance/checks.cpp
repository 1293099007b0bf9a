#include "xchg/hiring/instance/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "xchg/core/error.hpp"
#include "xchg/hiring/instance/names.hpp"

namespace xchg::hiring {
namespace {

std::vector<Rational> state_marginal(const Instance& instance, std::size_t b) {
  std::vector<Rational> marginal(instance.states.size());
  const auto& row = instance.law.table[b];
  for (std::size_t cell = 0; cell < row.size(); ++cell) marginal[cell % marginal.size()] += row[cell];
  return marginal;
}

std::string profile_text(const Instance& instance, std::size_t b) {
  return fmt::format("({})", fmt::join(effort_names(instance, b), ", "));
}

[[noreturn]] void refuse(const std::string& problem, const std::string& pointer,
                         const std::string& expected = {}) {
  throw InputError(problem, {"instance", 0, 0, pointer}, expected);
}

void check_names(const std::vector<std::string>& names, const std::string& pointer) {
  if (names.empty()) refuse("there is none", pointer, "at least one name");
  if (std::set<std::string>(names.begin(), names.end()).size() != names.size()) {
    refuse("a name comes twice", pointer, "names that differ");
  }
}

void check_distribution(const std::vector<Rational>& values, std::size_t count, const std::string& pointer) {
  if (values.size() != count) {
    refuse(fmt::format("there are {} probabilities", values.size()), pointer, fmt::format("{}", count));
  }
  Rational sum;
  for (const Rational& value : values) {
    if (value < 0) refuse(text(value) + " is negative", pointer, "probabilities >= 0");
    sum += value;
  }
  if (sum != 1) refuse("probabilities sum to " + text(sum), pointer, "a sum of exactly 1");
}

void check_factors(const Instance& instance) {
  const Law& law = instance.law;
  check_distribution(law.latent_prior, law.latent_prior.size(), "/P/latent_prior");
  if (law.state_given_latent.size() != law.latent_prior.size()) {
    refuse("has not a row for each latent value", "/P/state_given_latent");
  }
  for (const auto& row : law.state_given_latent) {
    check_distribution(row, instance.states.size(), "/P/state_given_latent");
  }
  if (law.signal.size() != instance.agents.size()) refuse("has not a table for each agent", "/P/signal");
  for (std::size_t i = 0; i < law.signal.size(); ++i) {
    const std::string pointer = fmt::format("/P/signal/{}", i);
    if (law.signal[i].size() != instance.agents[i].efforts.size())
      refuse("has not a table for each effort", pointer);
    for (const auto& effort : law.signal[i]) {
      if (effort.size() != law.latent_prior.size()) refuse("has not a row for each latent value", pointer);
      for (const auto& row : effort) check_distribution(row, instance.agents[i].signals.size(), pointer);
    }
  }
}

}  // namespace

void check_state_marginals(const Instance& instance, const std::string& source) {
  if (instance.law.form != Form::Joint || instance.state_depends_on_effort) return;
  const std::vector<Rational> first = state_marginal(instance, 0);
  for (std::size_t b = 1; b < instance.law.table.size(); ++b) {
    const std::vector<Rational> other = state_marginal(instance, b);
    for (std::size_t t = 0; t < first.size(); ++t) {
      const Rational difference =
          first[t] > other[t] ? Rational(first[t] - other[t]) : Rational(other[t] - first[t]);
      if (difference <= Rational(1, 1'000'000'000)) continue;
      throw InputError(
          fmt::format("the state \"{}\" has probability {:.12g} under efforts {} and {:.12g} under {}",
                      instance.states[t], to_double(first[t]), profile_text(instance, 0), to_double(other[t]),
                      profile_text(instance, b)),
          {source, 0, 0, fmt::format("/P/table/{}", b)},
          "the same for all efforts, or \"state_depends_on_effort\": true");
    }
  }
}

Warnings warnings_about(const Instance& instance) {
  Warnings warnings;
  for (const Agent& agent : instance.agents) {
    const Rational least = *std::min_element(agent.costs.begin(), agent.costs.end());
    if (least > 0) {
      warnings.push_back(
          fmt::format("agent \"{}\" has no free effort: the cheapest costs {}, and he may be left with less "
                      "than 0 (see --outside)",
                      agent.name, text(least)));
    }
  }
  return warnings;
}

void check(const Instance& instance) {
  check_names(instance.states, "/states");
  check_names(instance.decisions, "/decisions");
  if (instance.utility.size() != instance.decisions.size())
    refuse("has not a row for each decision", "/utility");
  for (const auto& row : instance.utility) {
    if (row.size() != instance.states.size()) refuse("has not a value for each state", "/utility");
  }
  std::set<std::string> names;
  for (std::size_t i = 0; i < instance.agents.size(); ++i) {
    const Agent& agent = instance.agents[i];
    const std::string pointer = fmt::format("/agents/{}", i);
    if (!names.insert(agent.name).second)
      refuse("the agent's name comes twice", pointer, "names that differ");
    check_names(agent.efforts, pointer + "/efforts");
    check_names(agent.signals, pointer + "/signals");
    if (agent.costs.size() != agent.efforts.size())
      refuse("has not a cost for each effort", pointer + "/costs");
    for (const Rational& cost : agent.costs) {
      if (cost < 0) refuse(text(cost) + " is negative", pointer + "/costs", "costs >= 0");
    }
  }
  if (instance.law.form == Form::Joint) {
    if (instance.law.table.size() != instance.efforts().count()) {
      refuse("has not a table for each effort profile", "/P/table");
    }
    for (const auto& row : instance.law.table) {
      check_distribution(row, instance.signals().count() * instance.states.size(), "/P/table");
    }
    check_state_marginals(instance, "instance");
  } else {
    check_factors(instance);
  }
}

}  // namespace xchg::hiring
