// Simulated agents as an environment.
#include <fmt/format.h>

#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/hiring/online/binomial.hpp"
#include "xchg/hiring/online/own_law.hpp"
#include "xchg/hiring/online/responses.hpp"

namespace xchg::hiring {
namespace {

void check_margins(const Instance& instance, const Setting& setting) {
  const std::vector<OwnLaw> laws = own_laws(instance);
  for (std::size_t i = 0; i < laws.size(); ++i) {
    std::vector<double> cost;
    for (const Rational& c : instance.agents[i].costs) cost.push_back(to_double(c));
    for (std::size_t effort = 0; effort < cost.size(); ++effort) {
      const double margin =
          own_margin(laws[i], cost, static_cast<int>(effort), setting.rules.rule[i][effort]);
      if (margin > 0) continue;
      throw InputError(
          fmt::format("the strict rule for effort \"{}\" of agent \"{}\" is not strict: its margin is {:.3g}",
                      instance.agents[i].efforts[effort], instance.agents[i].name, margin),
          {}, "a margin above 0");
    }
  }
}

void check_sizes(const Instance& instance, const Setting& setting) {
  bool same = setting.frame.agents.size() == instance.agents.size() &&
              setting.frame.states == instance.states && setting.frame.decisions == instance.decisions &&
              setting.rules.rule.size() == instance.agents.size();
  for (std::size_t i = 0; same && i < instance.agents.size(); ++i) {
    const Agent &a = instance.agents[i], &b = setting.frame.agents[i];
    same =
        a.efforts == b.efforts && a.signals == b.signals && setting.rules.rule[i].size() == a.efforts.size();
    for (std::size_t e = 0; same && e < a.efforts.size(); ++e) {
      same = setting.rules.rule[i][e].size() == a.signals.size() * instance.states.size();
    }
  }
  if (!same) {
    throw InputError("the setting is not the instance's", {},
                     "the same states, decisions, agents, efforts, signals");
  }
}

}  // namespace

class Simulator::Agents : public Population {
 public:
  using Population::Population;
};

Simulator::Simulator(const Instance& instance, const Setting& setting, std::uint64_t seed,
                     Behaviour behaviour)
    : seed_(seed) {
  check_sizes(instance, setting);
  check_margins(instance, setting);
  agents_ = std::make_unique<Agents>(instance, std::move(behaviour));
}

Simulator::~Simulator() = default;

Feedback Simulator::play(const Request& request) {
  Random random(seed_, static_cast<std::uint64_t>(request.number));
  Feedback feedback{.rounds = request.rounds};
  const Instance& frame = agents_->instance();
  Posted first = posted(frame, request.mechanism);
  if (request.chooser >= 0) {
    Posted second = posted(frame, request.alternative);
    const auto chooser = static_cast<std::size_t>(request.chooser);
    const double gain = agents_->utility(second, chooser) - agents_->utility(first, chooser);
    const Behaviour& behaviour = agents_->behaviour();
    feedback.chose_alternative = behaviour.kind == Behaviour::Kind::Logit
                                     ? random.uniform() * (1 + std::exp(-gain / behaviour.temperature)) < 1
                                     : gain > 1e-12;
    if (feedback.chose_alternative) first = std::move(second);
  }
  const std::vector<Plans> plans = agents_->respond(first);
  std::vector<double> weights;
  for (const PostedEntry& entry : first) weights.push_back(entry.probability);
  std::vector<std::int64_t> rounds(first.size());
  multinomial(request.rounds, weights, random, rounds);
  for (std::size_t e = 0; e < first.size(); ++e) {
    const Outcome outcome = agents_->outcome(first[e], plans);
    auto& counts = feedback.counts.emplace_back(outcome.law.size());
    multinomial(rounds[e], outcome.law, random, counts);
    const double share = first[e].probability * static_cast<double>(request.rounds);
    feedback.value += share * outcome.value;
    feedback.obeyed += share * outcome.obeyed;
  }
  return feedback;
}

}  // namespace xchg::hiring
