// New objects assigned to the medoids of a clustering.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "xchg/kmedoids/dissimilarity.hpp"

namespace xchg::kmedoids {

// Objects assigned to medoids.
struct Assignment {
  std::vector<std::int32_t> labels;        // (n) slot of the nearest medoid, ties to the smallest
  std::vector<double> distance_to_medoid;  // (n)
};
// Assigns the objects 0..n-1 of `data`, which may have more, to the nearest of `medoids` (any objects of it).
// Throws InputError when one does not exist.
Assignment assign(const Dissimilarity& data, std::span<const Index> medoids, Index n);

// Assigns new points, (n, d) row-major, to medoids given by their coordinates, (k, d). Points that were
// clustered get their label again, unless two medoids are at distance 0 of each other; so in all three.
// Throws what Dissimilarity::points throws; rows in messages are those of `rows`.
Assignment predict(std::span<const double> medoids, std::span<const double> rows, Index d,
                   const PointOptions& options = {});
// The same for rows of a table; the columns of `medoids` say the types and must have the ranges of the data
// that they come from. Throws what Dissimilarity::table throws.
Assignment predict(std::span<const TableColumn> medoids, std::span<const TableColumn> rows,
                   const RawOptions& options = {});
// The same for strings. Throws what Dissimilarity::strings throws.
Assignment predict(std::span<const std::string> medoids, std::span<const std::string> rows,
                   bool normalised = false, const RawOptions& options = {});

}  // namespace xchg::kmedoids
