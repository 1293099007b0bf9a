#include "xchg/tour/tour.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <new>

#include "xchg/core/file.hpp"
#include "xchg/core/text.hpp"

extern char** environ;

namespace xchg::tour {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct Arguments {
  std::vector<std::string> engines;
  std::string folder = "tour";
  bool open = false;
  bool no_run = false;
};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// The chapters asked for, in the order of the program; all if none is named.
std::vector<cli::Chapter> chosen(const std::vector<cli::Chapter>& chapters,
                                 const std::vector<std::string>& engines) {
  std::vector<std::string> known;
  for (const cli::Chapter& chapter : chapters) known.emplace_back(chapter.engine);
  for (const std::string& name : engines) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const bool engine = std::any_of(cli::engines().begin(), cli::engines().end(),
                                    [&name](const cli::Engine& one) { return name == one.name; });
    if (engine) throw InputError("the engine '" + name + "' has no chapter in this build's tour");
    throw InputError("there is no engine '" + name + "'" + text::suggestion(name, known));
  }
  std::vector<cli::Chapter> result;
  for (const cli::Chapter& chapter : chapters) {
    if (engines.empty() || std::find(engines.begin(), engines.end(), chapter.engine) != engines.end())
      result.push_back(chapter);
  }
  return result;
}

// Whether the folder holds a report of ours, which a new one may replace.
bool holds_report(const fs::path& folder) {
  std::ifstream page(folder / "index.html", std::ios::binary);
  std::string start(4096, '\0');
  page.read(start.data(), static_cast<std::streamsize>(start.size()));
  return start.find(report::page_marker) != std::string::npos;
}

// Throws InputError unless the report may be written there.
void check_folder(const fs::path& folder, bool force) {
  std::error_code error;
  if (!fs::exists(folder, error)) return;
  if (!fs::is_directory(folder, error))
    throw InputError("is not a folder", {folder.string()}, "a folder, or a new name");
  const bool empty = fs::is_empty(folder, error);
  if (error) throw InputError("cannot be read: " + error.message(), {folder.string()});
  if (!empty && !force && !holds_report(folder)) {
    throw InputError("the folder is not empty and holds no report", {folder.string()},
                     "another folder, or --force to write into it");
  }
}

// Runs one chapter; whatever it throws becomes its status. Returns the exit code that this stands for.
ExitCode run_chapter(const cli::Chapter& entry, report::Chapter& chapter) {
  const auto fail = [&chapter](report::Status status, const std::string& problem, ExitCode code) {
    chapter.status = status;
    chapter.problem = problem;
    return code;
  };
  try {
    entry.add(chapter);
  } catch (const CancelledError& error) {
    return fail(report::Status::Interrupted, error.what(), ExitCode::Interrupted);
  } catch (const Error& error) {
    return fail(report::Status::Failed, error.what(), error.exit_code());
  } catch (const std::bad_alloc&) {
    return fail(report::Status::Failed, "out of memory", ExitCode::Limit);
  } catch (const std::exception& error) {
    return fail(report::Status::Failed, std::string("internal: ") + error.what(), ExitCode::Numeric);
  }
  if (chapter.progress().cancelled()) {
    return fail(report::Status::Interrupted, "It was stopped; what stands here is the best found until then.",
                ExitCode::Interrupted);
  }
  return ExitCode::Success;
}

// All chapters, one after the other. A failure does not stop the others; a signal does. `code` becomes that
// of the first failure.
std::vector<report::Chapter> run_chapters(const std::vector<cli::Chapter>& entries,
                                          const report::Context& context, command::Session& session,
                                          ExitCode& code) {
  std::vector<report::Chapter> done;
  for (const cli::Chapter& entry : entries) {
    report::Chapter& chapter = done.emplace_back(entry.engine, entry.engine, context);
    if (code == ExitCode::Interrupted || context.progress->cancelled()) {
      chapter.status = report::Status::Interrupted;
      chapter.problem = "It was not begun.";
      code = ExitCode::Interrupted;
      continue;
    }
    session.tell(fmt::format("{}: {}", entry.engine, entry.summary));
    const auto start = Clock::now();
    const ExitCode outcome = run_chapter(entry, chapter);
    chapter.seconds = seconds_since(start);
    if (chapter.status == report::Status::Ok) {
      session.tell(fmt::format("{}: done in {}", entry.engine, text::duration(chapter.seconds)));
    } else {
      session.warn(fmt::format("{}: {}", entry.engine, chapter.problem));
    }
    if (code == ExitCode::Success || outcome == ExitCode::Interrupted) code = outcome;
  }
  return done;
}

