#include "xchg/dag/data/transform.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"
#include "xchg/core/utf8.hpp"

namespace xchg::dag {
namespace {

std::string without_blanks(const std::string& text) {
  std::string result;
  std::copy_if(text.begin(), text.end(), std::back_inserter(result),
               [](char c) { return c != ' ' && c != '\t'; });
  return result;
}

[[noreturn]] void fail(const std::string& text) {
  throw InputError("'" + text + "' is no transform", {},
                   "log(x+C), sqrt(x+C), asinh(x+C) or rank, perhaps for one column: COLUMN=log(x+C)");
}

// "(x+10)", "(x)" or nothing: what is added.
double parse_shift(std::string_view rest, const std::string& text) {
  if (rest.empty() || rest == "(x)") return 0;
  if (!rest.starts_with("(x") || !rest.ends_with(")")) fail(text);
  rest = rest.substr(2, rest.size() - 3);
  double value = 0;
  const bool plus = rest.starts_with('+');
  if (!plus && !rest.starts_with('-')) fail(text);
  const char* begin = rest.data() + (plus ? 1 : 0);
  const auto [end, status] = std::from_chars(begin, rest.data() + rest.size(), value);
  if (status != std::errc() || end != rest.data() + rest.size() || !std::isfinite(value)) fail(text);
  return value;
}

// Ranks 1..n of the present values; ties share their mean.
void rank(std::span<double> column) {
  std::vector<std::size_t> present;
  for (std::size_t i = 0; i < column.size(); ++i) {
    if (!std::isnan(column[i])) present.push_back(i);
  }
  std::sort(present.begin(), present.end(),
            [&](std::size_t a, std::size_t b) { return column[a] < column[b]; });
  std::vector<double> ranks(present.size());
  for (std::size_t first = 0; first < present.size();) {
    std::size_t last = first + 1;
    while (last < present.size() && column[present[last]] == column[present[first]]) ++last;
    for (std::size_t i = first; i < last; ++i) ranks[i] = 0.5 * static_cast<double>(first + 1 + last);
    first = last;
  }
  for (std::size_t i = 0; i < present.size(); ++i) column[present[i]] = ranks[i];
}

}  // namespace

Transform parse_transform(const std::string& text) {
  Transform transform;
  std::string body = text;
  if (const std::size_t equals = text.rfind('='); equals != std::string::npos) {
    transform.column = text.substr(0, equals);
    body = text.substr(equals + 1);
    if (transform.column.empty()) fail(text);
  }
  body = without_blanks(body);
  const std::string function = body.substr(0, body.find('('));
  const std::string_view rest = std::string_view(body).substr(function.size());
  if (function == "log") {
    transform.function = Transform::Function::Log;
  } else if (function == "sqrt") {
    transform.function = Transform::Function::Sqrt;
  } else if (function == "asinh") {
    transform.function = Transform::Function::Asinh;
  } else if (function == "rank") {
    transform.function = Transform::Function::Rank;
  } else {
    fail(text);
  }
  if (transform.function == Transform::Function::Rank && !(rest.empty() || rest == "(x)")) fail(text);
  transform.shift = parse_shift(rest, text);
  return transform;
}

void apply(const Transform& transform, std::span<double> column, const std::string& name,
           const std::string& source, const std::vector<std::size_t>& lines) {
  using Function = Transform::Function;
  if (transform.function == Function::Rank) return rank(column);
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (std::isnan(column[row])) continue;
    const double value = column[row] + transform.shift;
    if (!std::isfinite(value)) {
      throw InputError("column " + utf8::quoted(name) + " becomes infinite with what is added to " +
                           text::exact(column[row]),
                       {source, row < lines.size() ? lines[row] : 0}, "a smaller constant");
    }
    const bool bad = (transform.function == Function::Log && !(value > 0)) ||
                     (transform.function == Function::Sqrt && !(value >= 0));
    if (bad) {
      throw InputError("column " + utf8::quoted(name) + " has " + text::exact(column[row]) + ", whose " +
                           (transform.function == Function::Log ? "logarithm" : "root") + " does not exist" +
                           (transform.shift != 0 ? " (" + text::exact(value) + " with what is added)" : ""),
                       {source, row < lines.size() ? lines[row] : 0}, "a larger constant, as in log(x+10)");
    }
    column[row] = transform.function == Function::Log    ? std::log(value)
                  : transform.function == Function::Sqrt ? std::sqrt(value)
                                                         : std::asinh(value);
  }
}

}  // namespace xchg::dag
