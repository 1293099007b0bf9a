// What the parts of the Python face of k-medoids share.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "xchg/core/python/support.hpp"
#include "xchg/kmedoids/binding_function.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {

// A Dissimilarity in Python, with the Python objects that it looks at (arrays, a callable).
struct PythonData {
  // As python::call_engine; what a function of the user raised meanwhile comes first.
  template <class Function>
  auto call(const pybind11::object& progress, Function&& function);

  std::vector<pybind11::object> kept;  // declared first: goes last
  std::shared_ptr<PythonFunction> user;
  Dissimilarity dissimilarity;
};

// Options of a call by their C++ names, with the array that the weights lie in.
struct PythonOptions {
  PythonOptions(const pybind11::dict& named, const PythonData& data, int k = 0);

  Options options;
  std::optional<python::ArrayArgument> weights;
};

// A number of clusters; InputError unless it is a whole number of 1..n.
int read_k(const char* name, const pybind11::object& value, const PythonData& data);
// Members by their C++ names; arrays take the vectors over.
pybind11::dict result_dict(Result&& result);
pybind11::dict range_dict(RangeResult&& range);
pybind11::dict check_dict(const Check& check);
pybind11::dict bound_dict(LowerBound&& bound);
// The inverse: reads the attributes of an xchg.kmedoids.Result.
Result read_result(const pybind11::object& result);

// The class Dissimilarity.
void bind_data(pybind11::module_& module);
// What makes one.
void bind_inputs(pybind11::class_<PythonData>& type);

template <class Function>
auto PythonData::call(const pybind11::object& progress, Function&& function) {
  try {
    auto result = python::call_engine(progress, std::forward<Function>(function));
    if (user) user->raise_pending();
    return result;
  } catch (const Error&) {
    if (user) user->raise_pending();
    throw;
  }
}

}  // namespace xchg::kmedoids
