// `xchg dag verify`: an independent check of a result.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>

#include "xchg/dag/front/command_data.hpp"

namespace xchg::dag {
namespace {

using command::Common;
using command::Session;
using nlohmann::ordered_json;

struct VerifyArguments {
  const CLI::App* verb = nullptr;
  DataArguments data;
  std::string result;
};

// Without options of its own the table is read as for the result.
DataArguments reading(const VerifyArguments& arguments, Session& session) {
  const char* const own[] = {"--n",       "--where",         "--ignore",     "--regime",      "--transform",
                             "--missing", "--drop-constant", "--two-valued", "--standardize", "--no-center"};
  if (std::any_of(std::begin(own), std::end(own),
                  [&](const char* option) { return is_given(*arguments.verb, option); })) {
    return arguments.data;
  }
  DataArguments data = arguments_of_result(arguments.result);
  data.input = arguments.data.input;
  const ordered_json options = data_json(data);
  if (options.size() > 1) session.tell("read as for the result: " + options.dump());
  return data;
}

ExitCode run_verify(const VerifyArguments& arguments, Session& session) {
  const Claim claimed = read_claim(arguments.result);
  const DataArguments data = reading(arguments, session);
  const Input input = load(data, claimed.score, session);
  const Verdict verdict = input.data ? verify(*input.data, input.gram_options, claimed, session.progress())
                                     : verify(input.gram, claimed, session.progress());
  if (session.common().json) {
    ordered_json options = data_json(data);
    options["result"] = arguments.result;
    ordered_json json = session.result_frame("dag", options);
    json["ok"] = verdict.ok;
    json["checked"] = verdict.checked;
    json["findings"] = verdict.findings;
    json["unchecked"] = verdict.unchecked;
    session.write_result(json, "-");
  } else {
    std::string text;
    for (const std::string& line : verdict.checked) text += "checked:   " + line + "\n";
    for (const std::string& line : verdict.unchecked) text += "unchecked: " + line + "\n";
    for (const std::string& line : verdict.findings) text += "WRONG:     " + line + "\n";
    session.write(text + (verdict.ok ? "right\n" : "wrong\n"), "-");
  }
  return verdict.ok ? ExitCode::Success : ExitCode::ProvenNo;
}

}  // namespace

void add_verify(CLI::App& engine, Session& session) {
  CLI::App* verb =
      engine.add_subcommand("verify", "Recompute a result independently: exit 0 right, 10 wrong");
  auto arguments = std::make_shared<VerifyArguments>();
  arguments->verb = verb;
  add_data_options(*verb, arguments->data);
  verb->add_option("result", arguments->result,
                   "result.json of learn, or what its --json printed; says how the table was read unless "
                   "options of the "
                   "data are given here")
      ->required()
      ->type_name("RESULT.json");
  session.add_common(*verb, {Common::Threads, Common::Json});
  add_headings(*verb);
  Session::add_examples(*verb, {"xchg dag verify data.csv out/result.json"});
  session.on(verb, [arguments, &session] { return run_verify(*arguments, session); });
}

}  // namespace xchg::dag
