// Simulated graphs and data with known truth.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/dag/data.hpp"
#include "xchg/dag/matrix.hpp"

namespace xchg::dag {

// Which nodes are joined. All graphs get a random numbering of their nodes.
enum class GraphKind {
  ErdosRenyi,  // degree * d edges, at random among all pairs
  ScaleFree,   // preferential attachment (Barabasi, Albert 1999): each node becomes a cause of `degree`
               // earlier ones, chosen with probability proportional to 1 + their causes; hubs are effects
  Bipartite,   // degree * d edges from a fifth of the nodes to the others
  Chain        // one path through all nodes
};
// All with mean 0 and variance 1, times the node's standard deviation.
enum class Noise { Gauss, Exponential, Gumbel, Uniform };
// How a node follows from its parents (as in Zheng et al. 2018; the nonlinear ones: 2020).
enum class Mechanism {
  Linear,     // sum of w x, and noise
  Logistic,   // 1 with probability 1 / (1 + exp(-sum of w x)), else 0
  Poisson,    // a Poisson number with mean exp(sum of w x)
  Mlp,        // 100 sigmoid units, and noise
  Mim,        // tanh, cos and sin of three sums of w x, and noise
  AdditiveGp  // a random function of each parent, and noise: a Gaussian process with kernel
              // exp(-(x - y)^2 / 2), approximated by 128 random Fourier features (Rahimi, Recht 2007)
};

// As on the command line, and back; the latter throw InputError that lists what there is.
std::string_view name(GraphKind value);  // "er", "sf", "bipartite", "chain"
std::string_view name(Noise value);      // "gauss", "exp", "gumbel", "uniform"
std::string_view name(Mechanism value);  // "linear", "logistic", "poisson", "mlp", "mim", "additive-gp"
// The inverse of name(). Throws InputError.
GraphKind parse_graph_kind(const std::string& text);
// The inverse of name(). Throws InputError.
Noise parse_noise(const std::string& text);
// The inverse of name(). Throws InputError.
Mechanism parse_mechanism(const std::string& text);

// What is simulated.
struct SimulateOptions {
  GraphKind graph = GraphKind::ErdosRenyi;
  double degree = 4;         // edges a node: round(degree * d) in all, or as many as there can be
  int nodes = 20;            // d, at least 1
  std::int64_t rows = 1000;  // n, at least 1
  Noise noise = Noise::Gauss;
  Mechanism mechanism = Mechanism::Linear;
  double weight_low = 0.5, weight_high = 2;  // |weights| uniform in this range, signs at random
  double noise_ratio = 1;  // standard deviations of the noises are uniform in [1, noise_ratio]
  std::uint64_t seed = 1;  // the same gives the same bytes
  int threads = 0;         // 0: all processors; the result does not depend on it
};

// What came out.
struct Simulation {
  Matrix truth;            // (d, d) weights; nonlinear: 1 for an edge
  std::vector<int> order;  // a topological order
  Data data;               // (n, d) named v0..
};

// Throws InputError for options out of range, NumericError when values overflow (names the node),
// CancelledError.
Simulation simulate(const SimulateOptions& options, Progress& progress = Progress::none());

}  // namespace xchg::dag
