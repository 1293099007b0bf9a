// `xchg hiring design`.
#include <fmt/format.h>

#include <memory>

#include "xchg/core/text.hpp"
#include "xchg/hiring/front/command_terms.hpp"
#include "xchg/hiring/front/mechanism_text.hpp"
#include "xchg/hiring/front/report.hpp"
#include "xchg/hiring/front/result_json.hpp"

namespace xchg::hiring {
namespace {

using command::Common;
using command::Session;

struct DesignArguments {
  InstanceArguments instance;
  TermsArguments terms;
  std::string certificate, plot;
  bool no_ladder = false;
};

std::string value_text(const Result& result) {
  std::string text = "value         " + amount_text(result.value_exact);
  if (!result.attained) {
    text += fmt::format(
        "\nsupremum      {}, not attained: mechanisms come as near as one likes, with ever larger "
        "payments",
        text::brief(result.supremum, 9));
  }
  text += fmt::format("\nproven        {} <= optimum <= {}", amount_text(result.value_exact),
                      amount_text(result.upper_bound_exact));
  if (result.upper_bound_exact == result.value_exact) text += ": nothing is better";
  text += result.incentive_compatible
              ? "\ncompatible    exactly: nobody gains by another effort or a lie, or both, alone"
              : "\ncompatible    up to a gain of " + text::brief(to_double(result.ic_violation), 3);
  text += fmt::format("\npayments      at most {}\n", amount_text(result.largest_payment));
  return text;
}

constexpr const char* not_promised =
    "Not promised: that everybody obeying is the only equilibrium, or that agents who act together gain "
    "nothing\n"
    "(xchg hiring audit finds such plans).\n";

std::string design_text(const Instance& instance, const Result& result) {
  Rational spent;
  for (const Rational& pay : expected_payments(instance, result.mechanism)) spent += pay;
  std::string text = value_text(result) +
                     fmt::format("              {} on average, all agents together\n", amount_text(spent));
  text += "\nWho works when\n\n" + schedule_text(instance, result.mechanism);
  text += "\nWhat is paid and decided (nothing is paid otherwise)\n\n" +
          payments_text(instance, result.mechanism);
  if (result.ladder.corr) text += "\nWhat simpler mechanisms reach\n\n" + ladder_text(result.ladder);
  return text + "\n" + not_promised;
}

ExitCode run_design(const DesignArguments& arguments, Session& session) {
  const Instance instance = load(arguments.instance, session);
  Options options = options_of(arguments.terms, session);
  options.ladder = !arguments.no_ladder;
  const Result result = design(instance, options, session.progress());
  auto json = session.result_frame("hiring", options_json(arguments.instance, arguments.terms));
  json.update(result_json(instance, result));
  const Statistics& statistics = result.statistics;
  session.add_run(json, {{"build_seconds", statistics.build_seconds},
                         {"solve_seconds", statistics.solve_seconds},
                         {"certify_seconds", statistics.certify_seconds},
                         {"ladder_seconds", statistics.ladder_seconds}});
  const std::string& output = session.common().output;
  if (!arguments.certificate.empty()) {
    session.write(certificate_json(instance, result.certificate), arguments.certificate);
  }
  if (!output.empty() && output != "-") session.write_result(json, output);
  if (session.common().json || output == "-") {
    session.write_result(json, "-");
  } else if (arguments.certificate != "-") {
    session.write(design_text(instance, result), "-");
  }
  if (!arguments.plot.empty()) {
    const std::string path = arguments.plot == "-auto-" ? "mechanism.html" : arguments.plot;
    session.write_page(mechanism_chapter(instance, result, session.progress()), path);
    session.tell("wrote " + path);
  }
  return session.progress().cancelled() ? ExitCode::Interrupted : ExitCode::Success;
}

}  // namespace

void add_design(CLI::App& engine, Session& session) {
  CLI::App* verb = engine.add_subcommand(
      "design", "Compute the mechanism that leaves the principal the most: who works when, what is paid");
  auto arguments = std::make_shared<DesignArguments>();
  add_instance(*verb, arguments->instance);
  add_terms(*verb, arguments->terms);
  verb->add_flag("--no-ladder", arguments->no_ladder, "Leave out what simpler mechanisms reach");
  verb->add_option("--certificate", arguments->certificate, "Write the proof to this file, for verify")
      ->type_name("FILE");
  verb->add_flag("--plot{-auto-}", arguments->plot,
                 "Write a page with pictures to mechanism.html (--plot=FILE.html names it)");
  session.add_common(*verb, {Common::Json, Common::Output, Common::TimeLimit, Common::Memory});
  Session::add_examples(*verb, {"xchg hiring design audit2.json --bound 1",
                                "xchg hiring design audit2.json -o mech.json --certificate cert.json",
                                "xchg hiring design audit2.json --slack 0.01 --cost-error 0.1",
                                "xchg hiring design audit2.json --plot=audit2.html"});
  session.on(verb, [arguments, &session] { return run_design(*arguments, session); });
}

}  // namespace xchg::hiring
