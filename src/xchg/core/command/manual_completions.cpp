// The manual for shells: completions. All three know the tree as a table and need the program for nothing.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>

#include "xchg/core/command/manual.hpp"

namespace xchg::command::manual {
namespace {

// `text` with a backslash before each of `special`.
std::string backslashed(const std::string& text, std::string_view special) {
  std::string escaped;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// A word of bash or zsh.
std::string shell_quoted(const std::string& text) {
  std::string escaped = "'";
  for (const char c : text) escaped += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return escaped + "'";
}

std::string fish_quoted(const std::string& text) { return "'" + backslashed(text, "\\'") + "'"; }

std::vector<std::string> mapped(const std::vector<std::string>& words,
                                const std::function<std::string(const std::string&)>& function) {
  std::vector<std::string> result;
  result.reserve(words.size());
  for (const std::string& word : words) result.push_back(function(word));
  return result;
}

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

void visit(const Command& command, const std::function<void(const Command&)>& function) {
  function(command);
  for (const Command& inner : command.commands) visit(inner, function);
}

const char* kind_name(Completion completion) {
  switch (completion) {
    case Completion::Nothing:
      return "nothing";
    case Completion::Words:
      return "words";
    case Completion::Files:
      return "files";
    case Completion::Folders:
      return "folders";
  }
  return "nothing";
}

std::string bash_facts(const Command& command) {
  std::vector<std::string> commands, options;
  for (const Command& inner : command.commands) commands.push_back(shell_quoted(inner.path.back()));
  for (const Parameter& option : command.options) {
    for (const std::string& name : option.names) options.push_back(name);
  }
  return fmt::format("    {}) commands=({}) options=({}) ;;\n", shell_quoted(command.name()),
                     joined(commands), joined(options));
}

std::string bash_value(const std::string& key, const Parameter& parameter) {
  return fmt::format("    {}) kind={} words=({}) ;;\n", key, kind_name(parameter.completion),
                     joined(mapped(parameter.words, shell_quoted)));
}

// Options by name, inputs by place ("0", "1", …; a pattern for all that follow).
std::string bash_values(const Command& command) {
  std::string text;
  for (const Parameter& option : command.options) {
    if (option.value.empty()) continue;
    std::vector<std::string> keys;
    for (const std::string& name : option.names) keys.push_back(shell_quoted(command.name() + " " + name));
    text += bash_value(fmt::format("{}", fmt::join(keys, "|")), option);
  }
  for (std::size_t i = 0; i < command.inputs.size(); ++i) {
    const std::string place = command.inputs[i].repeated ? "[0-9]*" : std::to_string(i);
    text += bash_value(shell_quoted(command.name() + " ") + place, command.inputs[i]);
  }
  return text;
}

std::string zsh_function(const Command& command) { return "_" + command.name("_"); }

// What follows the name in an _arguments specification: ":message:action".
std::string zsh_action(const Parameter& parameter) {
  const std::string message = backslashed(parameter.value, ":\\");
  switch (parameter.completion) {
    case Completion::Words:
      return ":" + message + ":(" +
             joined(mapped(parameter.words,
                           [](const std::string& word) { return backslashed(word, ":\\ ()'\""); })) +
             ")";
    case Completion::Files:
      return ":" + message + ":_files";
    case Completion::Folders:
      return ":" + message + ":_files -/";
    case Completion::Nothing:
      break;
  }
  return ":" + message + ": ";
}

std::string zsh_option(const Parameter& option) {
  const std::string description = "[" + backslashed(option.description, "[]:\\") + "]";
  const std::string all = joined(option.names);
  std::string text;
  for (const std::string& name : option.names) {
    std::string spec = option.names.size() > 1 ? "(" + all + ")" : "";
    if (option.repeated) spec = "*";
    spec += name;
    if (!option.value.empty())
      spec += (name.starts_with("--") ? "=" : "+") + description + zsh_action(option);
    if (option.value.empty()) spec += description;
    text += " \\\n    " + shell_quoted(spec);
  }
  return text;
}

std::string zsh_leaf(const Command& command) {
  std::string text = zsh_function(command) + "() {\n  _arguments -s";
  for (const Parameter& option : command.options) text += zsh_option(option);
  for (std::size_t i = 0; i < command.inputs.size(); ++i) {
    const Parameter& input = command.inputs[i];
    const std::string place = input.repeated ? "*" : std::to_string(i + 1) + (input.required ? "" : ":");
    Parameter named = input;
    named.value = input.names.front();
    text += " \\\n    " + shell_quoted(place + zsh_action(named));
  }
  return text + "\n}\n";
}

std::string zsh_branch(const Command& command) {
  std::string text =
      zsh_function(command) + "() {\n  local curcontext=\"$curcontext\" state line\n  local -a commands=(\n";
  for (const Command& inner : command.commands) {
    text += "    " +
            shell_quoted(backslashed(inner.path.back(), ":\\") + ":" + backslashed(inner.summary, ":\\")) +
            "\n";
  }
  text += "  )\n  _arguments -C";
  for (const Parameter& option : command.options) text += zsh_option(option);
  text +=
      " \\\n    '1: :->command' \\\n    '*:: :->argument'\n  case $state in\n"
      "    command) _describe -t commands command commands ;;\n    argument)\n      case $line[1] in\n";
  for (const Command& inner : command.commands) {
    text += "        " + shell_quoted(inner.path.back()) + ") " + zsh_function(inner) + " ;;\n";
  }
  return text + "      esac ;;\n  esac\n}\n";
}

std::string fish_rule(const Command& command, const std::string& rest, const std::string& description) {
  std::string text = "complete -c xchg -n " + fish_quoted("__fish_xchg_at " + command.name()) + " " + rest;
  if (!description.empty()) text += " -d " + fish_quoted(description);
  return text + "\n";
}

std::string fish_value(const Parameter& parameter) {
  switch (parameter.completion) {
    case Completion::Words:
      return "-x -a " + fish_quoted(joined(mapped(parameter.words, fish_quoted)));
    case Completion::Files:
      return "-r -F";
    case Completion::Folders:
      return "-x -a '(__fish_complete_directories)'";
    case Completion::Nothing:
      break;
  }
  return "-x";
}

std::string fish_rules(const Command& command) {
  std::string text;
  for (const Command& inner : command.commands) {
    text += fish_rule(command, "-a " + fish_quoted(inner.path.back()), inner.summary);
  }
  for (const Parameter& option : command.options) {
    std::string rest;
    for (const std::string& name : option.names) {
      rest += name.starts_with("--") ? "-l " + name.substr(2) + " " : "-s " + name.substr(1) + " ";
    }
    if (!option.value.empty()) rest += fish_value(option);
    text += fish_rule(command, rest, option.description);
  }
  for (const Parameter& input : command.inputs) {
    if (input.completion == Completion::Files) text += fish_rule(command, "-F", "");
    if (input.completion == Completion::Folders) text += fish_rule(command, fish_value(input), "");
    if (input.completion == Completion::Words) {
      text += fish_rule(command, "-a " + fish_quoted(joined(mapped(input.words, fish_quoted))), "");
    }
  }
  return text;
}

constexpr std::string_view bash_driver = R"(
_xchg() {
  local path=xchg option='' place=0 kind='' index word
  local current=${COMP_WORDS[COMP_CWORD]}
  local -a commands options words
  COMPREPLY=()
  _xchg_facts "$path"
  for ((index = 1; index < COMP_CWORD; ++index)); do
    word=${COMP_WORDS[index]}
    if [[ $word == : ]]; then  # bash takes 2:20 apart
      ((++index))
    elif [[ $word == = ]]; then
      continue
    elif [[ -n $option ]]; then
      option=''
    elif [[ $word == -?* ]]; then
      _xchg_value "$path $word"
      [[ -n $kind ]] && option=$word
    elif [[ " ${commands[*]} " == *" $word "* ]]; then
      path+=" $word"
      _xchg_facts "$path"
    else
      ((++place))
    fi
  done
  [[ $current == = ]] && current=''
  if [[ -n $option ]]; then
    _xchg_value "$path $option"
  elif [[ $current == -* ]]; then
    kind=words words=("${options[@]}")
  elif ((${#commands[@]})); then
    kind=words words=("${commands[@]}")
  else
    _xchg_value "$path $place"
  fi
  case $kind in
    words) mapfile -t COMPREPLY < <(compgen -W "${words[*]}" -- "$current") ;;
    files) compopt -o default ;;
    folders) compopt -o dirnames ;;
  esac
}
complete -F _xchg xchg
)";

constexpr std::string_view fish_driver = R"(
# The command that the line has reached, such as "xchg kmedoids cluster"; values of options are not taken for commands.
function __fish_xchg_path
    set -l path xchg
    set -l is_value 0
    set -l tokens (commandline -opc)
    for word in $tokens[2..-1]
        if test $is_value = 1
            set is_value 0
        else if string match -q -- '-*' $word
            contains -- "$path $word" $__fish_xchg_valued; and set is_value 1
        else if contains -- "$path $word" $__fish_xchg_commands
            set path "$path $word"
        end
    end
    echo $path
end
function __fish_xchg_at
    test (__fish_xchg_path) = "$argv"
end
complete -c xchg -f
)";

}  // namespace

