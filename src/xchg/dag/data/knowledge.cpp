// Knowledge files.
#include "xchg/dag/knowledge.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "xchg/core/file.hpp"
#include "xchg/core/json.hpp"
#include "xchg/core/text.hpp"

namespace xchg::dag {
namespace {

class Names {
 public:
  explicit Names(const std::vector<std::string>& names) : names_(names) {}

  int node(const json::Reader& place) const {
    const std::string& name = place.text();
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end()) {
      place.fail("no variable is named '" + name + "'" + text::suggestion(name, names_),
                 "the name of a column");
    }
    return static_cast<int>(found - names_.begin());
  }

  std::vector<int> nodes(const json::Reader& list) const {
    std::vector<int> result;
    for (const json::Reader& place : list.array()) result.push_back(node(place));
    return result;
  }

  std::vector<Edge> edges(const json::Reader& list) const {
    std::vector<Edge> result;
    for (const json::Reader& place : list.array()) {
      const std::vector<json::Reader> ends = place.array();
      if (ends.size() != 2)
        place.fail("an edge of " + std::to_string(ends.size()) + " names", "two: [\"from\", \"to\"]");
      result.push_back({node(ends[0]), node(ends[1])});
      if (result.back().from == result.back().to)
        place.fail("a variable and itself", "two different variables");
    }
    return result;
  }

 private:
  const std::vector<std::string>& names_;
};

Knowledge from_document(const json::Value& document, const std::vector<std::string>& names,
                        const std::string& source) {
  json::Reader root(document, source);
  if (!root.is_object()) root.fail_found("an object");
  const Names table(names);
  Knowledge knowledge;
  if (const auto list = root.optional("required")) knowledge.required = table.edges(*list);
  if (const auto list = root.optional("forbidden")) knowledge.forbidden = table.edges(*list);
  if (const auto list = root.optional("before")) knowledge.before = table.edges(*list);
  if (const auto list = root.optional("tiers")) {
    for (const json::Reader& tier : list->array()) knowledge.tiers.push_back(table.nodes(tier));
  }
  if (const auto list = root.optional("roots")) knowledge.roots = table.nodes(*list);
  if (const auto list = root.optional("leaves")) knowledge.leaves = table.nodes(*list);
  if (auto targets = root.optional("targets")) {
    for (const auto& [regime, list] : targets->members()) knowledge.targets[regime] = table.nodes(list);
  }
  root.finish();
  return knowledge;
}

}  // namespace

Knowledge parse_knowledge(std::string_view text, const std::vector<std::string>& names,
                          const std::string& source) {
  return from_document(json::parse(text, source), names, source);
}

Knowledge read_knowledge(const std::filesystem::path& path, const std::vector<std::string>& names) {
  return parse_knowledge(file::read(path), names, path == "-" ? "standard input" : path.string());
}

}  // namespace xchg::dag
