// How the verbs of `xchg kmedoids` read their data; the options are the same in all of them.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "xchg/core/command/command.hpp"
#include "xchg/kmedoids/input.hpp"

namespace xchg::kmedoids {

// What all verbs need to read their data.
struct DataArguments {
  std::string input;
  std::string format = "auto";
  std::string metric = "auto";
  double p = 2;
  Index window = -1;
  bool normalised = false;
  std::vector<std::string> types;
  bool precomputed = false, packed = false;
  std::string orientation = "symmetric";
  bool zero_diagonal = false;
  std::string infinite = "error";
  std::optional<double> absent;
  bool no_matrix = false;
  std::string id_column, weight_column;
  std::vector<std::string> drop_columns;
  std::string header = "auto";
};

// Adds INPUT and the options that say what it is.
void add_data_options(CLI::App& verb, DataArguments& data);
// What read_input() is asked for.
InputOptions input_options(const DataArguments& arguments, const command::Session& session);
// Reads what the arguments name. `matrix` says whether distances of raw data are kept, unless --no-matrix.
Input load(const DataArguments& arguments, const command::Session& session, Matrix matrix = Matrix::Always);

// What the options of a result say of them.
nlohmann::ordered_json data_json(const DataArguments& data, const Input& input);

// The verbs, each in its own file.
void add_cluster(CLI::App& engine, command::Session& session);
void add_path(CLI::App& engine, command::Session& session);
void add_predict(CLI::App& engine, command::Session& session);
void add_verify(CLI::App& engine, command::Session& session);

}  // namespace xchg::kmedoids
