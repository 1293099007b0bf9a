// What an engine's binding.cpp is written with.
//
// An engine defines `void bind(pybind11::module_& module)`: it becomes xchg._xchg.ENGINE. A bound function
// looks at its arrays through ArrayArgument, reads its options through Arguments, calls the engine through
// call_engine() and gives vectors back through moved(); it throws xchg::Error, never a Python exception. The
// Python files of the engine stand in its folder python/: __init__.py becomes xchg/ENGINE/__init__.py,
// binding.pyi the typed stub of what bind() defines.
#pragma once

#include "xchg/core/python/arguments.hpp"
#include "xchg/core/python/arrays.hpp"
#include "xchg/core/python/call.hpp"
#include "xchg/core/python/errors.hpp"
