#include "xchg/kmedoids/result_file.hpp"

#include <algorithm>
#include <limits>

#include "xchg/core/csv.hpp"
#include "xchg/core/json.hpp"
#include "xchg/kmedoids/pictures.hpp"

namespace xchg::kmedoids {

using nlohmann::ordered_json;

ordered_json result_json(const Input& input, const Result& result) {
  ordered_json medoids = ordered_json::array();
  for (const Index medoid : result.medoids) {
    ordered_json entry{{"index", medoid}};
    if (!input.ids.empty()) entry["id"] = object_name(input, medoid);
    entry["row"] = medoid + 1;
    medoids.push_back(std::move(entry));
  }
  const Statistics& statistics = result.statistics;
  ordered_json json;
  json["n"] = result.labels.size();
  json["method"] = name(result.method);
  json["medoids"] = std::move(medoids);
  json["labels"] = result.labels;
  json["distance_to_medoid"] = result.distance_to_medoid;
  json["total_deviation"] = result.total_deviation;
  if (result.total_deviation_exact)
    json["total_deviation_exact"] = std::to_string(*result.total_deviation_exact);
  json["average_medoid_silhouette"] = result.average_medoid_silhouette;
  if (result.mean_silhouette) json["mean_silhouette"] = *result.mean_silhouette;
  if (result.lower_bound) {
    json["lower_bound"] = *result.lower_bound;
    json["gap"] = *result.gap;
    json["optimal"] = result.optimal;
  }
  json["converged"] = result.converged;
  json["statistics"] = {{"total_deviation_init", statistics.total_deviation_init},
                        {"swaps", statistics.swaps},
                        {"rounds", statistics.rounds},
                        {"evaluated", statistics.evaluated},
                        {"objects_changed", statistics.objects_changed},
                        {"restarts_done", statistics.restarts_done},
                        {"total_deviation_per_swap", statistics.total_deviation_per_swap}};
  if (result.lower_bound) {
    json["statistics"]["lower_bound_per_step"] = statistics.lower_bound_per_step;
    json["statistics"]["upper_bound_per_step"] = statistics.upper_bound_per_step;
  }
  if (objective(result.method) != Objective::TotalDeviation)
    json["statistics"]["objective_per_swap"] = statistics.objective_per_swap;
  if (input.data.infinite_replaced() > 0) json["infinite_replaced"] = input.data.infinite_replaced();
  if (input.comparison) json["model"] = model_json(input, result);
  return json;
}

std::string labels_csv(const Input& input, const Result& result) {
  csv::Writer writer;
  for (const char* name : {"object", "label", "medoid", "distance"}) writer.cell(std::string_view(name));
  writer.end_row();
  for (Index o = 0; o < input.data.size(); ++o) {
    const auto at = static_cast<std::size_t>(o);
    writer.cell(object_name(input, o)).cell(static_cast<double>(result.labels[at]));
    writer.cell(object_name(input, result.medoids[static_cast<std::size_t>(result.labels[at])]));
    writer.cell(result.distance_to_medoid[at]);
    writer.end_row();
  }
  return writer.text();
}

Result read_result(const std::string& path) {
  constexpr auto largest = std::numeric_limits<std::int32_t>::max();
  const json::Value document = json::read(path);
  json::Reader file(document, path);
  Result result;
  for (json::Reader medoid : file.at("medoids").array()) {
    result.medoids.push_back(medoid.at("index").integer(0, std::numeric_limits<Index>::max()));
  }
  for (const json::Reader& label : file.at("labels").array()) {
    result.labels.push_back(static_cast<std::int32_t>(label.integer(0, largest)));
  }
  result.distance_to_medoid = file.at("distance_to_medoid").numbers(json::Range::at_least(0));
  if (const auto method = file.optional("method")) {
    const auto known = [&](Method candidate) { return name(candidate) == method->text(); };
    const auto found = std::find_if(methods().begin(), methods().end(), known);
    if (found == methods().end()) method->fail_found("the name of a method");
    result.method = *found;
  }
  result.total_deviation = file.at("total_deviation").number(json::Range::at_least(0));
  result.average_medoid_silhouette = file.at("average_medoid_silhouette").number(json::Range::between(-1, 1));
  if (const auto mean = file.optional("mean_silhouette"))
    result.mean_silhouette = mean->number(json::Range::between(-1, 1));
  result.converged = file.at("converged").boolean();
  if (const auto bound = file.optional("lower_bound")) {
    result.lower_bound = bound->number(json::Range::at_least(0));
    result.gap = file.at("gap").number(json::Range::between(0, 1));
    result.optimal = file.at("optimal").boolean();
  }
  return result;
}

Result read_repetitions(json::Reader& file) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  Result result;
  for (json::Reader medoid : file.at("medoids").array())
    result.medoids.push_back(medoid.at("index").integer(0, most));
  json::Reader found = file.at("statistics");
  Statistics& statistics = result.statistics;
  statistics.total_deviation_init = found.at("total_deviation_init").number(json::Range::at_least(0));
  statistics.swaps = found.at("swaps").integer(0, most);
  statistics.rounds = found.at("rounds").integer(0, most);
  statistics.evaluated = found.at("evaluated").integer(0, most);
  statistics.total_deviation_per_swap =
      found.at("total_deviation_per_swap").numbers(json::Range::at_least(0));
  statistics.restarts_done =
      static_cast<int>(found.at("restarts_done").integer(0, std::numeric_limits<int>::max()));
  return result;
}

}  // namespace xchg::kmedoids
