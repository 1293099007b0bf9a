// What the online verbs of `xchg hiring` have in common.
#pragma once

#include "xchg/hiring/front/command_terms.hpp"
#include "xchg/hiring/online.hpp"

namespace xchg::hiring {

struct LearnArguments {
  LearnOptions options;
};

void add_learn_options(CLI::App& verb, LearnArguments& arguments);
// "1e6": a whole number >= 1. Throws InputError.
double count_option(const std::string& option, const std::string& text);

void add_simulate(CLI::App& engine, command::Session& session);
void add_learn(CLI::App& engine, command::Session& session);

}  // namespace xchg::hiring
