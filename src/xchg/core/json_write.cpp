#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "xchg/core/file.hpp"
#include "xchg/core/json.hpp"
#include "xchg/core/utf8.hpp"

namespace xchg::json {
namespace {

constexpr std::size_t line_width = 100;

void append_text(std::string& out, std::string_view text) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string repaired;
  if (utf8::find_invalid(text) != std::string_view::npos) text = repaired = utf8::repaired(text);
  out += '"';
  for (const char c : text) {
    static constexpr std::string_view plain = "\"\\\b\f\n\r\t", names = "\"\\bfnrt";
    if (const std::size_t found = plain.find(c); found != std::string_view::npos) {
      out += '\\';
      out += names[found];
    } else if (static_cast<unsigned char>(c) < 0x20) {
      const auto code = static_cast<unsigned char>(c);
      out += "\\u00";
      out += digits[code >> 4];
      out += digits[code & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

// Also whole doubles stay recognisable as such: 1.0.
void append_double(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  std::array<char, 32> buffer;
  const char* end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  out += text;
  if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
}

void append_plain(std::string& out, const Value& value) {
  switch (value.type()) {
    case Value::value_t::string:
      return append_text(out, value.get_ref<const std::string&>());
    case Value::value_t::number_float:
      return append_double(out, value.get<double>());
    case Value::value_t::number_integer:
      out += std::to_string(value.get<std::int64_t>());
      return;
    case Value::value_t::number_unsigned:
      out += std::to_string(value.get<std::uint64_t>());
      return;
    case Value::value_t::boolean:
      out += value.get<bool>() ? "true" : "false";
      return;
    default:
      out += "null";
  }
}

bool is_plain(const Value& value) { return !value.is_structured() || value.empty(); }

class Dumper {
 public:
  void add(const Value& value) {
    if (value.is_object() && !value.empty()) {
      add_object(value);
    } else if (value.is_array() && !value.empty()) {
      add_array(value);
    } else if (value.is_structured()) {
      out_ += value.is_object() ? "{}" : "[]";
    } else {
      append_plain(out_, value);
    }
  }

  std::string take() { return std::move(out_) + "\n"; }

 private:
  void new_line() {
    out_ += '\n';
    line_start_ = out_.size();
    out_.append(2 * depth_, ' ');
  }

  void add_object(const Value& value) {
    out_ += '{';
    ++depth_;
    const char* separator = "";
    for (const auto& [key, member] : value.items()) {
      out_ += separator;
      separator = ",";
      new_line();
      append_text(out_, key);
      out_ += ": ";
      add(member);
    }
    --depth_;
    new_line();
    out_ += '}';
  }

  void add_array(const Value& value) {
    if (std::all_of(value.begin(), value.end(), is_plain)) return add_plain_array(value);
    out_ += '[';
    ++depth_;
    const char* separator = "";
    for (const Value& element : value) {
      out_ += separator;
      separator = ",";
      new_line();
      add(element);
    }
    --depth_;
    new_line();
    out_ += ']';
  }

  // In one line if it fits, else in filled lines of its own.
  void add_plain_array(const Value& value) {
    std::vector<std::string> elements;
    std::size_t width = 0;
    for (const Value& element : value) {
      std::string& text = elements.emplace_back();
      std::swap(text, out_);
      add(element);
      std::swap(text, out_);
      width += text.size() + 2;
    }
    const bool one_line = out_.size() - line_start_ + width <= line_width;
    out_ += '[';
    ++depth_;
    if (!one_line) new_line();
    bool first_of_line = true;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      if (!first_of_line && !one_line && out_.size() - line_start_ + elements[i].size() + 2 > line_width) {
        new_line();
        first_of_line = true;
      }
      if (!first_of_line) out_ += ' ';
      out_ += elements[i];
      if (i + 1 < elements.size()) out_ += ',';
      first_of_line = false;
    }
    --depth_;
    if (!one_line) new_line();
    out_ += ']';
  }

  std::string out_;
  std::size_t line_start_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace

std::string dump(const Value& value) {
  Dumper dumper;
  dumper.add(value);
  return dumper.take();
}

void write(const std::filesystem::path& path, const Value& value) {
  file::write_atomically(path, dump(value));
}

}  // namespace xchg::json
