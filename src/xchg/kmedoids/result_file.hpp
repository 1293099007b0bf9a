// Results as files.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "xchg/core/json.hpp"
#include "xchg/kmedoids/input.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {

// The members of a result, named as in C++: medoids in slot order as {index, id, row}, labels, distances,
// total deviation, statistics. `row` counts data rows from 1.
nlohmann::ordered_json result_json(const Input& input, const Result& result);

// object,label,medoid,distance with one line an object, in input order.
std::string labels_csv(const Input& input, const Result& result);

// The inverse of result_json as far as verify() needs it. Throws InputError with the JSON pointer.
Result read_result(const std::string& path);

// Medoids and statistics of what cluster --shards wrote, as ShardOptions::done needs them. Throws InputError
// with the JSON pointer.
Result read_repetitions(json::Reader& file);

}  // namespace xchg::kmedoids
