// `xchg dag score` and `xchg dag explain`: what an order is worth, and what its neighbours are.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "xchg/core/text.hpp"
#include "xchg/core/text_table.hpp"
#include "xchg/dag/front/command_data.hpp"

namespace xchg::dag {
namespace {

using command::Common;
using command::Session;
using nlohmann::ordered_json;

struct ScoreOrderArguments {
  const CLI::App* verb = nullptr;
  DataArguments data;
  ScoreArguments score;
  std::string order;
  std::size_t top = 20;
};

ordered_json names_of(const std::vector<std::string>& names, const std::vector<int>& order) {
  ordered_json list = ordered_json::array();
  for (const int node : order) list.push_back(names[static_cast<std::size_t>(node)]);
  return list;
}

// An order that the knowledge rules out has a score like any other; that it is ruled out is said beside it.
std::vector<std::string> warnings_about(const Knowledge& knowledge, const std::vector<int>& order,
                                        const std::vector<std::string>& names) {
  constexpr std::size_t most_shown = 10;
  const std::vector<std::string> broken = broken_knowledge(knowledge, order, names);
  if (broken.empty()) return {};
  std::string text = "the knowledge rules this order out: ";
  for (std::size_t k = 0; k < std::min(broken.size(), most_shown); ++k)
    text += (k == 0 ? "" : ", ") + broken[k];
  if (broken.size() > most_shown) text += fmt::format(" and {} more", broken.size() - most_shown);
  return {text};
}

ExitCode run_score(const ScoreOrderArguments& arguments, Session& session) {
  Options options;
  options.score = parse_score(arguments.score.score);
  options.score_options = score_options(arguments.score);
  options.threads = session.common().threads;
  options.seed = session.common().seed;
  require_score_options(*arguments.verb, options.score, false);
  const Input input = load(arguments.data, options.score, session);
  options.knowledge = load_knowledge(arguments.data, input);
  const std::vector<int> order = parse_order(arguments.order, input.names());
  const double score = input.data ? score_order(*input.data, input.gram_options, order, options)
                                  : score_order(input.gram, order, options);
  const std::vector<std::string> warnings = warnings_about(options.knowledge, order, input.names());
  for (const std::string& warning : warnings) session.warn(warning);
  if (!session.common().json) {
    session.write(text::exact(score) + "\n", "-");
    return ExitCode::Success;
  }
  ordered_json json = session.result_frame("dag", data_json(arguments.data));
  json["score"] = name(options.score);
  json["order"] = names_of(input.names(), order);
  json["score_order"] = score;
  json["warnings"] = warnings;
  session.write_result(json, "-");
  return ExitCode::Success;
}

std::string kind_name(const Delta& move) { return move.kind == Delta::Kind::Swap ? "swap" : "insert"; }

std::string explain_text(const std::vector<Delta>& moves, const std::vector<int>& order,
                         const std::vector<std::string>& names, double score, std::size_t top) {
  const auto at = [&](int position) {
    return names[static_cast<std::size_t>(order[static_cast<std::size_t>(position)])];
  };
  text::Table table({{"move", text::Table::Align::Left},
                     {"variable", text::Table::Align::Left},
                     {"to", text::Table::Align::Left},
                     {"change of the score"},
                     {"relative"}});
  for (std::size_t i = 0; i < std::min(top, moves.size()); ++i) {
    const Delta& move = moves[i];
    const std::string to = move.kind == Delta::Kind::Swap ? "exchanged with " + at(move.to)
                           : move.to < move.from          ? "before " + at(move.to)
                                                          : "behind " + at(move.to);
    table.add_row({kind_name(move), at(move.from), to, text::brief(move.difference, 8),
                   text::brief(move.difference / score, 3)});
  }
  const auto better =
      std::count_if(moves.begin(), moves.end(), [](const Delta& move) { return move.difference < 0; });
  const auto near = std::count_if(moves.begin(), moves.end(), [&](const Delta& move) {
    return std::abs(move.difference) < 1e-3 * score;
  });
  return table.text() +
         fmt::format(
             "score {} (least squares; lower is better); {} of {} moves lower it; {} change it by less than "
             "0.1 %: orders that the data hardly tell apart\n",
             text::brief(score, 13), better, moves.size(), near);
}

ExitCode run_explain(const ScoreOrderArguments& arguments, Session& session) {
  Input input = load(arguments.data, Score::LeastSquares, session, false);
  take_moments(input, {}, session);
  const auto& names = input.names();
  const std::vector<int> order = parse_order(arguments.order, names);
  std::vector<Delta> moves = neighbourhood(input.gram, order);
  const double score = score_order(input.gram, order);
  std::stable_sort(moves.begin(), moves.end(),
                   [](const Delta& a, const Delta& b) { return a.difference < b.difference; });
  if (!session.common().json) {
    session.write(explain_text(moves, order, names, score, arguments.top), "-");
    return ExitCode::Success;
  }
  ordered_json json = session.result_frame("dag", data_json(arguments.data));
  json["order"] = names_of(names, order);
  json["score_order"] = score;
  json["moves"] = ordered_json::array();
  for (const Delta& move : moves) {
    json["moves"].push_back(
        {{"kind", kind_name(move)}, {"from", move.from}, {"to", move.to}, {"difference", move.difference}});
  }
  session.write_result(json, "-");
  return ExitCode::Success;
}

void add_order_option(CLI::App& verb, ScoreOrderArguments& arguments) {
  verb.add_option("--order", arguments.order,
                  "The order, parents first: names, or the file that has them, separated by commas or lines")
      ->required()
      ->type_name("A,B,...|FILE");
}

}  // namespace

void add_score(CLI::App& engine, Session& session) {
  CLI::App* verb = engine.add_subcommand("score", "The score of an order (lower is better)");
  auto arguments = std::make_shared<ScoreOrderArguments>();
  arguments->verb = verb;
  add_data_options(*verb, arguments->data);
  add_knowledge_option(*verb, arguments->data);
  add_score_options(*verb, arguments->score);
  add_order_option(*verb, *arguments);
  session.add_common(*verb, {Common::Seed, Common::Threads, Common::Json});
  add_headings(*verb);
  Session::add_examples(*verb, {"xchg dag score data.csv --order a,b,c",
                                "xchg dag score data.csv --order order.txt --score bic"});
  session.on(verb, [arguments, &session] { return run_score(*arguments, session); });
}

void add_explain(CLI::App& engine, Session& session) {
  CLI::App* verb = engine.add_subcommand(
      "explain", "What every move in an order would change, and which neighbours the data hardly tell apart");
  auto arguments = std::make_shared<ScoreOrderArguments>();
  add_data_options(*verb, arguments->data);
  add_order_option(*verb, *arguments);
  verb->add_option("--top", arguments->top,
                   "So many moves are shown, best first (least-squares score); --json has all")
      ->capture_default_str();
  session.add_common(*verb, {Common::Threads, Common::Json});
  add_headings(*verb);
  Session::add_examples(*verb, {"xchg dag explain data.csv --order a,b,c",
                                "xchg dag explain gram.csv --n 1000 --order order.txt --top 5"});
  session.on(verb, [arguments, &session] { return run_explain(*arguments, session); });
}

}  // namespace xchg::dag
