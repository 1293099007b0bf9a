// The Python face of k-medoids: arguments -> one call of the public API -> arrays.
#include <pybind11/stl.h>

#include <optional>

#include "xchg/core/python/support.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {
namespace {

namespace py = pybind11;
using python::ArrayArgument;
using python::moved;

Index size_of(const ArrayArgument& array, std::size_t axis) { return static_cast<Index>(array.size(axis)); }

// A matrix is looked at where it lies, with the lock held only here; points are turned into a matrix of
// distances.
Dissimilarity view_matrix(const ArrayArgument& matrix, const MatrixOptions& options) {
  matrix.require_dimensions(2, "(n, n)");
  if (matrix.size(0) != matrix.size(1))
    throw InputError(matrix.name() + " has shape " + matrix.shape(), {}, "(n, n)");
  return matrix.visit<double, float, std::int32_t>([&](auto values) {
    const py::gil_scoped_release without_lock;
    return Dissimilarity::view(values, size_of(matrix, 0), options);
  });
}

Dissimilarity distances_of(const ArrayArgument& points, const PointOptions& options) {
  points.require_dimensions(2, "(n, d)");
  const auto coordinates = points.values<double>();
  const py::gil_scoped_release without_lock;
  return Dissimilarity::points(coordinates, size_of(points, 0), size_of(points, 1), options);
}

// The data of a call. The argument is kept, since a matrix is not copied.
struct Data {
  ArrayArgument argument;
  Dissimilarity dissimilarity;
};

Data read_data(const py::object& data, const std::string& metric, const std::string& orientation,
               bool zero_diagonal, int threads, const std::string& isa, std::uint64_t memory_budget_bytes) {
  const bool matrix = metric == "precomputed";
  ArrayArgument argument(data, matrix ? "D" : "X");
  Dissimilarity dissimilarity =
      matrix ? view_matrix(argument, {parse_orientation(orientation), zero_diagonal, {}, 0})
             : distances_of(argument,
                            {parse_metric(metric), parse_isa(isa), threads, memory_budget_bytes, {}, 0});
  return {std::move(argument), std::move(dissimilarity)};
}

py::dict statistics_dict(Statistics&& statistics) {
  py::dict dict;
  dict["total_deviation_init"] = statistics.total_deviation_init;
  dict["rounds"] = statistics.rounds;
  dict["swaps"] = statistics.swaps;
  dict["evaluated"] = statistics.evaluated;
  dict["objects_changed"] = statistics.objects_changed;
  dict["total_deviation_per_swap"] = moved(std::move(statistics.total_deviation_per_swap));
  dict["seconds_init"] = statistics.seconds_init;
  dict["seconds_swap"] = statistics.seconds_swap;
  dict["isa"] = std::string(name(statistics.isa));
  dict["restarts_done"] = statistics.restarts_done;
  return dict;
}

py::dict result_dict(Result&& result) {
  py::dict dict;
  dict["medoids"] = moved(std::move(result.medoids));
  dict["labels"] = moved(std::move(result.labels));
  dict["distance_to_medoid"] = moved(std::move(result.distance_to_medoid));
  dict["total_deviation"] = result.total_deviation;
  dict["total_deviation_exact"] = result.total_deviation_exact;
  dict["average_medoid_silhouette"] = result.average_medoid_silhouette;
  dict["converged"] = result.converged;
  dict["statistics"] = statistics_dict(std::move(result.statistics));
  return dict;
}

py::dict bound_cluster(const py::object& data, int k, const std::string& metric, const std::string& method,
                       const std::string& init, const std::optional<std::vector<Index>>& medoids,
                       const py::object& weights, std::uint64_t seed, int restarts, int max_rounds,
                       bool shuffle, const std::string& orientation, bool zero_diagonal, int threads,
                       const std::string& isa, std::uint64_t memory_budget_bytes, double time_limit_seconds,
                       const py::object& progress) {
  Options options;
  options.k = k;
  options.method = parse_method(method);
  options.init = medoids ? Init::Given : parse_init(init);
  if (medoids) options.medoids = *medoids;
  std::optional<ArrayArgument> weight_array;
  if (!weights.is_none()) {
    weight_array.emplace(weights, "weights");
    weight_array->require_dimensions(1, "(n)");
    options.weights = weight_array->values<double>();
  }
  options.seed = seed;
  options.restarts = restarts;
  options.max_rounds = max_rounds;
  options.shuffle = shuffle;
  options.threads = threads;
  options.isa = parse_isa(isa);
  options.time_limit_seconds = time_limit_seconds;
  const Data input = read_data(data, metric, orientation, zero_diagonal, threads, isa, memory_budget_bytes);
  return result_dict(python::call_engine(
      progress, [&](Progress& watcher) { return cluster(input.dissimilarity, options, watcher); }));
}

py::array_t<double> bound_silhouette(const py::object& data, const py::object& labels,
                                     const std::string& metric, const std::string& orientation,
                                     bool zero_diagonal, int threads) {
  const ArrayArgument label_array(labels, "labels");
  label_array.require_dimensions(1, "(n)");
  const auto label_values = label_array.values<std::int32_t>();
  const Data input = read_data(data, metric, orientation, zero_diagonal, threads, "auto", 0);
  return moved(python::call_engine(
      py::none(), [&](Progress&) { return silhouette(input.dissimilarity, label_values, threads); }));
}

}  // namespace

void bind(py::module_& module) {
  module.doc() = "Compiled part of xchg.kmedoids.";
  using namespace py::literals;
  module.def("cluster", &bound_cluster, "data"_a, "k"_a, py::kw_only(), "metric"_a, "method"_a, "init"_a,
             "medoids"_a, "weights"_a, "seed"_a, "restarts"_a, "max_rounds"_a, "shuffle"_a, "orientation"_a,
             "zero_diagonal"_a, "threads"_a, "isa"_a, "memory_budget_bytes"_a, "time_limit_seconds"_a,
             "progress"_a);
  module.def("silhouette", &bound_silhouette, "data"_a, "labels"_a, py::kw_only(), "metric"_a,
             "orientation"_a, "zero_diagonal"_a, "threads"_a);
}

}  // namespace xchg::kmedoids
