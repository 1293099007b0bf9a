// Internal: tables in pieces.
#pragma once

#include <string>
#include <string_view>

#include "xchg/core/csv.hpp"
#include "xchg/dag/data.hpp"

namespace xchg::dag {

// As parse_data() of text that is read with these options; of a piece (not `whole`) no row may be left and
// columns may be constant.
Data parse_rows(std::string_view text, const csv::Options& format, const ReadOptions& options,
                const std::string& source, bool whole);

}  // namespace xchg::dag
