// Own-report rules of largest margin, against every plan one by one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/hiring/design/clp.hpp"
#include "xchg/hiring/design/random_instances.hpp"
#include "xchg/hiring/online.hpp"
#include "xchg/hiring/online/own_law.hpp"

namespace xchg::hiring {
namespace {

Instance named(const std::string& name) {
  return read_instance(std::string(XCHG_TEST_DATA "/hiring/instances/") + name + ".json");
}

// The law of one agent's signal and the state under an effort, the others at their first.
std::vector<double> own_law_of(const Instance& instance, std::size_t agent, int effort) {
  const Radix signals = instance.signals();
  const std::size_t states = instance.states.size();
  const std::vector<Rational> law = exact_law(instance, instance.efforts().with(0, agent, effort));
  std::vector<double> own(instance.agents[agent].signals.size() * states);
  for (std::size_t cell = 0; cell < law.size(); ++cell) {
    own[static_cast<std::size_t>(signals.digit(cell / states, agent)) * states + cell % states] +=
        to_double(law[cell]);
  }
  return own;
}

struct OneAgent {
  OneAgent(const Instance& instance, std::size_t agent)
      : states(instance.states.size()),
        signals(instance.agents[agent].signals.size()),
        maps(std::vector<int>(signals, static_cast<int>(signals))) {
    for (std::size_t effort = 0; effort < instance.agents[agent].efforts.size(); ++effort) {
      law.push_back(own_law_of(instance, agent, static_cast<int>(effort)));
      cost.push_back(to_double(instance.agents[agent].costs[effort]));
    }
  }

  // How often (report, state) comes out of an effort and a map of reports.
  std::vector<double> reported(std::size_t effort, std::size_t map) const {
    std::vector<double> result(signals * states);
    for (std::size_t z = 0; z < signals; ++z) {
      for (std::size_t t = 0; t < states; ++t) {
        result[static_cast<std::size_t>(maps.digit(map, z)) * states + t] += law[effort][z * states + t];
      }
    }
    return result;
  }
  double probability(std::size_t effort, std::size_t z) const {
    double sum = 0;
    for (std::size_t t = 0; t < states; ++t) sum += law[effort][z * states + t];
    return sum;
  }
  bool same_posterior(std::size_t effort, std::size_t a, std::size_t b) const {
    const double pa = probability(effort, a), pb = probability(effort, b);
    if (pb <= 0) return false;
    for (std::size_t t = 0; t < states; ++t) {
      if (std::abs(law[effort][a * states + t] * pb - law[effort][b * states + t] * pa) > 1e-12) return false;
    }
    return true;
  }

