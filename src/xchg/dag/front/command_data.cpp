#include "xchg/dag/front/command_data.hpp"

#include <algorithm>
#include <filesystem>

#include "xchg/core/file.hpp"
#include "xchg/core/json.hpp"
#include "xchg/core/text.hpp"
#include "xchg/dag/learn/checks.hpp"

namespace xchg::dag {
namespace {

using command::Session;

constexpr std::int64_t most_rows = std::int64_t{1} << 53;  // that JSON numbers hold

std::vector<std::pair<std::string, std::string>> parse_where(const std::vector<std::string>& texts) {
  std::vector<std::pair<std::string, std::string>> where;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw InputError("'" + text + "' of --where is no condition", {}, "COLUMN=VALUE");
    }
    where.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return where;
}

ReadOptions read_options(const DataArguments& arguments) {
  ReadOptions options;
  options.where = parse_where(arguments.where);
  options.ignore = arguments.ignore;
  options.regime = arguments.regime;
  for (const std::string& text : arguments.transforms) options.transforms.push_back(parse_transform(text));
  options.missing = parse_missing(arguments.missing);
  options.drop_constant = arguments.drop_constant;
  options.two_valued_text = arguments.two_valued;
  return options;
}

bool centred(const DataArguments& arguments, Score score) {
  return !arguments.no_center && score != Score::Logistic && score != Score::Poisson;
}

// No table of observations is symmetric by chance.
void refuse_gram(const Matrix& x, const std::string& source) {
  if (x.rows != x.columns || x.rows < 3) return;
  for (std::size_t i = 0; i < x.rows; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (x(i, j) != x(j, i)) return;
    }
  }
  throw InputError("is square and symmetric, as Gram matrices are", {source},
                   "for a Gram matrix --n ROWS, the number of observations; else a table of them");
}

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

// Names between commas or line ends.
std::vector<std::string> split_names(const std::string& text) {
  std::vector<std::string> parts;
  std::string part;
  for (const char c : text + ",") {
    if (c != ',' && c != '\n') {
      part += c;
      continue;
    }
    if (const std::string name = trimmed(part); !name.empty()) parts.push_back(name);
    part.clear();
  }
  return parts;
}

bool takes_moments(Score score) {
  return score == Score::LeastSquares || score == Score::L1 || score == Score::Ridge || score == Score::Bic;
}

// So large that its rows are better not kept.
bool is_large(const std::string& path) {
  constexpr std::uintmax_t large_bytes = std::uintmax_t{64} << 20;
  std::error_code unknown;
  const std::uintmax_t size = std::filesystem::file_size(path, unknown);
  return !unknown && size >= large_bytes;
}

}  // namespace

void add_data_options(CLI::App& verb, DataArguments& arguments) {
  const char* const group = "Data";
  verb.add_option(
          "input", arguments.input,
          "Table of observations: one row each, one column a variable (CSV with a header of names, or "
          "NPY); with --n a Gram matrix; - is standard input")
      ->required()
      ->type_name("FILE");
  verb.add_option("--n", arguments.n,
                  "The input is a Gram matrix X'X/n (covariances) of so many observations")
      ->group(group)
      ->type_name("ROWS")
      ->check(CLI::PositiveNumber);
  verb.add_option("--where", arguments.where, "Keep only the rows whose column has this value")
      ->group(group)
      ->type_name("COLUMN=VALUE")
      ->allow_extra_args(false);
  verb.add_option("--ignore", arguments.ignore, "Columns that are left out")
      ->group(group)
      ->delimiter(',')
      ->type_name("COLUMN,...");
  verb.add_option(
          "--regime", arguments.regime,
          "Column that says under which intervention a row was taken; --knowledge says which variables each "
          "of its values sets (\"targets\")")
      ->group(group)
      ->type_name("COLUMN");
  verb.add_option("--transform", arguments.transforms,
                  "log(x+C), sqrt(x+C), asinh(x+C) or rank of every column, or of one: COLUMN=log(x+C)")
      ->group(group)
      ->type_name("FUNCTION")
      ->allow_extra_args(false);
  verb.add_option(
          "--missing", arguments.missing,
          "Missing values: refuse (error), drop their rows, use the pairs that are there, or estimate "
          "by expectation maximisation")
      ->group(group)
      ->check(CLI::IsMember(missing_names()))
      ->capture_default_str();
  verb.add_flag("--drop-constant", arguments.drop_constant,
                "Leave out constant columns instead of refusing them")
      ->group(group);
  verb.add_flag("--two-valued", arguments.two_valued, "Text columns of two values become 0 and 1")
      ->group(group);
  verb.add_flag("--standardize", arguments.standardize, "Divide every column by its standard deviation")
      ->group(group);
  verb.add_flag("--no-center", arguments.no_center, "Do not subtract the means")->group(group);
}

