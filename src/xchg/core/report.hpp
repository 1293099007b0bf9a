// Reports: chapters of text, figures, tables and charts, written as one HTML page that opens offline.
//
// Text is plain UTF-8 and is escaped. Where a comment says "marked-up", `code`, **bold** and
// [words](https://…) are understood.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "xchg/core/chart.hpp"
#include "xchg/core/progress.hpp"

namespace xchg::report {

// What a chapter may use while it is computed.
struct Context {
  std::filesystem::path data_folder;  // share/xchg/data
  Progress* progress = &Progress::none();
  int threads = 0;  // 0: all processors
  std::uint64_t seed = 1;
  bool times = true;  // false: the chapter leaves out what differs from run to run
};

struct KeyFigure {
  std::string label;    // "total deviation"
  std::string value;    // "98.13", with its unit
  std::string meaning;  // marked-up, one line: what it is compared with, why it matters
};

struct Heading {
  std::string text;
};
struct Paragraph {
  std::string text;  // marked-up
};
struct Table {
  std::string title;
  chart::DataTable data;
};
struct Code {
  std::string text;
  bool command = false;  // a shell command that reproduces what stands above it
};
using Block = std::variant<Heading, Paragraph, Table, Code, chart::Chart>;

enum class Status { Ok, Failed, Interrupted };

// One engine's part of a report. The engine fills it in `void add_chapter(report::Chapter&)`: it computes
// with progress(), threads() and seed(), reads its input from data(), and adds blocks in reading order.
class Chapter {
 public:
  // `name` is the engine's, [a-z0-9-]+.
  Chapter(std::string name, std::string title, Context context = {});

  // A path under share/xchg/data, such as data("kmedoids/digits.csv"). Throws InstallError if it is not
  // there.
  std::filesystem::path data(std::string_view path) const;
  Progress& progress() const { return *context_.progress; }
  int threads() const { return context_.threads; }
  std::uint64_t seed() const { return context_.seed; }
  bool times() const { return context_.times; }

  // What the chapter is called, where the engine's name is not how people write it.
  void title(std::string text) { title_ = std::move(text); }
  // One sentence (marked-up) for the top of the chapter: what was done, and what came out.
  void summary(std::string text) { summary_ = std::move(text); }
  // Shown as cards at the top of the chapter; the first two also at the top of the page.
  void key_figure(std::string label, std::string value, std::string meaning);
  void heading(std::string text);
  void text(std::string paragraph);
  void table(std::string title, chart::DataTable data);
  void code(std::string text);
  void command(std::string line);
  // Throws InputError if the chapter has a chart of that id already.
  void chart(chart::Chart chart);

  const std::string& name() const { return name_; }
  const std::string& title() const { return title_; }
  const std::string& summary() const { return summary_; }
  const std::vector<KeyFigure>& key_figures() const { return key_figures_; }
  const std::vector<Block>& blocks() const { return blocks_; }
  std::vector<const chart::Chart*> charts() const;

  // Set by whoever runs the chapter.
  Status status = Status::Ok;
  std::string problem;  // the error's line where the status is not Ok
  double seconds = 0;

 private:
  std::string name_, title_, summary_;
  Context context_;
  std::vector<KeyFigure> key_figures_;
  std::vector<Block> blocks_;
};

// The chart renderer, style sheet and page script, read from share/xchg/report.
struct RendererAssets {
  std::vector<std::string> scripts;        // in loading order, the page's own last
  std::vector<std::string> script_hashes;  // SHA-256 of each in Base64: the only scripts the page may run
  std::string style;
  struct Licence {
    std::string name, text;
  };
  std::vector<Licence> licences;

  // Throws InstallError that names './xchg tour' if a file is missing.
  static RendererAssets load(const std::filesystem::path& folder);
};

// What the page says about the machine; left out as a whole for reproducible bytes.
struct Environment {
  std::string version, processor, system, date;
  int threads = 0;
  double seconds = 0;
  // Of this machine, now.
  static Environment current(int threads);
};

// By this a page is known as a report of ours; it stands in the first 4 KiB.
inline constexpr std::string_view page_marker = "<meta name=\"generator\" content=\"xchg report\">";

// What a chart's files are called, without the ending, and its anchor on the page.
std::string file_stem(const Chapter& chapter, const chart::Chart& chart);

struct Report {
  std::string title;
  std::string summary;  // marked-up, one sentence
  std::vector<Chapter> chapters;
  std::optional<Environment> environment;  // absent: no environment and no times on the page

  // One self-contained page: no request to anywhere, readable without JavaScript (texts, tables).
  std::string html(const RendererAssets& assets) const;
};

}  // namespace xchg::report
