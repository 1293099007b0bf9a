// The auditor against the enumeration of every plan.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "xchg/core/error.hpp"
#include "xchg/core/random.hpp"
#include "xchg/hiring/audit.hpp"
#include "xchg/hiring/certificate.hpp"
#include "xchg/hiring/design.hpp"
#include "xchg/hiring/design/random_instances.hpp"

namespace xchg::hiring {
namespace {

Rational noise(Random& random) { return Rational(static_cast<int>(random.below(1000)), 4000); }

// An optimal mechanism with noise in its payments, and further profiles with random payments.
Mechanism perturbed(const Instance& instance, Random& random) {
  Mechanism mechanism = design(instance, {.ladder = false}).mechanism;
  const std::size_t signals = instance.signals().count(), states = instance.states.size();
  std::vector<Rational> weights;
  std::vector<Entry> entries;
  for (std::size_t b = 0; b < instance.efforts().count(); ++b) {
    Rational weight = random.uniform() < 0.5 ? noise(random) : Rational(0);
    std::vector<Rational> table(instance.agents.size() * signals * states);
    for (const Entry& entry : mechanism.support) {
      if (entry.profile != b) continue;
      weight += entry.probability;
      for (const Payment& payment : entry.payments) {
        table[(static_cast<std::size_t>(payment.agent) * signals + payment.reports) * states +
              static_cast<std::size_t>(payment.state)] = payment.amount;
      }
    }
    if (weight == 0) continue;
    Entry entry{b, weight, best_decisions(instance, b), {}};
    for (std::size_t k = 0; k < table.size(); ++k) {
      if (random.uniform() < 0.6) table[k] += noise(random);
      if (table[k] == 0) continue;
      entry.payments.push_back({static_cast<int>(k / (signals * states)), k / states % signals,
                                static_cast<int>(k % states), table[k]});
    }
    entries.push_back(std::move(entry));
  }
  Rational sum = 0;
  for (const Entry& entry : entries) sum += entry.probability;
  for (Entry& entry : entries) entry.probability /= sum;
  return {std::move(entries)};
}

double amount(const Entry& entry, int agent, std::size_t reports, std::size_t state) {
  for (const Payment& payment : entry.payments) {
    if (payment.agent == agent && payment.reports == reports && payment.state == static_cast<int>(state))
      return to_double(payment.amount);
  }
  return 0;
}

// Expected utility of some members together, times how often they hear `recommended`, where they choose
// `efforts` and report map[s's part]; the formula of the model, term by term.
double utility(const Instance& instance, const Mechanism& mechanism, const std::vector<int>& members,
               const std::vector<int>& recommended, const std::vector<int>& efforts, const Radix& parts,
               const std::vector<int>& map) {
  const Radix all = instance.efforts(), signals = instance.signals();
  const std::size_t states = instance.states.size();
  double sum = 0;
  for (const Entry& entry : mechanism.support) {
    std::vector<int> b = all.tuple(entry.profile);
    bool heard = true;
    for (std::size_t k = 0; k < members.size(); ++k) {
      const auto i = static_cast<std::size_t>(members[k]);
      heard = heard && b[i] == recommended[k];
      b[i] = efforts[k];
    }
    if (!heard) continue;
    const double mu = to_double(entry.probability);
    const std::vector<Rational> law = exact_law(instance, all.index(b));
    for (std::size_t s = 0; s < signals.count(); ++s) {
      std::vector<int> told = signals.tuple(s), part;
      for (const int i : members) part.push_back(told[static_cast<std::size_t>(i)]);
      const std::vector<int> reported = parts.tuple(static_cast<std::size_t>(map[parts.index(part)]));
      for (std::size_t k = 0; k < members.size(); ++k)
        told[static_cast<std::size_t>(members[k])] = reported[k];
      for (std::size_t t = 0; t < states; ++t) {
        for (const int i : members)
          sum += mu * to_double(law[s * states + t]) * amount(entry, i, signals.index(told), t);
      }
    }
    for (std::size_t k = 0; k < members.size(); ++k) {
      sum -= mu * to_double(instance.agents[static_cast<std::size_t>(members[k])]
                                .costs[static_cast<std::size_t>(efforts[k])]);
    }
  }
  return sum;
}

// How often `agent` sees z when he is asked for `recommended` and chooses it.
bool may_see(const Instance& instance, const Mechanism& mechanism, std::size_t agent, int recommended,
             int z) {
  const Radix signals = instance.signals();
  for (const Entry& entry : mechanism.support) {
    if (instance.efforts().digit(entry.profile, agent) != recommended) continue;
    const auto law = exact_law(instance, entry.profile);
    for (std::size_t cell = 0; cell < law.size(); ++cell) {
      if (law[cell] != 0 && signals.digit(cell / instance.states.size(), agent) == z) return true;
    }
  }
  return false;
}

TEST(AuditOracle, GainsEqualTheEnumerationOfEveryPlan) {
  Random random(21);
  int compared = 0, tempted = 0;
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(round);
    const Instance instance = random_instance(random, round % 2 == 0);
    const Mechanism mechanism = perturbed(instance, random);
    const Audit audit = hiring::audit(instance, mechanism, {.coalitions = 0, .equilibria = false});
    for (const Recommendation& of : audit.recommendations) {
      const auto i = static_cast<std::size_t>(of.agent);
      const int signals = instance.signals().size(i);
      const Radix parts({signals});
      const Radix maps(std::vector<int>(static_cast<std::size_t>(signals), signals));
      std::vector<int> truth(static_cast<std::size_t>(signals));
      for (int z = 0; z < signals; ++z) truth[static_cast<std::size_t>(z)] = z;
      const auto worth = [&](int effort, const std::vector<int>& map) {
        return utility(instance, mechanism, {of.agent}, {of.effort}, {effort}, parts, map) / of.probability;
      };
      const double honest = worth(of.effort, truth);
      EXPECT_NEAR(of.utility, honest, 1e-12);
      double most = -std::numeric_limits<double>::infinity();
      for (int effort = 0; effort < instance.efforts().size(i); ++effort) {
        for (std::size_t m = 0; m < maps.count(); ++m) {
          const std::vector<int> map = maps.tuple(m);
          bool other = effort != of.effort;
          for (int z = 0; z < signals && !other; ++z) {
            other = map[static_cast<std::size_t>(z)] != z && may_see(instance, mechanism, i, of.effort, z);
          }
          if (other) most = std::max(most, worth(effort, map) - honest);
        }
      }
      ASSERT_EQ(of.alternatives.empty(), std::isinf(most));
      if (of.alternatives.empty()) continue;
      EXPECT_NEAR(of.alternatives.front().gain, most, 1e-12);
      ++compared;
      tempted += most > 0 ? 1 : 0;
      std::vector<int> map = of.alternatives.front().reports;
      for (int z = 0; z < signals; ++z) {
        if (map[static_cast<std::size_t>(z)] < 0) map[static_cast<std::size_t>(z)] = z;
      }
      EXPECT_NEAR(worth(of.alternatives.front().effort, map) - honest, most, 1e-12);
    }
  }
  EXPECT_GT(compared, 100);
  EXPECT_GT(tempted, 30);
}

TEST(AuditOracle, CoalitionsGainWhatTheBestJointPlansGain) {
  Random random(22);
  int compared = 0;
  for (int round = 0; round < 200 && compared < 12; ++round) {
    SCOPED_TRACE(round);
    const Instance instance = random_instance(random, round % 2 == 0);
    if (instance.agents.size() != 2 || instance.signals().count() > 4) continue;
    const Mechanism mechanism = perturbed(instance, random);
    const Audit audit = hiring::audit(instance, mechanism, {.equilibria = false});
    ASSERT_EQ(audit.coalitions.size(), 1u);
    const Radix parts = instance.signals(), efforts = instance.efforts();
    const auto count = static_cast<int>(parts.count());
    const Radix maps(std::vector<int>(parts.count(), count));
    std::vector<int> truth(parts.count());
    for (int z = 0; z < count; ++z) truth[static_cast<std::size_t>(z)] = z;
    double gain = 0;
    for (const Entry& entry : mechanism.support) {
      const std::vector<int> asked = efforts.tuple(entry.profile);
      const double honest = utility(instance, mechanism, {0, 1}, asked, asked, parts, truth);
      double most = honest;
      for (std::size_t b = 0; b < efforts.count(); ++b) {
        for (std::size_t m = 0; m < maps.count(); ++m) {
          most = std::max(
              most, utility(instance, mechanism, {0, 1}, asked, efforts.tuple(b), parts, maps.tuple(m)));
        }
      }
      gain += most - honest;
    }
    EXPECT_NEAR(audit.coalitions[0].gain, gain, 1e-11);
    ++compared;
  }
  EXPECT_EQ(compared, 12);
}

TEST(AuditOracle, ViolationIsThatOfTheExactProof) {
  Random random(23);
  for (int round = 0; round < 40; ++round) {
    SCOPED_TRACE(round);
    const Instance instance = random_instance(random, round % 2 == 0);
    Certificate certificate = design(instance, {.ladder = false}).certificate;
    certificate.mechanism = perturbed(instance, random);
    certificate.terms.payment_bound = Bound::infinity();
    const Check check = verify(instance, certificate);
    const Audit audit =
        hiring::audit(instance, certificate.mechanism, {.coalitions = 0, .equilibria = false});
    EXPECT_EQ(audit.incentive_compatible, check.violation <= 0);
    if (check.violation > 0) {
      EXPECT_EQ(*audit.violation, check.violation);
    }
  }
}

// Expected utility of an agent in a round where all react, the model's formula term by term.
double utility_of_reactions(const Instance& instance, const Mechanism& mechanism, int agent,
                            const std::vector<std::vector<Reaction>>& reactions) {
  const Radix all = instance.efforts(), signals = instance.signals();
  const std::size_t states = instance.states.size(), agents = instance.agents.size();
  const auto me = static_cast<std::size_t>(agent);
  double sum = 0;
  for (const Entry& entry : mechanism.support) {
    const std::vector<int> asked = all.tuple(entry.profile);
    std::vector<int> chosen;
    for (std::size_t i = 0; i < agents; ++i)
      chosen.push_back(reactions[i][static_cast<std::size_t>(asked[i])].effort);
    const double mu = to_double(entry.probability);
    sum -= mu * to_double(instance.agents[me].costs[static_cast<std::size_t>(chosen[me])]);
    const auto law = exact_law(instance, all.index(chosen));
    for (std::size_t cell = 0; cell < law.size(); ++cell) {
      std::vector<int> told = signals.tuple(cell / states);
      for (std::size_t i = 0; i < agents; ++i) {
        const int report =
            reactions[i][static_cast<std::size_t>(asked[i])].reports[static_cast<std::size_t>(told[i])];
        if (report >= 0) told[i] = report;
      }
      sum += mu * to_double(law[cell]) * amount(entry, agent, signals.index(told), cell % states);
    }
  }
  return sum;
}

TEST(AuditOracle, NobodyGainsByMovingAloneFromAnEquilibrium) {
  Random random(24);
  int moves = 0, dishonest = 0;
  for (int round = 0; round < 40; ++round) {
    SCOPED_TRACE(round);
    const Instance instance = random_instance(random, round % 2 == 0);
    const Mechanism mechanism = perturbed(instance, random);
    const Audit audit = hiring::audit(instance, mechanism, {.coalitions = 0, .random_starts = 5});
    for (const Equilibrium& equilibrium : audit.equilibria) {
      dishonest += equilibrium.honest ? 0 : 1;
      for (std::size_t i = 0; i < instance.agents.size(); ++i) {
        const auto agent = static_cast<int>(i);
        const double now = utility_of_reactions(instance, mechanism, agent, equilibrium.reactions);
        EXPECT_NEAR(now, equilibrium.utilities[i], 1e-12);
        const int signals = instance.signals().size(i);
        const Radix maps(std::vector<int>(static_cast<std::size_t>(signals), signals));
        for (const Reaction& reaction : equilibrium.reactions[i]) {
          if (!reaction.asked) continue;
          const auto number = static_cast<std::size_t>(&reaction - equilibrium.reactions[i].data());
          for (int effort = 0; effort < instance.efforts().size(i); ++effort) {
            auto moved = equilibrium.reactions;
            for (std::size_t m = 0; m < maps.count(); ++m, ++moves) {
              moved[i][number] = {true, effort, maps.tuple(m)};
              ASSERT_LE(utility_of_reactions(instance, mechanism, agent, moved), now + 1e-10);
            }
          }
        }
      }
    }
  }
  EXPECT_GT(moves, 500);
  EXPECT_GT(dishonest, 20);
}

// Costs moved by shares up to e, each on its own.
bool bears_costs(const Instance& instance, const Mechanism& mechanism, double share) {
  for (std::size_t i = 0; i < instance.agents.size(); ++i) {
    for (std::size_t up = 0; up < instance.agents[i].costs.size(); ++up) {
      Instance other = instance;
      for (std::size_t b = 0; b < other.agents[i].costs.size(); ++b) {
        const double factor = std::max(0.0, b == up ? 1 + share : 1 - share);
        other.agents[i].costs[b] *= to_rational(factor);
      }
      if (!audit(other, mechanism, {.coalitions = 0, .equilibria = false}).incentive_compatible) return false;
    }
  }
  return true;
}

TEST(AuditOracle, CostErrorIsTheLargestThatIsBorne) {
  Random random(25);
  int finite = 0;
  for (int round = 0; round < 200; ++round) {
    SCOPED_TRACE(round);
    const Instance instance = random_instance(random, round % 2 == 0);
    Mechanism mechanism;
    try {
      mechanism = design(instance, {.slack = Rational(1, 500), .ladder = false}).mechanism;
    } catch (const Error&) {
      continue;  // no mechanism has this slack
    }
    const Audit audit = hiring::audit(instance, mechanism, {.coalitions = 0, .equilibria = false});
    if (!audit.cost_error) {
      EXPECT_TRUE(bears_costs(instance, mechanism, 50));
      continue;
    }
    ++finite;
    EXPECT_TRUE(bears_costs(instance, mechanism, *audit.cost_error * 0.999));
    EXPECT_FALSE(bears_costs(instance, mechanism, *audit.cost_error * 1.001 + 1e-9));
  }
  EXPECT_GT(finite, 5);
}

}  // namespace
}  // namespace xchg::hiring
