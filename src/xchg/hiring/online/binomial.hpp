// Random counts.
#pragma once

#include <cstdint>
#include <span>

#include "xchg/core/random.hpp"

namespace xchg::hiring {

// How many of `trials` (>= 0) succeed when each does with `probability` in [0, 1].
std::int64_t binomial(std::int64_t trials, double probability, Random& random);

// How often each outcome comes up in `trials`, by conditional binomials. Weights are >= 0 and sum to about 1;
// outcomes of weight 0 never come up. Adds to `counts`.
void multinomial(std::int64_t trials, std::span<const double> weights, Random& random,
                 std::span<std::int64_t> counts);

}  // namespace xchg::hiring
