// The chart of a certificate.
#pragma once

#include <string>

#include "xchg/core/chart.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {

// Lower bound and least TD found so far over the steps of the bound. The first lower bounds, far below, are
// left out. Throws InputError when no step was taken.
chart::Chart bound_picture(const std::string& id, const Result& result);

}  // namespace xchg::kmedoids
