#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <iostream>

#include "xchg/core/command/command.hpp"
#include "xchg/core/file.hpp"
#include "xchg/core/json.hpp"
#include "xchg/core/text.hpp"
#include "xchg/core/threads.hpp"

namespace xchg::command {
namespace {

// Reads a number from the front of `text` and takes it off.
bool take_number(std::string_view& text, double& value) {
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc() || !std::isfinite(value)) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

std::string host_name() {
  std::array<char, 256> buffer{};
  return gethostname(buffer.data(), buffer.size() - 1) == 0 ? buffer.data() : "";
}

[[noreturn]] void throw_output_error(int error) {
  if (error == ENOSPC) throw LimitError("cannot write standard output: no space left on the device");
  throw DeviceError(std::string("cannot write standard output: ") + std::strerror(error));
}

}  // namespace

std::uint64_t parse_bytes(const std::string& text) {
  static const std::map<std::string_view, double> units = {
      {"", 1},       {"B", 1},        {"kB", 1e3},     {"KB", 1e3},     {"MB", 1e6},
      {"GB", 1e9},   {"TB", 1e12},    {"K", 0x1p10},   {"M", 0x1p20},   {"G", 0x1p30},
      {"T", 0x1p40}, {"KiB", 0x1p10}, {"MiB", 0x1p20}, {"GiB", 0x1p30}, {"TiB", 0x1p40}};
  std::string_view rest = text;
  double value = 0;
  const bool number = take_number(rest, value);
  const auto unit = units.find(rest);
  if (!number || value < 0 || unit == units.end() || value * unit->second >= 0x1p63) {
    throw InputError("'" + text + "' is not an amount of memory", {},
                     "a number with B, KiB, MiB, GiB, kB, MB or GB");
  }
  return static_cast<std::uint64_t>(value * unit->second);
}

Range parse_range(const std::string& text) {
  Range range{0, 0, 0};
  std::string_view rest = text;
  bool good = take_number(rest, range.low) && rest.starts_with(':');
  if (good) {
    rest.remove_prefix(1);
    good = take_number(rest, range.high);
  }
  if (good && rest.starts_with(':')) {
    rest.remove_prefix(1);
    const auto [end, status] = std::from_chars(rest.data(), rest.data() + rest.size(), range.count);
    good = status == std::errc() && range.count > 0;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  }
  if (!good || !rest.empty()) throw InputError("'" + text + "' is not a range", {}, "lo:hi or lo:hi:count");
  if (range.low > range.high) throw InputError("the range '" + text + "' is empty", {}, "lo <= hi");
  return range;
}

Session::Session(std::ostream& out, std::ostream& err, std::filesystem::path share_folder)
    : out_(out), err_(err), share_folder_(std::move(share_folder)) {}

void Session::add_common(CLI::App& verb, std::initializer_list<Common> which) {
  for (const Common option : which) {
    switch (option) {
      case Common::Seed:
        verb.add_option("--seed", common_.seed,
                        "Seed of every random choice; the same seed gives the same bytes")
            ->capture_default_str();
        break;
      case Common::Threads:
        verb.add_option("--threads", common_.threads, "Threads (0: all processors)")->capture_default_str();
        break;
      case Common::Json:
        verb.add_flag("--json", common_.json, "Print the result as JSON and nothing else");
        verb.add_flag("--no-run", common_.no_run, "Leave out the JSON key 'run' (times, threads, host)");
        break;
      case Common::Output:
        verb.add_option("-o,--output", common_.output, "Write the result to this file (- is standard output)")
            ->type_name("FILE");
        break;
      case Common::TimeLimit:
        verb.add_option("--time-limit", common_.time_limit_seconds,
                        "Stop after so many seconds with the best so far")
            ->check(CLI::PositiveNumber)
            ->type_name("SECONDS");
        break;
      case Common::Memory:
        verb.add_option_function<std::string>(
                "--memory", [this](const std::string& text) { common_.memory_bytes = parse_bytes(text); },
                "Memory budget, e.g. 2GiB")
            ->type_name("BYTES");
        break;
      case Common::Resume:
        verb.add_flag("--resume", common_.resume, "Go on from what an earlier call left");
        break;
      case Common::Force:
        verb.add_flag("--force", common_.force, "Write into a folder that is not empty");
        break;
      case Common::Isa:
        verb.add_option_function<std::string>(
                "--isa", [this](const std::string& text) { common_.isa = parse_isa(text); },
                "Instruction set; the result is the same")
            ->type_name("{auto,scalar,avx2,avx512}");
        break;
    }
  }
  verb.add_flag("--quiet", common_.quiet, "No progress and no remarks");
}

void Session::add_examples(CLI::App& verb, std::initializer_list<std::string_view> lines) {
  std::string footer = "Examples:";
  for (const std::string_view line : lines) footer += "\n  " + std::string(line);
  footer += '\n';
  verb.footer(footer);
}

void Session::on(const CLI::App* verb, Action action) { actions_[verb] = std::move(action); }

ExitCode Session::run(const CLI::App& root) {
  const CLI::App* verb = &root;
  while (!verb->get_subcommands().empty()) verb = verb->get_subcommands().front();
  const auto action = actions_.find(verb);
  if (action == actions_.end()) throw InputError("no verb was given", {}, "one of those in --help");
  (void)resolve_threads(common_.threads);
  const ExitCode code = action->second();
  if (progress_) progress_->clear();
  return code;
}

void Session::tell(std::string_view line) {
  if (common_.quiet) return;
  if (progress_) progress_->clear();
  err_ << "xchg: " << line << '\n';
}

void Session::warn(std::string_view line) {
  if (progress_) progress_->clear();
  err_ << "xchg: warning: " << line << '\n';
}

TerminalProgress& Session::progress() {
  if (!progress_) {
    progress_ =
        std::make_unique<TerminalProgress>(stderr, TerminalProgress::style_for(stderr, common_.quiet));
  }
  return *progress_;
}

nlohmann::ordered_json Session::result_frame(std::string_view engine,
                                             const nlohmann::ordered_json& options) const {
  return {{"engine", engine}, {"version", XCHG_VERSION}, {"options", options}, {"seed", common_.seed}};
}

void Session::add_run(nlohmann::ordered_json& result, nlohmann::ordered_json run) const {
  if (common_.no_run) return;
  run["threads"] = resolve_threads(common_.threads);
  run["isa"] = name(resolve_isa(common_.isa));
  run["host"] = host_name();
  result["run"] = std::move(run);
}

void Session::write(const std::string& text, const std::string& path) {
  if (progress_) progress_->clear();
  if (path.empty() || path == "-") {
    errno = 0;
    out_ << text << std::flush;
    if (!out_) throw_output_error(errno);
  } else {
    file::write_atomically(path, text);
  }
}

void Session::write_result(const nlohmann::ordered_json& result, const std::string& path) {
  write(json::dump(result), path);
}

void Session::write_page(const report::Chapter& chapter, const std::string& path) {
  report::Report page{chapter.title(), chapter.summary(), {chapter}, std::nullopt};
  if (!common_.no_run) page.environment = report::Environment::current(resolve_threads(common_.threads));
  write(page.html(report::RendererAssets::load(share_folder_ / "report")), path);
  tell("pictures in " + path);
}

}  // namespace xchg::command
