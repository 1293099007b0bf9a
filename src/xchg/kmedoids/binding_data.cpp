// The class Dissimilarity of the Python face.
#include <span>
#include <string>

#include "xchg/kmedoids/binding.hpp"

namespace xchg::kmedoids {
namespace {

namespace py = pybind11;

void check_object(const Dissimilarity& data, Index object) {
  if (object >= 0 && object < data.size()) return;
  throw InputError("object " + std::to_string(object) + " does not exist", {},
                   "0 to " + std::to_string(data.size() - 1));
}

double at(PythonData& data, Index object, Index candidate) {
  check_object(data.dissimilarity, object);
  check_object(data.dissimilarity, candidate);
  return data.call(py::none(), [&](Progress&) { return data.dissimilarity.at(object, candidate); });
}

// The values of objects begin..n-1 as double.
std::vector<double> row_values(const Dissimilarity& data, Index candidate, Index begin) {
  const Index n = data.size();
  return std::visit(
      [&]<class T>(const Rows<T>& rows) -> std::vector<double> {
        if (rows.dense != nullptr)
          return {rows.dense + candidate * n + begin, rows.dense + candidate * n + n};
        std::vector<T> made(static_cast<std::size_t>(n - begin));
        rows.maker->fill(candidate, begin, n, made.data());
        return {made.begin(), made.end()};
      },
      data.rows());
}

py::array_t<double> row(PythonData& data, Index candidate, Index begin) {
  check_object(data.dissimilarity, candidate);
  check_object(data.dissimilarity, begin);
  return python::moved(
      data.call(py::none(), [&](Progress&) { return row_values(data.dissimilarity, candidate, begin); }));
}

}  // namespace

void bind_data(py::module_& module) {
  using namespace py::literals;
  const py::metaclass plain_type(reinterpret_cast<PyObject*>(&PyType_Type));  // what the typed stub says
  py::class_<PythonData> type(
      module, "Dissimilarity", plain_type,
      "Dissimilarities of n objects, read by dissimilarity(); shares the memory of D.");
  bind_inputs(type);
  type.def_property_readonly(
          "size", [](const PythonData& data) { return data.dissimilarity.size(); }, "Number of objects.")
      .def_property_readonly("symmetric",
                             [](const PythonData& data) { return data.dissimilarity.symmetric(); })
      .def_property_readonly(
          "integers", [](const PythonData& data) { return data.dissimilarity.integers(); },
          "Whether values are integers, so that sums are exact.")
      .def_property_readonly(
          "dense", [](const PythonData& data) { return data.dissimilarity.dense(); },
          "Whether all values lie in memory.")
      .def_property_readonly(
          "infinite_replaced", [](const PythonData& data) { return data.dissimilarity.infinite_replaced(); },
          "How many infinite values were replaced (infinite_penalty).")
      .def("at", &at, "object"_a, "candidate"_a, "Dissimilarity from an object to a candidate medoid.")
      .def("row", &row, "candidate"_a, "begin"_a = 0,
           "(n - begin) dissimilarities from objects begin..n-1 to a candidate medoid.")
      .def("__len__", [](const PythonData& data) { return data.dissimilarity.size(); })
      .def("__repr__", [](const PythonData& data) {
        return "<xchg.kmedoids.Dissimilarity of " + std::to_string(data.dissimilarity.size()) + " objects>";
      });
}

}  // namespace xchg::kmedoids
