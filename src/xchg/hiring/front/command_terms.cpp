#include "xchg/hiring/front/command_terms.hpp"

#include "xchg/core/utf8.hpp"
#include "xchg/hiring/front/choices.hpp"

namespace xchg::hiring {
namespace {

template <class Value>
std::vector<std::string> names_of(const std::map<std::string, Value>& values) {
  std::vector<std::string> names;
  for (const auto& [name, value] : values) names.push_back(name);
  return names;
}

void add_money(CLI::App& verb, TermsArguments& arguments) {
  const char* const group = "Terms";
  verb.add_option("--bound", arguments.bound,
                  "Most that one agent may be paid in a round; default: the instance's")
      ->group(group)
      ->type_name("AMOUNT|inf");
  verb.add_option("--outside", arguments.outside,
                  "What each agent has elsewhere: obeying must leave him at least so much")
      ->group(group)
      ->delimiter(',')
      ->type_name("W1,W2,...");
  verb.add_option("--expected-budget", arguments.expected_budget,
                  "Most that all are paid in a round on average")
      ->group(group)
      ->type_name("AMOUNT");
  verb.add_option("--sure-budget", arguments.sure_budget, "Most that all are paid in any round")
      ->group(group)
      ->type_name("AMOUNT");
}

}  // namespace

void add_instance(CLI::App& verb, InstanceArguments& arguments) {
  verb.add_option("instance", arguments.input, "Who can be hired, what they find out, at which cost (JSON)")
      ->required()
      ->type_name("INSTANCE.json");
  verb.add_option("--merge", arguments.merge, "Treat these agents (numbers from 0) as one, who plans for all")
      ->delimiter(',')
      ->type_name("I,J,...");
}

Instance load(const InstanceArguments& arguments, command::Session& session) {
  Warnings warnings;
  Instance instance = read_instance(arguments.input, &warnings);
  for (const std::string& warning : warnings) session.warn(warning);
  return arguments.merge.empty() ? instance : merge_agents(instance, arguments.merge);
}

void add_terms(CLI::App& verb, TermsArguments& arguments) {
  add_money(verb, arguments);
  const char* const robust = "Robustness";
  verb.add_option("--slack", arguments.slack, "Obeying must be better than any other effort by so much")
      ->group(robust)
      ->capture_default_str()
      ->type_name("AMOUNT");
  verb.add_option("--cost-error", arguments.cost_error, "Costs are known up to this share: 0.1 is 10 %")
      ->group(robust)
      ->capture_default_str()
      ->type_name("SHARE");
  const char* const search = "Computation";
  verb.add_option("--class", arguments.mechanism,
                  "own, det: one choice of efforts, always; product: efforts drawn independently; corr: any")
      ->group(search)
      ->check(CLI::IsMember(names_of(classes)))
      ->capture_default_str();
  verb.add_option("--method", arguments.method, "How the best one is computed; the value is the same")
      ->group(search)
      ->check(CLI::IsMember(names_of(methods)))
      ->capture_default_str();
  verb.add_option("--epsilon", arguments.epsilon,
                  "How far below a supremum that is not attained, as a share of the utility's range")
      ->group(search)
      ->capture_default_str();
  verb.add_flag("--no-exact", arguments.no_exact, "Incentive compatible up to rounding only: faster")
      ->group(search);
}

Rational exact_option(const std::string& option, const std::string& text) {
  const auto value = to_rational(text);
  if (!value) {
    throw InputError(option + " is " + utf8::quoted(text), {}, "an exact number such as 1/3 or 0.05");
  }
  return *value;
}

Bound bound_option(const std::string& option, const std::string& text) {
  if (text == "inf") return Bound::infinity();
  const auto value = to_rational(text);
  if (!value || *value < 0) {
    throw InputError(option + " is " + utf8::quoted(text), {}, "a number >= 0 such as 1/2, or inf");
  }
  return Bound(*value);
}

Options options_of(const TermsArguments& arguments, const command::Session& session) {
  Options options;
  if (!arguments.bound.empty()) options.payment_bound = bound_option("--bound", arguments.bound);
  for (const std::string& text : arguments.outside)
    options.outside.push_back(exact_option("--outside", text));
  options.slack = exact_option("--slack", arguments.slack);
  options.cost_error = exact_option("--cost-error", arguments.cost_error);
  if (!arguments.expected_budget.empty()) {
    options.expected_budget = exact_option("--expected-budget", arguments.expected_budget);
  }
  if (!arguments.sure_budget.empty()) {
    options.sure_budget = exact_option("--sure-budget", arguments.sure_budget);
  }
  options.mechanism = classes.at(arguments.mechanism);
  options.method = methods.at(arguments.method);
  options.epsilon = arguments.epsilon;
  options.exact = !arguments.no_exact;
  if (session.common().memory_bytes > 0) options.memory_bytes = session.common().memory_bytes;
  options.time_limit_seconds = session.common().time_limit_seconds;
  return options;
}

nlohmann::ordered_json options_json(const InstanceArguments& arguments) {
  nlohmann::ordered_json json{{"instance", arguments.input}};
  if (!arguments.merge.empty()) json["merge"] = arguments.merge;
  return json;
}

nlohmann::ordered_json options_json(const InstanceArguments& arguments, const TermsArguments& terms) {
  nlohmann::ordered_json json = options_json(arguments);
  const auto add = [&](const char* name, const auto& value, const auto& usual) {
    if (value != usual) json[name] = value;
  };
  const TermsArguments usual;
  add("payment_bound", terms.bound, usual.bound);
  add("outside", terms.outside, usual.outside);
  add("slack", terms.slack, usual.slack);
  add("cost_error", terms.cost_error, usual.cost_error);
  add("expected_budget", terms.expected_budget, usual.expected_budget);
  add("sure_budget", terms.sure_budget, usual.sure_budget);
  json["mechanism"] = terms.mechanism;
  json["method"] = terms.method;
  add("epsilon", terms.epsilon, usual.epsilon);
  if (terms.no_exact) json["exact"] = false;
  return json;
}

}  // namespace xchg::hiring
