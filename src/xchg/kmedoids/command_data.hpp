// How the verbs of `xchg kmedoids` read their data; the options are the same in all of them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "xchg/core/command/command.hpp"
#include "xchg/kmedoids/input.hpp"

namespace xchg::kmedoids {

// What all verbs need to read their data.
struct DataArguments {
  std::string input;
  std::string format = "auto";
  std::string metric = "euclidean";
  bool precomputed = false;
  std::string orientation = "symmetric";
  bool zero_diagonal = false;
  std::string id_column, weight_column;
  std::vector<std::string> drop_columns;
  std::string header = "auto";
};

// Adds INPUT and the options that say what it is.
void add_data_options(CLI::App& verb, DataArguments& data);
// Reads what the arguments name.
Input load(const DataArguments& arguments, const command::Session& session);

// What the options of a result say of them.
nlohmann::ordered_json data_json(const DataArguments& data);

// The verbs, each in its own file.
void add_cluster(CLI::App& engine, command::Session& session);
void add_path(CLI::App& engine, command::Session& session);
void add_verify(CLI::App& engine, command::Session& session);

}  // namespace xchg::kmedoids