std::string bash_completion(const Command& root) {
  std::string text =
      "# bash completion for xchg; written by the program itself\n_xchg_facts() {\n  commands=() "
      "options=()\n  case $1 in\n";
  visit(root, [&](const Command& command) { text += bash_facts(command); });
  text += "  esac\n}\n\n_xchg_value() {\n  kind='' words=()\n  case $1 in\n";
  visit(root, [&](const Command& command) { text += bash_values(command); });
  return text + "  esac\n}\n" + std::string(bash_driver);
}

std::string zsh_completion(const Command& root) {
  std::string text = "#compdef xchg\n# written by the program itself\n\n";
  visit(root, [&](const Command& command) {
    text += (command.commands.empty() ? zsh_leaf(command) : zsh_branch(command)) + "\n";
  });
  return text + "_xchg \"$@\"\n";
}

std::string fish_completion(const Command& root) {
  std::string commands, valued, rules;
  visit(root, [&](const Command& command) {
    commands += " " + fish_quoted(command.name());
    for (const Parameter& option : command.options) {
      if (option.value.empty()) continue;
      for (const std::string& name : option.names) valued += " " + fish_quoted(command.name() + " " + name);
    }
    rules += fish_rules(command);
  });
  return "# fish completion for xchg; written by the program itself\nset -g __fish_xchg_commands" + commands +
         "\nset -g __fish_xchg_valued" + valued + "\n" + std::string(fish_driver) + rules;
}

}  // namespace xchg::command::manual
