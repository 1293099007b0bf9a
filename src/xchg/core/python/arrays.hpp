// NumPy arrays in and out without copies.
#pragma once

#include <pybind11/numpy.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace xchg::python {

namespace py = pybind11;

// An argument that is a NumPy array, looked at where it lies. The array must be C-contiguous (row-major),
// aligned and in the machine's byte order; memory-mapped and read-only arrays will do. Nothing is converted
// behind the caller's back: what does not fit is an InputError that names the argument, its dtype and shape,
// and the call that makes it fit. Only what is no array at all (a list, a data frame) is turned into one,
// which copies.
//
// It holds a reference to the array, so the memory stays while the GIL is released. Construct and destroy it
// with the GIL held.
class ArrayArgument {
 public:
  ArrayArgument(py::handle value, std::string name);

  const std::string& name() const { return name_; }
  const py::array& array() const { return array_; }
  std::size_t dimensions() const { return static_cast<std::size_t>(array_.ndim()); }
  std::size_t size(std::size_t axis) const {
    return static_cast<std::size_t>(array_.shape(static_cast<py::ssize_t>(axis)));
  }
  // "(150, 4)".
  std::string shape() const;

  // Throws InputError, saying what the dimensions should mean: require_dimensions(2, "(n, d)").
  void require_dimensions(std::size_t count, std::string_view meaning) const;

  // Calls function(std::span<const T>) with the first T of the list that is the array's dtype; InputError
  // that names the list where none is.
  template <class First, class... Others, class Function>
  decltype(auto) visit(Function&& function) const {
    if (holds(py::dtype::of<First>())) return std::forward<Function>(function)(span<First>());
    if constexpr (sizeof...(Others) > 0) {
      if (!(holds(py::dtype::of<Others>()) || ...))
        refuse({py::dtype::of<First>(), py::dtype::of<Others>()...});
      return visit<Others...>(std::forward<Function>(function));
    } else {
      refuse({py::dtype::of<First>()});
    }
  }

  // The values as T; InputError when the dtype is another one.
  template <class T>
  std::span<const T> values() const {
    return visit<T>([](std::span<const T> values) { return values; });
  }

 private:
  bool holds(const py::dtype& type) const;
  [[noreturn]] void refuse(const std::vector<py::dtype>& accepted) const;
  template <class T>
  std::span<const T> span() const {
    return {static_cast<const T*>(array_.data()), static_cast<std::size_t>(array_.size())};
  }

  py::array array_;
  std::string name_;
};

// A NumPy array that owns the values of `values`, which is moved, not copied. Without a shape it has one
// dimension.
template <class T>
py::array_t<T> moved(std::vector<T>&& values, std::vector<py::ssize_t> shape = {}) {
  if (shape.empty()) shape = {static_cast<py::ssize_t>(values.size())};
  auto owner = std::make_unique<std::vector<T>>(std::move(values));
  T* data = owner->data();
  py::capsule capsule(owner.get(), [](void* vector) { delete static_cast<std::vector<T>*>(vector); });
  static_cast<void>(owner.release());  // the capsule deletes it
  return py::array_t<T>(std::move(shape), data, std::move(capsule));
}

}  // namespace xchg::python
