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

// What was read: rows, whose second moments are taken when somebody asks for them, or second moments alone.
struct Input {
  std::optional<Data> data;
  Gram gram;
  GramOptions gram_options;
  const std::vector<std::string>& names() const { return data ? data->names : gram.names; }
};

void add_data_options(CLI::App& verb, DataArguments& arguments);
void add_knowledge_option(CLI::App& verb, DataArguments& arguments);
void add_score_options(CLI::App& verb, ScoreArguments& arguments);
ScoreOptions score_options(const ScoreArguments& arguments);
// Options of one method under the heading "Data", "Score", …; what has no heading yet, at the end.
void add_headings(CLI::App& verb);

// The option was named on the command line.
bool is_given(const CLI::App& verb, const std::string& option);
// Throws InputError when the option was given and has no effect: `with` says what else was chosen, `needed`
// where it has one.
void require_effect(const CLI::App& verb, const std::string& option, bool effect, const std::string& with,
                    const std::string& needed);
// The same for all options of a score; `penalty`: lambda1 is used elsewhere too.
void require_score_options(const CLI::App& verb, Score score, bool penalty);

// Of a large file only the second moments are kept, unless the score or the caller needs the rows.
Input load(const DataArguments& arguments, Score score, command::Session& session, bool rows_needed = true);
// Takes the second moments of the rows, if there are rows; with the targets of the knowledge.
void take_moments(Input& input, const Knowledge& knowledge, command::Session& session);
// Reads the knowledge file, if there is one.
Knowledge load_knowledge(const DataArguments& arguments, const Input& input);
// How the table was read whose result this file is: the options of learn. Empty where the file is not ours.
DataArguments arguments_of_result(const std::string& path);

// "a,b,c", or a file that has it: node numbers. Throws InputError for unknown names.
std::vector<int> parse_order(const std::string& text, const std::vector<std::string>& names);

// As in the JSON of a result.
nlohmann::ordered_json data_json(const DataArguments& arguments);

void add_learn(CLI::App& engine, command::Session& session);
void add_simulate(CLI::App& engine, command::Session& session);
void add_compare(CLI::App& engine, command::Session& session);
void add_score(CLI::App& engine, command::Session& session);
void add_explain(CLI::App& engine, command::Session& session);
void add_verify(CLI::App& engine, command::Session& session);

}  // namespace xchg::dag
