// What simulated agents do, against all their plans one by one.
#include "xchg/hiring/online/responses.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "xchg/core/error.hpp"
#include "xchg/hiring/design.hpp"
#include "xchg/hiring/design/random_instances.hpp"

namespace xchg::hiring {
namespace {

using Response = Plan;

// A mechanism that nobody designed.
Mechanism random_mechanism(const Instance& instance, Random& random) {
  const std::size_t profiles = instance.efforts().count(), reports = instance.signals().count();
  Mechanism mechanism;
  const std::vector<Rational> mu = random_distribution(random, profiles, 0.3);
  for (std::size_t b = 0; b < profiles; ++b) {
    if (mu[b] == 0) continue;
    Entry entry{.profile = b, .probability = mu[b], .decision = {}, .payments = {}};
    for (std::size_t s = 0; s < reports; ++s) {
      entry.decision.push_back(static_cast<int>(random.below(instance.decisions.size())));
    }
    for (std::size_t i = 0; i < instance.agents.size(); ++i) {
      for (std::size_t s = 0; s < reports; ++s) {
        for (std::size_t t = 0; t < instance.states.size(); ++t) {
          if (random.uniform() < 0.4) continue;
          entry.payments.push_back({static_cast<int>(i), s, static_cast<int>(t),
                                    Rational(1 + static_cast<int>(random.below(20)), 20)});
        }
      }
    }
    mechanism.support.push_back(std::move(entry));
  }
  return mechanism;
}

double paid(const Entry& entry, std::size_t agent, std::size_t reports, std::size_t state) {
  double sum = 0;
  for (const Payment& payment : entry.payments) {
    if (payment.agent == static_cast<int>(agent) && payment.reports == reports &&
        payment.state == static_cast<int>(state)) {
      sum += to_double(payment.amount);
    }
  }
  return sum;
}

// Expected utility of an agent who is recommended `asked` and does this, the others honest; by definition.
double utility_of(const Instance& instance, const Mechanism& mechanism, std::size_t agent, int asked,
                  const Response& plan) {
  const Radix efforts = instance.efforts(), signals = instance.signals();
  const std::size_t states = instance.states.size();
  double weight = 0, total = 0;
  for (const Entry& entry : mechanism.support) {
    if (efforts.digit(entry.profile, agent) != asked) continue;
    const double mu = to_double(entry.probability);
    weight += mu;
    const std::vector<Rational> law = exact_law(instance, efforts.with(entry.profile, agent, plan.effort));
    for (std::size_t s = 0; s < signals.count(); ++s) {
      const auto seen = static_cast<std::size_t>(signals.digit(s, agent));
      for (std::size_t t = 0; t < states; ++t) {
        total += mu * to_double(law[s * states + t]) *
                 paid(entry, agent, signals.with(s, agent, plan.report[seen]), t);
      }
    }
  }
  return total / weight - to_double(instance.agents[agent].costs[static_cast<std::size_t>(plan.effort)]);
}

void for_all_plans(const Agent& agent, const std::function<void(const Response&)>& visit) {
  const Radix maps(std::vector<int>(agent.signals.size(), static_cast<int>(agent.signals.size())));
  for (std::size_t effort = 0; effort < agent.efforts.size(); ++effort) {
    for (std::size_t map = 0; map < maps.count(); ++map) {
      visit({.probability = 1, .effort = static_cast<int>(effort), .report = maps.tuple(map)});
    }
  }
}

TEST(Responses, AreTheBestOfAllPlansOneByOneAndHonestWhereNothingIsBetter) {
  Random random(11);
  for (int round = 0; round < 60; ++round) {
    const Instance instance = random_instance(random, round % 2 == 0);
    const Mechanism mechanism = random_mechanism(instance, random);
    const Population population(instance, {});
    const std::vector<Plans> plans = population.respond(posted(instance, mechanism));
    for (std::size_t i = 0; i < instance.agents.size(); ++i) {
      for (const auto& [asked, chosen] : plans[population.group_of(i)]) {
        ASSERT_EQ(chosen.size(), 1u);
        double best = -1e300;
        for_all_plans(instance.agents[i], [&](const Response& plan) {
          best = std::max(best, utility_of(instance, mechanism, i, asked, plan));
        });
        EXPECT_NEAR(utility_of(instance, mechanism, i, asked, chosen[0]), best, 1e-10);
      }
    }
  }
}

TEST(Responses, AreObedientUnderDesignedMechanisms) {
  for (const char* name : {"audit2", "weather3", "double2", "sources2", "nofree2"}) {
    const Instance instance =
        read_instance(std::string(XCHG_TEST_DATA "/hiring/instances/") + name + ".json");
    const Result result = design(instance, {.ladder = false});
    const Population population(instance, {});
    const Posted offer = posted(instance, result.mechanism);
    const std::vector<Plans> plans = population.respond(offer);
    double value = 0, obeyed = 0;
    for (const PostedEntry& entry : offer) {
      const Outcome outcome = population.outcome(entry, plans);
      value += entry.probability * outcome.value;
      obeyed += entry.probability * outcome.obeyed;
    }
    EXPECT_NEAR(obeyed, 1, 1e-12) << name;
    EXPECT_NEAR(value, result.value, 1e-10) << name;
  }
}

// Audit2 (README): both agree to rest and report 0; together they gain 9/91, the principal falls to 27.5/91.
TEST(Responses, OfACoalitionAreTheBadEquilibriumOfAudit2) {
  const Instance instance = read_instance(XCHG_TEST_DATA "/hiring/instances/audit2.json");
  const Posted offer = posted(instance, design(instance, {.ladder = false}).mechanism);
  const Population honest(instance, {});
  const Population pair(instance, {.kind = Behaviour::Kind::Collusive});
  EXPECT_NEAR(pair.utility(offer, 0) - honest.utility(offer, 0) - honest.utility(offer, 1), 9. / 91, 1e-9);
  const std::vector<Plans> plans = pair.respond(offer);
  double value = 0;
  for (const PostedEntry& entry : offer) value += entry.probability * pair.outcome(entry, plans).value;
  EXPECT_NEAR(value, 0.302197802, 1e-9);
}

TEST(Outcome, IsTheSumOverAllSignalsByDefinition) {
  Random random(12);
  for (int round = 0; round < 60; ++round) {
    const Instance instance = random_instance(random, round % 2 == 0);
    const Mechanism mechanism = random_mechanism(instance, random);
    const Population population(instance, {});
    const Posted offer = posted(instance, mechanism);
    const std::vector<Plans> plans = population.respond(offer);
    const Radix efforts = instance.efforts(), signals = instance.signals();
    for (std::size_t e = 0; e < offer.size(); ++e) {
      const Entry& entry = mechanism.support[e];
      const auto plan_of = [&](std::size_t i) -> const Response& {
        return plans[population.group_of(i)].at(efforts.digit(entry.profile, i))[0];
      };
      std::size_t b = entry.profile;
      for (std::size_t i = 0; i < instance.agents.size(); ++i) b = efforts.with(b, i, plan_of(i).effort);
      const std::vector<Rational> law = exact_law(instance, b);
      double value = 0;
      for (std::size_t s = 0; s < signals.count(); ++s) {
        std::size_t reported = s;
        for (std::size_t i = 0; i < instance.agents.size(); ++i) {
          reported =
              signals.with(reported, i, plan_of(i).report[static_cast<std::size_t>(signals.digit(s, i))]);
        }
        for (std::size_t t = 0; t < instance.states.size(); ++t) {
          double worth = to_double(instance.utility[static_cast<std::size_t>(entry.decision[reported])][t]);
          for (std::size_t i = 0; i < instance.agents.size(); ++i) worth -= paid(entry, i, reported, t);
          value += to_double(law[s * instance.states.size() + t]) * worth;
        }
      }
      EXPECT_NEAR(population.outcome(offer[e], plans).value, value, 1e-10);
    }
  }
}

TEST(Responses, OfStubbornAgentsMixTheCheapestEffortIn) {
  const Instance instance = read_instance(XCHG_TEST_DATA "/hiring/instances/audit2.json");
  const Posted offer = posted(instance, design(instance, {.ladder = false}).mechanism);
  const Population stubborn(instance, {.kind = Behaviour::Kind::Stubborn, .probability = 0.25});
  const std::vector<Plans> plans = stubborn.respond(offer);
  double obeyed = 0;
  for (const PostedEntry& entry : offer) obeyed += entry.probability * stubborn.outcome(entry, plans).obeyed;
  // Each single profile is obeyed with 3/4 (the other rests anyhow), the double one with 9/16.
  EXPECT_NEAR(obeyed, 82. / 91 * 0.75 + 9. / 91 * 0.5625, 1e-9);
}

TEST(Responses, OfLogitAgentsHaveTheOddsOfTheirUtilities) {
  const Instance instance = read_instance(XCHG_TEST_DATA "/hiring/instances/coin1.json");
  const Mechanism mechanism = design(instance, {.ladder = false}).mechanism;
  const Posted offer = posted(instance, mechanism);
  const Population logit(instance, {.kind = Behaviour::Kind::Logit, .temperature = 0.05});
  const std::vector<Plans> responses = logit.respond(offer);
  for (const auto& [asked, plans] : responses[0]) {
    double sum = 0;
    for (const Response& plan : plans) {
      sum += plan.probability;
      const double gap = utility_of(instance, mechanism, 0, asked, plan) -
                         utility_of(instance, mechanism, 0, asked, plans[0]);
      EXPECT_NEAR(plan.probability / plans[0].probability, std::exp(gap / 0.05), 1e-9);
    }
    EXPECT_NEAR(sum, 1, 1e-12);
  }
}

TEST(Responses, BehavioursOutOfRangeAreRefused) {
  const Instance instance = read_instance(XCHG_TEST_DATA "/hiring/instances/audit2.json");
  EXPECT_THROW(Population(instance, {.kind = Behaviour::Kind::Logit, .temperature = 0}), InputError);
  EXPECT_THROW(Population(instance, {.kind = Behaviour::Kind::Stubborn, .probability = 1.5}), InputError);
  EXPECT_THROW(Population(instance, {.kind = Behaviour::Kind::Collusive, .coalition = {0, 0}}), InputError);
  EXPECT_THROW(Population(instance, {.kind = Behaviour::Kind::Collusive, .coalition = {2}}), InputError);
}

}  // namespace
}  // namespace xchg::hiring
