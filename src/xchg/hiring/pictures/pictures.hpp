// Pictures of mechanisms and of what they are worth.
#pragma once

#include <string>
#include <vector>

#include "xchg/core/chart.hpp"
#include "xchg/hiring/audit.hpp"
#include "xchg/hiring/design.hpp"
#include "xchg/hiring/online.hpp"

namespace xchg::hiring {

// What one agent is paid on one recommended profile: a row for each combination of reports, a column for each
// state.
chart::Chart payment_picture(const std::string& id, const Instance& instance, const Entry& entry,
                             std::size_t agent);

// Agents of an entry who are paid something.
std::vector<std::size_t> paid_agents(const Instance& instance, const Entry& entry);

// Values of simpler mechanisms, the best one and what could be had if efforts were seen, as bars.
chart::Chart ladder_picture(const std::string& id, const Ladder& ladder);

// Value against the largest payment that is allowed, with the supremum as a line.
chart::Chart frontier_picture(const std::string& id, const std::vector<FrontierPoint>& points,
                              double supremum);

// Mean regret against the number of rounds, both logarithmic, with 95 % bands over seeds; the part that
// exploration took of the first curve.
chart::Chart regret_picture(const std::string& id, const Simulation& simulation);

// What agents lose by the best plan with each effort that they are not asked for, or by the best lie.
chart::Chart deviation_picture(const std::string& id, const Instance& instance, const Audit& audit);

// What a change of each agent's costs by a share, up and down, does to the value of the best mechanism.
struct Sensitivity {
  std::string what;              // "costs of A"
  double lower = 0, higher = 0;  // value where it is less, and where it is more
};
std::vector<Sensitivity> cost_sensitivity(const Instance& instance, const Rational& share,
                                          const Options& options, Progress& progress);
chart::Chart sensitivity_picture(const std::string& id, const std::vector<Sensitivity>& rows, double value,
                                 const Rational& share);

}  // namespace xchg::hiring
