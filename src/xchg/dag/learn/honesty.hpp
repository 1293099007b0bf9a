// What a result says about what the data cannot tell.
#pragma once

#include "xchg/core/progress.hpp"
#include "xchg/dag/learn.hpp"

namespace xchg::dag {

// Fills in identifiability and the warnings that follow from it.
void add_identifiability(Result& result, const Gram& gram, const Options& options, bool standardized,
                         Progress& progress);

}  // namespace xchg::dag
