// What the parts of the Python face of dag share.
#pragma once

#include <pybind11/pybind11.h>

#include <string>
#include <vector>

#include "xchg/core/python/support.hpp"
#include "xchg/dag/dag.hpp"

namespace xchg::dag {

// A (rows, columns) array of float64 as a Matrix; InputError that names the argument.
Matrix read_matrix(const pybind11::object& value, const std::string& name);
// A NumPy array; None for an empty matrix.
pybind11::object matrix_array(Matrix&& matrix);
// The nodes of an order; InputError unless they are whole numbers.
std::vector<int> read_order(const pybind11::object& value, const std::string& name);

// Options by their C++ names; knowledge is the text of a knowledge file.
Options read_options(const pybind11::dict& dict, const std::vector<std::string>& names);
GramOptions read_gram_options(const pybind11::dict& dict);
// Members by their C++ names.
pybind11::dict result_dict(Result&& result);
pybind11::dict metrics_dict(const Metrics& metrics);
pybind11::dict cpdag_dict(const Cpdag& graph, std::size_t nodes);
// What a result says, from a dictionary of its members.
Claim read_claim_members(const pybind11::dict& members);

// The classes Data and Gram.
void bind_data(pybind11::module_& module);

}  // namespace xchg::dag
