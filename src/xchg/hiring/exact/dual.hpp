// What no mechanism exceeds, by multipliers, exactly.
#pragma once

#include <optional>

#include "xchg/core/progress.hpp"
#include "xchg/hiring/certificate.hpp"
#include "xchg/hiring/exact/integer_law.hpp"

namespace xchg::hiring {

// The bound that multipliers >= 0 of the right sizes prove; nothing where they prove none. Multipliers that
// are not: findings say so. On cancel nothing.
std::optional<Rational> proven_bound(const Instance& instance, const Terms& terms,
                                     const Multipliers& multipliers, const IntegerLaw& law, Check& check,
                                     Progress& progress);

}  // namespace xchg::hiring
