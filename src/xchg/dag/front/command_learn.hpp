// What `xchg dag learn` prints.
#pragma once

#include <string>

#include "xchg/dag/learn.hpp"

namespace xchg::dag {

// The graph and what is known about it, for a terminal.
std::string summary_text(const Result& result, Score score);

// "the start graph has cycles; removed: a -> b".
std::string removed_text(const Result& result);

}  // namespace xchg::dag
