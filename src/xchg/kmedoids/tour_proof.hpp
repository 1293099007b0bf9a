// Part of the tour's chapter, see tour.cpp.
#pragma once

#include "xchg/core/report.hpp"

namespace xchg::kmedoids {

// One p-median instance of the OR-Library solved with a proof of optimality.
void add_proof(report::Chapter& chapter);

}  // namespace xchg::kmedoids
