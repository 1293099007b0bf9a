// What is asked for when a graph is learnt.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "xchg/core/isa.hpp"
#include "xchg/dag/data.hpp"
#include "xchg/dag/knowledge.hpp"
#include "xchg/dag/matrix.hpp"

namespace xchg::dag {

// What an order is judged by: the least total of these over all weights that respect the order. Lower is
// better.
enum class Score {
  LeastSquares,  // 1/(2n) |X - XW|^2 (Zheng et al. 2018)
  L1,            // the same + lambda1 sum |W|
  Ridge,         // the same + lambda2/2 sum W^2
  Bic,           // sum n log r + |parents| log n: Gaussian, unequal variances, does not depend on units
  Logistic,      // 0/1 columns: mean of log(1 + e^m) - x m
  Poisson,       // counts: mean of e^m - x m
  Additive,      // least squares on a polynomial basis of each predecessor
  Mlp            // one hidden layer a node
};

// How orders are searched.
enum class Method {
  Insert,         // batches of disjoint insertions, then swaps: ends insertion- and swap-optimal
  Swap,           // batches of disjoint swaps only: ends swap-optimal
  Topo,           // TOPO as published (Deng, Bello, Aragam, Ravikumar, ICML 2023)
  Exact,          // dynamic programming over sets of nodes: the proven optimum
  BranchAndBound  // best-first search with bounds: the proven optimum, or how far from it at most
};

// Where a search starts.
enum class Start {
  MinVar,    // again and again the node of least variance given those taken (Chen, Drton, Wang 2019)
  Random,    //
  Given,     // Options::order
  Matrix,    // Options::start_matrix, another program's graph
  Identity,  // the order of the columns
  Variance   // by variance
};

// The function h(W) that is 0 for acyclic graphs alone; TOPO ranks pairs by its gradient on |W|.
enum class Acyclicity { LogDet, Exponential, Polynomial };

// Which of the improving moves found together are made.
enum class Batch {
  Best,    // disjoint ones of greatest total gain (dynamic programming over positions)
  Greedy,  // best first, those that are disjoint from all taken before
  Single   // the best alone
};

// Which edges of the full regression on an order are kept.
enum class Prune {
  TTest,      // Holm's test over all edges at level alpha
  Threshold,  // |w| >= threshold
  Bic,        // backward elimination by BIC
  L1,         // those that an L1 penalty lambda1 leaves
  Adaptive,   // the same with weights 1/|w|
  None        // all
};

// The score as on the command line.
std::string_view name(Score value);
// The method as on the command line.
std::string_view name(Method value);
// The start as on the command line.
std::string_view name(Start value);
// The acyclicity function as on the command line.
std::string_view name(Acyclicity value);
// The batch as on the command line.
std::string_view name(Batch value);
// The way of pruning as on the command line.
std::string_view name(Prune value);
// The treatment of missing values as on the command line.
std::string_view name(Missing value);
// The inverse of name(). Throws InputError that lists what there is.
Score parse_score(const std::string& text);
// The inverse of name(). Throws InputError that lists what there is.
Method parse_method(const std::string& text);
// The inverse of name(). Throws InputError that lists what there is.
Start parse_start(const std::string& text);
// The inverse of name(). Throws InputError that lists what there is.
Acyclicity parse_acyclicity(const std::string& text);
// The inverse of name(). Throws InputError that lists what there is.
Batch parse_batch(const std::string& text);
// The inverse of name(). Throws InputError that lists what there is.
Prune parse_prune(const std::string& text);
// The inverse of name(). Throws InputError that lists what there is.
Missing parse_missing(const std::string& text);
// Every score by name.
std::vector<std::string> score_names();
// Every method by name.
std::vector<std::string> method_names();
// Every start by name.
std::vector<std::string> start_names();
// Every acyclicity function by name.
std::vector<std::string> acyclicity_names();
// Every batch by name.
std::vector<std::string> batch_names();
// Every way of pruning by name.
std::vector<std::string> prune_names();
// Every treatment of missing values by name.
std::vector<std::string> missing_names();

// Of the score whose weights need an intercept or not, hidden units and so on.
struct ScoreOptions {
  double lambda1 = 0.1;    // L1, and the first layers of Mlp; on the scale of 1/(2n) |…|^2; see l1
  double lambda2 = 0.01;   // Ridge, Mlp
  bool intercept = false;  // Logistic, Poisson
  bool l1 = false;         // Logistic, Poisson: + lambda1 sum |W|
  int degree = 3;          // Additive: 1..3 polynomials of each predecessor
  int hidden_units = 40;   // Mlp
  bool bias = true;        // Mlp
};

// What is asked for of learn().
struct Options {
  Score score = Score::LeastSquares;
  Method method = Method::Insert;
  Start start = Start::MinVar;
  std::vector<int> order;  // for Start::Given: every node once
  Matrix start_matrix;     // for Start::Matrix: (d, d), zero diagonal; cycles are broken at the weakest edges
  ScoreOptions score_options;

  // TOPO. 0 and -1: min(5 d, all), all and 10 pairs; see topo_release_sizes().
  int size_small = 0;       // candidate pairs of the small set, 1..d(d-1)/2
  int size_large = 0;       // of the large set
  int large_rounds = -1;    // s0: how often the large set may be used
  double min_gradient = 0;  // xi: least |dQ/dW| of a candidate
  Acyclicity acyclicity = Acyclicity::LogDet;
  // Best while it gains 0.1 % of the score, then Single; in Topo Greedy. `batch` is not read.
  bool default_batch = true;
  Batch batch = Batch::Best;

  int restarts = 1;        // the first from `start`, others from random orders
  int perturbations = 0;   // iterated local search: so many times some nodes are reinserted at random
  int tabu_steps = 0;      // steps of tabu search after the descent
  std::uint64_t seed = 1;  //
  int exact_limit = 24;    // Exact: more nodes need a memory budget that is large enough
  std::uint64_t memory_budget_bytes = 0;  // of Exact and BranchAndBound; 0: their defaults
  double time_limit_seconds = std::numeric_limits<double>::infinity();
  int refresh = 64;  // moves between two factorisations from S

  // LeastSquares and Ridge: TTest, in Topo Threshold. Bic, L1 and ScoreOptions::l1: the parents that they
  // chose. Others: Threshold. `prune` is not read.
  bool default_prune = true;
  Prune prune = Prune::TTest;
  double threshold = 0;  // 0: 0.3 (0.5 for Mlp)
  double alpha = 0.01;   // of Holm's test

  int bootstrap = 0;  // resamples
  Knowledge knowledge;
  Matrix truth;  // (d, d) the true weights where known: metrics and varsortability; or empty

  int threads = 0;      // 0: all processors; the result does not depend on it
  Isa isa = Isa::Auto;  // nor on this
};

// Sizes of TOPO's sets of pairs.
struct TopoSizes {
  int small = 0, large = 0, large_rounds = 0;
};
// Those of the later package of TOPO's authors for d nodes: linear or nonlinear inner problems.
TopoSizes topo_release_sizes(int nodes, bool linear);

}  // namespace xchg::dag
