// Charts of a clustering.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "xchg/core/chart.hpp"
#include "xchg/kmedoids/input.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {

// The name of an object for people: its id, or its number where there are no ids.
std::string object_name(const Input& input, Index object);

// The objects in the plane, coloured by cluster, medoids emphasised: the data themselves if they have two
// coordinates, otherwise a projection from the dissimilarities (whose share of variance stands in the
// caption).
chart::Chart cluster_picture(const std::string& id, const Input& input, const Result& result,
                             std::uint64_t seed);

// The silhouettes (n) as bars, grouped by cluster, the longest on top.
chart::Chart silhouette_picture(const std::string& id, const Input& input, const Result& result,
                                std::span<const double> silhouettes);

// All objects at their places, with their cluster and name, medoids emphasised.
chart::Points clustered_points(const Input& input, const Result& result,
                               const std::function<std::pair<double, double>(std::size_t)>& place);

// TD after every swap of one or more runs of the same data.
enum class DescentOver { Swaps, Time };
struct NamedRun {
  std::string name;
  const Result* result;
};
chart::Chart descent_picture(const std::string& id, const std::vector<NamedRun>& runs,
                             DescentOver over = DescentOver::Swaps);

}  // namespace xchg::kmedoids
