#include "xchg/core/python/arrays.hpp"

#include "xchg/core/error.hpp"

namespace xchg::python {
namespace {

std::string text(py::handle object) { return py::str(object).cast<std::string>(); }

py::array as_array(py::handle value, const std::string& name) {
  if (py::isinstance<py::array>(value)) return py::reinterpret_borrow<py::array>(value);
  if (value.is_none()) throw InputError(name + " is None", {}, "a NumPy array");
  try {
    return py::module_::import("numpy").attr("asarray")(value, py::arg("order") = "C");
  } catch (py::error_already_set& error) {
    if (!error.matches(PyExc_ValueError) && !error.matches(PyExc_TypeError)) throw;
    throw InputError(name + " cannot be made an array: " + text(error.value()), {}, "a NumPy array");
  }
}

}  // namespace

ArrayArgument::ArrayArgument(py::handle value, std::string name)
    : array_(as_array(value, name)), name_(std::move(name)) {
  if ((array_.flags() & py::array::c_style) == 0) {
    throw InputError(name_ + " with shape " + shape() + " and strides " + text(array_.attr("strides")) +
                         " is not C-contiguous (row-major)",
                     {}, "numpy.ascontiguousarray(" + name_ + ")");
  }
}

std::string ArrayArgument::shape() const { return text(array_.attr("shape")); }

void ArrayArgument::require_dimensions(std::size_t count, std::string_view meaning) const {
  if (dimensions() == count) return;
  throw InputError(
      name_ + " has shape " + shape(), {},
      std::to_string(count) + (count == 1 ? " dimension " : " dimensions ") + std::string(meaning));
}

bool ArrayArgument::holds(const py::dtype& type) const {
  return array_.dtype().is(type) || array_.dtype().equal(type);
}

void ArrayArgument::refuse(const std::vector<py::dtype>& accepted) const {
  std::string names;
  for (const py::dtype& type : accepted) names += (names.empty() ? "" : " or ") + text(type);
  throw InputError(name_ + " has dtype " + text(array_.dtype()), {},
                   names + ", e.g. " + name_ + ".astype(\"" + text(accepted.front()) + "\")");
}

}  // namespace xchg::python
