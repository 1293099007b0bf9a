// Uncertainty of a graph by resampling rows.
#pragma once

#include "xchg/core/progress.hpp"
#include "xchg/dag/learn.hpp"

namespace xchg::dag {

// Learns from options.bootstrap resamples of the rows, each from a new random order, and fills in resamples,
// frequency and precedence of the result. On cancel keeps those that are done.
void bootstrap(Result& result, const Data& data, const GramOptions& gram_options, const Options& options,
               Progress& progress);

}  // namespace xchg::dag
