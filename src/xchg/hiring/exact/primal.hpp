// What a mechanism is worth and whether it keeps to its terms, exactly.
#pragma once

#include "xchg/hiring/certificate.hpp"
#include "xchg/hiring/exact/integer_law.hpp"

namespace xchg::hiring {

// Fills in value, violation and feasible of a check; findings say what does not hold.
void check_mechanism(const Instance& instance, const Terms& terms, const Mechanism& mechanism,
                     const IntegerLaw& law, Check& check);

}  // namespace xchg::hiring
