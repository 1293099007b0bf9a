// What could go wrong with a mechanism: who is tempted to do what, how wrong costs and probabilities may be,
// what coalitions gain, and which other equilibria there are.
//
// Incentive compatibility speaks of one deviator among honest others. Payments for agreement may be
// compatible and yet have an equilibrium in which nobody works; audit() looks for these.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/hiring/instance.hpp"
#include "xchg/hiring/mechanism.hpp"

namespace xchg::hiring {

// What audit() looks at.
struct AuditOptions {
  // All true costs are this many times those of the instance; >= 0.
  std::vector<Rational> cost_factors;
  int coalitions = 2;      // the largest that are tried; below 2: none
  bool equilibria = true;  // looks for them
  int random_starts = 100;
  int most_rounds = 1000;  // of best responses, from each start
  std::uint64_t seed = 1;  // of the starts
};

// The entry of a payment table that changes most between honest play and a plan, in expectation.
struct Driver {
  std::size_t profile = 0;  // recommended
  std::size_t reports = 0;  // signal profile
  int state = 0;
  double amount = 0;  // the payment
  // How often it is paid, given the agent's recommendation, if he is honest and if he follows the plan.
  double honest = 0, deviating = 0;
};

// One thing that an agent could do instead of obeying and telling the truth.
struct Temptation {
  int effort = 0;
  std::vector<int> reports;  // [signal seen]; -1: is not seen then
  // Expected utility less that of obeying and telling the truth, given the recommendation. Below 0 it is what
  // he loses by it.
  double gain = 0;
  Rational gain_exact;
  double payment = 0, utility = 0;  // expected, given the recommendation
  std::optional<Driver> driver;     // nothing where no payment changes
};

// One recommendation that an agent may hear.
struct Recommendation {
  int agent = 0;
  int effort = 0;
  double probability = 0;  // mu_i(b_i)
  Rational probability_exact;
  double payment = 0, utility = 0;  // expected, if all are honest, given the recommendation
  // The best plan with each effort, the most tempting first, the runner-up second; with the recommended
  // effort the best true lie, about a signal that he may see. Empty where there is nothing else to do.
  std::vector<Temptation> alternatives;
};

// The plan that gains most in a round where all costs are off by a factor.
struct CostsOff {
  double factor = 1;
  double gain = 0;  // of it, times how often the agent is asked; <= 0: still incentive compatible
  std::optional<Recommendation> recommendation;  // whose; its only alternative is the plan. Nothing without
                                                 // alternatives
};

// What a coalition does after one recommendation to its members.
struct JointPlan {
  std::vector<int> recommended, efforts;  // [member]
  // [signals seen, numbered with the last member's fastest][member]; empty: are not seen then
  std::vector<std::vector<int>> reports;
  double probability = 0;  // of the recommendation
  double gain = 0;         // in all, given the recommendation; > 0
};

// Agents who share recommendations, signals and payments, the others being honest.
struct Coalition {
  std::vector<int> members;  // in order
  double gain = 0;           // in all, expected in a round; 0: honesty is best
  std::vector<JointPlan> plans;
};

// What an agent does after a recommendation.
struct Reaction {
  bool asked = false;  // the recommendation is made
  int effort = 0;
  std::vector<int> reports;  // [signal seen]; -1: is not seen then
};

// Strategies from which nobody gains by moving alone (up to 1e-12); who is indifferent is honest.
struct Equilibrium {
  std::vector<std::vector<Reaction>> reactions;  // [agent][recommended]
  bool honest = false;                           // all obey and tell the truth
  int found = 0;                                 // from so many starts
  double principal = 0;                          // expected
  std::vector<double> payments, utilities;       // expected, [agent]
};

// What audit() found.
struct Audit {
  double value = 0;                             // of honest play for the principal
  std::vector<double> payments, utilities;      // of honest play, expected, [agent]
  std::vector<Recommendation> recommendations;  // in order of agent, effort; those that are made
  // The largest gain of a single agent, times how often he is asked, exactly; as in Check. Nothing without
  // alternatives.
  std::optional<Rational> violation;
  bool incentive_compatible = false;  // violation <= 0

  // The largest e such that the mechanism stays incentive compatible whatever the costs are in
  // [c (1 - e), c (1 + e)] (not below 0), each on its own. Nothing: any.
  std::optional<double> cost_error;
  // Common factors of all costs that keep it compatible, from least to most; nothing: up to infinity. None
  // does where most < least.
  double least_cost_factor = 0;
  std::optional<double> most_cost_factor;
  // It stays compatible where the law of each profile is off by at most so much, in the L1 norm (the
  // sum of absolute differences over signals and state), cells of probability 0 staying so. A lower bound of
  // what it bears. Nothing: any.
  std::optional<double> law_error;

  std::vector<CostsOff> costs_off;    // [cost factor]
  std::vector<Coalition> coalitions;  // by size, then members
  // Different ones (by what reactions do where asked), the worst for the principal first; found by rounds of
  // best responses from all cheapest efforts with true reports, and from random starts.
  std::vector<Equilibrium> equilibria;
  int starts = 0,
      unsettled = 0;     // from how many starts, and from how many of them no equilibrium was reached
  bool complete = true;  // false: cancelled
};

// Enumerates what agents can do about a mechanism, independently of design(): single agents in exact
// arithmetic, coalitions and equilibria in doubles. Throws InputError where the mechanism does not belong to
// the instance or an option is out of range, LimitError for coalitions whose tables exceed a GiB.
Audit audit(const Instance& instance, const Mechanism& mechanism, const AuditOptions& options = {},
            Progress& progress = Progress::none());

// An audit in sentences for people, one a line.
std::vector<std::string> audit_sentences(const Instance& instance, const Audit& audit);

}  // namespace xchg::hiring
