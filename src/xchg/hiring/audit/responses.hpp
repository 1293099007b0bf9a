// What agents gain by a plan against others who are honest or play plans of their own, and what comes of it
// when all play at once.
#pragma once

#include <cstddef>
#include <tuple>
#include <vector>

#include "xchg/hiring/audit/game.hpp"

namespace xchg::hiring::play {

// What a group does when it has heard a recommendation: an effort, and a report for each signal seen (all
// tuples of the group).
struct Plan {
  std::size_t effort = 0;
  std::vector<std::size_t> reports;  // [seen]

  friend bool operator==(const Plan&, const Plan&) = default;
  friend bool operator<(const Plan& a, const Plan& b) {
    return std::tie(a.effort, a.reports) < std::tie(b.effort, b.reports);
  }
};

// To do as asked and tell the truth.
Plan honest_plan(std::size_t recommended, std::size_t signals);

// [agent][recommended]: what everybody does; reports are his own signals.
using Plans = std::vector<std::vector<Plan>>;

Plans honest_plans(const Radix& efforts, const Radix& signals);

// What a group can earn where it hears one recommendation e, weighted with how often: for an effort a taken
// instead, a signal tuple z seen and a report r,
//   pay(a, z, r) = sum over b with part e of mu(b) sum over s_-, theta of
//                  P^(a, b_-)((z, s_-), theta) gamma[b, (r, s_-), theta].
// The best reports separate over z, so this table says everything about |B| |S|^|S| plans.
template <class Number>
struct Worth {
  std::size_t recommended = 0, efforts = 0, signals = 0;
  Number weight = 0;         // mu(e), > 0
  std::vector<Number> pay;   // [(effort * signals + seen) * signals + reported]
  std::vector<Number> seen;  // [effort * signals + seen]: how often, weighted like pay
  std::vector<Number> cost;  // [effort], of all members, not weighted

  const Number& at(std::size_t effort, std::size_t z, std::size_t r) const {
    return pay[(effort * signals + z) * signals + r];
  }
  // Expected payment of a plan, weighted.
  Number payment(const Plan& plan) const {
    Number sum = 0;
    for (std::size_t z = 0; z < signals; ++z) sum += at(plan.effort, z, plan.reports[z]);
    return sum;
  }
  // Expected utility of a plan, weighted.
  Number utility(const Plan& plan) const { return payment(plan) - cost[plan.effort] * weight; }
};

// One for each recommendation of the group that is made, in order. Others play `others` (entries of the
// group's members are not looked at). O(support efforts cells signals).
template <class Number>
std::vector<Worth<Number>> worth(const Game<Number>& game, const Posted<Number>& posted, const Group& group,
                                 const Plans& others);

// The best reports for an effort: the truth where no lie gains more than `tie` on average, then the first.
template <class Number>
Plan best_with(const Worth<Number>& worth, std::size_t effort, const Number& tie);
// The best plan; of equal ones, up to `tie` on average, `current`, whatever it does, then the first.
template <class Number>
Plan best_plan(const Worth<Number>& worth, const Plan& current, const Number& tie);

// What comes of it when all play.
struct Played {
  double decisions = 0;           // expected utility of the principal's decisions
  double principal = 0;           // less all payments
  std::vector<double> payments;   // expected, [agent]
  std::vector<double> utilities;  // expected payment less cost, [agent]
};
Played outcome(const Game<double>& game, const Posted<double>& posted, const Plans& plans);

}  // namespace xchg::hiring::play
