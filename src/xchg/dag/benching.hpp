// Helpers of this room's benchmarks.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "xchg/dag/dag.hpp"

namespace xchg::dag {

inline double seconds_of(const auto& action) {
  const auto start = std::chrono::steady_clock::now();
  action();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

inline double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// data/dag/gram_NAME.csv.
inline Gram shipped(const std::string& name) {
  return read_gram(XCHG_TEST_DATA "/dag/gram_" + name + ".csv", 1000);
}

// Second moments of 4000 rows of a random graph with 4 edges a node, equal noise variances; made once for
// each d.
inline const Gram& simulated(int d) {
  static std::map<int, Gram> made;
  Gram& moments = made[d];
  if (moments.names.empty()) {
    // Weights shrink with the size of the graph, so that the moments stay in range.
    moments =
        gram(simulate({.degree = 4, .nodes = d, .rows = 4000, .weight_low = 0.2, .weight_high = 0.6}).data);
  }
  return moments;
}

}  // namespace xchg::dag
