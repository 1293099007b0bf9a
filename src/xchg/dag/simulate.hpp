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

enum class GraphKind { ErdosRenyi, ScaleFree, Bipartite, Chain };
enum class Noise { Gauss, Exponential, Gumbel, Uniform };
// How a node follows from its parents (Zheng et al. 2020 for the nonlinear ones).
enum class Mechanism { Linear, Logistic, Poisson, Mlp, Mim, AdditiveGp };

std::string_view name(GraphKind value);  // "er", "sf", "bipartite", "chain"
std::string_view name(Noise value);      // "gauss", "exp", "gumbel", "uniform"
std::string_view name(Mechanism value);  // "linear", "logistic", "poisson", "mlp", "mim", "additive-gp"
GraphKind parse_graph_kind(const std::string& text);
Noise parse_noise(const std::string& text);
Mechanism parse_mechanism(const std::string& text);

struct SimulateOptions {
  GraphKind graph = GraphKind::ErdosRenyi;
  double degree = 4;  // edges a node: about degree * d edges in all
  int nodes = 20;
  std::int64_t rows = 1000;
  Noise noise = Noise::Gauss;
  Mechanism mechanism = Mechanism::Linear;
  double weight_low = 0.5, weight_high = 2;  // |weights| uniform in this range, signs at random
  double noise_ratio = 1;  // standard deviations of the noises are uniform in [1, noise_ratio]
  std::uint64_t seed = 1;
};

struct Simulation {
  Matrix truth;            // (d, d) weights; nonlinear: 1 for an edge
  std::vector<int> order;  // a topological order
  Data data;               // (n, d) named v0..
};

// Throws InputError for options out of range, NumericError when values overflow.
Simulation simulate(const SimulateOptions& options, Progress& progress = Progress::none());

}  // namespace xchg::dag
