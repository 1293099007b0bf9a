// Options of a design as terms, checked.
#pragma once

#include "xchg/hiring/design.hpp"

namespace xchg::hiring {

// Throws InputError for options that contradict each other or do not belong to the instance.
Terms terms_of(const Instance& instance, const Options& options);

}  // namespace xchg::hiring
