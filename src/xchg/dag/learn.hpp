// Learning a directed acyclic graph: the order, the graph, its uncertainty.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/dag/data.hpp"
#include "xchg/dag/graph.hpp"
#include "xchg/dag/identifiability.hpp"
#include "xchg/dag/matrix.hpp"
#include "xchg/dag/options.hpp"

namespace xchg::dag {

// How far the search came.
enum class Status {
  Optimal,     // proven: no order has a lower score
  Local,       // the method came to its end: no move lowers the score, for Topo none of its pairs
  Interrupted  // cancelled, or the time limit; the best so far
};
// "optimal", "local", "interrupted".
std::string_view name(Status status);

// One step of a search.
struct Step {
  double seconds = 0;  // since the search began
  int run = 0;         // restart
  std::string kind;    // "start", "insert", "swap", "small set", "large set", "perturb", "tabu", "exact"
  int moves = 0;       // made together
  double score = 0;    // after it
};

// Counts of what was done.
struct Statistics {
  std::int64_t insertions_evaluated = 0;
  std::int64_t swaps_evaluated = 0;
  std::int64_t moves = 0;
  std::int64_t factorisations = 0;
  std::int64_t refits = 0;      // of a node, for scores without closed differences
  std::int64_t cache_hits = 0;  // refits saved
  std::int64_t sets = 0;        // of nodes, by Exact and BranchAndBound
  double largest_drift = 0;     // relative difference between updated and fresh score
  int refresh = 0;              // moves between factorisations in the end
  int runs = 0;                 // restarts done
  int best_run = 0;
  double seconds = 0;
  Isa isa = Isa::Scalar;
};

// What was learnt. Node numbers are columns of the input.
struct Result {
  std::vector<std::string> names;
  std::vector<int> order;  // first node first
  Matrix w;                // (d, d) of the graph after pruning and refitting
  Matrix w_order;          // (d, d) of the regression on all allowed predecessors
  Matrix se;               // (d, d) standard errors of w given the graph; empty where the score has none
  Matrix se_order;         // (d, d) standard errors of w_order; empty where the score has none
  double score_order = 0;  // what the search minimised: of w_order
  double score_graph = 0;  // of w
  std::optional<double> lower_bound;   // no order scores below
  std::optional<double> gap;           // score_order / lower_bound - 1; for Bic score_order - lower_bound
  std::optional<double> kkt_residual;  // largest |dQ/dW_ij| over edges that could be added without a cycle
  Status status = Status::Local;
  Method method = Method::Insert;        // whose end Local is: Topo ends by its own rule
  std::string stopped_by;                // why Interrupted
  bool separated = false;                // Logistic: some weights were stopped at |w| = 30
  std::vector<Edge> removed_from_start;  // of start_matrix, to break its cycles
  double score_start = 0;                // of the order the first run began with

  int resamples = 0;  // of the bootstrap that were done
  Matrix frequency;   // (d, d) share of resamples whose graph has i -> j; empty without bootstrap
  Matrix precedence;  // (d, d) share in which i stands before j
  Cpdag cpdag;        // of the graph w
  std::optional<Metrics> metrics;        // against Options::truth
  std::optional<Metrics> cpdag_metrics;  // of the equivalence classes
  Identifiability identifiability;
  std::vector<std::string> warnings;  // sentences for people
  std::vector<Step> steps;
  Statistics statistics;
};

// Learns from second moments: LeastSquares, L1, Ridge, Bic. On cancel and at the time limit returns the best
// so far. Throws InputError (see section by section: options out of range, dependent columns, knowledge that
// no order satisfies), LimitError (Exact needs more memory), NumericError.
Result learn(const Gram& gram, const Options& options = {}, Progress& progress = Progress::none());

// Learns from rows: every score, and bootstrap.
Result learn(const Data& data, const GramOptions& gram_options, const Options& options = {},
             Progress& progress = Progress::none());

// The same from rows whose second moments are at hand, so that they are not taken again: `moments` are those
// of gram(), with the targets of the knowledge among its options.
Result learn(const Data& data, const Gram& moments, const GramOptions& gram_options, const Options& options,
             Progress& progress = Progress::none());

// The least-squares score of an order: one factorisation. Throws InputError unless it is a permutation, or
// when columns depend on each other.
double score_order(const Gram& gram, std::span<const int> order);

// The score of an order for any score of the options.
double score_order(const Gram& gram, std::span<const int> order, const Options& options);
// The same from rows, for every score.
double score_order(const Data& data, const GramOptions& gram_options, std::span<const int> order,
                   const Options& options);

// The least value that the least-squares score of any order has: (d/2) det(S)^(1/d).
double lower_bound(const Gram& gram);

// A move of nodes in an order and what it changes.
struct Delta {
  enum class Kind { Insert, Swap };
  Kind kind = Kind::Insert;
  int from = 0;           // position of the node that moves
  int to = 0;             // where it stands after it; of a swap the other position, from < to
  double difference = 0;  // of the score; below 0: better
};

// Every insertion and swap with its exact least-squares difference.
std::vector<Delta> neighbourhood(const Gram& gram, std::span<const int> order);

}  // namespace xchg::dag
