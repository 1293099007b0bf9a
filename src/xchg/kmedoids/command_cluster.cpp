// `xchg kmedoids cluster`.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

#include "xchg/core/report.hpp"
#include "xchg/core/text.hpp"
#include "xchg/core/text_table.hpp"
#include "xchg/kmedoids/command_data.hpp"
#include "xchg/kmedoids/kmedoids.hpp"
#include "xchg/kmedoids/pictures.hpp"
#include "xchg/kmedoids/result_file.hpp"

namespace xchg::kmedoids {
namespace {

using command::Common;
using command::Session;
using nlohmann::ordered_json;

struct ClusterArguments {
  DataArguments data;
  std::optional<int> k;
  std::string method = "fasterpam", init = "random";
  std::vector<Index> medoids;
  int restarts = 1, max_rounds = 300;
  bool shuffle = false, verify = false;
  std::string labels, plot;
};

// Asked for, or said by the file.
int number_of_medoids(const ClusterArguments& arguments, const Input& input) {
  if (arguments.k) return *arguments.k;
  if (input.k) return *input.k;
  throw InputError("the number of clusters is not given", {}, "-k K");
}

Options cluster_options(const ClusterArguments& arguments, const Input& input, const Session& session) {
  Options options;
  options.k = number_of_medoids(arguments, input);
  options.method = parse_method(arguments.method);
  options.init = arguments.medoids.empty() ? parse_init(arguments.init) : Init::Given;
  options.medoids = arguments.medoids;
  options.weights = input.weights;
  options.seed = session.common().seed;
  options.restarts = arguments.restarts;
  options.max_rounds = arguments.max_rounds;
  options.shuffle = arguments.shuffle;
  options.threads = session.common().threads;
  options.isa = session.common().isa;
  options.time_limit_seconds = session.common().time_limit_seconds;
  return options;
}

ordered_json options_json(const ClusterArguments& arguments, const Options& options) {
  ordered_json json{{"input", arguments.data.input},
                    {"k", options.k},
                    {"metric", arguments.data.precomputed ? "precomputed" : arguments.data.metric},
                    {"method", name(options.method)},
                    {"init", name(options.init)},
                    {"restarts", options.restarts},
                    {"max_rounds", options.max_rounds},
                    {"shuffle", options.shuffle}};
  if (arguments.data.format == "orlib") {
    json["format"] = arguments.data.format;
    json["metric"] = "precomputed";
  }
  if (!arguments.medoids.empty()) json["medoids"] = arguments.medoids;
  if (arguments.data.precomputed) json["orientation"] = arguments.data.orientation;
  if (!arguments.data.weight_column.empty()) json["weights"] = arguments.data.weight_column;
  return json;
}

std::string table_text(const Input& input, const Result& result,
                       const std::vector<ClusterSummary>& clusters) {
  text::Table table({{"cluster"},
                     {"size"},
                     {"medoid", text::Table::Align::Left},
                     {"mean distance"},
                     {"max distance"},
                     {"diameter"},
                     {"separation"},
                     {"silhouette"}});
  for (std::size_t slot = 0; slot < clusters.size(); ++slot) {
    const ClusterSummary& row = clusters[slot];
    table.add_row({std::to_string(slot), std::to_string(row.size), object_name(input, row.medoid),
                   text::brief(row.mean_distance, 5), text::brief(row.max_distance, 5),
                   text::brief(row.diameter, 5), text::brief(row.separation, 5),
                   fmt::format("{:.3f}", row.silhouette)});
  }
  const Statistics& statistics = result.statistics;
  return table.text() + fmt::format("total deviation {} ({} swap{} in {} round{}, {})\n",
                                    text::exact(result.total_deviation), statistics.swaps,
                                    statistics.swaps == 1 ? "" : "s", statistics.rounds,
                                    statistics.rounds == 1 ? "" : "s",
                                    result.converged ? "no single swap improves it" : "not converged");
}

void write_page(const ClusterArguments& arguments, const Input& input, const Result& result,
                const std::vector<double>& silhouettes, Session& session) {
  report::Chapter chapter("kmedoids", "k-medoids of " + input.source);
  chapter.summary(fmt::format("{} objects, k = {}: total deviation **{}**, mean silhouette **{:.3f}**.",
                              input.data.size(), result.medoids.size(),
                              text::brief(result.total_deviation, 10), mean_silhouette(silhouettes)));
  chapter.chart(cluster_picture("clusters", input, result, session.common().seed));
  chapter.chart(silhouette_picture("silhouettes", input, result, silhouettes));
  chapter.chart(descent_picture("descent", {{arguments.init, &result}}));
  session.write_page(chapter, arguments.plot);
}

// "Some objects coincide" is not an error, but the user should know when k asks for more than there is.
void warn_of_few_objects(const Input& input, const Result& result, Session& session) {
  std::int64_t at_zero = 0;
  for (std::size_t a = 0; a < result.medoids.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      if (input.data.at(result.medoids[a], result.medoids[b]) == 0) {
        ++at_zero;
        break;
      }
    }
  }
  if (at_zero > 0 && result.total_deviation == 0) {
    session.warn(fmt::format("only {} different objects for k = {}",
                             static_cast<std::int64_t>(result.medoids.size()) - at_zero,
                             result.medoids.size()));
  }
}

ExitCode run_cluster(const ClusterArguments& arguments, Session& session) {
  const Input input = load(arguments.data, session);
  session.tell(input.note);
  const Options options = cluster_options(arguments, input, session);
  const auto start = std::chrono::steady_clock::now();
  const Result result = cluster(input.data, options, session.progress());
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  warn_of_few_objects(input, result, session);
  if (arguments.verify) {
    const Check check = verify(input.data, result, input.weights, session.progress());
    if (!check.right) throw NumericError("the result does not pass its check: " + check.problem);
    session.tell("verified: labels, total deviation and every single swap recomputed");
  }
  ordered_json json = session.result_frame("kmedoids", options_json(arguments, options));
  json.update(result_json(input, result));
  session.add_run(json, {{"seconds", seconds},
                         {"seconds_init", result.statistics.seconds_init},
                         {"seconds_swap", result.statistics.seconds_swap}});
  if (!arguments.labels.empty()) session.write(labels_csv(input, result), arguments.labels);
  if (!session.common().output.empty()) session.write_result(json, session.common().output);
  const bool to_standard_output = session.common().output == "-" || arguments.labels == "-";
  const bool table = !session.common().json && !to_standard_output;
  if (session.common().json && !to_standard_output) session.write_result(json, "-");
  if (!table && arguments.plot.empty()) return ExitCode::Success;
  const std::vector<double> silhouettes = silhouette(input.data, result.labels, options.threads);
  if (table)
    session.write(table_text(input, result, summarize(input.data, result, silhouettes, options.threads)),
                  "-");
  if (!arguments.plot.empty()) write_page(arguments, input, result, silhouettes, session);
  return ExitCode::Success;
}

}  // namespace

