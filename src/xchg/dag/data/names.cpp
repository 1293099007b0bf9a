#include "xchg/dag/data/names.hpp"

#include <algorithm>
#include <unordered_map>

#include "xchg/core/error.hpp"
#include "xchg/core/utf8.hpp"

namespace xchg::dag {
namespace {

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

void require_text(const std::string& name, const std::string& source) {
  if (utf8::find_invalid(name) != std::string::npos) {
    throw InputError("the name " + utf8::quoted(name) + " is not UTF-8", {source}, "a file in UTF-8");
  }
  if (std::any_of(name.begin(), name.end(), is_control)) {
    throw InputError("the name " + utf8::quoted(name) + " has a control character", {source},
                     "a name of letters, digits and signs, in UTF-8");
  }
}

}  // namespace

std::vector<std::string> numbered_names(std::size_t count) {
  std::vector<std::string> names(count);
  for (std::size_t i = 0; i < count; ++i) names[i] = std::to_string(i);
  return names;
}

void require_names(const std::vector<std::string>& names, const std::string& source) {
  std::unordered_map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    require_text(names[i], source);
    const auto [found, is_new] = seen.emplace(names[i], i);
    if (is_new) continue;
    throw InputError("columns " + std::to_string(found->second + 1) + " and " + std::to_string(i + 1) +
                         " are both named " + utf8::quoted(names[i]),
                     {source}, "different names");
  }
}

std::string list_of(const std::vector<std::string>& names, std::size_t most) {
  const std::size_t shown = names.size() <= most ? names.size() : most - 1;
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    const bool last = i + 1 == names.size();
    if (i > 0) text += last ? " and " : ", ";
    text += utf8::quoted(names[i]);
  }
  if (shown < names.size()) text += " and " + std::to_string(names.size() - shown) + " more";
  return text;
}

std::string list_of(const std::vector<std::string>& names, std::span<const std::size_t> chosen,
                    std::size_t most) {
  std::vector<std::string> texts;
  for (const std::size_t i : chosen) texts.push_back(names[i]);
  return list_of(texts, most);
}

}  // namespace xchg::dag
