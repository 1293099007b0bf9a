// Cells of a table as few lines: sets of values in each dimension.
#pragma once

#include <cstddef>
#include <vector>

namespace xchg::hiring {

// All cells whose index in each dimension is in that dimension's set (ascending).
struct Box {
  std::vector<std::vector<int>> sets;  // [dimension]
  int value = 0;
};

// Joins boxes of one value that differ in one dimension alone, dimension by dimension, until none do. The
// boxes stay disjoint and cover the same cells.
std::vector<Box> joined(std::vector<Box> boxes);

}  // namespace xchg::hiring
