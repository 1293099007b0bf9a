// The manual for people: man pages and Markdown.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "xchg/core/command/manual.hpp"

namespace xchg::command::manual {
namespace {

// What holds for every command; the codes are those of ExitCode.
struct Status {
  const char* code;
  const char* meaning;
};
constexpr Status statuses[] = {
    {"0", "Success; for a question: yes. Also a time limit that was reached with a valid result."},
    {"1", "Something must be installed or built first."},
    {"2", "Wrong input or usage; a damaged input file."},
    {"3", "A limit: memory budget, full disk."},
    {"4", "Numeric failure, or a device that failed to read or write."},
    {"10", "The answer to a question (verify, check): proven no."},
    {"11", "The answer to a question: undecided."},
    {"130", "Interrupted by SIGINT or SIGTERM; what was done is kept."},
};

// Text that roff shows as it stands. The minus stays a minus (options can be copied), a leading dot is no
// request, and a list without blanks can be broken after its commas or bars.
std::string roff(const std::string& text) {
  std::string escaped;
  bool line_start = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (line_start && (c == '.' || c == '\'')) escaped += "\\&";
    if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";
    } else {
      escaped += c;
      const bool list = (c == ',' || c == '|') && i + 1 < text.size();
      if (list && text[i + 1] != ' ' && text[i + 1] != '\n') escaped += "\\:";
    }
    line_start = c == '\n';
  }
  return escaped;
}

std::string bold(const std::string& text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(const std::string& text) { return "\\fI" + roff(text) + "\\fR"; }

// "Seed of every choice. Default: 1."
std::string explanation(const Parameter& parameter) {
  std::string text = parameter.description;
  if (!text.empty() && text.back() != '.') text += '.';
  if (!parameter.default_value.empty()) text += " Default: " + parameter.default_value + ".";
  if (parameter.required) text += " Required.";
  if (!text.empty() && text.front() == ' ') text.erase(0, 1);
  return text;
}

// The options of a verb without --help, which stands once, with the program's.
std::vector<Parameter> own_options(const Command& command) {
  std::vector<Parameter> options = command.options;
  std::erase_if(options, [](const Parameter& option) { return option.names.back() == "--help"; });
  return options;
}

std::string man_parameters(const std::vector<Parameter>& parameters) {
  std::string text;
  for (const Parameter& parameter : parameters) {
    text += ".TP\n";
    for (std::size_t i = 0; i < parameter.names.size(); ++i) {
      const std::string& name = parameter.names[i];
      text += (i == 0 ? "" : ", ") + (name.starts_with("-") ? bold(name) : italic(name));
    }
    if (parameter.names.front().starts_with("-") && !parameter.value.empty())
      text += " " + italic(parameter.value);
    const std::string body = explanation(parameter);
    text += "\n" + (body.empty() ? "\\&" : roff(body)) + "\n";
  }
  return text;
}

// Synopsis with the words of the command in bold and the rest in italics.
std::string man_synopsis(const Command& command) {
  const std::string name = command.name();
  return ".PP\n" + bold(name) + italic(synopsis(command).substr(name.size())) + "\n";
}

std::string man_examples(const std::string& examples) {
  return examples.empty() ? "" : ".PP\nExamples:\n.PP\n.RS 4\n.nf\n" + roff(examples) + ".fi\n.RE\n";
}

std::string man_command(const Command& command) {
  std::string text =
      ".SS " + roff(command.name()) + "\n" + roff(command.summary) + "\n" + man_synopsis(command);
  if (!command.notes.empty()) text += ".PP\n" + roff(command.notes) + "\n";
  return text + man_parameters(command.inputs) + man_parameters(own_options(command)) +
         man_examples(command.examples);
}

std::string man_see_also(const Command& root, const Command& command) {
  std::vector<std::string> pages;
  if (&root != &command) pages.push_back(bold(root.name()) + "(1)");
  for (const Command& other : root.commands) {
    if (other.engine() && &other != &command) pages.push_back(bold(other.name("-")) + "(1)");
  }
  return pages.empty() ? "" : fmt::format(".SH SEE ALSO\n{}\n", fmt::join(pages, ",\n"));
}

std::string man_overview(const Command& root) {
  std::string text = ".SH COMMANDS\n";
  for (const Command& command : root.commands) {
    text += ".TP\n" + bold(command.path.back()) + "\n" + roff(command.summary);
    if (command.engine()) text += "; see " + bold(command.name("-")) + "(1)";
    text += ".\n";
  }
  text += ".SH OPTIONS\n" + man_parameters(root.options);
  std::string verbs;
  for (const Command& command : root.commands) {
    if (command.commands.empty() && (!own_options(command).empty() || !command.inputs.empty()))
      verbs += man_command(command);
  }
  return verbs.empty() ? text : text + ".SH VERBS ABOVE THE ENGINES\n" + verbs;
}

// Lower case, spaces as dashes, nothing else than letters, digits and dashes: as Markdown readers make
// anchors.
std::string anchor(const std::string& heading) {
  std::string text;
  for (const char c : heading) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalnum(letter) != 0 || c == '-') text += static_cast<char>(std::tolower(letter));
    if (c == ' ') text += '-';
  }
  return text;
}

