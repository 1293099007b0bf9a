// Many mistakes of one document, told at once.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "xchg/core/error.hpp"
#include "xchg/core/json.hpp"
#include "xchg/hiring/rational.hpp"

namespace xchg::hiring {

// Collects mistakes and their places; the first 20 are told.
class Problems {
 public:
  explicit Problems(std::string source) : source_(std::move(source)) {}

  void add(const std::string& pointer, const std::string& problem, const std::string& expected = {});
  // Runs `action`; an InputError that it throws is collected. Whether there was none.
  template <class Action>
  bool collect(Action action);
  bool empty() const { return found_.empty(); }
  std::size_t size() const { return found_.size(); }
  // Throws one InputError about all of them; returns if there are none.
  void throw_if_any() const;

 private:
  struct Problem {
    std::string pointer, problem, expected;
  };
  void add(const InputError& error);

  std::string source_;
  std::vector<Problem> found_;
};

template <class Action>
bool Problems::collect(Action action) {
  try {
    action();
    return true;
  } catch (const InputError& error) {
    add(error);
    return false;
  }
}

// The exact number that stands at a place: a text "1/3", "0.05", or a JSON number. Throws InputError.
Rational rational_at(const json::Reader& place);
// The same, not negative.
Rational rational_at_least_0(const json::Reader& place);

}  // namespace xchg::hiring
