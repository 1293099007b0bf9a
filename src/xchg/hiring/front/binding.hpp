// What the parts of the Python face of hiring share.
#pragma once

#include <pybind11/pybind11.h>

#include <string>

#include "xchg/hiring/hiring.hpp"

namespace xchg::hiring {

// An exact number of an argument, and a payment bound. Throws InputError that names the argument.
Rational exact_argument(const std::string& name, const std::string& text);
Bound bound_argument(const std::string& name, const std::string& text);

// Learner and simulate.
void bind_online(pybind11::module_& module);

}  // namespace xchg::hiring
