// What an engine's command.cpp builds its verbs with.
//
// An engine defines `void add_commands(CLI::App& engine, command::Session& session)`: it adds one subcommand
// per verb, its options to it, and hands the verb's action to session.on(). An action turns arguments into
// one call of the engine's public API and writes what comes back; it prints through the session and throws
// xchg::Error.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "xchg/core/command/terminal_progress.hpp"
#include "xchg/core/error.hpp"
#include "xchg/core/isa.hpp"
#include "xchg/core/report.hpp"

namespace xchg::command {

// Options that have the same name and meaning in every engine. --quiet is in every verb.
enum class Common { Seed, Threads, Json, Output, TimeLimit, Memory, Resume, Force, Isa };

struct CommonOptions {
  std::uint64_t seed = 1;
  int threads = 0;  // 0: all processors
  bool json = false;
  bool no_run = false;
  std::string output;  // "-": standard output; empty: not asked for
  double time_limit_seconds = std::numeric_limits<double>::infinity();
  std::uint64_t memory_bytes = 0;  // 0: the engine's default
  bool resume = false;
  bool force = false;
  bool quiet = false;
  Isa isa = Isa::Auto;
};

// "64MiB", "1.5GB", "1048576": bytes. Throws InputError.
std::uint64_t parse_bytes(const std::string& text);

// "2:20", "0.1:0.5:9": lo, hi and an optional count (0 if absent). Throws InputError.
struct Range {
  double low, high;
  std::uint64_t count;
};
Range parse_range(const std::string& text);

class Session {
 public:
  using Action = std::function<ExitCode()>;

  Session(std::ostream& out, std::ostream& err, std::filesystem::path share_folder);

  // Adds the common options named to a verb, and --quiet.
  void add_common(CLI::App& verb, std::initializer_list<Common> which);
  // Example command lines, shown at the end of --help and in the manual.
  static void add_examples(CLI::App& verb, std::initializer_list<std::string_view> lines);
  // What to do when `verb` is called.
  void on(const CLI::App* verb, Action action);
  // Runs the action of the verb that was parsed; InputError if it has none.
  ExitCode run(const CLI::App& root);

  const CommonOptions& common() const { return common_; }
  std::ostream& out() { return out_; }
  std::ostream& err() { return err_; }
  // As if --quiet had been given: for all but the first of several processes.
  void silence() { common_.quiet = true; }
  // A line for people on standard error, unless --quiet.
  void tell(std::string_view line);
  // A line that --quiet does not silence: something is not as the user would think.
  void warn(std::string_view line);
  TerminalProgress& progress();
  // share/xchg of this program: data/, report/ (the chart renderer).
  const std::filesystem::path& share_folder() const { return share_folder_; }

  // The frame that every JSON result has: engine, version, options, seed; the caller adds its members after
  // it.
  nlohmann::ordered_json result_frame(std::string_view engine, const nlohmann::ordered_json& options) const;
  // Adds `run` (seconds, threads, isa, host) unless --no-run.
  void add_run(nlohmann::ordered_json& result, nlohmann::ordered_json run) const;
  // Writes `text` to -o (atomically; "-" is standard output), or to standard output where no -o was given.
  void write(const std::string& text, const std::string& path);
  // The same for a result as JSON: 2 blanks of indentation, arrays of numbers in filled lines.
  void write_result(const nlohmann::ordered_json& result, const std::string& path);
  // Writes a page with one chapter, atomically. Throws InstallError where the chart renderer is not
  // installed.
  void write_page(const report::Chapter& chapter, const std::string& path);

 private:
  std::ostream& out_;
  std::ostream& err_;
  std::filesystem::path share_folder_;
  CommonOptions common_;
  std::map<const CLI::App*, Action> actions_;
  std::unique_ptr<TerminalProgress> progress_;
};

}  // namespace xchg::command
