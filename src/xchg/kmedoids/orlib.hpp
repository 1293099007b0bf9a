// p-median instances as the OR-Library has them (J. E. Beasley 1985): a graph whose shortest paths are the
// dissimilarities.
//
//   n edges p        objects, lines that follow, and the number of medoids
//   i j cost         an undirected edge, nodes from 1; of an edge given twice the last cost counts
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "xchg/kmedoids/dissimilarity.hpp"

namespace xchg::kmedoids {

struct OrlibOptions {
  int threads = 0;
  std::uint64_t memory_budget_bytes = 0;  // of the matrix; 0: half of the memory that is free
};

struct OrlibInstance {
  Dissimilarity data;  // int32, symmetric: lengths of all shortest paths
  int k = 0;           // p of the file
};

// Reads the text of such a file, which errors call `source`. Blank lines do not count. Throws InputError with
// the line for whatever is no instance (also a graph that is not connected, or with a path over the range of
// int32), LimitError when the matrix is over the budget. What it allocates is bounded by the length of the
// text until the matrix is known to fit.
OrlibInstance parse_orlib(std::string_view text, const std::string& source, const OrlibOptions& options = {});

// Reads a file; "-" is standard input.
OrlibInstance read_orlib(const std::string& path, const OrlibOptions& options = {});

}  // namespace xchg::kmedoids
