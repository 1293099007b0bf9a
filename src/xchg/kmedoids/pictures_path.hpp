// Charts over k, and of a silhouette that climbs.
#pragma once

#include <string>

#include "xchg/core/chart.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {

// The average medoid silhouette over k, and the mean silhouette where it is known; the best k is told.
chart::Chart silhouette_curve_picture(const std::string& id, const RangeResult& range);

// TD over k.
chart::Chart deviation_curve_picture(const std::string& id, const RangeResult& range);

// The (medoid) silhouette that the method maximises, after every swap; at least one.
chart::Chart climb_picture(const std::string& id, const Result& result);

}  // namespace xchg::kmedoids