void add_knowledge_option(CLI::App& verb, DataArguments& arguments) {
  verb.add_option(
          "--knowledge", arguments.knowledge,
          "What is known (JSON): {\"required\": [[\"a\",\"b\"]], \"forbidden\": [], \"before\": [], "
          "\"tiers\": [[\"a\"],[\"b\",\"c\"]], \"roots\": [], \"leaves\": [], \"targets\": {\"REGIME\": "
          "[\"a\"]}}, every key optional")
      ->group("Data")
      ->type_name("FILE");
}

void add_score_options(CLI::App& verb, ScoreArguments& arguments) {
  const char* const group = "Score";
  ScoreOptions& options = arguments.options;
  verb.add_option(
          "--score", arguments.score,
          "What is minimised. least-squares, l1, ridge: linear, equal noise variances; bic: linear, any "
          "noise variances, any units; logistic: 0/1 columns; poisson: counts; additive, mlp: curves")
      ->group(group)
      ->check(CLI::IsMember(score_names()))
      ->capture_default_str();
  verb.add_option("--lambda1", options.lambda1, "Weight of the sum of |W| (l1, mlp, and with --l1)")
      ->group(group)
      ->capture_default_str();
  verb.add_option("--lambda2", options.lambda2, "Weight of the squares (ridge, mlp)")
      ->group(group)
      ->capture_default_str();
  verb.add_flag("--l1", options.l1, "Add lambda1 times the sum of |W| (logistic, poisson)")->group(group);
  verb.add_flag("--intercept", options.intercept, "Models of logistic and poisson have an intercept")
      ->group(group);
  verb.add_option("--degree", options.degree, "Polynomials of each parent (additive), 1 to 3")
      ->group(group)
      ->capture_default_str();
  verb.add_option("--hidden", options.hidden_units, "Hidden units of each net (mlp)")
      ->group(group)
      ->capture_default_str();
  verb.add_flag("--no-bias", arguments.no_bias, "Nets have no biases (mlp)")->group(group);
}

void add_headings(CLI::App& verb) {
  for (CLI::Option* option : verb.get_options()) {
    if (option->nonpositional() && option->get_group() == "Options" && option != verb.get_help_ptr())
      option->group("Output and run");
  }
}

bool is_given(const CLI::App& verb, const std::string& option) {
  return verb.get_option(option)->count() > 0;
}

void require_effect(const CLI::App& verb, const std::string& option, bool effect, const std::string& with,
                    const std::string& needed) {
  if (effect || !is_given(verb, option)) return;
  throw InputError(option + " has no effect with " + with, {}, needed);
}

void require_score_options(const CLI::App& verb, Score score, bool penalty) {
  const std::string with = "--score " + std::string(name(score));
  const bool mlp = score == Score::Mlp, counts = score == Score::Logistic || score == Score::Poisson;
  const bool l1 = counts && is_given(verb, "--l1");
  require_effect(verb, "--lambda1", penalty || mlp || score == Score::L1 || l1, with,
                 counts ? "--l1 as well" : "--score l1 or mlp");
  require_effect(verb, "--lambda2", mlp || score == Score::Ridge, with, "--score ridge or mlp");
  require_effect(verb, "--intercept", counts, with, "--score logistic or poisson");
  require_effect(verb, "--l1", counts, with, "--score logistic or poisson");
  require_effect(verb, "--degree", score == Score::Additive, with, "--score additive");
  require_effect(verb, "--hidden", mlp, with, "--score mlp");
  require_effect(verb, "--no-bias", mlp, with, "--score mlp");
}

ScoreOptions score_options(const ScoreArguments& arguments) {
  ScoreOptions options = arguments.options;
  options.bias = !arguments.no_bias;
  return options;
}

