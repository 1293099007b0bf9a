// `xchg dag compare` and `xchg dag simulate`.
#include <fmt/format.h>

#include <memory>

#include "xchg/core/csv.hpp"
#include "xchg/core/file.hpp"
#include "xchg/core/json.hpp"
#include "xchg/core/text.hpp"
#include "xchg/dag/front/command_data.hpp"
#include "xchg/dag/front/command_output.hpp"
#include "xchg/dag/front/result_json.hpp"

namespace xchg::dag {
namespace {

using command::Common;
using command::Session;
using nlohmann::ordered_json;

struct CompareArguments {
  std::string truth, estimate;
  double threshold = 0;
};

void drop_weak(Matrix& w, double threshold) {
  for (double& value : w.values) {
    if (std::abs(value) < threshold) value = 0;
  }
}

std::string metrics_text(const Metrics& metrics) {
  std::string text = fmt::format(
      "structural Hamming distance (SHD) {}: {} extra, {} missing, {} reversed edges\nTPR {:.3f}  FDR {:.3f} "
      " FPR {:.3f}  precision {:.3f}  "
      "recall {:.3f}  F1 {:.3f}\n{} edges predicted, {} true, {} right\n",
      metrics.shd, metrics.extra, metrics.missing, metrics.reversed, metrics.tpr, metrics.fdr, metrics.fpr,
      metrics.precision, metrics.recall, metrics.f1, metrics.predicted, metrics.edges, metrics.true_positive);
  if (metrics.sid) text += fmt::format("structural intervention distance (SID) {}\n", *metrics.sid);
  return text;
}

ExitCode run_compare(const CompareArguments& arguments, Session& session) {
  const NamedGraph truth = read_graph(arguments.truth);
  Matrix estimate = weights_by_name(read_graph(arguments.estimate), truth.names, arguments.estimate);
  drop_weak(estimate, arguments.threshold);
  const Metrics metrics = compare(truth.w, estimate);
  const bool acyclic = topological_order(estimate).has_value();
  std::optional<Metrics> classes;
  if (acyclic) classes = compare(cpdag(truth.w), cpdag(estimate), truth.names.size());
  if (session.common().json) {
    ordered_json json = session.result_frame(
        "dag",
        {{"truth", arguments.truth}, {"estimate", arguments.estimate}, {"threshold", arguments.threshold}});
    json["metrics"] = metrics_json(metrics);
    json["cpdag_metrics"] = classes ? metrics_json(*classes) : ordered_json(nullptr);
    session.write_result(json, "-");
  } else {
    std::string text = metrics_text(metrics);
    if (classes)
      text += fmt::format("SHD of the equivalence classes (directions that correlations alone can tell) {}\n",
                          classes->shd);
    session.write(text, "-");
  }
  return ExitCode::Success;
}

struct SimulateArguments {
  std::string graph = "er", noise = "gauss", mechanism = "linear", weights = "0.5:2";
  SimulateOptions options;
};

std::string data_csv(const Data& data) {
  csv::Writer writer;
  for (const std::string& name : data.names) writer.cell(name);
  writer.end_row();
  for (std::size_t row = 0; row < data.rows(); ++row) {
    for (const double value : data.x.row(row)) writer.cell(value);
    writer.end_row();
  }
  return writer.text();
}

ExitCode run_simulate(const SimulateArguments& arguments, Session& session) {
  SimulateOptions options = arguments.options;
  options.graph = parse_graph_kind(arguments.graph);
  options.noise = parse_noise(arguments.noise);
  options.mechanism = parse_mechanism(arguments.mechanism);
  options.seed = session.common().seed;
  const command::Range weights = command::parse_range(arguments.weights);
  options.weight_low = weights.low;
  options.weight_high = weights.high;
  const std::string& output = session.common().output;
  if (output.empty() || output == "-") throw InputError("no folder is named to write to", {}, "-o FOLDER");
  require_folder(output, session.common().force);
  const Simulation simulation = simulate(options, session.progress());
  ordered_json json = session.result_frame("dag", {{"graph", arguments.graph},
                                                   {"degree", options.degree},
                                                   {"nodes", options.nodes},
                                                   {"rows", options.rows},
                                                   {"noise", arguments.noise},
                                                   {"mechanism", arguments.mechanism},
                                                   {"weights", arguments.weights},
                                                   {"noise_ratio", options.noise_ratio}});
  json["order"] = ordered_json::array();
  for (const int node : simulation.order) {
    json["order"].push_back(simulation.data.names[static_cast<std::size_t>(node)]);
  }
  file::write_folder(output, session.common().force, [&](const std::filesystem::path& folder) {
    file::write_atomically(folder / "data.csv", data_csv(simulation.data));
    file::write_atomically(folder / "truth.csv",
                           format_adjacency({simulation.truth, simulation.data.names, {}, {}}));
    json::write(folder / "simulation.json", json);
  });
  session.tell("data.csv, truth.csv and simulation.json in " + output);
  return ExitCode::Success;
}

}  // namespace

void add_compare(CLI::App& engine, Session& session) {
  CLI::App* verb = engine.add_subcommand("compare", "How an estimated graph differs from the true one");
  auto arguments = std::make_shared<CompareArguments>();
  verb->add_option("truth", arguments->truth, "The true graph (CSV, NPY, DOT, GraphML, JSON)")
      ->required()
      ->type_name("FILE");
  verb->add_option("estimate", arguments->estimate, "The estimated one")->required()->type_name("FILE");
  verb->add_option("--threshold", arguments->threshold,
                   "Edges of the estimate with smaller |weight| are left out")
      ->capture_default_str();
  session.add_common(*verb, {Common::Json});
  Session::add_examples(
      *verb, {"xchg dag compare truth.csv w.csv", "xchg dag compare truth.csv graph.graphml --json"});
  session.on(verb, [arguments, &session] { return run_compare(*arguments, session); });
}

void add_simulate(CLI::App& engine, Session& session) {
  CLI::App* verb = engine.add_subcommand("simulate", "Draw a random graph and data that follow it");
  auto arguments = std::make_shared<SimulateArguments>();
  SimulateOptions& options = arguments->options;
  verb->add_option("--graph", arguments->graph,
                   "Which variables are joined: er at random (Erdos-Renyi), sf scale-free, bipartite, chain")
      ->check(CLI::IsMember({"er", "sf", "bipartite", "chain"}))
      ->capture_default_str();
  verb->add_option("--degree", options.degree, "Edges for each variable, on average (er, sf, bipartite)")
      ->capture_default_str();
  verb->add_option("-d,--nodes", options.nodes, "Number of variables")->capture_default_str();
  verb->add_option("-n,--rows", options.rows, "Number of observations")->capture_default_str();
  verb->add_option("--noise", arguments->noise, "Distribution of the noise (mean 0, variance 1)")
      ->check(CLI::IsMember({"gauss", "exp", "gumbel", "uniform"}))
      ->capture_default_str();
  verb->add_option(
          "--mechanism", arguments->mechanism,
          "How a variable follows from its parents: linear, 0/1 (logistic), counts (poisson) or curves")
      ->check(CLI::IsMember({"linear", "logistic", "poisson", "mlp", "mim", "additive-gp"}))
      ->capture_default_str();
  verb->add_option("--weights", arguments->weights, "Range of |weights|; signs at random")
      ->type_name("LOW:HIGH")
      ->capture_default_str();
  verb->add_option("--noise-ratio", options.noise_ratio,
                   "Standard deviations of the noises lie between 1 and this")
      ->capture_default_str();
  session.add_common(*verb, {Common::Seed, Common::Output, Common::Force});
  verb->get_option("--output")
      ->type_name("FOLDER")
      ->description("Write data.csv, truth.csv and simulation.json into this folder");
  Session::add_examples(
      *verb, {"xchg dag simulate -o small",
              "xchg dag simulate --graph sf --degree 4 -d 50 -n 1000 --noise gumbel --seed 7 -o sim"});
  session.on(verb, [arguments, &session] { return run_simulate(*arguments, session); });
}

}  // namespace xchg::dag
