// The manual, made from the command tree itself: man pages, completions for three shells, a reference in
// Markdown.
//
// The program is asked for them once it is built (`xchg manual …`, a verb that --help does not list), so they
// cannot say anything that the program does not do.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "xchg/core/command/command.hpp"

namespace xchg::command::manual {

// What a shell offers for the value of an option or for an input.
enum class Completion { Nothing, Words, Files, Folders };

// An option, a flag or an input (positional argument).
struct Parameter {
  std::vector<std::string> names;  // "-o", "--output"; an input has one name without dashes
  std::string value;               // what it takes, for people: "FILE", "a|b"; empty for a flag
  Completion completion = Completion::Nothing;
  std::vector<std::string> words;  // for Completion::Words
  std::string description;
  std::string default_value;
  bool required = false;
  bool repeated = false;  // an input that takes all that follow
};

struct Command {
  std::vector<std::string> path;  // "xchg", "kmedoids", "cluster"
  std::string summary;
  std::string examples;  // lines, not indented
  std::string notes;     // the rest of the footer
  std::vector<Parameter> options;
  std::vector<Parameter> inputs;
  std::vector<Command> commands;

  std::string name(const std::string& separator = " ") const;
  bool engine() const { return path.size() == 2 && !commands.empty(); }
};

// The tree below `root`, without what is hidden (empty group).
Command describe(const CLI::App& root);

// All commands that can be called: the leaves below `command`, or itself.
std::vector<const Command*> leaves(const Command& command);

// "xchg kmedoids cluster [options] INPUT".
std::string synopsis(const Command& command);

// xchg(1) for the root, xchg-ENGINE(1) for an engine.
std::string man_page(const Command& root, const Command& command);
std::string markdown(const Command& root);
std::string bash_completion(const Command& root);
std::string zsh_completion(const Command& root);
std::string fish_completion(const Command& root);

}  // namespace xchg::command::manual

namespace xchg::command {

// Adds the hidden verb `manual`. Called last, when the tree is complete.
void add_manual(CLI::App& root, Session& session);

}  // namespace xchg::command
