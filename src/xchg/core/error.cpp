#include "xchg/core/error.hpp"

#include <utility>

#include "xchg/core/text.hpp"

namespace xchg {
namespace {

std::string input_message(const std::string& problem, const Where& where, const std::string& expected) {
  std::string message = where.text();
  if (!message.empty()) message += ": ";
  message += problem;
  if (!expected.empty()) message += "; expected " + expected;
  return message;
}

std::string limit_message(const std::string& problem, const std::string& figures, const std::string& remedy) {
  std::string message = problem + figures;
  if (!remedy.empty()) message += "; " + remedy;
  return message;
}

}  // namespace

std::string Where::text() const {
  std::string text = file;
  const std::string separator = file.empty() ? "" : ":";
  if (line != 0) text += separator + (file.empty() ? "line " : "") + std::to_string(line);
  if (column != 0) text += (text.empty() ? "column " : ", column ") + std::to_string(column);
  if (!pointer.empty()) text += (text.empty() ? "at " : " at ") + pointer;
  return text;
}

InputError::InputError(std::string problem, Where where, std::string expected)
    : Error(input_message(problem, where, expected), ExitCode::Input),
      problem_(std::move(problem)),
      where_(std::move(where)),
      expected_(std::move(expected)) {}

LimitError::LimitError(const std::string& problem, std::uint64_t asked_bytes, std::uint64_t limit_bytes,
                       std::string remedy)
    : Error(limit_message(problem,
                          " (needs " + text::bytes(asked_bytes) + ", limit " + text::bytes(limit_bytes) + ")",
                          remedy),
            ExitCode::Limit),
      asked_bytes_(asked_bytes),
      limit_bytes_(limit_bytes),
      remedy_(std::move(remedy)) {}

LimitError::LimitError(const std::string& problem, std::string remedy)
    : Error(limit_message(problem, "", remedy), ExitCode::Limit), remedy_(std::move(remedy)) {}

}  // namespace xchg
