// JSON (RFC 8259) in and out, and values taken from it with places in every error.
//
//   const json::Value document = json::read("job.json");
//   json::Reader job(document, "job.json");
//   const double rate = job.at("rate").number(json::Range::above(0));
//   job.finish();  // refuses keys that nothing asked for
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace xchg::json {

// A value whose objects keep the order of their keys. Include <nlohmann/json.hpp> to build or walk one.
using Value = nlohmann::ordered_json;

// Objects and arrays may be nested so deep.
inline constexpr std::size_t deepest = 500;

// What becomes of numbers that are no integers of 64 bits.
enum class Numbers {
  Double,  // the nearest double
  Text,    // a string with the digits as written, for those who compute exactly
};

// Reads a document. Throws InputError with line and column where the text is no JSON, and with the JSON
// pointer where a key comes twice in an object or the nesting is too deep. Numbers too large for a double are
// errors.
Value parse(std::string_view text, const std::string& source = "JSON", Numbers numbers = Numbers::Double);

// The same from a file; "-" is standard input. Throws also what file::read throws.
Value read(const std::filesystem::path& path);

// The document as text: two blanks of indentation, a line for each member of an object, arrays of plain
// values in filled lines, a line end after it. Doubles have the shortest text that reads back the same; those
// that are not finite are null; text that is not UTF-8 is repaired.
std::string dump(const Value& value);

// Writes dump() to a file, atomically (see file::write_atomically for the errors).
void write(const std::filesystem::path& path, const Value& value);

// What a number may be.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_excluded = false;
  bool high_excluded = false;

  static Range any() { return {}; }
  static Range at_least(double low) { return {.low = low}; }
  static Range above(double low) { return {.low = low, .low_excluded = true}; }
  static Range between(double low, double high) { return {.low = low, .high = high}; }

  bool contains(double value) const;
  std::string text() const;  // "a number >= 0"
};

// A place in a document, from which typed values are taken. Every function throws InputError, which names the
// file, the JSON pointer, what was found and what was expected. The document must outlive the reader.
class Reader {
 public:
  Reader(const Value& document, std::string source);

  // The member of that key.
  Reader at(std::string_view key);
  // The same, or nothing when there is none or it is null.
  std::optional<Reader> optional(std::string_view key);
  // Refuses members that neither at() nor optional() was called for, naming the nearest known key.
  void finish() const;

  double number(const Range& range = {}) const;
  std::int64_t integer(std::int64_t least, std::int64_t most) const;
  const std::string& text() const;
  bool boolean() const;
  // The text, which is one of these.
  std::string choice(std::initializer_list<std::string_view> choices) const;
  // The elements of an array.
  std::vector<Reader> array() const;
  std::vector<double> numbers(const Range& range = {}) const;
  // The members of an object in their order; finish() takes all for known.
  std::vector<std::pair<std::string, Reader>> members();

  bool is_object() const;
  bool is_array() const;
  bool is_text() const;
  bool is_number() const;

  const Value& value() const { return *value_; }
  const std::string& pointer() const { return pointer_; }
  // Throws an InputError at this place.
  [[noreturn]] void fail(const std::string& problem, const std::string& expected = {}) const;
  // The same with what is found here as the problem: "found string "x"".
  [[noreturn]] void fail_found(const std::string& expected) const;

 private:
  Reader(const Value& value, const Reader& parent, std::string_view token);
  const Value* find(std::string_view key);

  const Value* value_;
  std::string source_;
  std::string pointer_;
  std::vector<std::string> known_;  // the keys that were asked for
};

}  // namespace xchg::json
