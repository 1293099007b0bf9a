// Internal: matrices in NPY files.
#pragma once

#include <string>
#include <string_view>

#include "xchg/dag/matrix.hpp"

namespace xchg::dag {

// The bytes are an NPY file.
inline bool is_array(std::string_view bytes) { return bytes.starts_with("\x93NUMPY"); }

// The array as doubles. Throws InputError unless it has two dimensions and at least one element.
Matrix matrix_of_array(std::string_view bytes, const std::string& source);

}  // namespace xchg::dag
