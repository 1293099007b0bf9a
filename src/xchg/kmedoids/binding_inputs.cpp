// Data of every kind from Python, looked at where it lies if it is a matrix.
#include <span>
#include <string>
#include <vector>

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

// Whether to compute a matrix, and with what.
struct Keeping {
  Keeping(const Arguments& named, Matrix otherwise) : matrix(otherwise) {
    named.read_name("matrix", matrix, parse_matrix);
    named.read("threads", threads);
    named.read("memory_budget_bytes", memory_budget_bytes);
  }
  Dissimilarity operator()(const Dissimilarity& data, Progress& progress) const {
    return data.kept(matrix, memory_budget_bytes, threads, progress);
  }
  Matrix matrix;
  int threads = 0;
  std::uint64_t memory_budget_bytes = 0;
};

MatrixOptions matrix_options(const Arguments& named) {
  MatrixOptions options;
  named.read_name("orientation", options.orientation, parse_orientation);
  named.read("zero_diagonal", options.zero_diagonal);
  named.read("infinite_penalty", options.infinite_penalty);
  named.read("memory_budget_bytes", options.memory_budget_bytes);
  return options;
}

// Calls function(values) with the span of the type that the array holds.
template <class Function>
decltype(auto) visit_values(const ArrayArgument& array, Function&& function) {
  return array.visit<double, float, std::int32_t, std::int64_t, std::uint16_t, std::uint8_t>(
      std::forward<Function>(function));
}

PythonData view(const py::object& matrix, const py::dict& options) {
  const ArrayArgument array(matrix, "D");
  array.require_dimensions(2, "(n, n)");
  if (array.size(0) != array.size(1))
    throw InputError(array.name() + " has shape " + array.shape(), {}, "(n, n)");
  const MatrixOptions read = matrix_options(Arguments(options));
  return {{array.array()}, {}, visit_values(array, [&](auto values) {
            const py::gil_scoped_release without_lock;
            return Dissimilarity::view(values, size_of(array, 0), read);
          })};
}

PythonData packed(const py::object& triangle, const py::dict& options, const py::object& progress) {
  const ArrayArgument array(triangle, "D");
  array.require_dimensions(1, "(n (n - 1) / 2)");
  const Arguments named(options);
  const MatrixOptions read = matrix_options(named);
  const Keeping keep(named, Matrix::Auto);
  return {{array.array()}, {}, visit_values(array, [&](auto values) {
            return call_engine(progress, [&](Progress& watcher) {
              return keep(Dissimilarity::packed_view(values, read, Matrix::Never), watcher);
            });
          })};
}

PythonData sparse(const py::object& starts, const py::object& columns, const py::object& values, Index n,
                  const py::dict& options, const py::object& progress) {
  const ArrayArgument start_array(starts, "D.indptr"), column_array(columns, "D.indices");
  const ArrayArgument value_array(values, "D.data");
  const Arguments named(options);
  SparseOptions read;
  read.matrix = matrix_options(named);
  if (!named.object("absent").is_none()) named.read("absent", read.absent);
  const Keeping keep(named, Matrix::Never);
  const auto start_values = start_array.values<Index>(), column_values = column_array.values<Index>();
  return {{}, {}, visit_values(value_array, [&](auto stored) {
            return call_engine(progress, [&](Progress& watcher) {
              return keep(Dissimilarity::sparse(n, start_values, column_values, stored, read), watcher);
            });
          })};
}

PythonData points(const py::object& coordinates, const std::string& metric, const py::dict& options,
                  const py::object& progress) {
  const ArrayArgument array(coordinates, "X");
  array.require_dimensions(2, "(n, d)");
  const auto values = array.values<double>();
  const Arguments named(options);
  const Keeping keep(named, Matrix::Always);
  PointOptions read;
  read.metric = parse_metric(metric);
  read.matrix = Matrix::Never;
  read.threads = keep.threads;
  named.read_name("isa", read.isa, parse_isa);
  if (!named.object("p").is_none()) named.read("p", read.p);
  if (!named.object("window").is_none()) named.read("window", read.window);
  return {{}, {}, call_engine(progress, [&](Progress& watcher) {
            return keep(Dissimilarity::points(values, size_of(array, 0), size_of(array, 1), read), watcher);
          })};
}

// What raw data other than points is read with; whether it is kept comes afterwards.
RawOptions raw_options() {
  RawOptions options;
  options.matrix = Matrix::Never;
  return options;
}

PythonData table(const std::vector<std::string>& names, const std::vector<std::string>& types,
                 const py::list& columns, const std::vector<double>& ranges, const py::dict& options,
                 const py::object& progress) {
  std::vector<TableColumn> read;
  for (std::size_t c = 0; c < names.size(); ++c) {
    const ArrayArgument array(columns[c], "column '" + names[c] + "'");
    const auto values = array.values<double>();
    read.push_back({names[c], parse_column_type(types.at(c)), {values.begin(), values.end()}, ranges.at(c)});
  }
  const Keeping keep(Arguments(options), Matrix::Always);
  return {{}, {}, call_engine(progress, [&](Progress& watcher) {
            return keep(Dissimilarity::table(read, raw_options()), watcher);
          })};
}

PythonData strings(const py::list& texts, bool normalised, const py::dict& options,
                   const py::object& progress) {
  std::vector<std::string> read;
  for (const py::handle text : texts) {
    if (!py::isinstance<py::str>(text)) {
      throw InputError("string " + std::to_string(read.size()) + " is " + py::repr(text).cast<std::string>(),
                       {}, "a str");
    }
    read.push_back(text.cast<std::string>());
  }
  const Keeping keep(Arguments(options), Matrix::Always);
  return {{}, {}, call_engine(progress, [&](Progress& watcher) {
            return keep(Dissimilarity::strings(read, normalised, raw_options()), watcher);
          })};
}

PythonData callback(const py::object& function, Index n, const py::dict& options,
                    const py::object& progress) {
  const Arguments named(options);
  Keeping keep(named, Matrix::Auto);
  keep.threads = 1;  // the GIL lets one call through at a time
  // Thread-safe: the GIL is a lock of its own, and waiting for a second one while holding it could be for
  // ever.
  CallbackOptions read{.symmetric = false, .thread_safe = true};
  named.read("symmetric", read.symmetric);
  const auto shared = std::make_shared<PythonFunction>(function);
  PythonData data{
      {},
      shared,
      Dissimilarity::callback(
          [shared](Index object, Index candidate) { return (*shared)(object, candidate); }, n, read)};
  data.dissimilarity =
      data.call(progress, [&](Progress& watcher) { return keep(data.dissimilarity, watcher); });
  return data;
}

}  // namespace

void bind_inputs(py::class_<PythonData>& type) {
  using namespace py::literals;
  type.def_static("view", &view, "D"_a, "options"_a)
      .def_static("packed", &packed, "D"_a, "options"_a, "progress"_a)
      .def_static("sparse", &sparse, "starts"_a, "columns"_a, "values"_a, "n"_a, "options"_a, "progress"_a)
      .def_static("points", &points, "X"_a, "metric"_a, "options"_a, "progress"_a)
      .def_static("table", &table, "names"_a, "types"_a, "columns"_a, "ranges"_a, "options"_a, "progress"_a)
      .def_static("strings", &strings, "strings"_a, "normalised"_a, "options"_a, "progress"_a)
      .def_static("callback", &callback, "function"_a, "n"_a, "options"_a, "progress"_a);
}

}  // namespace xchg::kmedoids
