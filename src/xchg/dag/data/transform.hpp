// Internal: functions of columns.
#pragma once

#include <span>
#include <string>

#include "xchg/dag/data.hpp"

namespace xchg::dag {

// Applies it to the present values of a column; missing ones (NaN) stay. `line(row)` says where a row stands.
// Throws InputError for a value that the function cannot take.
void apply(const Transform& transform, std::span<double> column, const std::string& name,
           const std::string& source, const std::vector<std::size_t>& lines);

}  // namespace xchg::dag