std::string table_cell(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped += '\\';
    escaped += c == '\n' ? ' ' : c;
  }
  return escaped;
}

std::string markdown_parameters(const char* heading, const std::vector<Parameter>& parameters) {
  if (parameters.empty()) return "";
  std::string text = fmt::format("\n| {} | meaning |\n|---|---|\n", heading);
  for (const Parameter& parameter : parameters) {
    std::string names = fmt::format("{}", fmt::join(parameter.names, ", "));
    if (names.starts_with("-") && !parameter.value.empty()) names += " " + parameter.value;
    text += fmt::format("| `{}` | {} |\n", table_cell(names), table_cell(explanation(parameter)));
  }
  return text;
}

std::string markdown_command(const Command& command) {
  std::string text =
      fmt::format("\n### {}\n\n{}.\n\n    {}\n", command.name(), command.summary, synopsis(command));
  if (!command.notes.empty()) text += "\n" + command.notes + "\n";
  text += markdown_parameters("input", command.inputs) + markdown_parameters("option", own_options(command));
  if (!command.examples.empty()) {
    text += "\nExamples:\n\n";
    for (const std::string& line : CLI::detail::split(command.examples, '\n')) {
      if (!line.empty()) text += "    " + line + "\n";
    }
  }
  return text;
}

}  // namespace

std::string man_page(const Command& root, const Command& command) {
  const bool whole = &root == &command;
  std::string title = command.name("-");
  std::string upper = title;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  std::string text =
      fmt::format(".TH \"{}\" 1 \"\" \"xchg {}\" \"User Commands\"\n", roff(upper), XCHG_VERSION);
  text += ".SH NAME\n" + roff(title) + " \\- " + roff(command.summary) + "\n.SH SYNOPSIS\n";
  if (whole) {
    text += man_synopsis(root) + man_overview(root);
  } else {
    for (const Command* leaf : leaves(command)) text += man_synopsis(*leaf);
    if (!command.notes.empty()) text += ".SH DESCRIPTION\n" + roff(command.notes) + "\n";
    text += ".SH COMMANDS\n";
    for (const Command* leaf : leaves(command)) text += man_command(*leaf);
  }
  text += ".SH EXIT STATUS\n";
  for (const auto& [code, meaning] : statuses) text += ".TP\n" + bold(code) + "\n" + roff(meaning) + "\n";
  return text + man_see_also(root, command);
}

std::string markdown(const Command& root) {
  std::string text = fmt::format("# {}\n\n{}\n\n    {}\n\n", root.name(), root.summary, synopsis(root));
  for (const Command& command : root.commands) {
    text += fmt::format("- [{0}](#{1}): {2}\n", command.name(), anchor(command.name()), command.summary);
  }
  text += markdown_parameters("option", root.options);
  text += "\n## Exit status\n\n| code | meaning |\n|---|---|\n";
  for (const auto& [code, meaning] : statuses) text += fmt::format("| {} | {} |\n", code, meaning);
  for (const Command& command : root.commands) {
    if (command.engine()) {
      text += fmt::format("\n## {}\n\n{}.\n", command.name(), command.summary);
      if (!command.notes.empty()) text += "\n" + command.notes + "\n";
      for (const Command* leaf : leaves(command)) text += markdown_command(*leaf);
    } else {
      text += markdown_command(command);
    }
  }
  return text;
}

}  // namespace xchg::command::manual
