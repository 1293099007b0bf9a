#include "xchg/core/command/manual.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "xchg/core/file.hpp"

namespace xchg::command::manual {
namespace {

// The words of "{a,b}" or "{a->0,b->1}" in a type name such as "TEXT:{a,b}"; empty where there is none.
std::vector<std::string> choices(const std::string& type) {
  std::vector<std::string> words;
  const std::size_t open = type.find('{'), close = type.find('}');
  if (open == std::string::npos || close == std::string::npos || close < open) return words;
  for (const std::string& part : CLI::detail::split(type.substr(open + 1, close - open - 1), ',')) {
    words.push_back(part.substr(0, part.find("->")));
  }
  return words;
}

bool contains_any(const std::string& type, std::initializer_list<const char*> names) {
  return std::any_of(names.begin(), names.end(),
                     [&](const char* name) { return type.find(name) != std::string::npos; });
}

// "RESULT.json": a dot and a letter after it.
bool names_a_file(const std::string& type) {
  for (std::size_t dot = type.find('.'); dot != std::string::npos; dot = type.find('.', dot + 1)) {
    if (dot + 1 < type.size() && std::isalpha(static_cast<unsigned char>(type[dot + 1])) != 0) return true;
  }
  return contains_any(type, {"FILE", "PATH"});
}

Completion completion_of(const std::string& type, bool input) {
  if (type.find('{') != std::string::npos) return Completion::Words;
  if (contains_any(type, {"FOLDER", "DIR"})) return Completion::Folders;
  if (names_a_file(type)) return Completion::Files;
  // An input without a type of its own is a file: `xchg ENGINE VERB INPUT`.
  return input && type.rfind("TEXT", 0) == 0 ? Completion::Files : Completion::Nothing;
}

Parameter parameter_of(const CLI::Option& option, bool input) {
  Parameter parameter;
  const std::string type = option.get_type_name();
  if (input) {
    parameter.names = {option.get_name(true)};
  } else {
    for (const std::string& name : option.get_snames()) parameter.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) parameter.names.push_back("--" + name);
  }
  if (option.get_items_expected_max() > 0) {
    parameter.words = choices(type);
    parameter.completion = completion_of(type, input);
    parameter.value = parameter.words.empty() ? type.substr(0, type.find(':'))
                                              : fmt::format("{}", fmt::join(parameter.words, "|"));
  }
  parameter.description = option.get_description();
  parameter.default_value = option.get_default_str();
  parameter.required = option.get_required();
  parameter.repeated = option.get_items_expected_max() >= CLI::detail::expected_max_vector_size;
  return parameter;
}

// "Examples:\n  line\n  line" becomes lines; anything else is notes.
void split_footer(const std::string& footer, Command& command) {
  constexpr std::string_view heading = "Examples:\n";
  if (footer.rfind(heading, 0) != 0) {
    command.notes = footer;
    return;
  }
  for (std::string line : CLI::detail::split(footer.substr(heading.size()), '\n')) {
    line.erase(0, std::min(line.find_first_not_of(' '), line.size()));
    if (!line.empty()) command.examples += line + "\n";
  }
}

Command describe(const CLI::App& app, std::vector<std::string> path) {
  Command command;
  command.path = std::move(path);
  command.summary = app.get_description();
  const std::string own_name = app.get_name() + ": ";
  if (command.summary.rfind(own_name, 0) == 0) command.summary.erase(0, own_name.size());
  split_footer(app.get_footer(), command);
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty() || (command.path.size() > 1 && option == app.get_help_all_ptr()))
      continue;
    if (option->nonpositional()) command.options.push_back(parameter_of(*option, false));
    if (option->get_positional()) command.inputs.push_back(parameter_of(*option, true));
  }
  for (const CLI::App* inner : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (inner->get_group().empty() || inner->get_name().empty()) continue;
    std::vector<std::string> inner_path = command.path;
    inner_path.push_back(inner->get_name());
    command.commands.push_back(describe(*inner, std::move(inner_path)));
  }
  return command;
}

void collect_leaves(const Command& command, std::vector<const Command*>& found) {
  if (command.commands.empty()) found.push_back(&command);
  for (const Command& inner : command.commands) collect_leaves(inner, found);
}

const Command& find_engine(const Command& root, const std::string& name) {
  for (const Command& command : root.commands) {
    if (command.engine() && command.path.back() == name) return command;
  }
  throw InputError("this build has no engine '" + name + "'", {}, "one of those in --help");
}

// Everything that is installed, below a folder that stands for the prefix's share/.
void write_all(const Command& root, const std::filesystem::path& share) {
  const auto write = [&](const std::filesystem::path& place, const std::string& text) {
    std::error_code ignored;  // writing says what is wrong
    std::filesystem::create_directories((share / place).parent_path(), ignored);
    file::write_atomically(share / place, text);
  };
  write("man/man1/xchg.1", man_page(root, root));
  for (const Command& command : root.commands) {
    if (command.engine()) write("man/man1/" + command.name("-") + ".1", man_page(root, command));
  }
  write("bash-completion/completions/xchg", bash_completion(root));
  write("zsh/site-functions/_xchg", zsh_completion(root));
  write("fish/vendor_completions.d/xchg.fish", fish_completion(root));
  write("doc/xchg/cli.md", markdown(root));
}

}  // namespace

std::string Command::name(const std::string& separator) const {
  return fmt::format("{}", fmt::join(path, separator));
}

Command describe(const CLI::App& root) { return describe(root, {root.get_name()}); }

std::vector<const Command*> leaves(const Command& command) {
  std::vector<const Command*> found;
  collect_leaves(command, found);
  return found;
}

std::string synopsis(const Command& command) {
  std::string text = command.name();
  if (!command.commands.empty())
    return text + (command.path.size() == 1 ? " ENGINE VERB" : " VERB") + " [options]";
  for (const Parameter& option : command.options) {
    if (option.required) text += " " + option.names.front() + " " + option.value;
  }
  if (!command.options.empty()) text += " [options]";
  for (const Parameter& input : command.inputs) {
    const std::string name = input.names.front() + (input.repeated ? "…" : "");
    text += input.required ? " " + name : " [" + name + "]";
  }
  return text;
}

}  // namespace xchg::command::manual

namespace xchg::command {

void add_manual(CLI::App& root, Session& session) {
  CLI::App* verb = root.add_subcommand("manual", "Print the manual in one of several forms")->group("");
  // What was asked for lives as long as the action.
  struct Request {
    std::string form, argument;
  };
  const auto request = std::make_shared<Request>();
  verb->add_option("form", request->form, "man, markdown, bash, zsh, fish, or tree (all, into a folder)")
      ->required()
      ->check(CLI::IsMember({"man", "markdown", "bash", "zsh", "fish", "tree"}));
  verb->add_option("argument", request->argument, "man: an engine; tree: the folder");
  session.on(verb, [&root, &session, request]() -> ExitCode {
    const manual::Command tree = manual::describe(root);
    const auto& [form, argument] = *request;
    if (form == "tree") {
      if (argument.empty()) throw InputError("no folder was given", {}, "xchg manual tree FOLDER");
      manual::write_all(tree, argument);
    } else if (form == "man") {
      session.out() << manual::man_page(tree, argument.empty() ? tree : manual::find_engine(tree, argument));
    } else {
      session.out() << (form == "markdown" ? manual::markdown(tree)
                        : form == "bash"   ? manual::bash_completion(tree)
                        : form == "zsh"    ? manual::zsh_completion(tree)
                                           : manual::fish_completion(tree));
    }
    return ExitCode::Success;
  });
}

}  // namespace xchg::command
