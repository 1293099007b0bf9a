// Results as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "xchg/dag/learn.hpp"

namespace xchg::dag {

// The members of a learnt graph, after those of the frame.
nlohmann::ordered_json result_json(const Result& result, const Options& options);
nlohmann::ordered_json metrics_json(const Metrics& metrics);
// As in a knowledge file.
nlohmann::ordered_json knowledge_json(const Knowledge& knowledge, const std::vector<std::string>& names);

}  // namespace xchg::dag
