// Results as files.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "xchg/core/json.hpp"
#include "xchg/kmedoids/input.hpp"
#include "xchg/kmedoids/kmedoids.hpp"
#include "xchg/kmedoids/predict.hpp"

namespace xchg::kmedoids {

// The members of a result, named as in C++: medoids in slot order as {index, id, row}, labels, distances,
// total deviation, statistics. `row` counts data rows from 1.
nlohmann::ordered_json result_json(const Input& input, const Result& result);

// What predict needs of the data: {metric, its parameters, columns, medoids}, the medoids as rows of numbers
// and texts (null: missing) or as strings.
nlohmann::ordered_json model_json(const Input& input, const Result& result);

// The model of a result file and the names of its medoids. Throws InputError when it has none.
struct Model {
  Comparison comparison;
  RawRows medoids;
  std::vector<std::string> medoid_names;
};
Model read_model(const std::string& path);

// object,label,medoid,distance with one line an object, in input order.
std::string labels_csv(const Input& input, const Result& result);

// The same for new objects.
std::string labels_csv(const NewRows& rows, const Model& model, const Assignment& assignment);

// The inverse of result_json as far as verify() needs it. Throws InputError with the JSON pointer.
Result read_result(const std::string& path);

// Medoids and statistics of what cluster --shards wrote, as ShardOptions::done needs them. Throws InputError
// with the JSON pointer.
Result read_repetitions(json::Reader& file);

}  // namespace xchg::kmedoids
