// `xchg hiring frontier`.
#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "xchg/core/csv.hpp"
#include "xchg/core/text.hpp"
#include "xchg/core/text_table.hpp"
#include "xchg/hiring/front/command_terms.hpp"
#include "xchg/hiring/front/mechanism_text.hpp"
#include "xchg/hiring/front/result_json.hpp"

namespace xchg::hiring {
namespace {

using command::Common;
using command::Session;

struct FrontierArguments {
  InstanceArguments instance;
  TermsArguments terms;
  std::string bounds = "0.01:100:25";
  double refine = 0.1;
  std::size_t most = 200;
};

// A geometric grid "lo:hi:count", its points rounded to six digits, or a list "1/2,1,inf".
std::vector<Bound> bounds_of(const std::string& text) {
  std::vector<Bound> bounds;
  if (text.find(':') == std::string::npos) {
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find(',', begin), text.size());
      bounds.push_back(bound_option("--bounds", text.substr(begin, end - begin)));
      begin = end + 1;
    }
    return bounds;
  }
  const command::Range range = command::parse_range(text);
  const std::uint64_t count = range.count == 0 ? 25 : range.count;
  if (range.low <= 0) throw InputError("--bounds begins at " + text::exact(range.low), {}, "lo > 0");
  if (count > 10'000) throw InputError(fmt::format("--bounds has {} points", count), {}, "at most 10000");
  for (std::uint64_t k = 0; k < count; ++k) {
    const double share = count == 1 ? 0 : static_cast<double>(k) / static_cast<double>(count - 1);
    const double value = range.low * std::pow(range.high / range.low, share);
    bounds.push_back(bound_option("--bounds", text::brief(value, 6)));
  }
  return bounds;
}

std::string frontier_text(const Instance& instance, const std::vector<FrontierPoint>& points) {
  text::Table table(
      {{"payment bound"}, {"value"}, {"expected pay"}, {"efforts", text::Table::Align::Left, 60}});
  for (const FrontierPoint& point : points) {
    std::string efforts;
    for (const std::size_t b : point.profiles)
      efforts += (efforts.empty() ? "" : " | ") + profile_text(instance, b);
    const Bound& bound = point.payment_bound;
    table.add_row({bound.infinite() ? "inf" : text::brief(to_double(bound.amount()), 6),
                   text::brief(point.value, 9), text::brief(point.expected_payment, 6), efforts});
  }
  return table.text();
}

std::string frontier_csv(const std::vector<FrontierPoint>& points) {
  csv::Writer writer;
  writer.cell("payment_bound").cell("value").cell("expected_payment").end_row();
  for (const FrontierPoint& point : points) {
    writer.cell(point.payment_bound.text()).cell(point.value).cell(point.expected_payment).end_row();
  }
  return writer.text();
}

ExitCode run_frontier(const FrontierArguments& arguments, Session& session) {
  const Instance instance = load(arguments.instance, session);
  const Options options = options_of(arguments.terms, session);
  const auto points = frontier(instance, bounds_of(arguments.bounds), options, arguments.refine,
                               arguments.most, session.progress());
  const std::string& output = session.common().output;
  if (!output.empty() && output != "-") session.write(frontier_csv(points), output);
  if (session.common().json) {
    auto named = options_json(arguments.instance, arguments.terms);
    named.update({{"bounds", arguments.bounds}, {"refine", arguments.refine}, {"most", arguments.most}});
    auto json = session.result_frame("hiring", named);
    json["points"] = frontier_json(instance, points);
    session.write_result(json, "-");
  } else {
    session.write(output == "-" ? frontier_csv(points) : frontier_text(instance, points), "-");
  }
  return session.progress().cancelled() ? ExitCode::Interrupted : ExitCode::Success;
}

}  // namespace

void add_frontier(CLI::App& engine, Session& session) {
  CLI::App* verb =
      engine.add_subcommand("frontier", "What the best mechanism is worth for each payment bound");
  auto arguments = std::make_shared<FrontierArguments>();
  add_instance(*verb, arguments->instance);
  verb->add_option("--bounds", arguments->bounds, "Payment bounds: a geometric grid, or a list 1/2,1,inf")
      ->capture_default_str()
      ->type_name("LO:HI[:COUNT]|LIST");
  verb->add_option("--refine", arguments->refine,
                   "Add bounds where the value rises by more than this share of the whole rise")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  verb->add_option("--most", arguments->most, "Most points")->capture_default_str();
  add_terms(*verb, arguments->terms);
  session.add_common(*verb, {Common::Json, Common::Output, Common::TimeLimit, Common::Memory});
  Session::add_examples(*verb, {"xchg hiring frontier audit2.json --bounds 0.1:100:9",
                                "xchg hiring frontier audit2.json --bounds 1/2,1,2,inf -o frontier.csv"});
  session.on(verb, [arguments, &session] { return run_frontier(*arguments, session); });
}

}  // namespace xchg::hiring
