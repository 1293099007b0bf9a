// How wrong costs and laws may be, and margins of slack, against enumeration of all |B_i| |S_i|^|S_i| plans
// from the definition.
#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "xchg/core/error.hpp"
#include "xchg/hiring/audit.hpp"
#include "xchg/hiring/design.hpp"
#include "xchg/hiring/design/random_instances.hpp"

namespace xchg::hiring {
namespace {

using Laws = std::vector<std::vector<Rational>>;  // [b][s * states + theta]

Laws laws_of(const Instance& instance) {
  Laws laws;
  for (std::size_t b = 0; b < instance.efforts().count(); ++b) laws.push_back(exact_law(instance, b));
  return laws;
}

// What an agent can do after one recommendation, weighted with how often he hears it.
struct Move {
  int agent, recommended, effort;
  std::vector<int> reports;
  Rational weight, gain;
};

// All moves of all agents, the others being honest; costs are costs[agent][effort].
std::vector<Move> all_moves(const Instance& instance, const Mechanism& mechanism, const Laws& laws,
                            const std::vector<std::vector<Rational>>& costs) {
  const Radix efforts = instance.efforts(), signals = instance.signals();
  const std::size_t states = instance.states.size();
  std::vector<Move> moves;
  for (std::size_t i = 0; i < instance.agents.size(); ++i) {
    const int count = signals.size(i);
    const Radix maps(std::vector<int>(static_cast<std::size_t>(count), count));
    for (int asked = 0; asked < efforts.size(i); ++asked) {
      for (int effort = 0; effort < efforts.size(i); ++effort) {
        for (std::size_t map = 0; map < maps.count(); ++map) {
          Move move{static_cast<int>(i), asked, effort, maps.tuple(map), 0, 0};
          for (const Entry& entry : mechanism.support) {
            if (efforts.digit(entry.profile, i) != asked) continue;
            std::map<std::pair<std::size_t, std::size_t>, Rational> paid;
            for (const Payment& p : entry.payments) {
              if (p.agent == move.agent) paid[{p.reports, static_cast<std::size_t>(p.state)}] = p.amount;
            }
            const auto amount = [&](std::size_t s, std::size_t t) {
              const auto found = paid.find({s, t});
              return found == paid.end() ? Rational(0) : found->second;
            };
            const auto& honest = laws[entry.profile];
            const auto& other = laws[efforts.with(entry.profile, i, effort)];
            move.weight += entry.probability;
            for (std::size_t s = 0; s < signals.count(); ++s) {
              const int told = move.reports[static_cast<std::size_t>(signals.digit(s, i))];
              for (std::size_t t = 0; t < states; ++t) {
                move.gain +=
                    entry.probability * (other[s * states + t] * amount(signals.with(s, i, told), t) -
                                         honest[s * states + t] * amount(s, t));
              }
            }
          }
          move.gain -= move.weight * (costs[i][static_cast<std::size_t>(effort)] -
                                      costs[i][static_cast<std::size_t>(asked)]);
          if (move.weight > 0) moves.push_back(std::move(move));
        }
      }
    }
  }
  return moves;
}

std::vector<std::vector<Rational>> costs_of(const Instance& instance) {
  std::vector<std::vector<Rational>> costs;
  for (const Agent& agent : instance.agents) costs.push_back(agent.costs);
  return costs;
}

Rational largest_gain(const std::vector<Move>& moves) {
  Rational most = 0;
  for (const Move& move : moves) most = std::max(most, move.gain);
  return most;
}

const AuditOptions agents_alone{.cost_factors = {}, .coalitions = 1, .equilibria = false};

std::vector<std::vector<Rational>> scaled(std::vector<std::vector<Rational>> costs, const Rational& factor) {
  for (auto& row : costs) {
    for (Rational& cost : row) cost *= factor;
  }
  return costs;
}

// A design with room: slack and costs beyond the true ones, so that something may be off; nothing where no
// mechanism keeps to that.
std::optional<Mechanism> roomy_design(const Instance& instance, const Rational& slack,
                                      const Rational& cost_error) {
  try {
    return design(instance, {.slack = slack, .cost_error = cost_error, .ladder = false}).mechanism;
  } catch (const InputError&) {
    return {};
  }
}

std::optional<Mechanism> roomy_design(const Instance& instance) {
  return roomy_design(instance, Rational(1, 500), Rational(1, 5));
}

TEST(AuditRobustness, CommonCostFactorsInTheReportedRangeKeepItCompatibleAndOthersDoNot) {
  Random random(13);
  int bounded = 0;
  for (int round = 0; round < 200; ++round) {
    const Instance instance = random_instance(random, false);
    const auto designed = roomy_design(instance);
    if (!designed) continue;
    const Mechanism& mechanism = *designed;
    const Laws laws = laws_of(instance);
    const Audit found = audit(instance, mechanism, agents_alone);
    if (!found.incentive_compatible) continue;
    const auto gain = [&](double factor) {
      return largest_gain(
          all_moves(instance, mechanism, laws, scaled(costs_of(instance), to_rational(factor))));
    };
    EXPECT_LE(to_double(gain(found.least_cost_factor)), 1e-15);
    EXPECT_LE(to_double(gain(found.most_cost_factor.value_or(100))), 1e-15);
    if (found.most_cost_factor) {
      EXPECT_GT(gain(*found.most_cost_factor + 1e-6), 0);
      ++bounded;
    }
    if (found.least_cost_factor > 1e-6) {
      EXPECT_GT(gain(found.least_cost_factor - 1e-6), 0);
    }
  }
  EXPECT_GT(bounded, 5);
}

TEST(AuditRobustness, CostsAnywhereWithinTheReportedErrorKeepItCompatible) {
  Random random(14);
  int bounded = 0;
  for (int round = 0; round < 200; ++round) {
    const Instance instance = random_instance(random, false);
    const auto designed = roomy_design(instance);
    if (!designed) continue;
    const Mechanism& mechanism = *designed;
    const Laws laws = laws_of(instance);
    const Audit found = audit(instance, mechanism, agents_alone);
    if (!found.incentive_compatible || !found.cost_error || *found.cost_error > 1) continue;
    ++bounded;
    // Whether some corner of the box of costs breaks it: each move against its own worst costs.
    const auto breaks = [&](const Rational& error) {
      for (const Move& move : all_moves(instance, mechanism, laws, costs_of(instance))) {
        if (move.effort == move.recommended) continue;
        const auto& costs = instance.agents[static_cast<std::size_t>(move.agent)].costs;
        const Rational worse = error * (costs[static_cast<std::size_t>(move.effort)] +
                                        costs[static_cast<std::size_t>(move.recommended)]);
        if (move.gain + move.weight * worse > 0) return true;
      }
      return false;
    };
    EXPECT_FALSE(breaks(to_rational(*found.cost_error * (1 - 1e-12))));
    EXPECT_TRUE(breaks(to_rational(*found.cost_error + 1e-6)));
  }
  EXPECT_GT(bounded, 5);
}

TEST(AuditRobustness, LawsWithinTheReportedErrorKeepItCompatible) {
  Random random(15);
  int bounded = 0;
  for (int round = 0; round < 200; ++round) {
    const Instance instance = random_instance(random, false);
    const auto designed = roomy_design(instance);
    if (!designed) continue;
    const Mechanism& mechanism = *designed;
    const Audit found = audit(instance, mechanism, agents_alone);
    if (!found.incentive_compatible || !found.law_error || *found.law_error == 0) continue;
    ++bounded;
    for (int change = 0; change < 20; ++change) {
      // Mass of half the error moves from one cell to another; no cell that was 0 becomes positive.
      Laws laws = laws_of(instance);
      for (auto& law : laws) {
        const std::size_t from = random.below(law.size()), to = random.below(law.size());
        if (law[from] == 0 || law[to] == 0) continue;
        const Rational moved = std::min(law[from], to_rational(*found.law_error / 2 * (1 - 1e-12)));
        law[from] -= moved;
        law[to] += moved;
      }
      EXPECT_EQ(largest_gain(all_moves(instance, mechanism, laws, costs_of(instance))), 0);
    }
  }
  EXPECT_GT(bounded, 5);
}

TEST(AuditRobustness, SlackOfADesignIsTheMarginOfEveryOtherEffort) {
  Random random(16);
  const Rational slack(1, 200);
  int designed = 0;
  for (int round = 0; round < 200; ++round) {
    const Instance instance = random_instance(random, round % 2 == 0);
    const auto strict = roomy_design(instance, slack, 0);
    if (!strict) continue;
    ++designed;
    const Audit found = audit(instance, *strict, agents_alone);
    EXPECT_LE(found.value, design(instance, {.ladder = false}).value + 1e-9);
    for (const Recommendation& heard : found.recommendations) {
      for (const Temptation& plan : heard.alternatives) {
        if (plan.effort != heard.effort) {
          EXPECT_LE(plan.gain * heard.probability, -to_double(slack) * heard.probability + 1e-9);
        }
      }
    }
  }
  EXPECT_GT(designed, 5);
}

}  // namespace
}  // namespace xchg::hiring
