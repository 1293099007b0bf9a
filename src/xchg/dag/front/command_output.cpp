#include "xchg/dag/front/command_output.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "xchg/core/file.hpp"
#include "xchg/core/json.hpp"
#include "xchg/dag/front/report.hpp"

namespace xchg::dag {
namespace {

namespace fs = std::filesystem;

// The folder that a path lies in.
fs::path folder_above(const fs::path& path) {
  const fs::path named = path.has_filename() ? path : path.parent_path();
  return named.has_parent_path() ? named.parent_path() : fs::path(".");
}

void require_place_in(const fs::path& folder, const std::string& path) {
  std::error_code ignored;
  const bool no_folder = fs::exists(folder, ignored) && !fs::is_directory(folder, ignored);
  if (!no_folder && access(folder.c_str(), W_OK | X_OK) == 0) return;
  throw InputError(std::string("cannot be written to: ") + std::strerror(no_folder ? ENOTDIR : errno), {path},
                   "a path in a folder that is there and writable");
}

}  // namespace

void require_folder(const std::string& path, bool force) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    require_place_in(folder_above(path), path);
    return;
  }
  if (!fs::is_directory(status)) throw InputError("is a file", {path}, "a folder");
  if (!force && !fs::is_empty(path, error)) {
    throw InputError("the folder is not empty", {path}, "a new or empty one, or --force");
  }
  require_place_in(path, path);
}

Pages::Pages(const std::string& plot, bool in_folder, command::Session& session) : session_(session) {
  if (plot.empty() && !in_folder) return;
  if (!plot.empty() && plot != "-") {
    if (fs::is_directory(plot))
      throw InputError("is a folder", {plot}, "the name of a page, such as page.html");
    if (!fs::exists(plot)) require_place_in(folder_above(plot), plot);
  }
  try {
    assets_ = report::RendererAssets::load(session.share_folder() / "report");
  } catch (const InstallError& error) {
    if (!plot.empty()) throw;
    session.warn(std::string("report.html is left out: ") + error.what());
  }
}

std::string Pages::html(const Result& result, const Input& input, const Options& options,
                        const std::string& source) const {
  if (!assets_) return {};
  report::Chapter chapter("dag", "Directed acyclic graph of " + source);
  fill_chapter(chapter, result, input.gram, options);
  report::Report page{chapter.title(), chapter.summary(), {chapter}, std::nullopt};
  if (!session_.common().no_run) {
    page.environment = report::Environment::current(session_.common().threads);
  }
  return page.html(*assets_);
}

void write_results(const std::string& folder, const Result& result, const nlohmann::ordered_json& json,
                   const std::string& page, bool force) {
  const NamedGraph graph{result.w, result.names, result.frequency, result.cpdag.undirected};
  file::write_folder(folder, force, [&](const fs::path& place) {
    file::write_atomically(place / "graph.dot", format_dot(graph));
    file::write_atomically(place / "graph.graphml", format_graphml(graph));
    file::write_atomically(place / "graph.json", format_node_link(graph));
    file::write_atomically(place / "w.csv", format_adjacency(graph));
    file::write_atomically(place / "result.json", json::dump(json));
    if (!page.empty()) file::write_atomically(place / "report.html", page);
  });
}

}  // namespace xchg::dag
