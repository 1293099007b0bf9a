// Small random instances for tests: joint laws with zeros, or independent ones.
#pragma once

#include <fmt/format.h>

#include "xchg/core/random.hpp"
#include "xchg/hiring/instance.hpp"

namespace xchg::hiring {

inline std::vector<Rational> random_distribution(Random& random, std::size_t count, double zeros) {
  std::vector<int> weights(count);
  int sum = 0;
  for (int& weight : weights) {
    weight = random.uniform() < zeros ? 0 : 1 + static_cast<int>(random.below(9));
    sum += weight;
  }
  if (sum == 0) sum = weights[random.below(count)] = 1;
  std::vector<Rational> result;
  for (const int weight : weights) result.emplace_back(weight, sum);
  return result;
}

inline std::vector<std::string> numbered_names(const std::string& stem, std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(fmt::format("{}{}", stem, i));
  return names;
}

// 1 to 3 agents with 1 to 3 efforts and signals, 1 to 3 states. Joint laws: a prior of the states, for each
// profile and state a random law of the signal profiles.
inline Instance random_instance(Random& random, bool independent) {
  const auto size = [&](std::size_t most) { return 1 + static_cast<std::size_t>(random.below(most)); };
  Instance instance;
  instance.states = numbered_names("t", size(3));
  instance.decisions = numbered_names("a", size(3));
  for (std::size_t a = 0; a < instance.decisions.size(); ++a) {
    auto& row = instance.utility.emplace_back();
    for (std::size_t t = 0; t < instance.states.size(); ++t)
      row.emplace_back(static_cast<int>(random.below(11)), 10);
  }
  const std::size_t agents = size(independent ? 3 : 2);
  for (std::size_t i = 0; i < agents; ++i) {
    Agent agent{.name = fmt::format("agent {}", i),
                .efforts = numbered_names("e", size(3)),
                .costs = {},
                .signals = numbered_names("s", size(3))};
    for (std::size_t b = 0; b < agent.efforts.size(); ++b)
      agent.costs.emplace_back(static_cast<int>(b * random.below(6)), 100);
    instance.agents.push_back(std::move(agent));
  }
  instance.payment_bound = Bound(Rational(1 + static_cast<int>(random.below(8)), 4));
  const std::vector<Rational> prior = random_distribution(random, instance.states.size(), 0);
  Law& law = instance.law;
  if (independent) {
    law.latent_prior = prior;
    law.state_given_latent.assign(prior.size(), std::vector<Rational>(prior.size()));
    for (std::size_t t = 0; t < prior.size(); ++t) law.state_given_latent[t][t] = 1;
    for (const Agent& agent : instance.agents) {
      auto& table = law.signal.emplace_back();
      for (std::size_t b = 0; b < agent.efforts.size(); ++b) {
        auto& rows = table.emplace_back();
        for (std::size_t t = 0; t < prior.size(); ++t)
          rows.push_back(random_distribution(random, agent.signals.size(), 0.2));
      }
    }
    return instance;
  }
  law.form = Form::Joint;
  const std::size_t signals = instance.signals().count(), states = instance.states.size();
  for (std::size_t b = 0; b < instance.efforts().count(); ++b) {
    auto& table = law.table.emplace_back(signals * states);
    for (std::size_t t = 0; t < states; ++t) {
      const auto given = random_distribution(random, signals, 0.3);
      for (std::size_t s = 0; s < signals; ++s) table[s * states + t] = prior[t] * given[s];
    }
  }
  return instance;
}

}  // namespace xchg::hiring
