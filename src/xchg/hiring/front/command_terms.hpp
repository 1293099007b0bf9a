// What the verbs of `xchg hiring` have in common: the instance and the terms of a mechanism.
#pragma once

#include <string>
#include <vector>

#include "xchg/core/command/command.hpp"
#include "xchg/hiring/hiring.hpp"

namespace xchg::hiring {

struct InstanceArguments {
  std::string input;
  std::vector<int> merge;
};

struct TermsArguments {
  std::string bound, slack = "0", cost_error = "0", expected_budget, sure_budget;
  std::vector<std::string> outside;
  std::string method = "automatic", mechanism = "corr";
  double epsilon = 1e-6;
  bool no_exact = false;
};

void add_instance(CLI::App& verb, InstanceArguments& arguments);
// Reads it, warns of what is noteworthy, merges agents where asked to.
Instance load(const InstanceArguments& arguments, command::Session& session);

void add_terms(CLI::App& verb, TermsArguments& arguments);
Options options_of(const TermsArguments& arguments, const command::Session& session);

// An exact number of an option. Throws InputError that names it.
Rational exact_option(const std::string& option, const std::string& text);
// "inf" or a number >= 0.
Bound bound_option(const std::string& option, const std::string& text);
// Options as they go into JSON.
nlohmann::ordered_json options_json(const InstanceArguments& arguments);
nlohmann::ordered_json options_json(const InstanceArguments& arguments, const TermsArguments& terms);

void add_design(CLI::App& engine, command::Session& session);
void add_verify(CLI::App& engine, command::Session& session);
void add_audit(CLI::App& engine, command::Session& session);
void add_show(CLI::App& engine, command::Session& session);
void add_frontier(CLI::App& engine, command::Session& session);
void add_estimate(CLI::App& engine, command::Session& session);
void add_generate(CLI::App& engine, command::Session& session);

}  // namespace xchg::hiring
