// The auditor against the enumeration of every plan.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

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

}  // namespace
}  // namespace xchg::hiring
