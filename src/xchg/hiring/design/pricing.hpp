// What each profile could still gain under given multipliers: weak duality in doubles, profile by profile.
#pragma once

#include <vector>

#include "xchg/hiring/design/program.hpp"

namespace xchg::hiring {

// rc_i[b, s, theta] of all agents at [agent * cells + cell] (see exact/dual.cpp for the formula).
void reduced_costs(const Model& model, const DoubleMultipliers& multipliers, std::size_t b,
                   std::vector<double>& rc);

// For each profile, the most that it contributes to the bound; payments without any bound count where they
// gain less than `tolerance` per chance as 0, otherwise as infinite.
std::vector<double> profile_bounds(const Model& model, const DoubleMultipliers& multipliers,
                                   double tolerance);

}  // namespace xchg::hiring
