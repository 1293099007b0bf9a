// Proven optima.
#pragma once

#include <cstdint>
#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/dag/data.hpp"
#include "xchg/dag/knowledge.hpp"
#include "xchg/dag/score/node_score.hpp"

namespace xchg::dag {

struct ExactOptions {
  int node_limit = 24;                    // more nodes need memory_budget_bytes
  std::uint64_t memory_budget_bytes = 0;  // 0: what node_limit nodes need
  double time_limit_seconds = 0;          // 0: none
  int threads = 1;
};

struct ExactResult {
  std::vector<int> order;
  double score = 0;
  double lower_bound = 0;  // = score where proven
  bool proven = false;     // false: stopped early; then the order may be empty
  std::int64_t sets = 0;   // visited
};

// The best order of all by dynamic programming over sets (Silander, Myllymaki 2006; Koivisto, Sood 2004).
// Equal scores: the smallest last node. Throws LimitError (nodes, bytes needed, bytes allowed),
// CancelledError.
ExactResult exact_order(const NodeScore& score, const Constraints& constraints, const ExactOptions& options,
                        Progress& progress);
// The same for least squares without forbidden parents or moments of single nodes: walks the sets depth-first
// with the Schur complement of the prefix.
ExactResult exact_order(const Gram& gram, const Constraints& constraints, const ExactOptions& options,
                        Progress& progress);

// Best-first search over sets with admissible bounds, from the order `incumbent`; least squares only. On
// cancel, time or memory limit returns the incumbent and the least bound of what is open.
ExactResult branch_and_bound(const Gram& gram, const Constraints& constraints, std::vector<int> incumbent,
                             const ExactOptions& options, Progress& progress);

}  // namespace xchg::dag
