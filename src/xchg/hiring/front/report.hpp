// A page about one mechanism.
#pragma once

#include "xchg/core/report.hpp"
#include "xchg/hiring/design.hpp"

namespace xchg::hiring {

// Value and proof, who works when, what is paid and decided, what disobedience brings, what simplicity costs.
report::Chapter mechanism_chapter(const Instance& instance, const Result& result, Progress& progress);

}  // namespace xchg::hiring
