// A panel in the numbers of an instance.
#pragma once

#include <string>
#include <vector>

#include "xchg/hiring/estimate.hpp"

namespace xchg::hiring {

// For each task its state, and for each agent and effort how often each signal was reported.
struct Observed {
  std::vector<int> state;                                         // [task]
  std::vector<std::vector<std::vector<std::vector<int>>>> count;  // [task][agent][effort][signal]

  int total(std::size_t task, std::size_t agent, std::size_t effort) const;
};

// Throws InputError with the line for names that the instance does not have.
Observed observed(const Panel& panel, const Instance& instance);

// Fills in the costs of an instance's efforts. Throws InputError for unknown names and costs that are
// missing, unless the instance has costs already.
void set_costs(const Costs& costs, Instance& instance);

}  // namespace xchg::hiring
