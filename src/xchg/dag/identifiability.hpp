// What the data can and cannot tell about directions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "xchg/dag/data.hpp"
#include "xchg/dag/matrix.hpp"

namespace xchg::dag {

// Share of the pairs with a directed walk i ~> j, counted once for each length of walk 1..d-1, whose values
// rise from i to j; 1/2 for ties within 1e-9 relative (Reisach, Seiler, Weichwald 2021). 1/2 when there is no
// edge.
double sortability(const Matrix& truth, std::span<const double> values);
// With variances. 1: sorting by variance alone finds the order.
double varsortability(const Matrix& truth, const Gram& gram);
// With 1 - 1/(S_jj (S^-1)_jj), the share of a variable that all others explain (Reisach et al. 2023).
double r2_sortability(const Matrix& truth, const Gram& gram);
// (d) that share.
std::vector<double> explained_shares(const Gram& gram);

// Kendall's distance of two orders as a share of all pairs: 0 equal, 1 reversed.
double kendall_distance(std::span<const int> a, std::span<const int> b);

// What every result says about it.
struct Identifiability {
  std::optional<double> varsortability;         // when the truth is given
  std::optional<double> r2_sortability;         // when the truth is given
  std::optional<double> variance_score;         // score of the order by variance
  double variance_distance = 0;                 // Kendall distance of the found order and that by variance
  std::optional<double> standardized_distance;  // and of the order found on standardised data
};

// The nodes by rising variance (ties: smallest index).
std::vector<int> variance_order(const Gram& gram);

}  // namespace xchg::dag
