#include "xchg/core/utf8.hpp"

#include <algorithm>

namespace xchg::utf8 {

std::size_t length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  if (text.empty()) return 0;
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned low = lead == 0xE0 ? 0xA0 : 0x80, high = lead == 0xED ? 0x9F : 0xBF;
    return byte(1) >= low && byte(1) <= high && follows(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned low = lead == 0xF0 ? 0x90 : 0x80, high = lead == 0xF4 ? 0x8F : 0xBF;
    return byte(1) >= low && byte(1) <= high && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

std::size_t find_invalid(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t step = length(text.substr(i));
    if (step == 0) return i;
    i += step;
  }
  return std::string_view::npos;
}

std::string repaired(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t bad = std::min(find_invalid(text), text.size());
    result += text.substr(0, bad);
    if (bad < text.size()) result += "\xEF\xBF\xBD";
    text.remove_prefix(std::min(bad + 1, text.size()));
  }
  return result;
}

std::string quoted(std::string_view text, std::size_t longest) {
  std::string result = "\"";
  while (!text.empty()) {
    if (result.size() > longest) return result + "…\"";
    const std::size_t step = length(text);
    const auto first = static_cast<unsigned char>(text.front());
    result += step == 0 || first < 0x20 || first == 0x7F ? std::string_view("?") : text.substr(0, step);
    text.remove_prefix(std::max<std::size_t>(step, 1));
  }
  return result + '"';
}

}  // namespace xchg::utf8
