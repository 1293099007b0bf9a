// The report of a learnt graph.
#pragma once

#include "xchg/core/report.hpp"
#include "xchg/dag/learn.hpp"

namespace xchg::dag {

// Writes everything about a result into a chapter: figures, sentences, table of edges, pictures.
void fill_chapter(report::Chapter& chapter, const Result& result, const Gram& gram, const Options& options);

}  // namespace xchg::dag
