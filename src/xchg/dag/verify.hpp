// An independent check of a result: plain regression by QR, no code shared with the search.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/dag/data.hpp"
#include "xchg/dag/learn.hpp"

namespace xchg::dag {

// What a result claims about data.
struct Claim {
  std::vector<std::string> names;
  std::vector<int> order;  // node numbers
  Score score = Score::LeastSquares;
  ScoreOptions score_options;
  Matrix w;  // (d, d) of the graph
  double score_order = 0, score_graph = 0;
  std::optional<double> lower_bound, gap, kkt_residual;
  std::string status;
  Knowledge knowledge;
};

// Of a result of learn() with these options.
Claim claim(const Result& result, const Options& options);
// Reads a result.json. Throws InputError with the JSON pointer.
Claim read_claim(const std::filesystem::path& path);
// The same from text in memory.
Claim parse_claim(std::string_view text, const std::string& source = "result");

// What the check says.
struct Verdict {
  bool ok = false;                     // everything that was checked holds
  std::vector<std::string> checked;    // what was, one line each
  std::vector<std::string> findings;   // what does not hold, one line each
  std::vector<std::string> unchecked;  // what could not be, and why
};

// Checks names, acyclicity, that edges follow the order and the knowledge, every coefficient and both scores
// (relative 1e-9), the lower bound, the KKT residual, and up to 12 nodes "optimal" by trying all orders.
// Scores without a Gram form need the rows.
Verdict verify(const Gram& gram, const Claim& claim, Progress& progress = Progress::none());
// The same from rows.
Verdict verify(const Data& data, const GramOptions& gram_options, const Claim& claim,
               Progress& progress = Progress::none());

}  // namespace xchg::dag