Input load(const DataArguments& arguments, Score score, Session& session, bool rows_needed) {
  Input input;
  input.gram_options = {.center = centred(arguments, score),
                        .standardize = arguments.standardize,
                        .missing = parse_missing(arguments.missing),
                        .targets = {},
                        .threads = session.common().threads};
  if (arguments.n > 0) {
    const bool rows = !arguments.where.empty() || !arguments.ignore.empty() || !arguments.regime.empty() ||
                      !arguments.transforms.empty() || arguments.drop_constant || arguments.two_valued ||
                      arguments.no_center;
    if (rows) throw InputError("a Gram matrix (--n) has no rows to choose, ignore, transform or centre");
    input.gram = read_gram(arguments.input, arguments.n);
    if (arguments.standardize) input.gram = standardized(input.gram);
    return input;
  }
  if (!rows_needed && takes_moments(score) && is_large(arguments.input)) {
    input.gram =
        gram_of_file(arguments.input, read_options(arguments), input.gram_options, session.progress());
    return input;
  }
  input.data = read_data(arguments.input, read_options(arguments));
  for (const std::string& remark : input.data->remarks) session.tell(remark);
  refuse_gram(input.data->x, arguments.input);
  return input;
}

void take_moments(Input& input, const Knowledge& knowledge, Session& session) {
  if (!input.data) return;
  const GramOptions options = with_targets(input.gram_options, knowledge, input.names());
  input.gram = gram(*input.data, options, session.progress());
}

Knowledge load_knowledge(const DataArguments& arguments, const Input& input) {
  if (arguments.knowledge.empty()) return {};
  Knowledge knowledge = read_knowledge(arguments.knowledge, input.names());
  if (!input.data && !knowledge.targets.empty()) {
    throw InputError("a Gram matrix (--n) has no rows that targets could leave out", {arguments.knowledge},
                     "a table with --regime, or no \"targets\"");
  }
  return knowledge;
}

std::vector<int> parse_order(const std::string& text, const std::vector<std::string>& names) {
  const bool is_file = text.find(',') == std::string::npos && std::filesystem::exists(text);
  std::vector<int> order;
  for (const std::string& part : split_names(is_file ? file::read(text) : text)) {
    const auto found = std::find(names.begin(), names.end(), part);
    if (found == names.end()) {
      throw InputError("the order has '" + part + "', which is no variable" + text::suggestion(part, names));
    }
    order.push_back(static_cast<int>(found - names.begin()));
  }
  return order;
}

DataArguments arguments_of_result(const std::string& path) {
  DataArguments arguments;
  const json::Value document = json::parse(file::read(path), path);
  json::Reader root(document, path);
  auto options = root.optional("options");
  if (!options) return arguments;
  const auto texts = [&](const char* key, std::vector<std::string>& target) {
    if (const auto list = options->optional(key)) {
      for (const json::Reader& entry : list->array()) target.push_back(entry.text());
    }
  };
  const auto flag = [&](const char* key, bool usual) {
    const auto value = options->optional(key);
    return value ? value->boolean() : usual;
  };
  texts("where", arguments.where);
  texts("ignore", arguments.ignore);
  texts("transform", arguments.transforms);
  if (const auto n = options->optional("n")) arguments.n = n->integer(1, most_rows);
  if (const auto regime = options->optional("regime")) arguments.regime = regime->text();
  if (const auto missing = options->optional("missing")) arguments.missing = missing->text();
  arguments.drop_constant = flag("drop_constant", false);
  arguments.two_valued = flag("two_valued", false);
  arguments.standardize = flag("standardize", false);
  arguments.no_center = !flag("center", true);
  return arguments;
}

nlohmann::ordered_json data_json(const DataArguments& arguments) {
  nlohmann::ordered_json json{{"input", arguments.input}};
  if (arguments.n > 0) json["n"] = arguments.n;
  if (!arguments.where.empty()) json["where"] = arguments.where;
  if (!arguments.ignore.empty()) json["ignore"] = arguments.ignore;
  if (!arguments.regime.empty()) json["regime"] = arguments.regime;
  if (!arguments.transforms.empty()) json["transform"] = arguments.transforms;
  if (arguments.missing != "error") json["missing"] = arguments.missing;
  if (arguments.drop_constant) json["drop_constant"] = true;
  if (arguments.two_valued) json["two_valued"] = true;
  if (arguments.standardize) json["standardize"] = true;
  if (arguments.no_center) json["center"] = false;
  if (!arguments.knowledge.empty()) json["knowledge"] = arguments.knowledge;
  return json;
}

}  // namespace xchg::dag
