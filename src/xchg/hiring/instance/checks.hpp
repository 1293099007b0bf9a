// What must hold for an instance beyond its shape.
#pragma once

#include <string>

#include "xchg/hiring/instance.hpp"

namespace xchg::hiring {

// Throws InputError that names two profiles between which the state's marginal differs by more than 1e-9,
// unless the instance says that effort moves the state.
void check_state_marginals(const Instance& instance, const std::string& source);
// Agents without a free effort.
Warnings warnings_about(const Instance& instance);

}  // namespace xchg::hiring
