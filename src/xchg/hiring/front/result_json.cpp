#include "xchg/hiring/front/result_json.hpp"

#include <cmath>

#include "xchg/hiring/instance/mechanism_file.hpp"
#include "xchg/hiring/instance/names.hpp"

namespace xchg::hiring {
namespace {

using nlohmann::ordered_json;

ordered_json or_null(const std::optional<double>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json ladder_json(const Ladder& ladder) {
  return {{"own", or_null(ladder.own)},
          {"det", or_null(ladder.det)},
          {"product", or_null(ladder.product)},
          {"corr", or_null(ladder.corr)},
          {"first_best", or_null(ladder.first_best)},
          {"quadratic", or_null(ladder.quadratic)},
          {"logarithmic", or_null(ladder.logarithmic)},
          {"spherical", or_null(ladder.spherical)}};
}

// Times are left out: they stand under `run`.
ordered_json statistics_json(const Statistics& statistics) {
  return {{"method", statistics.method},         {"rows", statistics.rows},
          {"columns", statistics.columns},       {"nonzeros", statistics.nonzeros},
          {"iterations", statistics.iterations}, {"rounds", statistics.rounds},
          {"repair", statistics.repair}};
}

ordered_json finite_or_null(double value) {
  return std::isfinite(value) ? ordered_json(value) : ordered_json(nullptr);
}

ordered_json curve_json(const Curve& curve) {
  ordered_json json{
      {"method", curve.method}, {"points", ordered_json::array()}, {"slopes", ordered_json::array()}};
  for (const CurvePoint& point : curve.points) {
    json["points"].push_back({{"rounds", point.rounds},
                              {"mean", point.mean},
                              {"low", point.low},
                              {"high", point.high},
                              {"exploration", point.exploration},
                              {"obeyed", point.obeyed},
                              {"fallbacks", point.fallbacks},
                              {"regret", point.regret}});
  }
  for (const Slope& slope : curve.slopes) {
    json["slopes"].push_back({{"low_rounds", slope.low_rounds},
                              {"high_rounds", slope.high_rounds},
                              {"slope", finite_or_null(slope.slope)},
                              {"low", finite_or_null(slope.low)},
                              {"high", finite_or_null(slope.high)}});
  }
  json["break_even"] = curve.break_even ? ordered_json(*curve.break_even) : ordered_json(nullptr);
  return json;
}

}  // namespace

void add_exact(ordered_json& object, const std::string& name, const Rational& value) {
  object[name] = to_double(value);
  object[name + "_exact"] = text(value);
}

ordered_json result_json(const Instance& instance, const Result& result) {
  ordered_json json;
  add_exact(json, "value", result.value_exact);
  add_exact(json, "upper_bound", result.upper_bound_exact);
  json["gap"] = result.value == 0 ? 0.0 : (result.value - result.upper_bound) / result.value;
  json["supremum"] = result.supremum;
  json["attained"] = result.attained;
  json["ic"] = result.incentive_compatible ? "exact" : "violated";
  add_exact(json, "ic_violation", result.ic_violation);
  json["status"] = result.status;
  add_exact(json, "largest_payment", result.largest_payment);
  ordered_json payments;
  const std::vector<Rational> expected = expected_payments(instance, result.mechanism);
  for (std::size_t i = 0; i < expected.size(); ++i) add_exact(payments, instance.agents[i].name, expected[i]);
  json["expected_payments"] = expected.empty() ? ordered_json::object() : payments;
  json["ladder"] = ladder_json(result.ladder);
  json["support"] = support_json(instance, result.mechanism);
  json["warnings"] = result.warnings;
  json["statistics"] = statistics_json(result.statistics);
  return json;
}

ordered_json check_json(const Check& check) {
  ordered_json json{{"proven", check.proven}};
  add_exact(json, "value", check.value);
  add_exact(json, "violation", check.violation);
  json["bounded"] = check.bounded;
  if (check.bounded) {
    add_exact(json, "upper_bound", check.upper_bound);
  } else {
    json["upper_bound"] = nullptr;
  }
  json["findings"] = check.findings;
  return json;
}

ordered_json frontier_json(const Instance& instance, const std::vector<FrontierPoint>& points) {
  ordered_json list = ordered_json::array();
  for (const FrontierPoint& point : points) {
    ordered_json json;
    const Bound& bound = point.payment_bound;
    json["payment_bound"] =
        bound.infinite() ? ordered_json(nullptr) : ordered_json(to_double(bound.amount()));
    json["payment_bound_exact"] = bound.text();
    json["value"] = point.value;
    json["expected_payment"] = point.expected_payment;
    json["profiles"] = ordered_json::array();
    for (const std::size_t b : point.profiles) json["profiles"].push_back(effort_names(instance, b));
    list.push_back(std::move(json));
  }
  return list;
}

ordered_json simulation_json(const Simulation& simulation) {
  ordered_json json{{"optimum", simulation.optimum},
                    {"det", simulation.det ? ordered_json(*simulation.det) : ordered_json(nullptr)},
                    {"complete", simulation.complete},
                    {"curves", ordered_json::array()},
                    {"warnings", simulation.warnings}};
  for (const Curve& curve : simulation.curves) json["curves"].push_back(curve_json(curve));
  return json;
}

const char* phase_name(Phase phase) {
  switch (phase) {
    case Phase::Explore:
      return "explore";
    case Phase::Costs:
      return "costs";
    case Phase::Commit:
      return "commit";
    case Phase::Done:
      break;
  }
  return "done";
}

ordered_json request_json(const Setting& setting, const Request& request, const Learned& learned) {
  ordered_json json{{"phase", phase_name(request.phase)},
                    {"number", request.number},
                    {"rounds", request.rounds},
                    {"played", learned.rounds},
                    {"finished", learned.finished}};
  json["support"] = request.phase == Phase::Done && request.mechanism.support.empty() && learned.mechanism
                        ? support_json(setting.frame, *learned.mechanism)
                        : support_json(setting.frame, request.mechanism);
  if (request.chooser >= 0) {
    json["chooser"] = setting.frame.agents[static_cast<std::size_t>(request.chooser)].name;
    json["alternative"] = {{"support", support_json(setting.frame, request.alternative)}};
  }
  json["promised"] = learned.promised;
  json["slack"] = learned.slack;
  json["fallback"] = learned.fallback;
  json["warnings"] = learned.warnings;
  return json;
}

}  // namespace xchg::hiring
