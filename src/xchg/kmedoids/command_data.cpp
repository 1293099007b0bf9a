#include "xchg/kmedoids/command_data.hpp"

namespace xchg::kmedoids {

using command::Session;

void add_data_options(CLI::App& verb, DataArguments& data) {
  verb.add_option("input", data.input,
                  "Table of numbers (CSV), or a matrix with --precomputed; - is standard input")
      ->required()
      ->type_name("FILE");
  verb.add_option(
          "--format", data.format,
          "What INPUT is; auto: NPY by its extension, otherwise CSV; orlib: a p-median instance of the "
          "OR-Library (n, edges, p, then an edge a line)")
      ->check(CLI::IsMember({"auto", "orlib"}))
      ->capture_default_str();
  verb.add_option("--metric", data.metric, "Distance between rows")
      ->check(CLI::IsMember({"euclidean", "manhattan"}))
      ->capture_default_str();
  verb.add_flag("--precomputed", data.precomputed,
                "INPUT is a square matrix of dissimilarities (CSV or NPY)");
  verb.add_option("--orientation", data.orientation, "What rows and columns of an asymmetric matrix are")
      ->check(CLI::IsMember({"symmetric", "rows-are-objects", "rows-are-candidates"}))
      ->capture_default_str();
  verb.add_flag("--zero-diagonal", data.zero_diagonal, "Ignore the diagonal of the matrix");
  verb.add_option("--id", data.id_column, "Column with the objects' names")->type_name("COLUMN");
  verb.add_option("--weights", data.weight_column, "Column with the objects' weights")->type_name("COLUMN");
  verb.add_option("--drop", data.drop_columns, "Columns that do not count for the distance")
      ->delimiter(',')
      ->type_name("COLUMN,...");
  verb.add_option("--header", data.header, "Whether the first line holds names")
      ->check(CLI::IsMember({"auto", "yes", "no"}))
      ->capture_default_str();
}

Input load(const DataArguments& arguments, const Session& session) {
  InputOptions options;
  options.format = parse_format(arguments.format);
  options.precomputed = arguments.precomputed;
  options.orientation = parse_orientation(arguments.orientation);
  options.zero_diagonal = arguments.zero_diagonal;
  options.metric = parse_metric(arguments.metric);
  options.id_column = arguments.id_column;
  options.weight_column = arguments.weight_column;
  options.drop_columns = arguments.drop_columns;
  options.csv.header = arguments.header == "yes"  ? csv::Header::Yes
                       : arguments.header == "no" ? csv::Header::No
                                                  : csv::Header::Auto;
  options.isa = session.common().isa;
  options.threads = session.common().threads;
  options.memory_budget_bytes = session.common().memory_bytes;
  return read_input(arguments.input, options);
}

nlohmann::ordered_json data_json(const DataArguments& data) {
  const bool orlib = data.format == "orlib";
  nlohmann::ordered_json json{{"input", data.input},
                              {"metric", data.precomputed || orlib ? "precomputed" : data.metric}};
  if (orlib) json["format"] = data.format;
  if (data.precomputed) json["orientation"] = data.orientation;
  if (!data.weight_column.empty()) json["weights"] = data.weight_column;
  return json;
}

}  // namespace xchg::kmedoids
