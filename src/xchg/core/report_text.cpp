#include "xchg/core/report_text.hpp"

namespace xchg::report {
namespace {

// If `text` starts with a span between two `fence`s, its content.
bool take_fenced(std::string_view text, std::string_view fence, std::string_view& content) {
  if (!text.starts_with(fence)) return false;
  const std::size_t end = text.find(fence, fence.size());
  if (end == std::string_view::npos || end == fence.size()) return false;
  content = text.substr(fence.size(), end - fence.size());
  return true;
}

// If `text` starts with [words](http…), its parts and length; 0 otherwise.
std::size_t take_link(std::string_view text, std::string_view& words, std::string_view& address) {
  if (!text.starts_with('[')) return 0;
  const std::size_t middle = text.find("](");
  if (middle == std::string_view::npos) return 0;
  const std::size_t end = text.find(')', middle);
  if (end == std::string_view::npos) return 0;
  words = text.substr(1, middle - 1);
  address = text.substr(middle + 2, end - middle - 2);
  if (!address.starts_with("https://") && !address.starts_with("http://")) return 0;
  return end + 1;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  result.reserve(text.size() + text.size() / 16);
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n') result += c;
    }
  }
  return result;
}

std::string marked_up(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    std::string_view content, address;
    if (take_fenced(text, "`", content)) {
      result += "<code>" + escaped(content) + "</code>";
      text.remove_prefix(content.size() + 2);
    } else if (take_fenced(text, "**", content)) {
      result += "<strong>" + marked_up(content) + "</strong>";
      text.remove_prefix(content.size() + 4);
    } else if (const std::size_t length = take_link(text, content, address); length > 0) {
      result += "<a href=\"" + escaped(address) + "\" rel=\"noreferrer\">" + marked_up(content) + "</a>";
      text.remove_prefix(length);
    } else {
      const std::size_t plain = std::min(text.find_first_of("`*[", 1), text.size());
      result += escaped(text.substr(0, plain));
      text.remove_prefix(plain);
    }
  }
  return result;
}

}  // namespace xchg::report
