// Internal: square matrices in files, with or without names: Gram matrices and adjacencies.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "xchg/dag/matrix.hpp"

namespace xchg::dag {

struct SquareTable {
  Matrix values;                   // (d, d)
  std::vector<std::string> names;  // (d) above the columns, or 0, 1, …
};

// Reads CSV or NPY. Names stand in the first line, and perhaps again in the first column, as in a table that
// pandas wrote; they may look like numbers: a line too many is one of names. Throws InputError when it is not
// square or has text for a number.
SquareTable parse_square_table(std::string_view text, const std::string& source);

}  // namespace xchg::dag
