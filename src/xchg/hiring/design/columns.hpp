// The program of few profiles, to which others are added as long as they could gain.
#pragma once

#include <cstdint>
#include <vector>

#include "xchg/hiring/design/program.hpp"

namespace xchg::hiring {

struct Generated {
  LpStatus status = LpStatus::Failed;
  double value = 0;                             // of the program on the profiles generated
  double upper_bound = 0;                       // by its multipliers, over all profiles
  std::vector<std::size_t> profiles;            // generated
  std::vector<std::size_t> regular, irregular;  // of the solution, see Support
  DoubleMultipliers multipliers;
  std::int64_t rounds = 0, columns = 0, rows = 0, nonzeros = 0, iterations = 0;  // of the last program
};

// Column generation by profiles (Dantzig, Wolfe 1960; the columns of a profile are priced as one: the best
// payments under multipliers are M where rc > 0). Ends when bound and value differ by `gap`, or on cancel.
Generated generate_columns(const Model& model, double gap, const LpOptions& options, Progress& progress);

}  // namespace xchg::hiring
