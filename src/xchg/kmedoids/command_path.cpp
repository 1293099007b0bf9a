// `xchg kmedoids path`.
#include <chrono>
#include <memory>

#include "xchg/kmedoids/command_data.hpp"
#include "xchg/kmedoids/command_output.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {
namespace {

using command::Common;
using command::Session;
using nlohmann::ordered_json;

struct PathArguments {
  DataArguments data;
  OutputArguments output;
  std::string k_range, init = "random";
  int restarts = 1, max_rounds = 300;
  bool shuffle = false;
};

ordered_json options_json(const PathArguments& arguments, const Input& input, const Options& options) {
  ordered_json json = data_json(arguments.data, input);
  json.update({{"k_range", arguments.k_range},
               {"init", name(options.init)},
               {"restarts", options.restarts},
               {"max_rounds", options.max_rounds},
               {"shuffle", options.shuffle}});
  return json;
}

ExitCode run_path(const PathArguments& arguments, Session& session) {
  const KRange range = parse_k_range(arguments.k_range);
  const Input input = load(arguments.data, session);
  session.tell(input.note);
  Clustering clustering;
  clustering.options = common_options(input, session);
  clustering.options.init = parse_init(arguments.init);
  clustering.options.restarts = arguments.restarts;
  clustering.options.max_rounds = arguments.max_rounds;
  clustering.options.shuffle = arguments.shuffle;
  clustering.options_json = options_json(arguments, input, clustering.options);
  const auto start = std::chrono::steady_clock::now();
  clustering.range = dynmsc(input.data, range.low, range.high, clustering.options, session.progress());
  clustering.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  clustering.result = clustering.range->best;
  return write_clustering(input, arguments.data.input, clustering, arguments.output, session);
}

}  // namespace

void add_path(CLI::App& engine, Session& session) {
  CLI::App* verb = engine.add_subcommand(
      "path", "Cluster from many medoids down to few (DynMSC) and choose k by the medoid silhouette");
  auto arguments = std::make_shared<PathArguments>();
  add_data_options(*verb, arguments->data);
  verb->add_option("--k-range", arguments->k_range, "Numbers of clusters")->required()->type_name("LO:HI");
  add_init_option(*verb, arguments->init);
  verb->add_option("--restarts", arguments->restarts, "Random starts for the greatest k; the best is kept")
      ->capture_default_str();
  verb->add_option("--max-rounds", arguments->max_rounds, "Passes over all candidates for each k")
      ->capture_default_str();
  verb->add_flag("--shuffle", arguments->shuffle, "Visit the candidates in a random order");
  add_output_options(*verb, arguments->output);
  session.add_common(*verb, {Common::Seed, Common::Threads, Common::Json, Common::Output, Common::TimeLimit,
                             Common::Memory, Common::Isa});
  Session::add_examples(*verb, {"xchg kmedoids path data.csv --k-range 2:20",
                                "xchg kmedoids path data.csv --k-range 2:10 --init build -o result.json "
                                "--plot=path.html"});
  session.on(verb, [arguments, &session] { return run_path(*arguments, session); });
}

}  // namespace xchg::kmedoids
