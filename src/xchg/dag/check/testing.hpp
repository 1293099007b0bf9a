// Helpers of the tests of the check.
#pragma once

#include <string>

#include "xchg/dag/data.hpp"
#include "xchg/dag/learn.hpp"
#include "xchg/dag/verify.hpp"

namespace xchg::dag::testing {

inline std::string data_path(const std::string& name) { return std::string(XCHG_TEST_DATA) + "/dag/" + name; }

inline Gram gram_of(const std::string& graph) { return read_gram(data_path("gram_" + graph + ".csv"), 1000); }

inline Data sachs() {
  ReadOptions options;
  options.where = {{"condition", "cd3_cd28"}};
  options.ignore = {"condition"};
  options.transforms = {parse_transform("log(x+10)")};
  return read_data(data_path("sachs.csv"), options);
}

// All findings in one text.
inline std::string findings(const Verdict& verdict) {
  std::string text;
  for (const std::string& line : verdict.findings) text += line + "\n";
  return text;
}

inline bool says(const std::vector<std::string>& lines, const std::string& words) {
  for (const std::string& line : lines) {
    if (line.find(words) != std::string::npos) return true;
  }
  return false;
}

}  // namespace xchg::dag::testing