void add_cluster(CLI::App& engine, Session& session) {
  CLI::App* verb =
      engine.add_subcommand("cluster", "Choose k medoids and assign every object to the nearest");
  auto arguments = std::make_shared<ClusterArguments>();
  add_data_options(*verb, arguments->data);
  verb->add_option("-k", arguments->k, "Number of clusters; needed unless the file says it (orlib)")
      ->type_name("K");
  verb->add_option("--method", arguments->method, "Search")
      ->check(CLI::IsMember({"fasterpam"}))
      ->capture_default_str();
  verb->add_option("--init", arguments->init, "Start: random, build (greedy) or first (objects 0..k-1)")
      ->check(CLI::IsMember({"random", "build", "first"}))
      ->capture_default_str();
  verb->add_option("--medoids", arguments->medoids, "Start from these objects (0-based)")
      ->delimiter(',')
      ->type_name("I,J,...");
  verb->add_option("--restarts", arguments->restarts, "Random starts; the best is kept")
      ->capture_default_str();
  verb->add_option("--max-rounds", arguments->max_rounds, "Passes over all candidates; 0: only the start")
      ->capture_default_str();
  verb->add_flag("--shuffle", arguments->shuffle, "Visit the candidates in a random order");
  verb->add_option("--labels", arguments->labels, "Write object, label, medoid, distance as CSV")
      ->type_name("FILE");
  verb->add_flag("--plot{-auto-}", arguments->plot, "Write a page with pictures (--plot=FILE.html names it)");
  verb->add_flag("--verify", arguments->verify,
                 "Recompute everything independently before anything is written");
  session.add_common(*verb, {Common::Seed, Common::Threads, Common::Json, Common::Output, Common::TimeLimit,
                             Common::Memory, Common::Isa});
  Session::add_examples(
      *verb, {"xchg kmedoids cluster data.csv -k 5",
              "xchg kmedoids cluster data.csv -k 5 --metric manhattan --restarts 10 -o result.json --labels "
              "labels.csv",
              "xchg kmedoids cluster distances.csv -k 3 --precomputed --init build --plot=clusters.html"});
  session.on(verb, [arguments, &session] {
    if (arguments->plot == "-auto-") {
      const std::string stem = arguments->data.input == "-"
                                   ? "stdin"
                                   : std::filesystem::path(arguments->data.input).stem().string();
      arguments->plot = stem + ".kmedoids.html";
    }
    return run_cluster(*arguments, session);
  });
}

}  // namespace xchg::kmedoids
