// `xchg hiring estimate`.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "xchg/core/text.hpp"
#include "xchg/core/text_table.hpp"
#include "xchg/hiring/front/command_terms.hpp"
#include "xchg/hiring/front/mechanism_text.hpp"
#include "xchg/hiring/front/result_json.hpp"

namespace xchg::hiring {
namespace {

using command::Common;
using command::Session;
using nlohmann::ordered_json;

struct EstimateArguments {
  const CLI::App* verb = nullptr;
  std::string input, like, costs, cost_per_label, latent, bound, alpha = "1";
  int pools = 1;
  std::vector<int> efforts;
  bool independent = false, no_design = false;
};

bool is_given(const CLI::App& verb, const char* option) { return verb.get_option(option)->count() > 0; }

void require_effects(const EstimateArguments& arguments) {
  const bool latent = !arguments.latent.empty();
  for (const char* option : {"--pools", "--efforts"}) {
    if (!latent && is_given(*arguments.verb, option)) {
      throw InputError(std::string(option) + " has no effect without --latent task", {}, "--latent task");
    }
  }
  for (const char* option : {"--alpha", "--independent", "--no-design"}) {
    if (latent && is_given(*arguments.verb, option)) {
      throw InputError(std::string(option) + " has no effect with --latent", {}, "one of them");
    }
  }
  if (latent && arguments.efforts.empty()) {
    throw InputError("--latent task needs --efforts", {}, "numbers of labels, such as 0,1,3");
  }
}

EstimateOptions options_of(const EstimateArguments& arguments, Session& session) {
  EstimateOptions options;
  if (!arguments.like.empty()) options.like = load({arguments.like, {}}, session);
  options.independent = arguments.independent;
  options.alpha = exact_option("--alpha", arguments.alpha);
  if (!arguments.costs.empty()) options.costs = read_costs(arguments.costs);
  if (!arguments.cost_per_label.empty()) {
    options.costs.per_label = exact_option("--cost-per-label", arguments.cost_per_label);
  }
  return options;
}

std::string rows_text(const Instance& instance, const std::vector<RowError>& rows) {
  using text::Table;
  Table table({{"agent", Table::Align::Left},
               {"asked for", Table::Align::Left},
               {"instead", Table::Align::Left},
               {"obeying is better by"},
               {"std. error"},
               {"tasks"}});
  for (const RowError& row : rows) {
    const Agent& agent = instance.agents[static_cast<std::size_t>(row.agent)];
    table.add_row({agent.name, agent.efforts[static_cast<std::size_t>(row.effort)],
                   row.other == row.effort ? "a lie" : agent.efforts[static_cast<std::size_t>(row.other)],
                   text::brief(row.slack, 4), text::brief(row.standard_error, 3), std::to_string(row.tasks)});
  }
  return table.text();
}

ordered_json rows_json(const Instance& instance, const std::vector<RowError>& rows) {
  ordered_json list = ordered_json::array();
  for (const RowError& row : rows) {
    const Agent& agent = instance.agents[static_cast<std::size_t>(row.agent)];
    list.push_back({{"agent", agent.name},
                    {"effort", agent.efforts[static_cast<std::size_t>(row.effort)]},
                    {"other", agent.efforts[static_cast<std::size_t>(row.other)]},
                    {"slack", row.slack},
                    {"standard_error", row.standard_error},
                    {"tasks", row.tasks}});
  }
  return list;
}

ordered_json options_json(const EstimateArguments& arguments) {
  ordered_json json{{"input", arguments.input}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) json[name] = value;
  };
  add("like", arguments.like);
  add("costs", arguments.costs);
  add("cost_per_label", arguments.cost_per_label);
  add("payment_bound", arguments.bound);
  add("latent", arguments.latent);
  if (!arguments.latent.empty()) {
    json.update({{"pools", arguments.pools}, {"efforts", arguments.efforts}});
  } else {
    json.update({{"alpha", arguments.alpha}, {"independent", arguments.independent}});
  }
  return json;
}

// What the data say about the best mechanism for the estimate.
struct PlugIn {
  Result result;
  std::vector<RowError> rows;
};

void write_report(const EstimateArguments& arguments, const Instance& instance,
                  const std::optional<PlugIn>& plug_in, Session& session) {
  if (session.common().json) {
    ordered_json json = session.result_frame("hiring", options_json(arguments));
    json["profiles"] = instance.efforts().count();
    json["signal_profiles"] = instance.signals().count();
    if (plug_in) {
      add_exact(json, "value", plug_in->result.value_exact);
      json["standard_errors"] = rows_json(instance, plug_in->rows);
    }
    session.write_result(json, "-");
  } else if (plug_in) {
    session.write("The best mechanism for this estimate promises " +
                      amount_text(plug_in->result.value_exact) +
                      ": too much, as it is fitted to the same data\n\n" + rows_text(instance, plug_in->rows),
                  "-");
  }
}

ExitCode run_estimate(const EstimateArguments& arguments, Session& session) {
  require_effects(arguments);
  const EstimateOptions options = options_of(arguments, session);
  const std::string& output = session.common().output;
  const bool to_file = !output.empty() && output != "-";
  Warnings warnings;
  Instance instance;
  std::optional<PlugIn> plug_in;
  if (!arguments.latent.empty()) {
    instance = estimate_pools(read_labels(arguments.input), arguments.pools, arguments.efforts, options);
  } else {
    const Panel panel = read_panel(arguments.input);
    instance = estimate(panel, options, &warnings);
    if (!arguments.bound.empty()) instance.payment_bound = bound_option("--bound", arguments.bound);
    if (!arguments.no_design) {
      Options terms;
      terms.ladder = false;
      terms.exact = false;
      if (session.common().memory_bytes > 0) terms.memory_bytes = session.common().memory_bytes;
      Result result = design(instance, terms, session.progress());
      std::vector<RowError> rows = standard_errors(panel, instance, result.mechanism);
      const Warnings doubt = doubts(instance, rows);
      warnings.insert(warnings.end(), doubt.begin(), doubt.end());
      plug_in = PlugIn{std::move(result), std::move(rows)};
    }
  }
  if (!arguments.bound.empty()) instance.payment_bound = bound_option("--bound", arguments.bound);
  if (to_file) session.write(instance_json(instance), output);
  if (to_file || session.common().json) {
    write_report(arguments, instance, plug_in, session);
  } else {
    session.write(instance_json(instance), "-");
  }
  for (const std::string& warning : warnings) session.warn(warning);
  return ExitCode::Success;
}

}  // namespace

