// Whether counts come from the same distribution.
#pragma once

#include <cstdint>
#include <vector>

namespace xchg::hiring {

// Probability that a chi-square variable with so many degrees of freedom (>= 1) is above `value`.
double chi_square_tail(double value, int degrees);

// Pearson's test that all rows, each the counts of the same outcomes, come from one distribution: the
// probability of so large a difference if they do. Outcomes and rows without counts are left out; outcomes
// that are expected fewer than 5 times in a row are taken together. 1 where nothing is left to compare.
double same_distribution(const std::vector<std::vector<std::int64_t>>& rows);

}  // namespace xchg::hiring
