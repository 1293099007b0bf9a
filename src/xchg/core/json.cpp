#include "xchg/core/json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "xchg/core/error.hpp"
#include "xchg/core/file.hpp"
#include "xchg/core/text.hpp"
#include "xchg/core/utf8.hpp"

namespace xchg::json {
namespace {

// A key or an index as part of a JSON pointer.
std::string pointer_token(std::string_view token) {
  std::string result = "/";
  for (const char c : token) {
    if (c == '~') {
      result += "~0";
    } else if (c == '/') {
      result += "~1";
    } else {
      result += c;
    }
  }
  return result;
}

// Builds a document from the parser's events.
class Builder : public nlohmann::json_sax<Value> {
 public:
  Builder(std::string_view text, const std::string& source, Numbers numbers)
      : text_(text), source_(source), numbers_(numbers) {}

  Value take() { return std::move(document_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t& written) override {
    return numbers_ == Numbers::Text ? add(written) : add(value);
  }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }  // JSON text has none

  bool start_object(std::size_t) override { return open(Value::object()); }
  bool start_array(std::size_t) override { return open(Value::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& key) override {
    Frame& frame = open_.back();
    if (!frame.keys.insert(key).second)
      throw InputError("the key " + utf8::quoted(key) + " comes twice", {source_, 0, 0, pointer()},
                       "each key once");
    frame.key = std::move(key);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    // The position is that of the last byte read, counted from 1, or one after the end.
    const std::string_view before = text_.substr(0, position == 0 ? 0 : position - 1);
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
    throw InputError(problem_of(error.what()), {source_, line, before.size() - line_start + 1, {}});
  }

 private:
  struct Frame {
    Value* value;
    std::string key;                       // of the member that comes next
    std::unordered_set<std::string> keys;  // so far
  };

  // Without the library's numbers and its own counts of lines.
  static std::string problem_of(std::string_view what) {
    const std::size_t bracket = what.find("] ");
    if (bracket != std::string_view::npos) what.remove_prefix(bracket + 2);
    if (what.starts_with("parse error at ")) what.remove_prefix(std::min(what.find(": ") + 2, what.size()));
    std::string problem = utf8::quoted(what, 300);
    return problem.substr(1, problem.size() - 2);
  }

  std::string pointer() const {
    std::string result;
    for (std::size_t i = 0; i + 1 < open_.size(); ++i) {
      const Frame& frame = open_[i];
      result += pointer_token(frame.value->is_array() ? std::to_string(frame.value->size() - 1) : frame.key);
    }
    return result;
  }

  Value& place(Value value) {
    if (open_.empty()) return document_ = std::move(value);
    Frame& frame = open_.back();
    if (frame.value->is_array())
      return frame.value->get_ref<Value::array_t&>().emplace_back(std::move(value));
    // Straight to the end: emplace() of an ordered map would look through all keys again.
    auto& members = frame.value->get_ref<Value::object_t&>();
    members.emplace_back(std::move(frame.key), std::move(value));
    frame.key = members.back().first;
    return members.back().second;
  }

  bool add(Value value) {
    place(std::move(value));
    return true;
  }

  bool open(Value value) {
    open_.push_back({&place(std::move(value)), {}, {}});
    if (open_.size() > deepest)
      throw InputError("is nested too deep", {source_},  // a pointer would have as many parts
                       "at most " + std::to_string(deepest) + " levels");
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  const std::string& source_;
  Numbers numbers_;
  Value document_;
  std::vector<Frame> open_;
};

// What a value is, for messages.
std::string described(const Value& value) {
  switch (value.type()) {
    case Value::value_t::string:
      return "string " + utf8::quoted(value.get_ref<const std::string&>());
    case Value::value_t::array:
      return "an array";
    case Value::value_t::object:
      return "an object";
    case Value::value_t::null:
    case Value::value_t::boolean:
      return value.dump();
    default:
      return "number " + value.dump();
  }
}

}  // namespace

Value parse(std::string_view text, const std::string& source, Numbers numbers) {
  Builder builder(text, source, numbers);
  Value::sax_parse(text, &builder);
  return builder.take();
}

Value read(const std::filesystem::path& path) {
  return parse(file::read(path), path == "-" ? "standard input" : path.string());
}

bool Range::contains(double value) const {
  return (low_excluded ? value > low : value >= low) && (high_excluded ? value < high : value <= high);
}

std::string Range::text() const {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (low != -infinity && high != infinity && !low_excluded && !high_excluded)
    return "a number from " + text::exact(low) + " to " + text::exact(high);
  std::string result = "a number";
  if (low != -infinity) result += (low_excluded ? " > " : " >= ") + text::exact(low);
  if (low != -infinity && high != infinity) result += " and";
  if (high != infinity) result += (high_excluded ? " < " : " <= ") + text::exact(high);
  return result;
}

Reader::Reader(const Value& document, std::string source) : value_(&document), source_(std::move(source)) {}

Reader::Reader(const Value& value, const Reader& parent, std::string_view token)
    : value_(&value), source_(parent.source_), pointer_(parent.pointer_ + pointer_token(token)) {}

void Reader::fail(const std::string& problem, const std::string& expected) const {
  throw InputError(problem, {source_, 0, 0, pointer_.empty() ? "the top" : pointer_}, expected);
}

void Reader::fail_found(const std::string& expected) const { fail("found " + described(*value_), expected); }

const Value* Reader::find(std::string_view key) {
  if (!value_->is_object()) fail_found("an object");
  known_.emplace_back(key);
  const auto found = value_->find(key);
  return found == value_->end() ? nullptr : &*found;
}

Reader Reader::at(std::string_view key) {
  if (const Value* found = find(key)) return {*found, *this, key};
  std::vector<std::string> present;
  for (const auto& [name, value] : value_->items()) present.push_back(name);
  const std::string near = text::nearest(key, present);
  fail("the key " + utf8::quoted(key) + " is missing" +
       (near.empty() ? "" : " (there is " + utf8::quoted(near) + ")"));
}

std::optional<Reader> Reader::optional(std::string_view key) {
  const Value* found = find(key);
  if (found == nullptr || found->is_null()) return std::nullopt;
  return Reader(*found, *this, key);
}

void Reader::finish() const {
  if (!value_->is_object()) return;
  for (const auto& [name, value] : value_->items()) {
    if (std::find(known_.begin(), known_.end(), name) == known_.end())
      fail("unknown key " + utf8::quoted(name) + text::suggestion(name, known_));
  }
}

double Reader::number(const Range& range) const {
  if (!value_->is_number()) fail_found(range.text());
  const double number = value_->get<double>();
  if (!range.contains(number)) fail_found(range.text());
  return number;
}

std::int64_t Reader::integer(std::int64_t least, std::int64_t most) const {
  const std::string expected = "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  std::int64_t number = 0;
  if (value_->is_number_unsigned()) {
    const auto large = value_->get<std::uint64_t>();
    if (large > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) fail_found(expected);
    number = static_cast<std::int64_t>(large);
  } else if (value_->is_number_integer()) {
    number = value_->get<std::int64_t>();
  } else if (value_->is_number_float()) {
    const double real = value_->get<double>();
    constexpr double largest = 0x1p53;  // beyond, not every whole number is a double
    if (!(real >= -largest && real <= largest) ||
        real != static_cast<double>(static_cast<std::int64_t>(real)))
      fail_found(expected);
    number = static_cast<std::int64_t>(real);
  } else {
    fail_found(expected);
  }
  if (number < least || number > most) fail_found(expected);
  return number;
}

const std::string& Reader::text() const {
  if (!value_->is_string()) fail_found("a string");
  return value_->get_ref<const std::string&>();
}

bool Reader::boolean() const {
  if (!value_->is_boolean()) fail_found("true or false");
  return value_->get<bool>();
}

std::string Reader::choice(std::initializer_list<std::string_view> choices) const {
  if (value_->is_string()) {
    const auto& chosen = value_->get_ref<const std::string&>();
    if (std::find(choices.begin(), choices.end(), chosen) != choices.end()) return chosen;
  }
  std::string expected = "one of";
  for (const std::string_view choice : choices)
    expected += (choice == *choices.begin() ? " " : ", ") + utf8::quoted(choice);
  fail_found(expected);
}

std::vector<Reader> Reader::array() const {
  if (!value_->is_array()) fail_found("an array");
  std::vector<Reader> elements;
  elements.reserve(value_->size());
  for (const Value& element : *value_)
    elements.push_back(Reader(element, *this, std::to_string(elements.size())));
  return elements;
}

std::vector<double> Reader::numbers(const Range& range) const {
  if (!value_->is_array()) fail_found("an array of numbers");
  std::vector<double> result;
  result.reserve(value_->size());
  for (const Value& element : *value_) {
    const bool good = element.is_number() && range.contains(element.get<double>());
    if (!good) Reader(element, *this, std::to_string(result.size())).fail_found(range.text());
    result.push_back(element.get<double>());
  }
  return result;
}

std::vector<std::pair<std::string, Reader>> Reader::members() {
  if (!value_->is_object()) fail_found("an object");
  std::vector<std::pair<std::string, Reader>> result;
  for (const auto& [name, value] : value_->items()) {
    known_.push_back(name);
    result.emplace_back(name, Reader(value, *this, name));
  }
  return result;
}

bool Reader::is_object() const { return value_->is_object(); }
bool Reader::is_array() const { return value_->is_array(); }
bool Reader::is_text() const { return value_->is_string(); }
bool Reader::is_number() const { return value_->is_number(); }

}  // namespace xchg::json
