// Internal: whether a matrix can be one of second moments.
#pragma once

#include <string>

#include "xchg/dag/matrix.hpp"

namespace xchg::dag {

// Throws InputError with the smallest eigenvalue of the correlation matrix unless it is at least 0 but for
// rounding. `s` is symmetric with a positive diagonal; `remedy` is what was expected.
void require_semidefinite(const Matrix& s, const std::string& source, const std::string& remedy);

}  // namespace xchg::dag
