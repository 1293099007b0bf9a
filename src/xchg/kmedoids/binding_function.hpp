// A Python function as dissimilarity.
#pragma once

#include <pybind11/pybind11.h>

#include <exception>

#include "xchg/core/python/support.hpp"
#include "xchg/kmedoids/dissimilarity.hpp"

namespace xchg::kmedoids {

// Calls function(object, candidate) with the GIL. What it raises is kept, with a note that names the pair,
// and comes out unchanged at raise_pending(); the engine is stopped by a CancelledError. Construct and
// destroy it with the GIL held.
class PythonFunction {
 public:
  explicit PythonFunction(pybind11::object function);

  double operator()(Index object, Index candidate);
  // Raises in Python what the function raised, once. With the GIL.
  void raise_pending();

 private:
  pybind11::object function_;
  std::exception_ptr pending_;  // guarded by the GIL
};

}  // namespace xchg::kmedoids
