// `xchg hiring verify`, `show` and `generate`.
#include <fmt/format.h>

#include <memory>

#include "xchg/core/file.hpp"
#include "xchg/core/json.hpp"
#include "xchg/hiring/front/command_terms.hpp"
#include "xchg/hiring/front/mechanism_text.hpp"
#include "xchg/hiring/front/result_json.hpp"

namespace xchg::hiring {
namespace {

using command::Common;
using command::Session;

struct VerifyArguments {
  InstanceArguments instance;
  std::string certificate;
};

std::string check_text(const Check& check) {
  std::string text = "value         " + amount_text(check.value) + "\n";
  text += "best gain     " + amount_text(check.violation) +
          (check.violation <= 0 ? ": incentive compatible\n" : "\n");
  if (check.bounded) text += "upper bound   " + amount_text(check.upper_bound) + "\n";
  for (const std::string& finding : check.findings) text += "WRONG         " + finding + "\n";
  return text + (check.proven ? "proven\n" : "not proven\n");
}

ExitCode run_verify(const VerifyArguments& arguments, Session& session) {
  const Instance instance = load(arguments.instance, session);
  const Certificate certificate = read_certificate(arguments.certificate, instance);
  const Check check = verify(instance, certificate, session.progress());
  if (session.common().json) {
    auto options = options_json(arguments.instance);
    options["certificate"] = arguments.certificate;
    auto json = session.result_frame("hiring", options);
    json.update(check_json(check));
    session.write_result(json, "-");
  } else {
    session.write(check_text(check), "-");
  }
  return check.proven ? ExitCode::Success : ExitCode::ProvenNo;
}

struct ShowArguments {
  std::string mechanism, instance;
};

// The instance is named here, or by what design wrote.
InstanceArguments instance_of(const ShowArguments& arguments, const std::string& text) {
  if (!arguments.instance.empty()) return {arguments.instance, {}};
  const json::Value document = json::parse(text, arguments.mechanism);
  if (document.is_object() && document.contains("options") && document["options"].contains("instance")) {
    InstanceArguments found{document["options"]["instance"].get<std::string>(), {}};
    if (document["options"].contains("merge"))
      found.merge = document["options"]["merge"].get<std::vector<int>>();
    return found;
  }
  throw InputError("does not say for which instance it is", {arguments.mechanism, 0, 0, {}},
                   "--instance FILE");
}

ExitCode run_show(const ShowArguments& arguments, Session& session) {
  const std::string text = file::read(arguments.mechanism);
  const Instance instance = load(instance_of(arguments, text), session);
  const Mechanism mechanism = parse_mechanism(text, instance, arguments.mechanism);
  session.write("Who works when\n\n" + schedule_text(instance, mechanism) +
                    "\nWhat is paid and decided (nothing is paid otherwise)\n\n" +
                    payments_text(instance, mechanism, std::numeric_limits<std::size_t>::max()),
                session.common().output);
  return ExitCode::Success;
}

struct GenerateArguments {
  int agents = 3, efforts = 3, signals = 3, states = 3;
};

}  // namespace

void add_verify(CLI::App& engine, Session& session) {
  CLI::App* verb =
      engine.add_subcommand("verify", "Prove a certificate in exact arithmetic: exit 0 proven, 10 not");
  auto arguments = std::make_shared<VerifyArguments>();
  add_instance(*verb, arguments->instance);
  verb->add_option("certificate", arguments->certificate, "What design --certificate wrote")
      ->required()
      ->type_name("CERTIFICATE.json");
  session.add_common(*verb, {Common::Json});
  Session::add_examples(*verb, {"xchg hiring verify audit2.json cert.json"});
  session.on(verb, [arguments, &session] { return run_verify(*arguments, session); });
}

void add_show(CLI::App& engine, Session& session) {
  CLI::App* verb =
      engine.add_subcommand("show", "Print a mechanism for people: who works when, what is paid");
  auto arguments = std::make_shared<ShowArguments>();
  verb->add_option("mechanism", arguments->mechanism, "What design wrote with -o or --json")
      ->required()
      ->type_name("MECHANISM.json");
  verb->add_option("--instance", arguments->instance, "Its instance, where the file does not name it")
      ->type_name("INSTANCE.json");
  session.add_common(*verb, {Common::Output});
  Session::add_examples(*verb,
                        {"xchg hiring show mech.json", "xchg hiring show mech.json --instance audit2.json"});
  session.on(verb, [arguments, &session] { return run_show(*arguments, session); });
}

void add_generate(CLI::App& engine, Session& session) {
  CLI::App* verb =
      engine.add_subcommand("generate", "Make a random instance, the same everywhere for a seed");
  auto arguments = std::make_shared<GenerateArguments>();
  const auto size = [&](const char* name, int& value, const char* help) {
    verb->add_option(name, value, help)->check(CLI::PositiveNumber)->capture_default_str();
  };
  size("--agents", arguments->agents, "Agents");
  size("--efforts", arguments->efforts, "Efforts of each");
  size("--signals", arguments->signals, "Signals of each");
  size("--states", arguments->states, "States; the hidden variable has twice as many values");
  session.add_common(*verb, {Common::Seed, Common::Output});
  Session::add_examples(*verb, {"xchg hiring generate --agents 3 --seed 1 -o gen.json"});
  session.on(verb, [arguments, &session] {
    const Instance instance = generate(arguments->agents, arguments->efforts, arguments->signals,
                                       arguments->states, session.common().seed);
    session.write(instance_json(instance), session.common().output);
    return ExitCode::Success;
  });
}

}  // namespace xchg::hiring
