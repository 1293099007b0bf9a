// Rows and second moments in Python.
#include <fmt/format.h>

#include <set>

#include "xchg/dag/front/binding.hpp"

namespace xchg::dag {
namespace {

namespace py = pybind11;

void check_names(const std::vector<std::string>& names, std::size_t columns) {
  if (columns == 0) throw InputError("there is no variable", {}, "at least one column");
  if (names.size() != columns)
    throw InputError(fmt::format("{} names for {} columns", names.size(), columns), {}, "one for each");
  std::set<std::string> seen;
  for (const std::string& name : names) {
    if (!seen.insert(name).second)
      throw InputError("the name '" + name + "' comes twice", {}, "different names");
  }
}

Data make_data(const py::object& x, std::vector<std::string> names, std::vector<int> regime,
               std::vector<std::string> regimes) {
  Data data;
  data.x = read_matrix(x, "X");
  check_names(names, data.x.columns);
  if (!regime.empty() && regime.size() != data.x.rows)
    throw InputError(fmt::format("{} regimes for {} rows", regime.size(), data.x.rows), {}, "one a row");
  data.names = std::move(names);
  data.regime = std::move(regime);
  data.regimes = std::move(regimes);
  return data;
}

Gram make_gram(const py::object& s, std::int64_t n, std::vector<std::string> names) {
  Gram gram;
  gram.s = read_matrix(s, "S");
  gram.n = n;
  gram.mean.assign(gram.s.rows, 0.0);
  check_names(names, gram.s.rows);
  gram.names = std::move(names);
  check_gram(gram, "S");
  return gram;
}

}  // namespace

Matrix read_matrix(const py::object& value, const std::string& name) {
  const python::ArrayArgument array(value, name);
  array.require_dimensions(2, "(rows, columns)");
  Matrix matrix(array.size(0), array.size(1));
  const auto values = array.values<double>();
  matrix.values.assign(values.begin(), values.end());
  return matrix;
}

py::object matrix_array(Matrix&& matrix) {
  if (matrix.empty()) return py::none();
  const std::vector<py::ssize_t> shape{static_cast<py::ssize_t>(matrix.rows),
                                       static_cast<py::ssize_t>(matrix.columns)};
  return python::moved(std::move(matrix.values), shape);
}

std::vector<int> read_order(const py::object& value, const std::string& name) {
  try {
    return value.cast<std::vector<int>>();
  } catch (const py::cast_error&) {
    throw InputError(name + " is " + py::repr(value).cast<std::string>(), {}, "a list of node numbers");
  }
}

void bind_data(py::module_& module) {
  using namespace py::literals;
  const py::metaclass plain_type(reinterpret_cast<PyObject*>(&PyType_Type));  // what the typed stub says
  py::class_<Data>(module, "Data", plain_type)
      .def(py::init(&make_data), "x"_a, "names"_a, "regime"_a, "regimes"_a)
      .def_property_readonly("names", [](const Data& data) { return data.names; });
  py::class_<Gram>(module, "Gram", plain_type)
      .def(py::init(&make_gram), "s"_a, "n"_a, "names"_a)
      .def_static(
          "of_rows",
          [](const Data& data, const py::dict& named, const py::object& progress) {
            const GramOptions options = read_gram_options(named);
            return python::call_engine(progress,
                                       [&](Progress& watcher) { return gram(data, options, watcher); });
          },
          "data"_a, "options"_a, "progress"_a)
      .def_property_readonly("s", [](const Gram& gram) { return matrix_array(Matrix(gram.s)); })
      .def_property_readonly("n", [](const Gram& gram) { return gram.n; })
      .def_property_readonly("mean",
                             [](const Gram& gram) { return python::moved(std::vector<double>(gram.mean)); })
      .def_property_readonly("names", [](const Gram& gram) { return gram.names; })
      .def(
          "merged", [](const Gram& gram, const Gram& other) { return merge(gram, other); }, "other"_a)
      .def("standardized", [](const Gram& gram) { return standardized(gram); });
}

}  // namespace xchg::dag
