// Charts of the data as a clustering sees them.
#pragma once

#include <string>
#include <utility>

#include "xchg/core/chart.hpp"
#include "xchg/kmedoids/input.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {

// The matrix of dissimilarities as a heat map, objects ordered by cluster and within a cluster by distance to
// the medoid: good clusters are dark blocks on the diagonal. Many objects are thinned out evenly.
chart::Chart matrix_picture(const std::string& id, const Input& input, const Result& result);

// The two columns (of at least two) that separate the clusters best: the greatest shares of their variance
// that lie between clusters; the better one first.
std::pair<std::size_t, std::size_t> separating_columns(const Input& input, const Result& result);

// The objects over these two columns, coloured by cluster, medoids emphasised.
chart::Chart columns_picture(const std::string& id, const Input& input, const Result& result,
                             std::uint64_t seed);

}  // namespace xchg::kmedoids
