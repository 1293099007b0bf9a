// Internal: tables in pieces.
#pragma once

#include <string>
#include <string_view>

#include "xchg/dag/data.hpp"

namespace xchg::dag {

// As parse_data(); of a piece (not `whole`) no row may be left and columns may be constant.
Data parse_rows(std::string_view text, const ReadOptions& options, const std::string& source, bool whole);

}  // namespace xchg::dag
