// What the verbs that cluster have in common: options, and the files, tables and pages that they write.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "xchg/core/command/command.hpp"
#include "xchg/kmedoids/input.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {

// What is to be written besides the result itself.
struct OutputArguments {
  bool verify = false;
  std::string labels, plot;
};
// Adds --labels, --plot and --verify.
void add_output_options(CLI::App& verb, OutputArguments& output);

// Adds --method or --init with the names of all there are, but for given medoids, which have an option of
// their own.
void add_method_option(CLI::App& verb, std::string& method);
void add_init_option(CLI::App& verb, std::string& init);

// What the common options and the data say.
Options common_options(const Input& input, const command::Session& session);

// "2:20": two whole numbers. Throws InputError.
struct KRange {
  int low = 0, high = 0;
};
KRange parse_k_range(const std::string& text);

// What a verb computed and was asked for.
struct Clustering {
  Result result;
  std::optional<RangeResult> range;  // whose best is `result`
  Options options;
  nlohmann::ordered_json options_json;
  double seconds = 0;
};
// The result file: what was asked for, the curve over k, the result, and how it ran.
nlohmann::ordered_json clustering_json(const Input& input, const Clustering& clustering,
                                       const command::Session& session);

// The number of clusters, --k-range's table, and then what a result has: JSON with --json or -o, labels, a
// table of the clusters, a page with --plot. `input_name` is INPUT of the command line.
ExitCode write_clustering(const Input& input, const std::string& input_name, const Clustering& clustering,
                          const OutputArguments& output, command::Session& session);

}  // namespace xchg::kmedoids
