// Units of money. A solver's tolerances are absolute, so utilities are brought to the size of 1 before and
// back after.
#pragma once

#include "xchg/hiring/design.hpp"

namespace xchg::hiring {

// A power of two by which the largest |utility| lies within a factor of two of 1; 1 where it is within [1/4,
// 4] already, or 0.
Rational scale_of(const Instance& instance);
// Utilities, costs, bounds and budgets divided by the unit.
Instance scaled(const Instance& instance, const Rational& unit);
Options scaled(const Options& options, const Rational& unit);
// A result of the scaled problem as one of the original.
Result unscaled(const Instance& instance, const Options& options, const Rational& unit, Result result);

}  // namespace xchg::hiring
