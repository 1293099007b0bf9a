// The program xchg: builds the command tree from the engines, parses, runs one verb, turns errors into exit
// codes.
#include <iostream>
#include <new>

#include "xchg/cli/engines.hpp"
#include "xchg/core/command/manual.hpp"
#include "xchg/core/command/signals.hpp"
#include "xchg/core/text.hpp"
#include "xchg/tour/tour.hpp"

namespace xchg::cli {
namespace {

std::filesystem::path share_folder() {
  std::error_code ignored;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  return self.parent_path().parent_path() / "share" / "xchg";
}

void add_engine(CLI::App& root, const Engine& engine, command::Session& session) {
  CLI::App* app = root.add_subcommand(engine.name, engine.summary);
  if (engine.add_commands != nullptr) {
    engine.add_commands(*app, session);
    app->require_subcommand(1);
    return;
  }
  app->description(std::string(engine.summary) + " (built on first use)");
  app->allow_extras();
  session.on(app, [name = std::string(engine.name)]() -> ExitCode {
    throw InstallError("this build has no engine '" + name + "'; './xchg " + name +
                       "' in the source folder installs what it needs and builds it");
  });
}

// Verbs that only the launcher in the source folder can do.
void add_launcher_verb(CLI::App& root, const char* name, const char* summary, command::Session& session) {
  CLI::App* app = root.add_subcommand(name, summary);
  app->allow_extras();
  session.on(app, [name = std::string(name)]() -> ExitCode {
    throw InputError("'" + name + "' is a command of the source folder", {},
                     "./xchg " + name + " called there");
  });
}

// One line for a command line that could not be parsed, with the nearest known name where one is mistyped.
std::string usage_error(const CLI::App& root, const CLI::ParseError& error) {
  const CLI::App* app = &root;
  std::string path = "xchg";
  while (!app->get_subcommands().empty()) {
    app = app->get_subcommands().front();
    path += " " + app->get_name();
  }
  std::string message = error.what();
  const auto extras = app->remaining();
  if (!extras.empty()) {
    const bool option = extras.front().starts_with("-");
    std::vector<std::string> known;
    if (option) {
      for (const CLI::Option* candidate : app->get_options()) {
        for (const std::string& name : candidate->get_lnames()) known.push_back("--" + name);
      }
    } else {
      for (const CLI::App* candidate : app->get_subcommands([](const CLI::App*) { return true; })) {
        known.push_back(candidate->get_name());
      }
    }
    const std::string near = text::nearest(extras.front().substr(0, extras.front().find('=')), known);
    message = (option          ? "unknown option '"
               : known.empty() ? "unexpected argument '"
                               : "unknown command '") +
              extras.front() + "'";
    if (!near.empty()) message += "; did you mean '" + near + "'?";
  }
  for (char& c : message) {
    if (c == '\n') c = ' ';
  }
  return message + " (see '" + path + " --help')";
}

int run(int argc, char** argv) {
  command::catch_signals();
  CLI::App root("xchg: engines for methods whose core move is a swap", "xchg");
  root.set_version_flag("--version", XCHG_VERSION);
  root.require_subcommand(1);
  command::Session session(std::cout, std::cerr, share_folder());
  for (const Engine& engine : engines()) add_engine(root, engine, session);
  tour::add_command(root, session, chapters());
  add_launcher_verb(root, "test", "Run the tests", session);
  add_launcher_verb(root, "bench", "Run the benchmarks", session);
  add_launcher_verb(root, "install", "Install program, library and Python package", session);
  add_launcher_verb(root, "launch", "Start one process per processor group", session);
  root.set_help_all_flag("--help-all", "Help of every command");
  command::add_manual(root, session);
  try {
    root.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return root.exit(success);
  } catch (const CLI::ParseError& error) {
    throw InputError(usage_error(root, error));
  }
  ExitCode code = session.run(root);
  std::cout.flush();
  if (!std::cout) throw DeviceError("cannot write standard output");
  if (code == ExitCode::Success && command::signal_received()) code = ExitCode::Interrupted;
  return static_cast<int>(code);
}

}  // namespace
}  // namespace xchg::cli

int main(int argc, char** argv) {
  try {
    return xchg::cli::run(argc, argv);
  } catch (const xchg::Error& error) {
    std::cerr << "xchg: error: " << error.what() << '\n';
    return static_cast<int>(error.exit_code());
  } catch (const std::bad_alloc&) {
    std::cerr << "xchg: error: out of memory\n";
    return static_cast<int>(xchg::ExitCode::Limit);
  } catch (const std::exception& error) {
    std::cerr << "xchg: error: internal: " << error.what() << '\n';
    return static_cast<int>(xchg::ExitCode::Numeric);
  }
}