void add_estimate(CLI::App& engine, Session& session) {
  CLI::App* verb = engine.add_subcommand(
      "estimate", "Make an instance from what agents reported on tasks whose truth is known");
  auto arguments = std::make_shared<EstimateArguments>();
  arguments->verb = verb;
  verb->add_option("input", arguments->input,
                   "Table task,agent,effort,report,truth; with --latent task,worker,label,truth (CSV)")
      ->required()
      ->type_name("TABLE.csv");
  verb->add_option("--like", arguments->like,
                   "Names, utility, costs and their order are those of this instance")
      ->type_name("INSTANCE.json");
  verb->add_option("--costs", arguments->costs, "agent:effort=cost,… or a table agent,effort,cost")
      ->type_name("FILE|LIST");
  verb->add_option("--cost-per-label", arguments->cost_per_label,
                   "Efforts are numbers of labels; each costs this")
      ->type_name("COST");
  verb->add_option("--bound", arguments->bound, "Payment bound of the instance")->type_name("AMOUNT|inf");
  verb->add_option("--alpha", arguments->alpha, "Weight of independence among the tasks of a profile")
      ->capture_default_str();
  verb->add_flag("--independent", arguments->independent, "Reports independent given the state");
  verb->add_flag("--no-design", arguments->no_design, "Do not test how sure the best mechanism for it is");
  verb->add_option("--latent", arguments->latent, "The task is the hidden variable: exact from all labels")
      ->check(CLI::IsMember({"task"}));
  verb->add_option("--pools", arguments->pools,
                   "With --latent: vendors; vendor i has workers i, i + pools, …")
      ->capture_default_str();
  verb->add_option("--efforts", arguments->efforts, "With --latent: numbers of labels that can be bought")
      ->delimiter(',')
      ->type_name("0,1,3,...");
  session.add_common(*verb, {Common::Json, Common::Output, Common::Memory});
  Session::add_examples(*verb,
                        {"xchg hiring estimate bluebirds_panel.csv --like bluebirds3.json -o inst.json",
                         "xchg hiring estimate bluebirds.csv --latent task --pools 3 --efforts 0,1,3,5 "
                         "--cost-per-label 1/250"});
  session.on(verb, [arguments, &session] { return run_estimate(*arguments, session); });
}

}  // namespace xchg::hiring
