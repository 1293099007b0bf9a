// Proven optima.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "xchg/core/isa.hpp"
#include "xchg/core/progress.hpp"
#include "xchg/dag/data.hpp"
#include "xchg/dag/knowledge.hpp"
#include "xchg/dag/score/node_score.hpp"

namespace xchg::dag {

struct ExactOptions {
  int node_limit = 24;                    // more nodes need memory_budget_bytes
  std::uint64_t memory_budget_bytes = 0;  // 0: what node_limit nodes need
  double time_limit_seconds = 0;          // 0: none
  int threads = 1;                        // the result does not depend on it
  Isa isa = Isa::Auto;                    // nor on this
  // Of exact_order by NodeScore: an order known before. Sets of a monotone score that cannot lead to a lower
  // total are left out; it is what an early stop returns.
  std::vector<int> incumbent;
};

struct ExactResult {
  std::vector<int> order;
  double score = 0;
  double lower_bound = 0;  // no order scores below; = score where proven; -infinity where nothing is known
  bool proven = false;     // false: stopped early; the order then is the incumbent's, perhaps empty
  std::int64_t sets = 0;   // visited
  std::string stopped_by;  // "cancelled", "time limit", "memory limit" where not proven
};

// Bytes of the table of exact_order: 8 for each set of nodes.
std::uint64_t exact_bytes(std::size_t nodes);

// The best order of all by dynamic programming over sets (Silander, Myllymaki 2006; Koivisto, Sood 2004). Of
// scores that are equal within 1e-12 relative it has the smallest last node. On cancel and at the time limit
// returns an unproven result. Throws LimitError (nodes, bytes needed, bytes allowed), InputError when costs
// are not a function of the set, NumericError when they are not finite.
ExactResult exact_order(const NodeScore& score, const Constraints& constraints, const ExactOptions& options,
                        Progress& progress);
// The same for least squares without forbidden parents or moments of single nodes: walks the sets depth-first
// with the regressions of the prefix.
ExactResult exact_order(const Gram& gram, const Constraints& constraints, const ExactOptions& options,
                        Progress& progress);

// Best-first search over sets (A*) with the bound of remaining_bound.hpp, from the order `incumbent`; least
// squares only, up to 128 nodes. Memory: memory_budget_bytes, 1 GiB where 0; about 130 bytes a set. On
// cancel, time or memory limit returns the best order known and the least bound of what is open: nothing
// scores below. Throws InputError when the incumbent is neither empty nor an order that is admitted,
// LimitError for more nodes.
ExactResult branch_and_bound(const Gram& gram, const Constraints& constraints, std::vector<int> incumbent,
                             const ExactOptions& options, Progress& progress);

}  // namespace xchg::dag
