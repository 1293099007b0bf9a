// The Python face of k-medoids: arguments -> one call of the public API -> arrays.
#include "xchg/kmedoids/binding.hpp"

#include <span>

namespace xchg::kmedoids {
namespace {

namespace py = pybind11;
using python::ArrayArgument;

py::dict bound_cluster(PythonData& data, const py::object& k, const py::dict& options,
                       const py::object& progress) {
  const PythonOptions read(options, data, read_k("k", k, data));
  return result_dict(data.call(
      progress, [&](Progress& watcher) { return cluster(data.dissimilarity, read.options, watcher); }));
}

py::dict bound_lower_bound(PythonData& data, const py::object& k, const py::dict& options,
                           const py::object& progress) {
  const PythonOptions read(options, data, read_k("k", k, data));
  return bound_dict(data.call(
      progress, [&](Progress& watcher) { return lower_bound(data.dissimilarity, read.options, watcher); }));
}

py::dict bound_dynmsc(PythonData& data, const py::object& k_min, const py::object& k_max,
                      const py::dict& options, const py::object& progress) {
  const PythonOptions read(options, data);
  const int least = read_k("k_min", k_min, data), most = read_k("k_max", k_max, data);
  return range_dict(data.call(progress, [&](Progress& watcher) {
    return dynmsc(data.dissimilarity, least, most, read.options, watcher);
  }));
}

py::dict bound_cluster_range(PythonData& data, const py::object& k_min, const py::object& k_max,
                             const std::string& criterion, const py::dict& options,
                             const py::object& progress) {
  const PythonOptions read(options, data);
  const int least = read_k("k_min", k_min, data), most = read_k("k_max", k_max, data);
  const Objective objective = parse_objective(criterion);
  return range_dict(data.call(progress, [&](Progress& watcher) {
    return cluster_range(data.dissimilarity, least, most, read.options, objective, watcher);
  }));
}

py::dict bound_verify(PythonData& data, const py::object& result, const py::object& weights,
                      const py::object& progress) {
  const Result read = read_result(result);
  std::optional<ArrayArgument> array;
  std::span<const double> values;
  if (!weights.is_none()) {
    array.emplace(weights, "weights");
    array->require_dimensions(1, "(n)");
    values = array->values<double>();
  }
  return check_dict(data.call(
      progress, [&](Progress& watcher) { return verify(data.dissimilarity, read, values, watcher); }));
}

py::array_t<double> bound_silhouette(PythonData& data, const py::object& labels, int threads) {
  const ArrayArgument array(labels, "labels");
  array.require_dimensions(1, "(n)");
  const auto values = array.values<std::int32_t>();
  return python::moved(
      data.call(py::none(), [&](Progress&) { return silhouette(data.dissimilarity, values, threads); }));
}

// Names of a list of enumerators.
template <class Enumerator>
py::tuple names(std::span<const Enumerator> enumerators) {
  py::list list;
  for (const Enumerator enumerator : enumerators) list.append(std::string(name(enumerator)));
  return py::tuple(list);
}

}  // namespace

void bind(py::module_& module) {
  module.doc() = "Compiled part of xchg.kmedoids.";
  using namespace py::literals;
  bind_data(module);
  module.attr("methods") = names(methods());
  module.attr("inits") = names(inits());
  module.attr("metrics") = names(metrics());
  module.def("cluster", &bound_cluster, "data"_a, "k"_a, "options"_a, "progress"_a);
  module.def("lower_bound", &bound_lower_bound, "data"_a, "k"_a, "options"_a, "progress"_a);
  module.def("dynmsc", &bound_dynmsc, "data"_a, "k_min"_a, "k_max"_a, "options"_a, "progress"_a);
  module.def("cluster_range", &bound_cluster_range, "data"_a, "k_min"_a, "k_max"_a, "criterion"_a,
             "options"_a, "progress"_a);
  module.def("verify", &bound_verify, "data"_a, "result"_a, "weights"_a, "progress"_a);
  module.def("silhouette", &bound_silhouette, "data"_a, "labels"_a, "threads"_a);
}

}  // namespace xchg::kmedoids
