// `xchg kmedoids verify`: an independent check of a result.
#include <fmt/format.h>

#include <memory>

#include "xchg/core/text.hpp"
#include "xchg/kmedoids/command_data.hpp"
#include "xchg/kmedoids/kmedoids.hpp"
#include "xchg/kmedoids/result_file.hpp"

namespace xchg::kmedoids {
namespace {

using command::Common;
using command::Session;
using nlohmann::ordered_json;

struct VerifyArguments {
  DataArguments data;
  std::string result;
};

ExitCode run_verify(const VerifyArguments& arguments, Session& session) {
  const Input input = load(arguments.data, session);
  const Result result = read_result(arguments.result);
  const Check check = verify(input.data, result, input.weights, session.progress());
  if (session.common().json) {
    ordered_json json =
        session.result_frame("kmedoids", {{"input", arguments.data.input}, {"result", arguments.result}});
    json["right"] = check.right;
    json["problem"] = check.problem;
    json["total_deviation"] = check.total_deviation;
    json["objective"] = name(objective(result.method));
    json["swap_optimal"] = check.swap_optimal;
    json["best_swap_change"] = check.best_swap_change;
    session.write_result(json, "-");
  } else if (check.right) {
    session.write(fmt::format("right: total deviation {}, {}\n", text::exact(check.total_deviation),
                              check.swap_optimal
                                  ? "no single swap improves it"
                                  : fmt::format("not 1-swap optimal (a swap changes the objective by {})",
                                                text::brief(check.best_swap_change))),
                  "-");
  } else {
    session.write("wrong: " + check.problem + "\n", "-");
  }
  return check.right ? ExitCode::Success : ExitCode::ProvenNo;
}

}  // namespace

void add_verify(CLI::App& engine, Session& session) {
  CLI::App* verb =
      engine.add_subcommand("verify", "Recompute a result independently: exit 0 right, 10 wrong");
  auto arguments = std::make_shared<VerifyArguments>();
  add_data_options(*verb, arguments->data);
  verb->add_option("result", arguments->result, "What cluster wrote with -o")
      ->required()
      ->type_name("RESULT.json");
  session.add_common(*verb, {Common::Threads, Common::Json, Common::Memory});
  Session::add_examples(*verb, {"xchg kmedoids verify data.csv result.json"});
  session.on(verb, [arguments, &session] { return run_verify(*arguments, session); });
}

}  // namespace xchg::kmedoids
