// The extension module xchg._xchg: one submodule an engine.
#include <pybind11/pybind11.h>

#include "bindings.hpp"
#include "xchg/core/python/errors.hpp"
#include "xchg/core/threads.hpp"

PYBIND11_MODULE(_xchg, root) {
  root.doc() = "Compiled part of xchg. Use the packages xchg.ENGINE instead.";
  root.attr("__version__") = XCHG_VERSION;
  xchg::python::translate_errors();
  root.def("available_threads", &xchg::available_threads,
           "Processors this process may use: what threads=0 means everywhere.");
  xchg::python::bind_rooms(root);
}
