// The class Dissimilarity of the Python face: every kind of data, looked at where it lies.
#include <span>
#include <string>

#include "xchg/kmedoids/binding.hpp"

namespace xchg::kmedoids {
namespace {

namespace py = pybind11;
using python::Arguments;
using python::ArrayArgument;
using python::call_engine;

Index size_of(const ArrayArgument& array, std::size_t axis) { return static_cast<Index>(array.size(axis)); }

Matrix parse_matrix(const std::string& text) {
  if (text == "auto") return Matrix::Auto;
  if (text == "always") return Matrix::Always;
  if (text == "never") return Matrix::Never;
  throw InputError("unknown matrix '" + text + "'", {}, "auto, always or never");
}

// What all data that is not a matrix is asked: whether to compute one, and with what.
struct Keeping {
  explicit Keeping(const Arguments& named) {
    named.read_name("matrix", matrix, parse_matrix);
    named.read("threads", threads);
    named.read("memory_budget_bytes", memory_budget_bytes);
  }
  Matrix matrix = Matrix::Always;
  int threads = 0;
  std::uint64_t memory_budget_bytes = 0;
};

PythonData view(const py::object& matrix, const py::dict& options) {
  const ArrayArgument array(matrix, "D");
  array.require_dimensions(2, "(n, n)");
  if (array.size(0) != array.size(1))
    throw InputError(array.name() + " has shape " + array.shape(), {}, "(n, n)");
  const Arguments named(options);
  MatrixOptions read;
  named.read_name("orientation", read.orientation, parse_orientation);
  named.read("zero_diagonal", read.zero_diagonal);
  return {
      {array.array()},
      array.visit<double, float, std::int32_t, std::int64_t, std::uint16_t, std::uint8_t>([&](auto values) {
        const py::gil_scoped_release without_lock;
        return Dissimilarity::view(values, size_of(array, 0), read);
      })};
}

PythonData points(const py::object& coordinates, const std::string& metric, const py::dict& options,
                  const py::object& progress) {
  const ArrayArgument array(coordinates, "X");
  array.require_dimensions(2, "(n, d)");
  const auto values = array.values<double>();
  const Arguments named(options);
  const Keeping keeping(named);
  PointOptions read;
  read.metric = parse_metric(metric);
  read.matrix = Matrix::Never;
  read.threads = keeping.threads;
  named.read_name("isa", read.isa, parse_isa);
  named.read("p", read.p);
  if (!named.object("window").is_none()) named.read("window", read.window);
  return {{}, call_engine(progress, [&](Progress& watcher) {
            return Dissimilarity::points(values, size_of(array, 0), size_of(array, 1), read)
                .kept(keeping.matrix, keeping.memory_budget_bytes, keeping.threads, watcher);
          })};
}

void check_object(const Dissimilarity& data, Index object) {
  if (object >= 0 && object < data.size()) return;
  throw InputError("object " + std::to_string(object) + " does not exist", {},
                   "0 to " + std::to_string(data.size() - 1));
}

double at(const PythonData& data, Index object, Index candidate) {
  check_object(data.dissimilarity, object);
  check_object(data.dissimilarity, candidate);
  return data.dissimilarity.at(object, candidate);
}

// The value as double of all objects.
py::array_t<double> row(const PythonData& data, Index candidate) {
  check_object(data.dissimilarity, candidate);
  const Index n = data.dissimilarity.size();
  std::vector<double> values(static_cast<std::size_t>(n));
  {
    const py::gil_scoped_release without_lock;
    std::visit(
        [&]<class T>(const Rows<T>& rows) {
          std::vector<T> made;
          const T* source = rows.dense != nullptr ? rows.dense + candidate * n : nullptr;
          if (source == nullptr) {
            made.resize(values.size());
            rows.maker->fill(candidate, 0, n, made.data());
            source = made.data();
          }
          for (std::size_t o = 0; o < values.size(); ++o) values[o] = static_cast<double>(source[o]);
        },
        data.dissimilarity.rows());
  }
  return python::moved(std::move(values));
}

}  // namespace

void bind_data(py::module_& module) {
  using namespace py::literals;
  const py::metaclass plain_type(reinterpret_cast<PyObject*>(&PyType_Type));  // what the typed stub says
  py::class_<PythonData>(module, "Dissimilarity", plain_type,
                         "Dissimilarities of n objects, read by dissimilarity(); shares the memory of D.")
      .def_static("view", &view, "D"_a, "options"_a)
      .def_static("points", &points, "X"_a, "metric"_a, "options"_a, "progress"_a)
      .def_property_readonly(
          "size", [](const PythonData& data) { return data.dissimilarity.size(); }, "Number of objects.")
      .def_property_readonly("symmetric",
                             [](const PythonData& data) { return data.dissimilarity.symmetric(); })
      .def_property_readonly(
          "integers", [](const PythonData& data) { return data.dissimilarity.integers(); },
          "Whether values are integers, so that sums are exact.")
      .def_property_readonly(
          "dense", [](const PythonData& data) { return data.dissimilarity.dense(); },
          "Whether all values lie in memory.")
      .def("at", &at, "object"_a, "candidate"_a, "Dissimilarity from an object to a candidate medoid.")
      .def("row", &row, "candidate"_a, "(n) dissimilarities from every object to a candidate medoid.")
      .def("__len__", [](const PythonData& data) { return data.dissimilarity.size(); })
      .def("__repr__", [](const PythonData& data) {
        return "<xchg.kmedoids.Dissimilarity of " + std::to_string(data.dissimilarity.size()) + " objects>";
      });
}

}  // namespace xchg::kmedoids
