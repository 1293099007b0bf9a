// `xchg kmedoids cluster`.
#include <chrono>
#include <memory>
#include <optional>

#include "xchg/kmedoids/command_data.hpp"
#include "xchg/kmedoids/command_output.hpp"
#include "xchg/kmedoids/command_together.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {
namespace {

using command::Common;
using command::Session;
using nlohmann::ordered_json;

struct ClusterArguments {
  DataArguments data;
  OutputArguments output;
  TogetherArguments together;
  std::optional<int> k;
  std::string k_range, criterion = "medoid-silhouette";
  std::string method = "fasterpam", init = "random";
  std::string ties = "first";
  std::vector<Index> medoids;
  bool no_skip = false;
  Options search;  // what the options of the search set
};

// Samples and shards need no matrix of all objects; random walks and several processes use one that fits.
Matrix matrix_for(const ClusterArguments& arguments) {
  if (arguments.together.shards != 0) return Matrix::Never;
  if (arguments.together.distributed) return Matrix::Auto;
  switch (parse_method(arguments.method)) {
    case Method::CLARA:
    case Method::FastCLARA:
    case Method::FasterCLARA:
      return Matrix::Never;
    case Method::CLARANS:
    case Method::FastCLARANS:
      return Matrix::Auto;
    default:
      return Matrix::Always;
  }
}

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
  options.ties = arguments.ties == "last" ? Ties::Last : Ties::First;
  options.skip = !arguments.no_skip;
  const Options& search = arguments.search;
  options.restarts = search.restarts;
  options.max_rounds = search.max_rounds;
  options.shuffle = search.shuffle;
  options.order = search.order;
  options.fastpam2_tolerance = search.fastpam2_tolerance;
  options.samples = search.samples;
  options.sample_size = search.sample_size;
  options.independent_samples = search.independent_samples;
  options.numlocal = search.numlocal;
  options.maxneighbor = search.maxneighbor;
  options.plusplus_power = search.plusplus_power;
  options.certify = search.certify;
  options.certify_steps = search.certify_steps;
  return options;
}

// Options that only some methods and starts read, where they were changed.
void add_special_options(ordered_json& json, const Options& options) {
  const Options usual;
  const auto add = [&](const char* key, const auto& value, const auto& usual_value) {
    if (value != usual_value) json[key] = value;
  };
  if (options.ties == Ties::Last) json["ties"] = "last";
  add("order", options.order, usual.order);
  add("skip", options.skip, usual.skip);
  add("fastpam2_tolerance", options.fastpam2_tolerance, usual.fastpam2_tolerance);
  add("samples", options.samples, usual.samples);
  add("sample_size", options.sample_size, usual.sample_size);
  add("independent_samples", options.independent_samples, usual.independent_samples);
  add("numlocal", options.numlocal, usual.numlocal);
  add("maxneighbor", options.maxneighbor, usual.maxneighbor);
  add("plusplus_power", options.plusplus_power, usual.plusplus_power);
}

ordered_json options_json(const ClusterArguments& arguments, const Input& input, const Options& options) {
  ordered_json json = data_json(arguments.data, input);
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
  add_special_options(json, options);
  return json;
}

TogetherTask read_task(const ClusterArguments& arguments, Session& session) {
  TogetherTask task{load(arguments.data, session, matrix_for(arguments)), {}};
  session.tell(task.input.note);
  task.clustering.options = cluster_options(arguments, task.input, session);
  task.clustering.options_json = options_json(arguments, task.input, task.clustering.options);
  return task;
}

ExitCode run_cluster(const ClusterArguments& arguments, Session& session) {
  std::optional<KRange> range;
  if (!arguments.k_range.empty()) range = parse_k_range(arguments.k_range);
  if (arguments.together.asked_for())
    return run_together(
        arguments.together, arguments.data.input, arguments.output,
        [&] { return read_task(arguments, session); }, session);
  auto [input, clustering] = read_task(arguments, session);
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

void add_search_options(CLI::App& verb, ClusterArguments& arguments) {
  Options& search = arguments.search;
  const auto number = [&](const char* name, auto& value, const char* help) {
    verb.add_option(name, value, help)->capture_default_str();
  };
  number("--restarts", search.restarts, "Random starts; the best is kept");
  number("--max-rounds", search.max_rounds, "Passes over all candidates; 0: only the start");
  verb.add_flag("--shuffle", search.shuffle, "Visit the candidates in a random order");
  verb.add_option("--order", search.order, "Visit them in this order, each object once (eager methods)")
      ->delimiter(',')
      ->type_name("I,J,...");
  verb.add_flag("--no-skip", arguments.no_skip,
                "Evaluate also candidates that a bound excludes; the result is the same");
  verb.add_option("--ties", arguments.ties, "Which of equal objects BUILD takes (R takes the last)")
      ->check(CLI::IsMember({"first", "last"}))
      ->capture_default_str();
  number("--plusplus-power", search.plusplus_power, "Exponent of the distance in --init plusplus");
  number("--fastpam2-tolerance", search.fastpam2_tolerance,
         "Further swaps of a pass: 1 takes any that improves, 0 only those as good as foreseen");
  number("--samples", search.samples, "Samples of the CLARA family");
  number("--sample-size", search.sample_size, "Objects in each; 0: 40 + 2k (clara), 80 + 4k (the others)");
  verb.add_flag("--independent-samples", search.independent_samples,
                "Samples do not contain the best medoids so far");
  number("--numlocal", search.numlocal, "Local searches of the CLARANS family");
  number("--maxneighbor", search.maxneighbor,
         "Failures in a row that end one, or below 1 their share of all swaps; 0: the published number");
  verb.add_flag("--certify", search.certify,
                "Compute a lower bound of the total deviation, and prove the result optimal if possible");
  number("--certify-steps", search.certify_steps, "Steps of that, at most; each reads all distances");
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
  add_search_options(*verb, *arguments);
  add_output_options(*verb, arguments->output);
  session.add_common(*verb, {Common::Seed, Common::Threads, Common::Json, Common::Output, Common::TimeLimit,
                             Common::Memory, Common::Isa, Common::Resume});
  add_together_options(*verb, arguments->together);
  Session::add_examples(
      *verb, {"xchg kmedoids cluster data.csv -k 5", "xchg kmedoids cluster data.csv -k 5 --certify",
              "xchg kmedoids cluster data.csv -k 5 --metric manhattan --restarts 10 -o result.json --labels "
              "labels.csv",
              "xchg kmedoids cluster distances.csv -k 3 --precomputed --init build --plot=clusters.html",
              "xchg kmedoids cluster data.csv -k 5 --shards 4 --repetitions 3 -o shards.json --resume",
              "xchg kmedoids cluster data.csv --k-range 2:10 --criterion silhouette --method fasterpam"});
  session.on(verb, [arguments, &session] { return run_cluster(*arguments, session); });
}

}  // namespace xchg::kmedoids
