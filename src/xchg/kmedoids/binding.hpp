// What the parts of the Python face of k-medoids share.
#pragma once

#include <pybind11/pybind11.h>

#include <optional>
#include <vector>

#include "xchg/core/python/support.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {

// A Dissimilarity in Python, with the Python objects that it looks at (arrays, a callable).
struct PythonData {
  std::vector<pybind11::object> kept;  // declared first: goes last
  Dissimilarity dissimilarity;
};

// Options of a call by their C++ names, with the array that the weights lie in.
struct PythonOptions {
  explicit PythonOptions(const pybind11::dict& named);

  Options options;
  std::optional<python::ArrayArgument> weights;
};

// A number of clusters; InputError unless it is a whole number of 1..n.
int read_k(const char* name, const pybind11::object& value, const PythonData& data);
// Members by their C++ names; arrays take the vectors over.
pybind11::dict result_dict(Result&& result);
pybind11::dict range_dict(RangeResult&& range);
pybind11::dict check_dict(const Check& check);
// The inverse: reads the attributes of an xchg.kmedoids.Result.
Result read_result(const pybind11::object& result);

// The class Dissimilarity.
void bind_data(pybind11::module_& module);

}  // namespace xchg::kmedoids
