// Programs without payment bound whose maximum may not be attained.
#pragma once

#include <optional>

#include "xchg/hiring/design/draft.hpp"

namespace xchg::hiring {

// Whether some solution on `profiles` (empty: all) of the value `supremum` pays only on profiles that it
// recommends; which profiles those are. Nothing: none does, within the tolerances of the solver.
std::optional<std::vector<std::size_t>> attaining_profiles(const Model& model,
                                                           std::vector<std::size_t> profiles, double supremum,
                                                           double tolerance, Progress& progress);

// A mechanism on these profiles (empty: all) whose value is at least `least`, with nearly the smallest
// largest payment that allows it (bisection on a payment bound). Nothing where no bound up to 1e9 times the
// range of the utility does.
std::optional<Polished> near_supremum(const Instance& instance, const Terms& terms,
                                      const std::vector<std::size_t>& profiles, double least, bool exact,
                                      double tolerance, Progress& progress);

}  // namespace xchg::hiring
