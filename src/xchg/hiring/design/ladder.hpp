// What simpler mechanisms reach.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/hiring/design.hpp"
#include "xchg/hiring/design/contract.hpp"

namespace xchg::hiring {

// The best profile of a class that always recommends the same one, and what it is worth.
struct BestProfile {
  std::size_t profile = 0;
  double value = 0;
};

// The expected pay of agent i for his effort in profile b, infinity where it cannot be had.
using PayOf = std::function<double(std::size_t b, std::size_t agent)>;
// The profile with the largest V(b) less all pays, each computed only where it can matter. Nothing where no
// profile can be had, or on cancel. Without expected budget: pays above it are left out.
std::optional<BestProfile> best_profile(const Model& model, const PayOf& pay, Progress& progress);

// Own and det.
std::optional<BestProfile> best_single(const Model& model, bool own_reports, double tolerance,
                                       Progress& progress);
// Payments by a scaled score.
std::optional<BestProfile> best_scored(const Model& model, Score kind, Progress& progress);
// max_b V(b) - sum of costs.
double first_best(const Model& model);
// The best mechanism found whose efforts are drawn independently; two agents only. Found by search: a lower
// bound.
std::optional<double> best_product(const Model& model, double tolerance, Progress& progress);

// All of them but corr.
Ladder ladder_of(const Model& model, double tolerance, Progress& progress);

}  // namespace xchg::hiring
