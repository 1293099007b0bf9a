// `xchg hiring learn`: real rounds, some at a time.
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <memory>

#include "xchg/core/file.hpp"
#include "xchg/core/text.hpp"
#include "xchg/core/utf8.hpp"
#include "xchg/hiring/front/command_online.hpp"
#include "xchg/hiring/front/mechanism_text.hpp"
#include "xchg/hiring/front/result_json.hpp"

namespace xchg::hiring {
namespace {

using command::Common;
using command::Session;
using nlohmann::ordered_json;

struct Arguments {
  const CLI::App* verb = nullptr;
  std::string setup, state, observe, rounds = "1e6";
  LearnArguments learn;
};

Learner learner_of(const Arguments& arguments, const Setting& setting) {
  if (std::filesystem::exists(arguments.state)) {
    if (arguments.verb->get_option("--rounds")->count() > 0) {
      throw InputError("--rounds has no effect: " + arguments.state + " says it", {},
                       "a new --state, or none");
    }
    return Learner::resume(setting, file::read(arguments.state), arguments.state);
  }
  if (!arguments.observe.empty()) {
    throw InputError("there is no state yet", {arguments.state, 0, 0, {}}, "a first call without --observe");
  }
  LearnOptions options = arguments.learn.options;
  options.rounds = static_cast<std::int64_t>(count_option("--rounds", arguments.rounds));
  return Learner(setting, options);
}

std::string request_text(const Setting& setting, const Request& request, const Learned& learned) {
  if (request.phase == Phase::Done) return fmt::format("all {} rounds are played\n", learned.rounds);
  std::string text = fmt::format("{} rounds played; next: {} rounds, phase {}\n\n", learned.rounds,
                                 request.rounds, phase_name(request.phase));
  text += payments_text(setting.frame, request.mechanism);
  if (request.chooser >= 0) {
    text += fmt::format("\nor, if {} chooses the alternative\n\n",
                        setting.frame.agents[static_cast<std::size_t>(request.chooser)].name);
    text += payments_text(setting.frame, request.alternative);
  }
  return text;
}

ExitCode run_learn(const Arguments& arguments, Session& session) {
  Warnings warnings;
  const Setting setting = read_setting(arguments.setup, &warnings);
  Learner learner = learner_of(arguments, setting);
  if (!arguments.observe.empty()) {
    learner.observe(
        parse_rounds(file::read(arguments.observe), setting, learner.request(), arguments.observe));
  }
  const Request& request = learner.request();
  const Learned learned = learner.result();
  ordered_json json =
      session.result_frame("hiring", {{"setup", arguments.setup}, {"state", arguments.state}});
  json.update(request_json(setting, request, learned));
  const std::string& output = session.common().output;
  // The state last: as long as it is the old one, the same rows can be observed again.
  if (!output.empty() && output != "-") session.write_result(json, output);
  session.write(learner.state_json(), arguments.state);
  if (session.common().json || output == "-") {
    session.write_result(json, "-");
  } else {
    session.write(request_text(setting, request, learned), "-");
  }
  for (const std::string& warning : warnings) session.warn(warning);
  for (const std::string& warning : learned.warnings) session.warn(warning);
  return ExitCode::Success;
}

}  // namespace

double count_option(const std::string& option, const std::string& text) {
  const auto value = to_rational(text);
  if (!value || *value < 1 || *value > Rational(std::int64_t{1} << 53) || denominator(*value) != 1) {
    throw InputError(option + " is " + utf8::quoted(text), {}, "a whole number from 1 to 2^53, such as 1e6");
  }
  return to_double(*value);
}

void add_learn_options(CLI::App& verb, LearnArguments& arguments) {
  LearnOptions& options = arguments.options;
  const char* const group = "Learning";
  verb.add_option("--exploration", options.exploration, "kappa_N: explores kappa_N T^(2/3) rounds")
      ->group(group)
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  verb.add_option("--slack", options.slack, "kappa: obeying is better by kappa M sqrt(ln T / N)")
      ->group(group)
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb.add_flag("--theory-slack", options.theory_slack, "The slack of the proof instead, much larger")
      ->group(group);
  verb.add_flag("--mixture", options.mixture, "Costs by mixtures of strict rules, not by menus")
      ->group(group);
  verb.add_flag("--anytime", options.anytime, "In doubling epochs: T need not be known")->group(group);
}

void add_learn(CLI::App& engine, Session& session) {
  CLI::App* verb = engine.add_subcommand(
      "learn", "Learn the mechanism by real rounds: says what to post next, and is told what came out");
  auto arguments = std::make_shared<Arguments>();
  arguments->verb = verb;
  verb->add_option("setup", arguments->setup, "What is known: names, utility, strict rules; or an instance")
      ->required()
      ->type_name("SETUP.json");
  verb->add_option("--state", arguments->state, "What was learnt so far; made by the first call")
      ->required()
      ->type_name("FILE");
  verb->add_option("--observe", arguments->observe,
                   "Rounds that were played: round,profile,report_1,…,report_n,state,menu_choice (CSV)")
      ->type_name("FILE");
  verb->add_option("--rounds", arguments->rounds, "All rounds that will be played, for the first call")
      ->capture_default_str()
      ->type_name("T");
  add_learn_options(*verb, arguments->learn);
  session.add_common(*verb, {Common::Json, Common::Output});
  Session::add_examples(*verb,
                        {"xchg hiring learn audit2.json --state state.json --rounds 1e6 -o next.json"});
  session.on(verb, [arguments, &session] { return run_learn(*arguments, session); });
}

}  // namespace xchg::hiring
