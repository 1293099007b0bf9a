// Learning without what is said about a result: for each resample of a bootstrap.
#pragma once

#include "xchg/core/progress.hpp"
#include "xchg/dag/learn.hpp"

namespace xchg::dag {

// The order and its graph; neither identifiability nor bootstrap. `data` is null when only second moments are
// known. Throws as learn() does.
Result learn_graph(const Gram& gram, const Data* data, const Options& options, Progress& progress);

}  // namespace xchg::dag
