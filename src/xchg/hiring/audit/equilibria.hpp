// What happens when agents stop believing each other honest.
#pragma once

#include "xchg/core/progress.hpp"
#include "xchg/hiring/audit.hpp"
#include "xchg/hiring/audit/responses.hpp"

namespace xchg::hiring::play {

// Fills in the coalitions of 2 to options.coalitions agents.
void find_coalitions(const Game<double>& game, const Posted<double>& posted, const AuditOptions& options,
                     Progress& progress, Audit& audit);

// Fills in the equilibria that rounds of best responses reach.
void find_equilibria(const Game<double>& game, const Posted<double>& posted, const AuditOptions& options,
                     Progress& progress, Audit& audit);

}  // namespace xchg::hiring::play
