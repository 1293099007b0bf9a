#include "xchg/kmedoids/command_data.hpp"

#include "xchg/core/text.hpp"

namespace xchg::kmedoids {

using command::Session;

namespace {

std::vector<std::string> metric_names() {
  std::vector<std::string> names{"auto"};
  for (const Metric metric : metrics()) names.emplace_back(name(metric));
  return names;
}

// "colour=nominal" of --type.
std::map<std::string, ColumnType> parse_types(const std::vector<std::string>& texts) {
  std::map<std::string, ColumnType> types;
  for (const std::string& text : texts) {
    const std::size_t equals = text.rfind('=');
    if (equals == std::string::npos || equals == 0)
      throw InputError("'" + text + "' of --type says no type", {}, "COLUMN=TYPE");
    if (!types.emplace(text.substr(0, equals), parse_column_type(text.substr(equals + 1))).second)
      throw InputError("--type names column '" + text.substr(0, equals) + "' twice");
  }
  return types;
}

void add_matrix_options(CLI::App& verb, DataArguments& data) {
  verb.add_flag("--precomputed", data.precomputed,
                "INPUT is a matrix of dissimilarities (CSV or NPY), square or one row or column that is a "
                "packed upper triangle");
  verb.add_flag("--packed", data.packed, "It is such a triangle, and nothing else");
  verb.add_option("--orientation", data.orientation, "What rows and columns of an asymmetric matrix are")
      ->check(CLI::IsMember({"symmetric", "rows-are-objects", "rows-are-candidates"}))
      ->capture_default_str();
  verb.add_flag("--zero-diagonal", data.zero_diagonal, "Ignore the diagonal of the matrix");
  verb.add_option("--infinite", data.infinite,
                  "Infinite dissimilarities are an error, or become 2 * n * the largest finite one")
      ->check(CLI::IsMember({"error", "penalty"}))
      ->capture_default_str();
  verb.add_option("--absent", data.absent,
                  "Dissimilarity of pairs that a sparse matrix does not hold; default: twice its largest")
      ->type_name("VALUE");
}

void add_metric_options(CLI::App& verb, DataArguments& data) {
  verb.add_option("--metric", data.metric,
                  "Dissimilarity of rows; auto: gower for tables with columns that are not numeric, "
                  "levenshtein for a list of strings, otherwise euclidean")
      ->check(CLI::IsMember(metric_names()))
      ->capture_default_str();
  verb.add_option("--p", data.p, "Exponent of minkowski")->capture_default_str();
  verb.add_option("--window", data.window, "Most that dtw shifts positions; -1: any")->capture_default_str();
  verb.add_flag("--normalised", data.normalised, "Divide levenshtein by the length of the longer string");
  verb.add_option("--type", data.types,
                  "Types of columns for gower: numeric, ordinal (levels in the order of numbers or letters), "
                  "nominal or asymmetric (0/1, two 0 say nothing)")
      ->delimiter(',')
      ->type_name("COLUMN=TYPE,...");
  verb.add_flag("--no-matrix", data.no_matrix, "Compute distances as they are needed instead of keeping all");
}

}  // namespace

void add_data_options(CLI::App& verb, DataArguments& data) {
  verb.add_option("input", data.input,
                  "Table (CSV), points (NPY), list of strings (a word a line), sparse matrix (MatrixMarket), "
                  "or a matrix with --precomputed; - is standard input")
      ->required()
      ->type_name("FILE");
  verb.add_option("--format", data.format,
                  "What INPUT is; auto: found by its name and first bytes; orlib: a p-median instance of the "
                  "OR-Library (n, edges, p, then an edge a line)")
      ->check(CLI::IsMember({"auto", "csv", "npy", "mtx", "strings", "orlib"}))
      ->capture_default_str();
  add_metric_options(verb, data);
  add_matrix_options(verb, data);
  verb.add_option("--id", data.id_column, "Column with the objects' names")->type_name("COLUMN");
  verb.add_option("--weights", data.weight_column, "Column with the objects' weights")->type_name("COLUMN");
  verb.add_option("--drop", data.drop_columns, "Columns that do not count for the distance")
      ->delimiter(',')
      ->type_name("COLUMN,...");
  verb.add_option("--header", data.header, "Whether the first line holds names")
      ->check(CLI::IsMember({"auto", "yes", "no"}))
      ->capture_default_str();
}

InputOptions input_options(const DataArguments& arguments, const Session& session) {
  InputOptions options;
  options.format = parse_format(arguments.format);
  options.precomputed = arguments.precomputed || arguments.packed;
  options.packed = arguments.packed;
  options.orientation = parse_orientation(arguments.orientation);
  options.zero_diagonal = arguments.zero_diagonal;
  options.infinite_penalty = arguments.infinite == "penalty";
  if (arguments.absent) options.absent = *arguments.absent;
  if (arguments.metric != "auto") options.metric = parse_metric(arguments.metric);
  options.p = arguments.p;
  options.window = arguments.window;
  options.normalised = arguments.normalised;
  options.types = parse_types(arguments.types);
  options.matrix = arguments.no_matrix ? Matrix::Never : Matrix::Always;
  options.id_column = arguments.id_column;
  options.weight_column = arguments.weight_column;
  options.drop_columns = arguments.drop_columns;
  options.csv.header = arguments.header == "yes"  ? csv::Header::Yes
                       : arguments.header == "no" ? csv::Header::No
                                                  : csv::Header::Auto;
  options.isa = session.common().isa;
  options.threads = session.common().threads;
  options.memory_budget_bytes = session.common().memory_bytes;
  return options;
}

Input load(const DataArguments& arguments, const Session& session, Matrix matrix) {
  InputOptions options = input_options(arguments, session);
  if (!arguments.no_matrix) options.matrix = matrix;
  return read_input(arguments.input, options);
}

nlohmann::ordered_json data_json(const DataArguments& data, const Input& input) {
  nlohmann::ordered_json json{{"input", data.input},
                              {"metric", input.comparison ? name(input.comparison->metric) : "precomputed"}};
  if (data.format != "auto") json["format"] = data.format;
  if (!input.comparison) json["orientation"] = data.orientation;
  if (!data.weight_column.empty()) json["weights"] = data.weight_column;
  return json;
}

}  // namespace xchg::kmedoids
