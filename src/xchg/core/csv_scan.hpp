// Internal to csv: cutting text into cells, and numbers.
#pragma once

#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>

#include "xchg/core/csv.hpp"
#include "xchg/core/error.hpp"

namespace xchg::csv::scan {

struct Dialect {
  char delimiter = ',';  // ' ': runs of blanks
  char decimal = '.';
  char comment = 0;
};

inline bool is_line_end(char c) { return c == '\n' || c == '\r'; }
inline bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

// Without the blanks (spaces and tabs) at both ends.
std::string_view trim(std::string_view text);

// Cuts text into rows and cells. After start_row() returned true, call read_cell() until it returns true.
class Scanner {
 public:
  Scanner(std::string_view text, const Dialect& dialect, const std::string& source)
      : position_(text.data()),
        end_(text.data() + text.size()),
        text_(text),
        dialect_(dialect),
        source_(source) {}

  // Goes to the first cell of the next row, past blank lines and comments; false at the end of the text.
  bool start_row();
  // Reads the next cell; true when it is the last one of its row, whose line end is then taken. `cell` holds
  // until the next call; `number` (from 1) is for messages.
  bool read_cell(std::string_view& cell, std::size_t number);

  const char* position() const { return position_; }
  // Goes to a place that the caller read to, on the same line.
  void move_to(const char* position) { position_ = position; }
  // Goes to a place where a row starts.
  void move_to(const char* position, std::size_t line) {
    position_ = position;
    line_ = line;
  }
  void take_line_end();  // if there is one
  std::size_t line() const { return line_; }
  const Dialect& dialect() const { return dialect_; }

 private:
  bool is_blank(char c) const { return c == ' ' || (c == '\t' && dialect_.delimiter != '\t'); }
  void skip_blanks();
  std::string_view quoted_cell(std::size_t number);
  std::string_view bare_cell();

  const char* position_;
  const char* end_;
  std::string_view text_;
  Dialect dialect_;
  const std::string& source_;
  std::size_t line_ = 1;
  std::string unescaped_;
};

// What a cell is.
enum class Kind { Number, Missing, Text, TooLarge };

class Classifier {
 public:
  explicit Classifier(const Options& options);
  // The kind of a cell; `value` becomes the number, NaN for any other kind.
  Kind operator()(std::string_view cell, double& value) const;
  bool is_missing(std::string_view cell) const;

 private:
  std::vector<std::string> missing_;  // lower case
  std::size_t longest_missing_ = 0;
  char decimal_;
};

// Throws InputError unless `text` is UTF-8.
void require_utf8(std::string_view text, const Where& where);

// The dialect of the text: what the options leave open is found from its first rows.
Dialect detect(std::string_view text, const Options& options, const Classifier& classify);

// ---- The fast path for plain decimal numbers

// Reads a run of up to 8 digits at `p` and folds it into `mantissa`; returns how many there were. Reads 8
// bytes. All digits at once instead of one by one: the length of a number is hard to predict for the
// processor. (Digit sums in a register: W. Mula and D. Lemire, "Number parsing at a gigabyte per second",
// Software: Practice and Experience 51, 2021, section 7.)
inline unsigned eight_digits(const char* p, std::uint64_t& mantissa) {
  static constexpr std::array<std::uint64_t, 9> powers = {1,      10,      100,      1000,     10000,
                                                          100000, 1000000, 10000000, 100000000};
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, p, 8);
  bytes ^= 0x3030303030303030;
  const std::uint64_t other =
      (((bytes & 0x7F7F7F7F7F7F7F7F) + 0x7676767676767676) | bytes) & 0x8080808080808080;
  if ((other & 0x80) != 0) return 0;
  const unsigned count = other == 0 ? 8 : static_cast<unsigned>(std::countr_zero(other)) / 8;
  bytes <<= 64 - 8 * count;  // the first digit is the lowest byte: zeros go before it
  bytes = bytes * 10 + (bytes >> 8);
  bytes = ((bytes & 0x000000FF000000FF) * 0x000F424000000064 +
           ((bytes >> 16) & 0x000000FF000000FF) * 0x0000271000000001) >>
          32;
  mantissa = mantissa * powers[count] + (bytes & 0xFFFFFFFF);
  return count;
}

// Reads a run of digits, at most 24 of them (more than fit a mantissa); returns how many.
inline unsigned digits(const char* p, std::uint64_t& mantissa) {
  unsigned count = eight_digits(p, mantissa);
  if (count < 8) return count;
  count += eight_digits(p + 8, mantissa);
  if (count < 16) return count;
  return count + eight_digits(p + 16, mantissa);
}

// Reads a plain decimal number [-]digits[.digits] at `p` and returns its end, or nullptr when it is not one
// or is not surely exact this way. The text goes on for at least 64 bytes after `p`, or a byte that is no
// digit and 8 more come before. Exact as mantissa and power of ten both are doubles and division rounds
// correctly (W. D. Clinger, "How to read floating point numbers accurately", PLDI 1990).
inline const char* plain_number(const char* p, double& value) {
  static constexpr std::array<double, 23> powers = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  const bool negative = *p == '-';
  p += negative ? 1 : 0;
  std::uint64_t mantissa = 0;
  const unsigned whole = digits(p, mantissa);
  p += whole;
  unsigned fraction = 0;
  if (*p == '.') {
    ++p;
    fraction = digits(p, mantissa);
    p += fraction;
  }
  if (whole + fraction == 0 || whole + fraction > 19 || mantissa > (std::uint64_t{1} << 53)) return nullptr;
  if (is_digit(*p) || *p == 'e' || *p == 'E') return nullptr;
  const double magnitude = static_cast<double>(mantissa) / powers[fraction];
  value = negative ? -magnitude : magnitude;
  return p;
}

// Any other number that begins with a digit, a point or a minus sign, as the slow path would read it; nullptr
// when there is none or it is out of range.
inline const char* long_number(const char* p, const char* end, double& value) {
  const char* digits_begin = *p == '-' ? p + 1 : p;
  if (!is_digit(*digits_begin) && *digits_begin != '.') return nullptr;
  const auto [next, status] = std::from_chars(p, end, value);
  return status == std::errc() ? next : nullptr;
}

}  // namespace xchg::csv::scan
