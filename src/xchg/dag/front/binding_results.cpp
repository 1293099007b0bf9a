// Options and results of dag between C++ and Python.
#include <limits>

#include "xchg/dag/front/binding.hpp"

namespace xchg::dag {
namespace {

namespace py = pybind11;
using python::Arguments;

void read_score_options(const Arguments& named, ScoreOptions& options) {
  named.read("lambda1", options.lambda1);
  named.read("lambda2", options.lambda2);
  named.read("intercept", options.intercept);
  named.read("l1", options.l1);
  named.read("degree", options.degree);
  named.read("hidden_units", options.hidden_units);
  named.read("bias", options.bias);
}

void read_search(const Arguments& named, Options& options) {
  named.read_name("method", options.method, parse_method);
  named.read_name("start", options.start, parse_start);
  if (!named.object("order").is_none()) {
    options.order = read_order(named.object("order"), "start");
    options.start = Start::Given;
  }
  if (!named.object("start_matrix").is_none()) {
    options.start_matrix = read_matrix(named.object("start_matrix"), "start");
    options.start = Start::Matrix;
  }
  named.read("size_small", options.size_small);
  named.read("size_large", options.size_large);
  named.read("large_rounds", options.large_rounds);
  named.read("min_gradient", options.min_gradient);
  named.read_name("acyclicity", options.acyclicity, parse_acyclicity);
  if (!named.object("batch").is_none()) {
    options.default_batch = false;
    named.read_name("batch", options.batch, parse_batch);
  }
  named.read("restarts", options.restarts);
  named.read("perturbations", options.perturbations);
  named.read("tabu_steps", options.tabu_steps);
  named.read("seed", options.seed);
  named.read("exact_limit", options.exact_limit);
  named.read("memory_budget_bytes", options.memory_budget_bytes);
  named.read("time_limit_seconds", options.time_limit_seconds);
  named.read("refresh", options.refresh);
}

py::list edges_list(const std::vector<Edge>& edges) {
  py::list list;
  for (const Edge& edge : edges) list.append(py::make_tuple(edge.from, edge.to));
  return list;
}

py::dict identifiability_dict(const Identifiability& facts) {
  py::dict dict;
  dict["varsortability"] = facts.varsortability;
  dict["r2_sortability"] = facts.r2_sortability;
  dict["variance_score"] = facts.variance_score;
  dict["variance_distance"] = facts.variance_distance;
  dict["standardized_distance"] = facts.standardized_distance;
  return dict;
}

py::dict statistics_dict(const Statistics& statistics) {
  py::dict dict;
  dict["insertions_evaluated"] = statistics.insertions_evaluated;
  dict["swaps_evaluated"] = statistics.swaps_evaluated;
  dict["moves"] = statistics.moves;
  dict["factorisations"] = statistics.factorisations;
  dict["refits"] = statistics.refits;
  dict["cache_hits"] = statistics.cache_hits;
  dict["sets"] = statistics.sets;
  dict["largest_drift"] = statistics.largest_drift;
  dict["refresh"] = statistics.refresh;
  dict["runs"] = statistics.runs;
  dict["best_run"] = statistics.best_run;
  dict["seconds"] = statistics.seconds;
  dict["isa"] = std::string(name(statistics.isa));
  return dict;
}

py::list steps_list(const std::vector<Step>& steps) {
  py::list list;
  for (const Step& step : steps) {
    py::dict dict;
    dict["seconds"] = step.seconds;
    dict["run"] = step.run;
    dict["kind"] = step.kind;
    dict["moves"] = step.moves;
    dict["score"] = step.score;
    list.append(dict);
  }
  return list;
}

}  // namespace

Options read_options(const py::dict& dict, const std::vector<std::string>& names) {
  const Arguments named(dict);
  Options options;
  named.read_name("score", options.score, parse_score);
  read_score_options(named, options.score_options);
  read_search(named, options);
  if (!named.object("prune").is_none()) {
    options.default_prune = false;
    named.read_name("prune", options.prune, parse_prune);
  }
  named.read("threshold", options.threshold);
  named.read("alpha", options.alpha);
  named.read("bootstrap", options.bootstrap);
  std::string knowledge;
  named.read("knowledge", knowledge);
  if (!knowledge.empty()) options.knowledge = parse_knowledge(knowledge, names, "knowledge");
  if (!named.object("truth").is_none()) options.truth = read_matrix(named.object("truth"), "truth");
  named.read("threads", options.threads);
  named.read_name("isa", options.isa, parse_isa);
  return options;
}

GramOptions read_gram_options(const py::dict& dict) {
  const Arguments named(dict);
  GramOptions options;
  named.read("center", options.center);
  named.read("standardize", options.standardize);
  named.read_name("missing", options.missing, parse_missing);
  named.read("threads", options.threads);
  return options;
}

py::dict metrics_dict(const Metrics& metrics) {
  py::dict dict;
  dict["shd"] = metrics.shd;
  dict["extra"] = metrics.extra;
  dict["missing"] = metrics.missing;
  dict["reversed"] = metrics.reversed;
  dict["true_positive"] = metrics.true_positive;
  dict["predicted"] = metrics.predicted;
  dict["edges"] = metrics.edges;
  dict["tpr"] = metrics.tpr;
  dict["fdr"] = metrics.fdr;
  dict["fpr"] = metrics.fpr;
  dict["precision"] = metrics.precision;
  dict["recall"] = metrics.recall;
  dict["f1"] = metrics.f1;
  dict["sid"] = metrics.sid;
  return dict;
}

py::dict cpdag_dict(const Cpdag& graph, std::size_t nodes) {
  py::dict dict;
  dict["directed"] = edges_list(graph.directed);
  dict["undirected"] = edges_list(graph.undirected);
  dict["nodes"] = nodes;
  return dict;
}

py::dict result_dict(Result&& result) {
  py::dict dict;
  dict["names"] = result.names;
  dict["order"] = python::moved(std::vector<std::int64_t>(result.order.begin(), result.order.end()));
  dict["w"] = matrix_array(std::move(result.w));
  dict["w_order"] = matrix_array(std::move(result.w_order));
  dict["se"] = matrix_array(std::move(result.se));
  dict["se_order"] = matrix_array(std::move(result.se_order));
  dict["score_order"] = result.score_order;
  dict["score_graph"] = result.score_graph;
  dict["score_start"] = result.score_start;
  dict["lower_bound"] = result.lower_bound;
  dict["gap"] = result.gap;
  dict["kkt_residual"] = result.kkt_residual;
  dict["status"] = std::string(name(result.status));
  dict["stopped_by"] = result.stopped_by;
  dict["separated"] = result.separated;
  dict["removed_from_start"] = edges_list(result.removed_from_start);
  dict["resamples"] = result.resamples;
  dict["frequency"] = matrix_array(std::move(result.frequency));
  dict["precedence"] = matrix_array(std::move(result.precedence));
  dict["cpdag"] = cpdag_dict(result.cpdag, result.order.size());
  dict["metrics"] = result.metrics ? py::object(metrics_dict(*result.metrics)) : py::none();
  dict["cpdag_metrics"] = result.cpdag_metrics ? py::object(metrics_dict(*result.cpdag_metrics)) : py::none();
  dict["identifiability"] = identifiability_dict(result.identifiability);
  dict["warnings"] = result.warnings;
  dict["steps"] = steps_list(result.steps);
  dict["statistics"] = statistics_dict(result.statistics);
  return dict;
}

Claim read_claim_members(const py::dict& members) {
  const Arguments named(members);
  Claim claim;
  named.read("names", claim.names);
  claim.order = read_order(named.object("order"), "result.order");
  named.read_name("score", claim.score, parse_score);
  read_score_options(named, claim.score_options);
  claim.w = read_matrix(named.object("w"), "result.w");
  named.read("score_order", claim.score_order);
  named.read("score_graph", claim.score_graph);
  claim.lower_bound = named.object("lower_bound").cast<std::optional<double>>();
  claim.gap = named.object("gap").cast<std::optional<double>>();
  claim.kkt_residual = named.object("kkt_residual").cast<std::optional<double>>();
  named.read("status", claim.status);
  std::string knowledge;
  named.read("knowledge", knowledge);
  if (!knowledge.empty()) claim.knowledge = parse_knowledge(knowledge, claim.names, "knowledge");
  return claim;
}

}  // namespace xchg::dag