// Makes the folder if need be; throws InputError if nothing can be written into it.
void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error && ::access(folder.c_str(), W_OK | X_OK) != 0) error.assign(errno, std::generic_category());
  if (error)
    throw InputError("cannot be written into: " + error.message(), {folder.string()}, "another folder");
}

// The specification and the data of every chart; files of an earlier report that this one no longer has are
// removed.
void write_charts(const report::Report& report, const fs::path& folder, bool replace) {
  std::vector<std::string> written;
  const auto write = [&](const std::string& name, const std::string& content) {
    file::write_atomically(folder / name, content);
    written.push_back(name);
  };
  for (const report::Chapter& chapter : report.chapters) {
    for (const chart::Chart* chart : chapter.charts()) {
      write(report::file_stem(chapter, *chart) + ".vl.json", chart->spec);
      write(report::file_stem(chapter, *chart) + ".csv", chart->data.csv());
    }
  }
  if (!replace) return;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool ours = name.ends_with(".vl.json") || name.ends_with(".csv");
    std::error_code ignored;
    if (ours && std::find(written.begin(), written.end(), name) == written.end())
      fs::remove(entry.path(), ignored);
  }
}

// Starts the desktop's browser; it goes on by itself.
void open_page(const fs::path& page, command::Session& session) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  std::string program = "xdg-open", address = fs::absolute(page).string();
  char* arguments[] = {program.data(), address.data(), nullptr};
  pid_t child = 0;
  const int error = posix_spawnp(&child, program.c_str(), &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) session.warn("cannot open a browser: there is no xdg-open");
}

ExitCode run(const Arguments& arguments, const std::vector<cli::Chapter>& chapters,
             command::Session& session) {
  const auto start = Clock::now();
  const std::vector<cli::Chapter> entries = chosen(chapters, arguments.engines);
  const fs::path folder = arguments.folder;
  check_folder(folder, session.common().force);
  const bool replace = holds_report(folder);
  const auto assets = report::RendererAssets::load(session.share_folder() / "report");
  make_folder(folder / "charts");

  report::Context context;
  context.data_folder = session.share_folder() / "data";
  context.progress = &session.progress();
  context.threads = session.common().threads;
  context.seed = session.common().seed;
  context.times = !arguments.no_run;
  report::Report report;
  report.title = "xchg: the tour";
  report.summary = "Engines for methods whose core move is a **swap**, each on real input.";
  ExitCode code = ExitCode::Success;
  report.chapters = run_chapters(entries, context, session, code);
  if (!arguments.no_run) {
    report.environment = report::Environment::current(session.common().threads);
    report.environment->seconds = seconds_since(start);
  }
  const fs::path page = folder / "index.html";
  write_charts(report, folder / "charts", replace);
  file::write_atomically(page, report.html(assets));
  session.tell(fmt::format("{} chapter{} in {}", entries.size(), entries.size() == 1 ? "" : "s",
                           text::duration(seconds_since(start))));
  session.out() << page.string() << '\n';
  if (arguments.open) open_page(page, session);
  return code;
}

}  // namespace

void add_command(CLI::App& root, command::Session& session, const std::vector<cli::Chapter>& chapters) {
  CLI::App* app = root.add_subcommand("tour", "Run every engine on real input and write one HTML report");
  auto arguments = std::make_shared<Arguments>();
  app->add_option("engine", arguments->engines, "Engines to run (default: all)")->type_name("ENGINE");
  app->add_option("--out", arguments->folder, "Folder for index.html and the charts")
      ->type_name("DIR")
      ->capture_default_str();
  app->add_flag("--open", arguments->open, "Open the report in a browser");
  app->add_flag("--no-run", arguments->no_run,
                "Leave out times, threads and machine: the same bytes each time");
  session.add_common(*app, {command::Common::Seed, command::Common::Threads, command::Common::Force});
  command::Session::add_examples(*app, {"xchg tour", "xchg tour kmedoids --out /tmp/tour --open"});
  session.on(app, [arguments, &chapters, &session] { return run(*arguments, chapters, session); });
}

}  // namespace xchg::tour
