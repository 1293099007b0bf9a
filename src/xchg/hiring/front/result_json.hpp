// Results of the engine as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "xchg/hiring/audit.hpp"
#include "xchg/hiring/hiring.hpp"
#include "xchg/hiring/online.hpp"

namespace xchg::hiring {

// The members of a result, after those of the frame: numbers, and exact ones under NAME_exact.
nlohmann::ordered_json result_json(const Instance& instance, const Result& result);
nlohmann::ordered_json check_json(const Check& check);
nlohmann::ordered_json frontier_json(const Instance& instance, const std::vector<FrontierPoint>& points);

nlohmann::ordered_json audit_json(const Instance& instance, const Audit& audit);
nlohmann::ordered_json simulation_json(const Simulation& simulation);
// What to post next, and where the learner stands.
nlohmann::ordered_json request_json(const Setting& setting, const Request& request, const Learned& learned);
const char* phase_name(Phase phase);

// Adds NAME and NAME_exact.
void add_exact(nlohmann::ordered_json& object, const std::string& name, const Rational& value);

}  // namespace xchg::hiring
