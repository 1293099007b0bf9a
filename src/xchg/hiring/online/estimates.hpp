// From counts to mechanisms.
#pragma once

#include <cstdint>
#include <vector>

#include "xchg/hiring/online.hpp"

namespace xchg::hiring {

// Counts of (reports, state) for each profile, [b][reports * states + state].
using Counts = std::vector<std::vector<std::int64_t>>;

// The setting's frame with the law and the costs that were estimated. Each profile's law given the state is
// as it was counted; the state's own law is that of all rounds together, unless effort moves it: otherwise
// noise would look like agents who move nature.
Instance estimated_instance(const Setting& setting, const Counts& counts,
                            const std::vector<std::vector<double>>& cost);

// The mechanism that always recommends b and pays each agent his strict rule, decisions by counts.
Mechanism strict_mechanism(const Setting& setting, const Counts& counts, std::size_t b);
// What all agents, or one of them, are paid under it in the counted rounds of b, on average.
double mean_rule_pay(const Setting& setting, const Counts& counts, std::size_t b);
// The mean of an agent's rule of `effort` over all profiles with `played` as his effort.
double mean_rule(const Setting& setting, const Counts& counts, std::size_t agent, const OwnRule& rule,
                 int played);

// A mechanism to commit to.
struct Chosen {
  Mechanism mechanism;
  double promised = 0;
  bool fallback = false;
};
// The robust linear program; the best profile under the strict rules where that is infeasible and, with
// `strict_start`, where that promises less.
Chosen robust_mechanism(const Setting& setting, const Counts& counts, const Instance& estimated, double slack,
                        bool strict_start);
// The profile with the largest estimated value less own contracts plus bonus[b].
Chosen optimistic_mechanism(const Setting& setting, const Counts& counts, const Instance& estimated,
                            double slack, const std::vector<double>& bonus);

}  // namespace xchg::hiring
