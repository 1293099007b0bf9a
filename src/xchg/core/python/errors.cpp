#include "xchg/core/python/errors.hpp"

#include <pybind11/pybind11.h>

#include <exception>

#include "xchg/core/error.hpp"

namespace xchg::python {
namespace {

namespace py = pybind11;

// Sets the Python error to xchg.errors.NAME(message, members…).
template <class... Members>
void set_error(const char* name, const Error& error, const Members&... members) {
  const py::object type = py::module_::import("xchg.errors").attr(name);
  const py::object instance = type(error.what(), members...);
  PyErr_SetObject(type.ptr(), instance.ptr());
}

void translate(std::exception_ptr thrown) {
  if (!thrown) return;
  try {
    std::rethrow_exception(thrown);
  } catch (const InputError& error) {
    const Where& where = error.where();
    set_error("InputError", error, error.problem(),
              py::make_tuple(where.file, where.line, where.column, where.pointer), error.expected());
  } catch (const LimitError& error) {
    set_error("LimitError", error, error.asked_bytes(), error.limit_bytes(), error.remedy());
  } catch (const NumericError& error) {
    set_error("NumericError", error);
  } catch (const DeviceError& error) {
    set_error("DeviceError", error);
  } catch (const InstallError& error) {
    set_error("InstallError", error);
  } catch (const CancelledError& error) {
    set_error("CancelledError", error);
  } catch (const Error& error) {
    set_error("Error", error);
  }
}

}  // namespace

void translate_errors() { py::register_exception_translator(&translate); }

}  // namespace xchg::python
