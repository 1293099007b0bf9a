#include "xchg/dag/data/array.hpp"

#include "xchg/core/error.hpp"
#include "xchg/core/npy.hpp"

namespace xchg::dag {

Matrix matrix_of_array(std::string_view bytes, const std::string& source) {
  const npy::Array array = npy::parse(std::as_bytes(std::span(bytes)), source);
  if (array.shape().size() != 2)
    throw InputError("is an array of " + std::to_string(array.shape().size()) + " dimensions", {source},
                     "two: rows and columns");
  if (array.count() == 0) throw InputError("is an array without elements", {source}, "at least one row");
  Matrix result;
  result.rows = array.shape()[0];
  result.columns = array.shape()[1];
  result.values = array.as_doubles();
  return result;
}

}  // namespace xchg::dag
