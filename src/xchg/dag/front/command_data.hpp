// What the verbs of `xchg dag` have in common: the table or Gram matrix, and its options.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "xchg/core/command/command.hpp"
#include "xchg/dag/dag.hpp"

namespace xchg::dag {

struct DataArguments {
  std::string input;
  std::int64_t n = 0;  // INPUT is a Gram matrix of so many rows
  std::vector<std::string> where, ignore, transforms;
  std::string regime, missing = "error", knowledge;
  bool drop_constant = false, standardize = false, no_center = false, two_valued = false;
};

struct ScoreArguments {
  std::string score = "least-squares";
  bool no_bias = false;
  ScoreOptions options;
};

// What was read: rows, or second moments alone.
struct Input {
  std::optional<Data> data;
  Gram gram;
  GramOptions gram_options;
  const std::vector<std::string>& names() const { return gram.names; }
};

void add_data_options(CLI::App& verb, DataArguments& arguments);
void add_score_options(CLI::App& verb, ScoreArguments& arguments);
ScoreOptions score_options(const ScoreArguments& arguments);

Input load(const DataArguments& arguments, Score score, command::Session& session);

// "a,b,c", or a file that has it: node numbers. Throws InputError for unknown names.
std::vector<int> parse_order(const std::string& text, const std::vector<std::string>& names);

nlohmann::ordered_json data_json(const DataArguments& arguments);

void add_learn(CLI::App& engine, command::Session& session);
void add_simulate(CLI::App& engine, command::Session& session);
void add_compare(CLI::App& engine, command::Session& session);
void add_score(CLI::App& engine, command::Session& session);
void add_explain(CLI::App& engine, command::Session& session);
void add_verify(CLI::App& engine, command::Session& session);

}  // namespace xchg::dag
