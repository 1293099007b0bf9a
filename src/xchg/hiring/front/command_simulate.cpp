// `xchg hiring simulate`.
#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "xchg/core/csv.hpp"
#include "xchg/core/text.hpp"
#include "xchg/core/text_table.hpp"
#include "xchg/hiring/front/command_online.hpp"
#include "xchg/hiring/front/result_json.hpp"

namespace xchg::hiring {
namespace {

using command::Common;
using command::Session;
using nlohmann::ordered_json;

struct SimulateArguments {
  InstanceArguments instance;
  LearnArguments learn;
  std::string rounds = "1e5:1e9:9", agents = "rational";
  SimulateOptions options;
};

const std::map<std::string, Behaviour::Kind> behaviours = {{"rational", Behaviour::Kind::BestResponse},
                                                           {"collusive", Behaviour::Kind::Collusive},
                                                           {"logit", Behaviour::Kind::Logit},
                                                           {"stubborn", Behaviour::Kind::Stubborn}};

// "1e5:1e9:9" (geometric), or one number.
std::vector<double> rounds_of(const std::string& text) {
  if (text.find(':') == std::string::npos) return {count_option("--rounds", text)};
  const command::Range range = command::parse_range(text);
  if (range.low < 1) throw InputError("--rounds begins at " + text::exact(range.low), {}, "lo >= 1");
  const std::uint64_t count = range.count == 0 ? 9 : range.count;
  std::vector<double> rounds;
  for (std::uint64_t k = 0; k < count; ++k) {
    const double share = count == 1 ? 0 : static_cast<double>(k) / static_cast<double>(count - 1);
    rounds.push_back(std::round(range.low * std::pow(range.high / range.low, share)));
  }
  return rounds;
}

std::string curve_text(const Curve& curve) {
  using text::Table;
  Table table({{"rounds"},
               {"mean regret"},
               {"95 % interval", Table::Align::Left},
               {"per round"},
               {"exploring"},
               {"obeyed"},
               {"fallbacks"}});
  for (const CurvePoint& point : curve.points) {
    table.add_row({text::brief(static_cast<double>(point.rounds), 4), text::brief(point.mean, 4),
                   fmt::format("[{}, {}]", text::brief(point.low, 4), text::brief(point.high, 4)),
                   text::brief(point.mean / static_cast<double>(point.rounds), 3),
                   text::brief(point.exploration, 3), fmt::format("{:.0f} %", 100 * point.obeyed),
                   fmt::format("{:.0f} %", 100 * point.fallbacks)});
  }
  std::string text = curve.method + "\n\n" + table.text();
  for (const Slope& slope : curve.slopes) {
    if (!std::isfinite(slope.slope)) continue;
    text += fmt::format("slope {} from {} to {} [{}, {}]\n", text::brief(slope.slope, 3),
                        text::brief(slope.low_rounds, 3), text::brief(slope.high_rounds, 3),
                        text::brief(slope.low, 3), text::brief(slope.high, 3));
  }
  if (curve.break_even) {
    text += fmt::format("better than fixed det from {} rounds on\n", text::brief(*curve.break_even, 4));
  }
  return text + "\n";
}

std::string curves_csv(const Simulation& simulation) {
  csv::Writer writer;
  for (const char* name : {"method", "rounds", "mean", "low", "high", "exploration", "obeyed", "fallbacks"}) {
    writer.cell(std::string_view(name));
  }
  writer.end_row();
  for (const Curve& curve : simulation.curves) {
    for (const CurvePoint& point : curve.points) {
      writer.cell(curve.method).cell(static_cast<double>(point.rounds)).cell(point.mean).cell(point.low);
      writer.cell(point.high).cell(point.exploration).cell(point.obeyed).cell(point.fallbacks).end_row();
    }
  }
  return writer.text();
}

SimulateOptions options_of(const SimulateArguments& arguments, const Session& session) {
  SimulateOptions options = arguments.options;
  options.rounds = rounds_of(arguments.rounds);
  // Slopes over the upper half of the grid, and over all of it.
  const double low = options.rounds.front(), high = options.rounds.back();
  options.windows.clear();
  if (high > low) options.windows = {{std::round(std::sqrt(low * high)), high}, {low, high}};
  options.learn = arguments.learn.options;
  options.behaviour.kind = behaviours.at(arguments.agents);
  options.first_seed = session.common().seed;
  options.threads = session.common().threads;
  return options;
}

ExitCode run_simulate(const SimulateArguments& arguments, Session& session) {
  const Instance instance = load(arguments.instance, session);
  const Simulation simulation = simulate(instance, options_of(arguments, session), session.progress());
  const std::string& output = session.common().output;
  if (!simulation.complete) throw CancelledError("stopped before the curves were complete");
  if (!output.empty() && output != "-") session.write(curves_csv(simulation), output);
  if (session.common().json) {
    auto named = options_json(arguments.instance);
    named.update({{"rounds", arguments.rounds},
                  {"methods", arguments.options.methods},
                  {"seeds", arguments.options.seeds},
                  {"agents", arguments.agents},
                  {"exploration", arguments.learn.options.exploration},
                  {"slack", arguments.learn.options.slack}});
    auto json = session.result_frame("hiring", named);
    json.update(simulation_json(simulation));
    session.add_run(json, ordered_json::object());
    session.write_result(json, "-");
  } else if (output == "-") {
    session.write(curves_csv(simulation), "-");
  } else {
    std::string text =
        fmt::format("the best mechanism leaves {} a round", text::brief(simulation.optimum, 9));
    if (simulation.det) text += fmt::format(", fixed det {}", text::brief(*simulation.det, 9));
    text += "\n\n";
    for (const Curve& curve : simulation.curves) text += curve_text(curve);
    session.write(text, "-");
  }
  for (const std::string& warning : simulation.warnings) session.warn(warning);
  return ExitCode::Success;
}

}  // namespace

void add_simulate(CLI::App& engine, Session& session) {
  CLI::App* verb =
      engine.add_subcommand("simulate", "Regret of learning the mechanism from simulated agents");
  auto arguments = std::make_shared<SimulateArguments>();
  add_instance(*verb, arguments->instance);
  verb->add_option("--rounds", arguments->rounds, "Rounds: one number, or a geometric grid")
      ->capture_default_str()
      ->type_name("T|LO:HI[:COUNT]");
  verb->add_option("--method", arguments->options.methods, "Methods to compare, separated by commas")
      ->delimiter(',')
      ->check(CLI::IsMember(online_methods()))
      ->capture_default_str();
  verb->add_option("--seeds", arguments->options.seeds, "Runs of each")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  add_learn_options(*verb, arguments->learn);
  const char* const group = "Agents";
  std::vector<std::string> kinds;
  for (const auto& [name, kind] : behaviours) kinds.push_back(name);
  Behaviour& behaviour = arguments->options.behaviour;
  verb->add_option("--agents", arguments->agents, "How agents behave")
      ->group(group)
      ->check(CLI::IsMember(kinds))
      ->capture_default_str();
  verb->add_option("--temperature", behaviour.temperature, "Of logit agents")
      ->group(group)
      ->capture_default_str();
  verb->add_option("--probability", behaviour.probability,
                   "With which stubborn agents take the cheapest effort")
      ->group(group)
      ->capture_default_str();
  verb->add_option("--coalition", behaviour.coalition, "Collusive agents (numbers from 0); default: all")
      ->group(group)
      ->delimiter(',');
  session.add_common(*verb, {Common::Seed, Common::Threads, Common::Json, Common::Output});
  Session::add_examples(
      *verb, {"xchg hiring simulate audit2.json --rounds 1e6 --seeds 3",
              "xchg hiring simulate audit2.json --rounds 1e5:1e7:3 --seeds 3 --method hire_online,noslack"});
  session.on(verb, [arguments, &session] { return run_simulate(*arguments, session); });
}

}  // namespace xchg::hiring
