#include "xchg/core/report.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <map>
#include <sstream>

#include "xchg/core/base64.hpp"
#include "xchg/core/error.hpp"
#include "xchg/core/file.hpp"
#include "xchg/core/machine.hpp"
#include "xchg/core/threads.hpp"

namespace xchg::report {

Chapter::Chapter(std::string name, std::string title, Context context)
    : name_(std::move(name)), title_(std::move(title)), context_(std::move(context)) {
  const bool good = !name_.empty() && std::all_of(name_.begin(), name_.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (!good) throw InputError("'" + name_ + "' cannot name a chapter", {}, "letters a-z, digits and '-'");
}

std::filesystem::path Chapter::data(std::string_view path) const {
  std::filesystem::path full = context_.data_folder / path;
  if (!std::filesystem::exists(full)) {
    throw InstallError("the data file " + full.string() +
                       " is missing; './xchg tour' in the source folder puts it there");
  }
  return full;
}

void Chapter::key_figure(std::string label, std::string value, std::string meaning) {
  key_figures_.push_back({std::move(label), std::move(value), std::move(meaning)});
}
void Chapter::heading(std::string text) { blocks_.emplace_back(Heading{std::move(text)}); }
void Chapter::text(std::string paragraph) { blocks_.emplace_back(Paragraph{std::move(paragraph)}); }
void Chapter::table(std::string title, chart::DataTable data) {
  blocks_.emplace_back(Table{std::move(title), std::move(data)});
}
void Chapter::code(std::string text) { blocks_.emplace_back(Code{std::move(text), false}); }
void Chapter::command(std::string line) { blocks_.emplace_back(Code{std::move(line), true}); }

void Chapter::chart(chart::Chart chart) {
  for (const chart::Chart* other : charts()) {
    if (other->id == chart.id)
      throw InputError("two charts are called '" + chart.id + "'", {}, "different ids");
  }
  blocks_.emplace_back(std::move(chart));
}

std::vector<const chart::Chart*> Chapter::charts() const {
  std::vector<const chart::Chart*> result;
  for (const Block& block : blocks_) {
    if (const auto* chart = std::get_if<chart::Chart>(&block)) result.push_back(chart);
  }
  return result;
}

namespace {

// The sums that are listed as "hex  name", in Base64 by name.
std::map<std::string, std::string> listed_sums(const std::string& list) {
  std::map<std::string, std::string> sums;
  std::istringstream lines(list);
  for (std::string hex, name; lines >> hex >> name;) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
      unsigned value = 0;
      std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
      bytes += static_cast<char>(value);
    }
    sums[name] = base64(bytes);
  }
  return sums;
}

}  // namespace

RendererAssets RendererAssets::load(const std::filesystem::path& folder) {
  const auto read = [&folder](const std::string& name) {
    const std::filesystem::path path = folder / name;
    if (!std::filesystem::exists(path)) {
      throw InstallError("the chart renderer is missing (" + path.string() +
                         "); './xchg tour' in the source folder installs it");
    }
    return file::read(path);
  };
  const auto sums = listed_sums(read("SHA256SUMS"));
  RendererAssets assets;
  const auto add_script = [&](const std::string& name) {
    assets.scripts.push_back(read(name));
    const auto sum = sums.find(name);
    assets.script_hashes.push_back(sum == sums.end() ? "" : sum->second);
  };
  for (const std::string package : {"vega", "vega-lite", "vega-embed"}) {
    add_script(package + ".min.js");
    assets.licences.push_back({package, read(package + ".LICENSE")});
  }
  add_script("page.js");
  assets.style = read("page.css");
  return assets;
}

Environment Environment::current(int threads) {
  Environment environment;
  environment.version = XCHG_VERSION;
  environment.threads = resolve_threads(threads);
  utsname name = {};
  if (uname(&name) == 0)
    environment.system = std::string(name.sysname) + " " + name.release + " " + name.machine;
  environment.processor = processor_name();
  const std::time_t now = std::time(nullptr);
  std::tm parts = {};
  char text[32];
  if (gmtime_r(&now, &parts) != nullptr && std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &parts) > 0)
    environment.date = text;
  return environment;
}

}  // namespace xchg::report
