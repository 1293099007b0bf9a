// `xchg hiring audit`.
#include <memory>

#include "xchg/hiring/audit.hpp"
#include "xchg/hiring/front/command_terms.hpp"
#include "xchg/hiring/front/result_json.hpp"

namespace xchg::hiring {
namespace {

using command::Common;
using command::Session;

struct AuditArguments {
  InstanceArguments instance;
  std::string mechanism;
  std::vector<std::string> costs_off;
  AuditOptions options;
  bool no_equilibria = false;
};

// --costs-off 0.2: all costs a fifth higher, and a fifth lower.
AuditOptions options_of(const AuditArguments& arguments, const Session& session) {
  AuditOptions options = arguments.options;
  for (const std::string& text : arguments.costs_off) {
    const Rational share = exact_option("--costs-off", text);
    if (share < 0 || share > 1) throw InputError("--costs-off is " + text, {}, "a share from 0 to 1");
    options.cost_factors.push_back(1 - share);
    options.cost_factors.push_back(1 + share);
  }
  options.equilibria = !arguments.no_equilibria;
  options.seed = session.common().seed;
  return options;
}

ExitCode run_audit(const AuditArguments& arguments, Session& session) {
  const Instance instance = load(arguments.instance, session);
  const Mechanism mechanism = read_mechanism(arguments.mechanism, instance);
  const Audit found = audit(instance, mechanism, options_of(arguments, session), session.progress());
  auto named = options_json(arguments.instance);
  named.update({{"mechanism", arguments.mechanism}, {"coalitions", arguments.options.coalitions}});
  if (!arguments.costs_off.empty()) named["costs_off"] = arguments.costs_off;
  auto json = session.result_frame("hiring", named);
  json.update(audit_json(instance, found));
  const std::string& output = session.common().output;
  if (!output.empty() && output != "-") session.write_result(json, output);
  if (session.common().json || output == "-") {
    session.write_result(json, "-");
  } else {
    std::string text;
    for (const std::string& sentence : audit_sentences(instance, found)) text += sentence + "\n";
    session.write(text, "-");
  }
  return found.complete ? ExitCode::Success : ExitCode::Interrupted;
}

}  // namespace

void add_audit(CLI::App& engine, Session& session) {
  CLI::App* verb = engine.add_subcommand(
      "audit", "What could go wrong with a mechanism: temptations, wrong costs, coalitions, bad equilibria");
  auto arguments = std::make_shared<AuditArguments>();
  add_instance(*verb, arguments->instance);
  verb->add_option("mechanism", arguments->mechanism, "What design wrote with -o or --json")
      ->required()
      ->type_name("MECHANISM.json");
  verb->add_option("--costs-off", arguments->costs_off,
                   "True costs are higher and lower by this share: 0.2 is 20 %")
      ->delimiter(',')
      ->type_name("SHARE");
  verb->add_option("--coalitions", arguments->options.coalitions, "Largest coalition that is tried")
      ->capture_default_str();
  verb->add_flag("--no-equilibria", arguments->no_equilibria, "Do not look for other equilibria");
  verb->add_option("--starts", arguments->options.random_starts, "Random starts of best responses")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  session.add_common(*verb, {Common::Seed, Common::Json, Common::Output});
  Session::add_examples(*verb, {"xchg hiring audit audit2.json mech.json --coalitions 2 --costs-off 0.2"});
  session.on(verb, [arguments, &session] { return run_audit(*arguments, session); });
}

}  // namespace xchg::hiring
