#include "xchg/core/csv_scan.hpp"

#include <algorithm>
#include <limits>
#include <system_error>

#include "xchg/core/utf8.hpp"

namespace xchg::csv::scan {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// from_chars also reads "nan(…)"; words other than inf and infinity are no numbers here.
bool may_be_number(std::string_view text) {
  const char first = text.front();
  if (is_digit(first) || first == '.') return true;
  if (first == '-' || first == '+') text.remove_prefix(1);
  if (text.empty()) return false;
  return is_digit(text.front()) || text.front() == '.' || lower(text.front()) == 'i';
}

// Whether a number out of range is too small rather than too large: from_chars says the same for both.
bool is_tiny(std::string_view number) {
  const std::size_t mark = number.find_first_of("eE");
  const std::string_view mantissa = number.substr(0, mark);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const std::size_t first = std::min(mantissa.find_first_of("123456789"), mantissa.size());
  const auto magnitude = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  if (mark == std::string_view::npos) return magnitude < 0;
  std::string_view digits = number.substr(mark + 1);
  if (digits.front() == '+') digits.remove_prefix(1);
  std::int32_t exponent = 0;
  const auto status = std::from_chars(digits.data(), digits.data() + digits.size(), exponent).ec;
  if (status == std::errc::result_out_of_range) return digits.front() == '-';
  return magnitude + exponent < 0;
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

void Scanner::skip_blanks() {
  while (position_ != end_ && is_blank(*position_)) ++position_;
}

void Scanner::take_line_end() {
  if (position_ == end_ || !is_line_end(*position_)) return;
  if (*position_ == '\r' && position_ + 1 != end_ && position_[1] == '\n') ++position_;
  ++position_;
  ++line_;
}

bool Scanner::start_row() {
  for (;;) {
    skip_blanks();
    if (position_ == end_) return false;
    if (dialect_.comment != 0 && *position_ == dialect_.comment) {
      position_ = std::find_if(position_, end_, is_line_end);
    } else if (!is_line_end(*position_)) {
      return true;
    }
    take_line_end();
  }
}

std::string_view Scanner::quoted_cell(std::size_t number) {
  const Where opening{source_, line_, number, {}};
  const char* begin = ++position_;
  unescaped_.clear();
  for (;;) {
    const auto left = static_cast<std::size_t>(end_ - position_);
    const auto* quote = static_cast<const char*>(left == 0 ? nullptr : std::memchr(position_, '"', left));
    if (quote == nullptr) throw InputError("a quote is opened here and never closed", opening);
    for (; position_ != quote; ++position_) {
      if (*position_ == '\n' || (*position_ == '\r' && position_[1] != '\n')) ++line_;
    }
    if (++position_ == end_ || *position_ != '"') {
      const std::string_view last(begin, static_cast<std::size_t>(quote - begin));
      if (unescaped_.empty()) return last;
      unescaped_.append(last);
      return unescaped_;
    }
    unescaped_.append(begin, position_);  // with one of the two quotes
    begin = ++position_;
  }
}

std::string_view Scanner::bare_cell() {
  const char* begin = position_;
  const char delimiter = dialect_.delimiter;
  if (delimiter == ' ') {
    position_ = std::find_if(position_, end_, [](char c) { return c == ' ' || c == '\t' || is_line_end(c); });
  } else {
    position_ = std::find_if(position_, end_, [=](char c) { return c == delimiter || is_line_end(c); });
  }
  const char* last = position_;
  while (last != begin && is_blank(last[-1])) --last;
  return {begin, static_cast<std::size_t>(last - begin)};
}

bool Scanner::read_cell(std::string_view& cell, std::size_t number) {
  skip_blanks();
  const bool quoted = position_ != end_ && *position_ == '"';
  cell = quoted ? quoted_cell(number) : bare_cell();
  const char* cell_end = position_;
  skip_blanks();
  if (position_ == end_) return true;
  if (is_line_end(*position_)) {
    take_line_end();
    return true;
  }
  if (*position_ == dialect_.delimiter) {
    ++position_;
  } else if (dialect_.delimiter != ' ' || position_ == cell_end) {
    throw InputError("text after a closing quote", {source_, line_, number, {}},
                     "the delimiter or the end of the line (quotes in a quoted cell are doubled)");
  }
  return false;
}

Classifier::Classifier(const Options& options) : decimal_(options.decimal) {
  for (const std::string& word : options.missing) {
    std::string lowered(trim(word));
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), lower);
    longest_missing_ = std::max(longest_missing_, lowered.size());
    missing_.push_back(std::move(lowered));
  }
}

bool Classifier::is_missing(std::string_view cell) const {
  cell = trim(cell);
  if (cell.empty()) return true;
  if (cell.size() > longest_missing_) return false;
  return std::any_of(missing_.begin(), missing_.end(), [&](const std::string& word) {
    return std::equal(cell.begin(), cell.end(), word.begin(), word.end(),
                      [](char a, char b) { return lower(a) == b; });
  });
}

Kind Classifier::operator()(std::string_view cell, double& value) const {
  value = std::numeric_limits<double>::quiet_NaN();
  const std::string_view trimmed = trim(cell);
  if (is_missing(trimmed)) return Kind::Missing;
  if (!may_be_number(trimmed)) return Kind::Text;
  std::string pointed;
  std::string_view number = trimmed;
  if (decimal_ != '.') {
    if (number.find('.') != std::string_view::npos) return Kind::Text;
    pointed = number;
    std::replace(pointed.begin(), pointed.end(), decimal_, '.');
    number = pointed;
  }
  if (number.front() == '+') number.remove_prefix(1);
  if (number.starts_with('-') && trimmed.front() == '+') return Kind::Text;
  double read = 0;
  const auto [end, status] = std::from_chars(number.data(), number.data() + number.size(), read);
  if (end != number.data() + number.size() || status == std::errc::invalid_argument) return Kind::Text;
  if (status == std::errc::result_out_of_range) {
    if (!is_tiny(number)) return Kind::TooLarge;
    read = number.starts_with('-') ? -0.0 : 0.0;
  }
  value = read;
  return Kind::Number;
}

void require_utf8(std::string_view text, const Where& where) {
  if (utf8::find_invalid(text) == std::string_view::npos) return;
  throw InputError("is not UTF-8: " + utf8::quoted(text), where,
                   "UTF-8 text; older files convert with: iconv -f windows-1252 -t utf-8");
}

}  // namespace xchg::csv::scan
