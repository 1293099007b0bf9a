// `xchg kmedoids cluster`.
#include <chrono>
#include <memory>
#include <optional>

#include "xchg/kmedoids/command_data.hpp"
#include "xchg/kmedoids/command_output.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {
namespace {

using command::Common;
using command::Session;
using nlohmann::ordered_json;

struct ClusterArguments {
  DataArguments data;
  OutputArguments output;
  std::optional<int> k;
  std::string k_range, criterion = "medoid-silhouette";
  std::string method = "fasterpam", init = "random";
  std::vector<Index> medoids;
  int restarts = 1, max_rounds = 300;
  bool shuffle = false, certify = false;
  int certify_steps = Options{}.certify_steps;
};

// Asked for, or said by the file.
int number_of_medoids(const ClusterArguments& arguments, const Input& input) {
  if (arguments.k) return *arguments.k;
  if (input.k) return *input.k;
  throw InputError("the number of clusters is not given", {}, "-k K or --k-range LO:HI");
}

Options cluster_options(const ClusterArguments& arguments, const Input& input, const Session& session) {
  Options options = common_options(input, session);
  if (arguments.k_range.empty()) options.k = number_of_medoids(arguments, input);
  options.method = parse_method(arguments.method);
  options.init = arguments.medoids.empty() ? parse_init(arguments.init) : Init::Given;
  options.medoids = arguments.medoids;
  options.restarts = arguments.restarts;
  options.max_rounds = arguments.max_rounds;
  options.shuffle = arguments.shuffle;
  options.certify = arguments.certify;
  options.certify_steps = arguments.certify_steps;
  return options;
}

ordered_json options_json(const ClusterArguments& arguments, const Options& options) {
  ordered_json json = data_json(arguments.data);
  if (arguments.k_range.empty()) {
    json["k"] = options.k;
  } else {
    json.update({{"k_range", arguments.k_range}, {"criterion", arguments.criterion}});
  }
  json.update({{"method", name(options.method)},
               {"init", name(options.init)},
               {"restarts", options.restarts},
               {"max_rounds", options.max_rounds},
               {"shuffle", options.shuffle}});
  if (options.certify) json["certify_steps"] = options.certify_steps;
  if (!arguments.medoids.empty()) json["medoids"] = arguments.medoids;
  return json;
}

ExitCode run_cluster(const ClusterArguments& arguments, Session& session) {
  std::optional<KRange> range;
  if (!arguments.k_range.empty()) range = parse_k_range(arguments.k_range);
  const Input input = load(arguments.data, session);
  session.tell(input.note);
  Clustering clustering;
  clustering.options = cluster_options(arguments, input, session);
  clustering.options_json = options_json(arguments, clustering.options);
  const auto start = std::chrono::steady_clock::now();
  if (range) {
    clustering.range = cluster_range(input.data, range->low, range->high, clustering.options,
                                     parse_objective(arguments.criterion), session.progress());
    clustering.result = clustering.range->best;
  } else {
    clustering.result = cluster(input.data, clustering.options, session.progress());
  }
  clustering.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return write_clustering(input, arguments.data.input, clustering, arguments.output, session);
}

}  // namespace

void add_cluster(CLI::App& engine, Session& session) {
  CLI::App* verb =
      engine.add_subcommand("cluster", "Choose k medoids and assign every object to the nearest");
  auto arguments = std::make_shared<ClusterArguments>();
  add_data_options(*verb, arguments->data);
  CLI::Option* k =
      verb->add_option("-k", arguments->k, "Number of clusters; needed unless the file says it (orlib)")
          ->type_name("K");
  verb->add_option("--k-range", arguments->k_range, "Cluster for each of these k and choose the best")
      ->type_name("LO:HI")
      ->excludes(k);
  verb->add_option(
          "--criterion", arguments->criterion,
          "What chooses the k of a range: the greatest (medoid) silhouette, or the elbow of the total "
          "deviation")
      ->check(CLI::IsMember({"medoid-silhouette", "silhouette", "td"}))
      ->capture_default_str();
  add_method_option(*verb, arguments->method);
  add_init_option(*verb, arguments->init);
  verb->add_option("--medoids", arguments->medoids, "Start from these objects (0-based)")
      ->delimiter(',')
      ->type_name("I,J,...");
  verb->add_option("--restarts", arguments->restarts, "Random starts; the best is kept")
      ->capture_default_str();
  verb->add_option("--max-rounds", arguments->max_rounds, "Passes over all candidates; 0: only the start")
      ->capture_default_str();
  verb->add_flag("--shuffle", arguments->shuffle, "Visit the candidates in a random order");
  verb->add_flag("--certify", arguments->certify,
                 "Compute a lower bound of the total deviation, and prove the result optimal if possible");
  verb->add_option("--certify-steps", arguments->certify_steps,
                   "Steps of that, at most; each reads all distances")
      ->capture_default_str();
  add_output_options(*verb, arguments->output);
  session.add_common(*verb, {Common::Seed, Common::Threads, Common::Json, Common::Output, Common::TimeLimit,
                             Common::Memory, Common::Isa});
  Session::add_examples(
      *verb, {"xchg kmedoids cluster data.csv -k 5", "xchg kmedoids cluster data.csv -k 5 --certify",
              "xchg kmedoids cluster data.csv -k 5 --metric manhattan --restarts 10 -o result.json --labels "
              "labels.csv",
              "xchg kmedoids cluster distances.csv -k 3 --precomputed --init build --plot=clusters.html",
              "xchg kmedoids cluster data.csv --k-range 2:10 --criterion silhouette --method fasterpam"});
  session.on(verb, [arguments, &session] { return run_cluster(*arguments, session); });
}

}  // namespace xchg::kmedoids
