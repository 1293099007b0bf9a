// What single agents are tempted to do.
#pragma once

#include <vector>

#include "xchg/hiring/audit.hpp"
#include "xchg/hiring/audit/responses.hpp"

namespace xchg::hiring::play {

// What a single agent may gain after one recommendation, exactly.
struct Temptations {
  int agent = 0;
  Worth<Rational> worth;
  // In order of effort: the best plan with each, the best true lie with the recommended one.
  std::vector<Plan> plans;

  // What a plan gains, given the recommendation, where all costs are `factor` times what they are.
  Rational gain(const Plan& plan, const Rational& factor) const;
};

// All recommendations of all agents, the others being honest.
std::vector<Temptations> temptations(const Game<Rational>& game, const Posted<Rational>& posted);

// The same for people. `posted` and `game` say which entry drives a plan.
Recommendation recommendation(const Game<Rational>& game, const Posted<Rational>& posted,
                              const Temptations& of);
// One plan with its gain where costs are off by a factor.
Temptation temptation(const Game<Rational>& game, const Posted<Rational>& posted, const Temptations& of,
                      const Plan& plan, const Rational& factor);

// Fills in cost_error, cost factors and law_error.
void robustness(const Posted<Rational>& posted, const Game<Rational>& game,
                const std::vector<Temptations>& all, Audit& audit);

}  // namespace xchg::hiring::play