  std::size_t states, signals;
  Radix maps;
  std::vector<std::vector<double>> law;
  std::vector<double> cost;
};

// The largest margin, by a program with a row for each effort and map instead of variables y.
double largest_margin(const OneAgent& agent, std::size_t effort, double bound) {
  std::vector<std::vector<double>> rows;  // coefficients of g, of rho, lower end
  for (std::size_t other = 0; other < agent.law.size(); ++other) {
    if (other == effort) continue;
    for (std::size_t map = 0; map < agent.maps.count(); ++map) {
      std::vector<double> row = agent.law[effort];
      const std::vector<double> deviation = agent.reported(other, map);
      for (std::size_t k = 0; k < row.size(); ++k) row[k] -= deviation[k];
      row.push_back(-1);
      row.push_back(agent.cost[effort] - agent.cost[other]);
      rows.push_back(std::move(row));
    }
  }
  for (std::size_t z = 0; z < agent.signals; ++z) {
    for (std::size_t r = 0; r < agent.signals; ++r) {
      if (r == z) continue;
      std::vector<double> row(agent.signals * agent.states + 2);
      for (std::size_t t = 0; t < agent.states; ++t) {
        row[z * agent.states + t] = agent.law[effort][z * agent.states + t];
        row[r * agent.states + t] = -agent.law[effort][z * agent.states + t];
      }
      row[row.size() - 2] = agent.same_posterior(effort, z, r) ? 0 : -agent.probability(effort, z);
      rows.push_back(std::move(row));
    }
  }
  LinearProgram lp;
  for (const auto& row : rows) lp.add_row(row.back(), unbounded);
  const std::size_t columns = agent.signals * agent.states + 1;
  for (std::size_t k = 0; k < columns; ++k) {
    std::vector<LinearProgram::Cell> cells;
    for (std::size_t j = 0; j < rows.size(); ++j) cells.push_back({static_cast<int>(j), rows[j][k]});
    const bool margin = k + 1 == columns;
    lp.add_column(margin ? 1 : 0, 0, margin ? bound / 5 : bound, cells);
  }
  const LpSolution solution = solve(lp);
  return solution.status == LpStatus::Optimal ? solution.objective : 0;
}

void expect_largest_margins(const Instance& instance, const StrictRules& rules) {
  const double bound = to_double(instance.payment_bound.amount());
  for (std::size_t i = 0; i < instance.agents.size(); ++i) {
    const OneAgent agent(instance, i);
    if (agent.cost.size() == 1) continue;
    for (std::size_t effort = 0; effort < agent.cost.size(); ++effort) {
      const OwnRule& rule = rules.rule[i][effort];
      double honest = -agent.cost[effort], best = -1e300;
      for (std::size_t k = 0; k < rule.size(); ++k) {
        EXPECT_GE(rule[k], 0);
        EXPECT_LE(rule[k], bound);
        honest += rule[k] * agent.law[effort][k];
      }
      for (std::size_t other = 0; other < agent.cost.size(); ++other) {
        if (other == effort) continue;
        for (std::size_t map = 0; map < agent.maps.count(); ++map) {
          const std::vector<double> deviation = agent.reported(other, map);
          double utility = -agent.cost[other];
          for (std::size_t k = 0; k < rule.size(); ++k) utility += rule[k] * deviation[k];
          best = std::max(best, utility);
        }
      }
      EXPECT_NEAR(rules.margin[i][effort], honest - best, 1e-9);
      const double largest = largest_margin(agent, effort, bound);
      EXPECT_GE(rules.margin[i][effort], largest - 1e-7);
      for (std::size_t z = 0; z < agent.signals; ++z) {
        for (std::size_t r = 0; r < agent.signals; ++r) {
          if (r == z) continue;
          double gap = 0;
          for (std::size_t t = 0; t < agent.states; ++t) {
            gap += agent.law[effort][z * agent.states + t] *
                   (rule[z * agent.states + t] - rule[r * agent.states + t]);
          }
          const double wanted =
              agent.same_posterior(effort, z, r) ? 0 : largest * agent.probability(effort, z);
          EXPECT_GE(gap, wanted - 1e-7);
        }
      }
    }
  }
}

TEST(StrictRules, HaveTheLargestMarginAmongAllPlansOfNamedInstances) {
  for (const char* name : {"audit2", "sources2", "weather3", "double2", "bluebirds3"}) {
    const Instance instance = named(name);
    expect_largest_margins(instance, strict_rules(instance, instance.payment_bound));
  }
}

TEST(StrictRules, HaveTheLargestMarginAmongAllPlansOfRandomInstances) {
  Random random(21);
  int found = 0;
  for (int round = 0; round < 200; ++round) {
    const Instance instance = random_instance(random, true);
    StrictRules rules;
    try {
      rules = strict_rules(instance, instance.payment_bound);
    } catch (const InputError&) {
      // Then an effort has none.
      double least = 1;
      for (std::size_t i = 0; i < instance.agents.size(); ++i) {
        const OneAgent agent(instance, i);
        for (std::size_t effort = 0; agent.cost.size() > 1 && effort < agent.cost.size(); ++effort) {
          least = std::min(least, largest_margin(agent, effort, to_double(instance.payment_bound.amount())));
        }
      }
      EXPECT_LT(least, 1e-8);
      continue;
    }
    ++found;
    expect_largest_margins(instance, rules);
  }
  EXPECT_GT(found, 20);
}

// Working is paid for a right report: the margin is 0.3 p - c, capped at M/5. Resting beats working by its
// cost; that "1", which is never seen then, is no better a report by as much costs 9/100 a round, no more.
TEST(StrictRules, OfAudit2AreThoseByHand) {
  const Instance instance = named("audit2");
  const StrictRules rules = setting_of(instance).rules;
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(rules.margin[i][0], 0.09, 1e-8);
    EXPECT_NEAR(rules.margin[i][1], 0.2, 1e-8);
    const OneAgent agent(instance, i);
    double paid_for_rest = 0, paid_for_work = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      paid_for_rest += agent.law[0][k] * rules.rule[i][0][k];
      paid_for_work += agent.law[1][k] * rules.rule[i][1][k];
    }
    EXPECT_NEAR(paid_for_rest, 0.09, 1e-8);
    EXPECT_NEAR(paid_for_work, 0.8 * 0.29 / 0.3, 1e-8);
  }
}

}  // namespace
}  // namespace xchg::hiring
