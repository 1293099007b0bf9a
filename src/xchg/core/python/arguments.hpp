// Named arguments of a Python call, read into the members of an engine's options.
#pragma once

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <string>
#include <type_traits>
#include <utility>

#include "xchg/core/error.hpp"

namespace xchg::python {

namespace py = pybind11;

// Reads values by name from a dictionary; what is not there leaves the target as it is. A value of another
// type is an InputError that names the argument, its value and what was expected. Use with the GIL held.
class Arguments {
 public:
  explicit Arguments(py::dict values) : values_(std::move(values)) {}

  // A bool, a whole or floating-point number, a string, or a vector of these.
  template <class T>
  void read(const char* name, T& target) const {
    if (!values_.contains(name)) return;
    const py::object value = values_[name];
    try {
      target = value.cast<T>();
    } catch (const py::cast_error&) {
      throw InputError(std::string(name) + " is " + py::repr(value).cast<std::string>(), {}, expected<T>());
    }
  }

  // Something that has a name: target = parse(text).
  template <class T, class Parse>
  void read_name(const char* name, T& target, Parse&& parse) const {
    std::string text;
    read(name, text);
    if (values_.contains(name)) target = std::forward<Parse>(parse)(text);
  }

  // The object itself; None where there is none.
  py::object object(const char* name) const {
    if (values_.contains(name)) return values_[name];
    return py::none();
  }

 private:
  template <class T>
  static std::string expected() {
    if constexpr (std::is_same_v<T, bool>) {
      return "True or False";
    } else if constexpr (std::is_integral_v<T>) {
      const std::string bits = std::to_string(8 * sizeof(T));
      return std::is_signed_v<T> ? "a whole number of " + bits + " bits"
                                 : "a whole number from 0 to 2^" + bits + " - 1";
    } else if constexpr (std::is_floating_point_v<T>) {
      return "a number";
    } else if constexpr (std::is_same_v<T, std::string>) {
      return "a string";
    } else {
      return "a list: " + expected<typename T::value_type>() + " each";
    }
  }

  py::dict values_;
};

}  // namespace xchg::python
