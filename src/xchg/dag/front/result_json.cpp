#include "xchg/dag/front/result_json.hpp"

namespace xchg::dag {
namespace {

using nlohmann::ordered_json;

template <class T>
ordered_json or_null(const std::optional<T>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

std::string name_of(const std::vector<std::string>& names, int node) {
  return names[static_cast<std::size_t>(node)];
}

ordered_json names_of(const std::vector<std::string>& names, const std::vector<int>& nodes) {
  ordered_json list = ordered_json::array();
  for (const int node : nodes) list.push_back(name_of(names, node));
  return list;
}

ordered_json pairs(const std::vector<std::string>& names, const std::vector<Edge>& edges) {
  ordered_json list = ordered_json::array();
  for (const Edge& edge : edges) list.push_back({name_of(names, edge.from), name_of(names, edge.to)});
  return list;
}

ordered_json edges_json(const Result& result) {
  ordered_json edges = ordered_json::array();
  for (std::size_t i = 0; i < result.names.size(); ++i) {
    for (std::size_t j = 0; j < result.names.size(); ++j) {
      if (result.w(i, j) == 0) continue;
      ordered_json edge{{"from", result.names[i]}, {"to", result.names[j]}, {"weight", result.w(i, j)}};
      if (!result.se.empty()) edge["se"] = result.se(i, j);
      if (!result.frequency.empty()) {
        edge["frequency"] = result.frequency(i, j);
        edge["frequency_reversed"] = result.frequency(j, i);
      }
      edges.push_back(std::move(edge));
    }
  }
  return edges;
}

ordered_json identifiability_json(const Identifiability& facts) {
  return {{"varsortability", or_null(facts.varsortability)},
          {"r2_sortability", or_null(facts.r2_sortability)},
          {"variance_score", or_null(facts.variance_score)},
          {"variance_distance", facts.variance_distance},
          {"standardized_distance", or_null(facts.standardized_distance)}};
}

// Times are left out: they stand under `run`.
ordered_json steps_json(const Result& result) {
  ordered_json steps = ordered_json::array();
  for (const Step& step : result.steps) {
    steps.push_back({{"run", step.run}, {"kind", step.kind}, {"moves", step.moves}, {"score", step.score}});
  }
  return steps;
}

ordered_json statistics_json(const Statistics& statistics) {
  return {{"insertions_evaluated", statistics.insertions_evaluated},
          {"swaps_evaluated", statistics.swaps_evaluated},
          {"moves", statistics.moves},
          {"factorisations", statistics.factorisations},
          {"refits", statistics.refits},
          {"sets", statistics.sets},
          {"largest_drift", statistics.largest_drift},
          {"refresh", statistics.refresh},
          {"runs", statistics.runs},
          {"best_run", statistics.best_run}};
}

}  // namespace

ordered_json metrics_json(const Metrics& metrics) {
  return {{"shd", metrics.shd},
          {"extra", metrics.extra},
          {"missing", metrics.missing},
          {"reversed", metrics.reversed},
          {"true_positive", metrics.true_positive},
          {"predicted", metrics.predicted},
          {"edges", metrics.edges},
          {"tpr", metrics.tpr},
          {"fdr", metrics.fdr},
          {"fpr", metrics.fpr},
          {"precision", metrics.precision},
          {"recall", metrics.recall},
          {"f1", metrics.f1},
          {"sid", or_null(metrics.sid)}};
}

ordered_json knowledge_json(const Knowledge& knowledge, const std::vector<std::string>& names) {
  ordered_json json = ordered_json::object();
  if (!knowledge.required.empty()) json["required"] = pairs(names, knowledge.required);
  if (!knowledge.forbidden.empty()) json["forbidden"] = pairs(names, knowledge.forbidden);
  if (!knowledge.before.empty()) json["before"] = pairs(names, knowledge.before);
  for (const auto& tier : knowledge.tiers) json["tiers"].push_back(names_of(names, tier));
  if (!knowledge.roots.empty()) json["roots"] = names_of(names, knowledge.roots);
  if (!knowledge.leaves.empty()) json["leaves"] = names_of(names, knowledge.leaves);
  for (const auto& [regime, nodes] : knowledge.targets) json["targets"][regime] = names_of(names, nodes);
  return json;
}

ordered_json result_json(const Result& result, const Options& options) {
  ordered_json json{{"names", result.names},
                    {"score", name(options.score)},
                    {"order", names_of(result.names, result.order)},
                    {"score_order", result.score_order},
                    {"score_graph", result.score_graph},
                    {"score_start", result.score_start},
                    {"lower_bound", or_null(result.lower_bound)},
                    {"gap", or_null(result.gap)},
                    {"kkt_residual", or_null(result.kkt_residual)},
                    {"status", name(result.status)}};
  if (!result.stopped_by.empty()) json["stopped_by"] = result.stopped_by;
  if (result.separated) json["separated"] = true;
  json["edges"] = edges_json(result);
  json["cpdag"] = {{"directed", pairs(result.names, result.cpdag.directed)},
                   {"undirected", pairs(result.names, result.cpdag.undirected)}};
  if (!result.removed_from_start.empty())
    json["removed_from_start"] = pairs(result.names, result.removed_from_start);
  if (!options.knowledge.empty()) json["knowledge"] = knowledge_json(options.knowledge, result.names);
  if (options.bootstrap > 0) json["resamples"] = result.resamples;
  if (result.metrics) json["metrics"] = metrics_json(*result.metrics);
  if (result.cpdag_metrics) json["cpdag_metrics"] = metrics_json(*result.cpdag_metrics);
  json["identifiability"] = identifiability_json(result.identifiability);
  json["warnings"] = result.warnings;
  json["steps"] = steps_json(result);
  json["statistics"] = statistics_json(result.statistics);
  return json;
}

}  // namespace xchg::dag
