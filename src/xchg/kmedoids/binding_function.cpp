#include "xchg/kmedoids/binding_function.hpp"

#include <string>
#include <utility>

namespace xchg::kmedoids {
namespace {

namespace py = pybind11;

std::string pair_of(Index object, Index candidate) {
  return "the dissimilarity from object " + std::to_string(object) + " to object " +
         std::to_string(candidate);
}

}  // namespace

PythonFunction::PythonFunction(py::object function) : function_(std::move(function)) {}

double PythonFunction::operator()(Index object, Index candidate) {
  const py::gil_scoped_acquire lock;
  if (!pending_) {
    try {
      const py::object value = function_(object, candidate);
      try {
        return value.cast<double>();
      } catch (const py::cast_error&) {
        throw InputError(pair_of(object, candidate) + " is " + py::repr(value).cast<std::string>(), {},
                         "a number");
      }
    } catch (py::error_already_set& error) {
      error.value().attr("add_note")("xchg: raised by " + pair_of(object, candidate));
      pending_ = std::current_exception();
    } catch (...) {
      pending_ = std::current_exception();
    }
  }
  throw CancelledError("the function raised an exception");
}

void PythonFunction::raise_pending() {
  if (pending_) std::rethrow_exception(std::exchange(pending_, nullptr));
}

}  // namespace xchg::kmedoids
