// `xchg dag learn`.
#include "xchg/dag/front/command_learn.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "xchg/core/text.hpp"
#include "xchg/dag/front/command_data.hpp"
#include "xchg/dag/front/command_output.hpp"
#include "xchg/dag/front/result_json.hpp"

namespace xchg::dag {
namespace {

using command::Common;
using command::Session;
using nlohmann::ordered_json;

struct LearnArguments {
  const CLI::App* verb = nullptr;
  DataArguments data;
  ScoreArguments score;
  std::string method = "insert", start = "minvar", order, sizes, acyclicity = "log-det", batch, prune, truth,
              plot;
  bool exact = false, verify = false;
  Options search;
};

Start start_of(const LearnArguments& arguments) {
  if (!arguments.order.empty()) return Start::Given;
  const auto names = start_names();
  const bool known = std::find(names.begin(), names.end(), arguments.start) != names.end();
  if (known && arguments.start != "given" && arguments.start != "matrix") return parse_start(arguments.start);
  if (!std::filesystem::exists(arguments.start)) {
    throw InputError("--start is '" + arguments.start + "'", {},
                     "minvar, random, identity, variance, or the file of a graph");
  }
  return Start::Matrix;
}

// TOPO's authors' sizes, where none is given.
void set_topo(Options& options, const LearnArguments& arguments, std::size_t nodes) {
  options.acyclicity = parse_acyclicity(arguments.acyclicity);
  if (arguments.sizes != "release") return;
  const bool linear = options.score != Score::Mlp && options.score != Score::Additive;
  const TopoSizes sizes = topo_release_sizes(static_cast<int>(nodes), linear);
  if (options.size_small == 0) options.size_small = sizes.small;
  if (options.size_large == 0) options.size_large = sizes.large;
  if (options.large_rounds < 0) options.large_rounds = sizes.large_rounds;
}

// --threshold alone asks for pruning by it.
void set_pruning(Options& options, const LearnArguments& arguments) {
  options.default_prune = arguments.prune.empty();
  if (!arguments.prune.empty()) options.prune = parse_prune(arguments.prune);
  if (options.default_prune && is_given(*arguments.verb, "--threshold")) {
    options.default_prune = false;
    options.prune = Prune::Threshold;
  }
}

// Options that would silently do nothing are refused.
void require_effects(const LearnArguments& arguments) {
  const CLI::App& verb = *arguments.verb;
  const Score score = parse_score(arguments.score.score);
  require_score_options(verb, score, arguments.prune == "l1" || arguments.prune == "adaptive");
  if (arguments.exact && is_given(verb, "--method") && arguments.method != "exact") {
    throw InputError("--exact and --method " + arguments.method + " exclude each other", {}, "one of them");
  }
  if (is_given(verb, "--order") && is_given(verb, "--start")) {
    throw InputError("--order and --start exclude each other", {}, "one start");
  }
  const std::string method = "--method " + (arguments.exact ? "exact" : arguments.method);
  for (const char* option :
       {"--size-small", "--size-large", "--large-rounds", "--sizes", "--min-gradient", "--acyclicity"}) {
    require_effect(verb, option, arguments.method == "topo", method, "--method topo");
  }
  require_effect(verb, "--exact-limit", method == "--method exact", method, "--exact");
  if (arguments.prune.empty()) return;
  const std::string prune = "--prune " + arguments.prune;
  require_effect(verb, "--threshold", arguments.prune == "threshold", prune, "--prune threshold");
  require_effect(verb, "--alpha", arguments.prune == "t-test", prune, "--prune t-test");
}

Options learn_options(const LearnArguments& arguments, const Input& input, const Session& session) {
  Options options = arguments.search;
  const auto& names = input.names();
  options.score = parse_score(arguments.score.score);
  options.score_options = score_options(arguments.score);
  options.method = arguments.exact ? Method::Exact : parse_method(arguments.method);
  options.start = start_of(arguments);
  if (options.start == Start::Given) options.order = parse_order(arguments.order, names);
  if (options.start == Start::Matrix) {
    options.start_matrix = weights_by_name(read_graph(arguments.start), names, arguments.start);
  }
  set_topo(options, arguments, names.size());
  options.default_batch = arguments.batch.empty();
  if (!arguments.batch.empty()) options.batch = parse_batch(arguments.batch);
  set_pruning(options, arguments);
  options.knowledge = load_knowledge(arguments.data, input);
  if (!arguments.truth.empty()) {
    options.truth = weights_by_name(read_graph(arguments.truth), names, arguments.truth);
  }
  options.seed = session.common().seed;
  options.threads = session.common().threads;
  options.isa = session.common().isa;
  options.memory_budget_bytes = session.common().memory_bytes;
  options.time_limit_seconds = session.common().time_limit_seconds;
  return options;
}

ordered_json options_json(const LearnArguments& arguments, const Options& options) {
  ordered_json json = data_json(arguments.data);
  const Options usual;
  json["score"] = name(options.score);
  const ScoreOptions& score = options.score_options;
  const bool counts = options.score == Score::Logistic || options.score == Score::Poisson;
  if (options.score == Score::L1 || options.score == Score::Mlp || (counts && score.l1) ||
      options.prune == Prune::L1 || options.prune == Prune::Adaptive) {
    json["lambda1"] = score.lambda1;
  }
  if (options.score == Score::Ridge || options.score == Score::Mlp) json["lambda2"] = score.lambda2;
  if (counts) json["intercept"] = score.intercept;
  if (counts && score.l1) json["l1"] = true;
  if (options.score == Score::Additive) json["degree"] = score.degree;
  if (options.score == Score::Mlp) json.update({{"hidden_units", score.hidden_units}, {"bias", score.bias}});
  json["method"] = name(options.method);
  json["start"] = options.start == Start::Matrix ? arguments.start : std::string(name(options.start));
  if (options.start == Start::Given) json["order"] = arguments.order;
  const auto add = [&](const char* key, const auto& value, const auto& usual_value) {
    if (value != usual_value) json[key] = value;
  };
  add("size_small", options.size_small, usual.size_small);
  add("size_large", options.size_large, usual.size_large);
  add("large_rounds", options.large_rounds, usual.large_rounds);
  add("min_gradient", options.min_gradient, usual.min_gradient);
  if (options.acyclicity != usual.acyclicity) json["acyclicity"] = name(options.acyclicity);
  if (!options.default_batch) json["batch"] = name(options.batch);
  json["restarts"] = options.restarts;
  add("perturbations", options.perturbations, usual.perturbations);
  add("tabu_steps", options.tabu_steps, usual.tabu_steps);
  add("exact_limit", options.exact_limit, usual.exact_limit);
  if (!options.default_prune) json["prune"] = name(options.prune);
  add("threshold", options.threshold, usual.threshold);
  add("alpha", options.alpha, usual.alpha);
  add("bootstrap", options.bootstrap, usual.bootstrap);
  if (!arguments.truth.empty()) json["truth"] = arguments.truth;
  return json;
}

void check_result(const Result& result, const Input& input, const Options& options, Session& session) {
  const Claim claimed = claim(result, options);
  const Verdict verdict = input.data ? verify(*input.data, input.gram_options, claimed, session.progress())
                                     : verify(input.gram, claimed, session.progress());
  if (!verdict.ok) throw NumericError("the result does not pass its check: " + verdict.findings.front());
  session.tell(fmt::format("verified: {} statements recomputed independently", verdict.checked.size()));
}

void tell_about(const Result& result, const LearnArguments& arguments, const Options& options,
                Session& session) {
  for (const std::string& warning : result.warnings) session.warn(warning);
  if (!result.removed_from_start.empty()) session.tell(removed_text(result));
  if (!arguments.data.regime.empty() && options.knowledge.targets.empty()) {
    session.warn("--regime only leaves its column out while --knowledge has no \"targets\"");
  }
}

ExitCode run_learn(const LearnArguments& arguments, Session& session) {
  const std::string& output = session.common().output;
  const bool to_folder = !output.empty() && output != "-";
  require_effects(arguments);
  if (to_folder) require_folder(output, session.common().force);
  const Pages pages(arguments.plot, to_folder, session);
  Input input =
      load(arguments.data, parse_score(arguments.score.score), session, arguments.search.bootstrap > 0);
  const Options options = learn_options(arguments, input, session);
  take_moments(input, options.knowledge, session);
  const Result result = input.data
                            ? learn(*input.data, input.gram, input.gram_options, options, session.progress())
                            : learn(input.gram, options, session.progress());
  if (arguments.verify) check_result(result, input, options, session);
  ordered_json json = session.result_frame("dag", options_json(arguments, options));
  json.update(result_json(result, options));
  session.add_run(json, {{"seconds", result.statistics.seconds}});
  const std::string page = pages.html(result, input, options, arguments.data.input);
  if (to_folder) {
    write_results(output, result, json, page, session.common().force);
    session.tell("graph, result and report in " + output);
  }
  if (!arguments.plot.empty()) session.write(page, arguments.plot);
  if (session.common().json || output == "-") {
    session.write_result(json, "-");
  } else {
    session.write(summary_text(result, options.score), "-");
  }
  tell_about(result, arguments, options, session);
  return result.stopped_by == "cancelled" ? ExitCode::Interrupted : ExitCode::Success;
}

// Of --method topo alone.
void add_topo_options(CLI::App& verb, LearnArguments& arguments) {
  Options& search = arguments.search;
  const char* const group = "Search by --method topo";
  const auto number = [&](const char* name, auto& value, const char* help) {
    verb.add_option(name, value, help)->group(group)->capture_default_str();
  };
  number("--size-small", search.size_small, "Pairs of the small set; 0: min(5 d, all)");
  number("--size-large", search.size_large, "Pairs of the large set; 0: all");
  number("--large-rounds", search.large_rounds, "How often the large set may be used; -1: 10");
  verb.add_option("--sizes", arguments.sizes,
                  "release takes the sizes of the authors' package: pairs and rounds where not given")
      ->group(group)
      ->check(CLI::IsMember({"release"}));
  number("--min-gradient", search.min_gradient, "Least gradient of a candidate pair");
  verb.add_option("--acyclicity", arguments.acyclicity, "Function whose gradient ranks the pairs")
      ->group(group)
      ->check(CLI::IsMember(acyclicity_names()))
      ->capture_default_str();
}

void add_search_options(CLI::App& verb, LearnArguments& arguments) {
  Options& search = arguments.search;
  const char* const group = "Search";
  const auto number = [&](const char* name, auto& value, const char* help) {
    verb.add_option(name, value, help)->group(group)->capture_default_str();
  };
  verb.add_option("--method", arguments.method,
                  "How orders are searched. insert, swap: moves of one variable until none lowers the score; "
                  "topo: as published by Deng et al. 2023; exact, branch-and-bound: the proven optimum")
      ->group(group)
      ->check(CLI::IsMember(method_names()))
      ->capture_default_str();
  verb.add_flag(
          "--exact", arguments.exact,
          "The same as --method exact: the proven optimum, up to 24 variables (more with --memory). "
          "--restarts, --perturb, --tabu and --batch are for the search before the proof: its order is the "
          "result where the proof is stopped, and branch-and-bound begins with it")
      ->group(group);
  verb.add_option(
          "--start", arguments.start,
          "minvar, random, identity, variance, or a graph of another program (CSV, NPY, DOT, GraphML, JSON), "
          "whose score is improved and never worsened")
      ->group(group)
      ->capture_default_str()
      ->type_name("START|FILE");
  verb.add_option("--order", arguments.order, "Start from this order, or from the file that has it")
      ->group(group)
      ->type_name("A,B,...|FILE");
  number("--restarts", search.restarts, "Searches; all but the first from random orders; the best is kept");
  number("--perturb", search.perturbations,
         "Rounds of iterated local search: some variables are moved at random, then searched again");
  number("--tabu", search.tabu_steps, "Steps of tabu search after the descent");
  verb.add_option("--batch", arguments.batch,
                  "Which improving moves are made together; default: best while it gains 0.1 % of the score, "
                  "then single; in topo greedy")
      ->group(group)
      ->check(CLI::IsMember(batch_names()));
  add_topo_options(verb, arguments);
  number("--exact-limit", search.exact_limit, "Most variables of --exact without --memory");
}

void add_graph_options(CLI::App& verb, LearnArguments& arguments) {
  Options& search = arguments.search;
  const char* const group = "Graph";
  verb.add_option("--prune", arguments.prune,
                  "Which edges of the order are kept; default: t-test, in topo and for scores that are not "
                  "linear threshold; bic and l1 keep what they chose")
      ->group(group)
      ->check(CLI::IsMember(prune_names()));
  verb.add_option("--threshold", search.threshold,
                  "Keep edges of at least this |weight| (--prune threshold); 0: 0.3, for mlp 0.5")
      ->group(group)
      ->capture_default_str();
  verb.add_option("--alpha", search.alpha,
                  "Level of the t-test over all edges together (Holm): smaller keeps fewer edges")
      ->group(group)
      ->capture_default_str();
  verb.add_option("--bootstrap", search.bootstrap,
                  "So many resamples of the rows: in how many every edge appears")
      ->group(group)
      ->capture_default_str();
  verb.add_option("--truth", arguments.truth, "The true graph, where known: how far the result is from it")
      ->group(group)
      ->type_name("FILE");
  verb.add_flag("--verify", arguments.verify,
                "Recompute everything independently before anything is written");
  verb.add_option("--plot", arguments.plot, "Write the report to this file (-o writes it with all others)")
      ->type_name("FILE");
}

}  // namespace

std::string removed_text(const Result& result) {
  std::string text = "the start graph has cycles; removed:";
  for (const Edge& edge : result.removed_from_start) {
    text += fmt::format(" {} -> {}", result.names[static_cast<std::size_t>(edge.from)],
                        result.names[static_cast<std::size_t>(edge.to)]);
  }
  return text;
}

void add_learn(CLI::App& engine, Session& session) {
  CLI::App* verb = engine.add_subcommand("learn", "Learn a directed acyclic graph of the columns of a table");
  auto arguments = std::make_shared<LearnArguments>();
  arguments->verb = verb;
  add_data_options(*verb, arguments->data);
  add_knowledge_option(*verb, arguments->data);
  add_score_options(*verb, arguments->score);
  add_search_options(*verb, *arguments);
  add_graph_options(*verb, *arguments);
  session.add_common(*verb, {Common::Seed, Common::Threads, Common::Json, Common::Output, Common::TimeLimit,
                             Common::Memory, Common::Isa, Common::Force});
  verb->get_option("--output")
      ->type_name("FOLDER")
      ->description(
          "Write graph.dot, graph.graphml, graph.json, w.csv, result.json and report.html into this folder");
  add_headings(*verb);
  Session::add_examples(
      *verb,
      {"xchg dag learn data.csv", "xchg dag learn data.csv --where batch=1 --transform 'log(x+10)'",
       "xchg dag learn data.csv --exact --bootstrap 100 -o out",
       "xchg dag learn data.csv --score bic --knowledge known.json",
       "xchg dag learn data.csv --start other.csv --json", "xchg dag learn gram.csv --n 1000 --restarts 20"});
  session.on(verb, [arguments, &session] { return run_learn(*arguments, session); });
}

}  // namespace xchg::dag
