// Options and results of k-medoids between C++ and Python.
#include <string>

#include "xchg/kmedoids/binding.hpp"

namespace xchg::kmedoids {
namespace {

namespace py = pybind11;
using python::Arguments;
using python::ArrayArgument;
using python::moved;

void read_search(const Arguments& named, Options& options) {
  named.read_name("method", options.method, parse_method);
  named.read_name("init", options.init, parse_init);
  named.read("seed", options.seed);
  named.read("restarts", options.restarts);
  named.read("max_rounds", options.max_rounds);
  named.read("shuffle", options.shuffle);
  named.read("order", options.order);
  named.read_name("ties", options.ties, [](const std::string& text) {
    if (text != "first" && text != "last")
      throw InputError("unknown ties '" + text + "'", {}, "first or last");
    return text == "first" ? Ties::First : Ties::Last;
  });
  named.read("skip", options.skip);
  named.read("fastpam2_tolerance", options.fastpam2_tolerance);
  named.read("samples", options.samples);
  named.read("sample_size", options.sample_size);
  named.read("independent_samples", options.independent_samples);
  named.read("numlocal", options.numlocal);
  named.read("maxneighbor", options.maxneighbor);
  named.read("plusplus_power", options.plusplus_power);
}

py::dict statistics_dict(Statistics&& statistics) {
  py::dict dict;
  dict["total_deviation_init"] = statistics.total_deviation_init;
  dict["rounds"] = statistics.rounds;
  dict["swaps"] = statistics.swaps;
  dict["evaluated"] = statistics.evaluated;
  dict["skipped"] = statistics.skipped;
  dict["objects_changed"] = statistics.objects_changed;
  dict["total_deviation_per_swap"] = moved(std::move(statistics.total_deviation_per_swap));
  dict["objective_per_swap"] = moved(std::move(statistics.objective_per_swap));
  dict["seconds_per_swap"] = moved(std::move(statistics.seconds_per_swap));
  dict["lower_bound_per_step"] = moved(std::move(statistics.lower_bound_per_step));
  dict["upper_bound_per_step"] = moved(std::move(statistics.upper_bound_per_step));
  dict["seconds_init"] = statistics.seconds_init;
  dict["seconds_swap"] = statistics.seconds_swap;
  dict["seconds_bound"] = statistics.seconds_bound;
  dict["isa"] = std::string(name(statistics.isa));
  dict["restarts_done"] = statistics.restarts_done;
  dict["best_start"] = statistics.best_start;
  return dict;
}

py::dict point_dict(CurvePoint&& point) {
  py::dict dict;
  dict["k"] = point.k;
  dict["total_deviation"] = point.total_deviation;
  dict["average_medoid_silhouette"] = point.average_medoid_silhouette;
  dict["mean_silhouette"] = point.mean_silhouette;
  dict["medoids"] = moved(std::move(point.medoids));
  dict["converged"] = point.converged;
  return dict;
}

template <class T>
std::vector<T> read_vector(const py::object& result, const char* name) {
  const ArrayArgument array(result.attr(name), std::string("result.") + name);
  const auto values = array.values<T>();
  return {values.begin(), values.end()};
}

}  // namespace

PythonOptions::PythonOptions(const py::dict& dict, const PythonData& data, int k) {
  const Arguments named(dict);
  options.k = k;
  read_search(named, options);
  if (!named.object("medoids").is_none()) {
    named.read("medoids", options.medoids);
    options.init = Init::Given;
  }
  if (!named.object("weights").is_none()) {
    weights.emplace(named.object("weights"), "weights");
    weights->require_dimensions(1, "(n)");
    options.weights = weights->values<double>();
  }
  named.read("threads", options.threads);
  if (data.user && options.threads == 0) options.threads = 1;  // more would wait for the GIL
  named.read_name("isa", options.isa, parse_isa);
  named.read("memory_budget_bytes", options.memory_budget_bytes);
  named.read("time_limit_seconds", options.time_limit_seconds);
  named.read("certify", options.certify);
  named.read("certify_steps", options.certify_steps);
}

int read_k(const char* name, const py::object& value, const PythonData& data) {
  const Index n = data.dissimilarity.size();
  try {
    const auto k = value.cast<std::int64_t>();
    if (k >= 1 && k <= n) return static_cast<int>(k);
  } catch (const py::cast_error&) {  // not a whole number: the same answer
  }
  throw InputError(std::string(name) + " is " + py::repr(value).cast<std::string>(), {},
                   "1 to " + std::to_string(n) + ", the number of objects");
}

py::dict result_dict(Result&& result) {
  py::dict dict;
  dict["medoids"] = moved(std::move(result.medoids));
  dict["labels"] = moved(std::move(result.labels));
  dict["distance_to_medoid"] = moved(std::move(result.distance_to_medoid));
  dict["total_deviation"] = result.total_deviation;
  dict["total_deviation_exact"] = result.total_deviation_exact;
  dict["average_medoid_silhouette"] = result.average_medoid_silhouette;
  dict["mean_silhouette"] = result.mean_silhouette;
  dict["lower_bound"] = result.lower_bound;
  dict["gap"] = result.gap;
  dict["optimal"] = result.optimal;
  dict["converged"] = result.converged;
  dict["stopped_by"] = result.stopped_by;
  dict["method"] = std::string(name(result.method));
  dict["statistics"] = statistics_dict(std::move(result.statistics));
  return dict;
}

py::dict range_dict(RangeResult&& range) {
  py::list curve;
  for (CurvePoint& point : range.curve) curve.append(point_dict(std::move(point)));
  py::dict dict;
  dict["criterion"] = std::string(name(range.criterion));
  dict["curve"] = curve;
  dict["best_k"] = range.best_k;
  dict["best"] = result_dict(std::move(range.best));
  dict["converged"] = range.converged;
  dict["stopped_by"] = range.stopped_by;
  return dict;
}

py::dict bound_dict(LowerBound&& bound) {
  py::dict dict;
  dict["lower_bound"] = bound.lower_bound;
  dict["multipliers"] = moved(std::move(bound.multipliers));
  dict["medoids"] = moved(std::move(bound.medoids));
  dict["total_deviation"] = bound.total_deviation;
  dict["gap"] = bound.gap;
  dict["optimal"] = bound.optimal;
  dict["lower_bound_per_step"] = moved(std::move(bound.lower_bound_per_step));
  dict["upper_bound_per_step"] = moved(std::move(bound.upper_bound_per_step));
  return dict;
}

py::dict check_dict(const Check& check) {
  py::dict dict;
  dict["right"] = check.right;
  dict["problem"] = check.problem;
  dict["total_deviation"] = check.total_deviation;
  dict["swap_optimal"] = check.swap_optimal;
  dict["best_swap_change"] = check.best_swap_change;
  dict["best_swap_slot"] = check.best_swap_slot;
  dict["best_swap_object"] = check.best_swap_object;
  return dict;
}

Result read_result(const py::object& object) {
  Result result;
  result.medoids = read_vector<Index>(object, "medoids");
  result.labels = read_vector<std::int32_t>(object, "labels");
  result.distance_to_medoid = read_vector<double>(object, "distance_to_medoid");
  result.total_deviation = object.attr("total_deviation").cast<double>();
  result.total_deviation_exact = object.attr("total_deviation_exact").cast<std::optional<std::int64_t>>();
  result.average_medoid_silhouette = object.attr("average_medoid_silhouette").cast<double>();
  result.mean_silhouette = object.attr("mean_silhouette").cast<std::optional<double>>();
  result.lower_bound = object.attr("lower_bound").cast<std::optional<double>>();
  result.gap = object.attr("gap").cast<std::optional<double>>();
  result.optimal = object.attr("optimal").cast<bool>();
  result.converged = object.attr("converged").cast<bool>();
  result.method = parse_method(object.attr("method").cast<std::string>());
  return result;
}

}  // namespace xchg::kmedoids
