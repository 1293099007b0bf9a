#include "xchg/kmedoids/result_file.hpp"

#include <cmath>

#include "xchg/core/csv.hpp"
#include "xchg/core/file.hpp"
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
  json["medoids"] = std::move(medoids);
  json["labels"] = result.labels;
  json["distance_to_medoid"] = result.distance_to_medoid;
  json["total_deviation"] = result.total_deviation;
  if (result.total_deviation_exact)
    json["total_deviation_exact"] = std::to_string(*result.total_deviation_exact);
  json["average_medoid_silhouette"] = result.average_medoid_silhouette;
  json["converged"] = result.converged;
  json["statistics"] = {{"total_deviation_init", statistics.total_deviation_init},
                        {"swaps", statistics.swaps},
                        {"rounds", statistics.rounds},
                        {"evaluated", statistics.evaluated},
                        {"objects_changed", statistics.objects_changed},
                        {"restarts_done", statistics.restarts_done},
                        {"total_deviation_per_swap", statistics.total_deviation_per_swap}};
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
  Result result;
  const ordered_json json = ordered_json::parse(file::read(path));
  for (const auto& medoid : json.at("medoids")) result.medoids.push_back(medoid.at("index"));
  result.labels = json.at("labels").get<std::vector<std::int32_t>>();
  result.distance_to_medoid = json.at("distance_to_medoid").get<std::vector<double>>();
  result.total_deviation = json.at("total_deviation");
  result.converged = json.at("converged");
  return result;
}

}  // namespace xchg::kmedoids
