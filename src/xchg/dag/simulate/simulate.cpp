#include "xchg/dag/simulate.hpp"

#include <cmath>
#include <limits>
#include <numeric>

#include "xchg/core/error.hpp"
#include "xchg/core/parallel.hpp"
#include "xchg/core/random.hpp"
#include "xchg/core/threads.hpp"
#include "xchg/dag/simulate/mechanism.hpp"
#include "xchg/dag/simulate/random_graph.hpp"

namespace xchg::dag {
namespace {

// Rows that share a stream of random numbers.
constexpr std::int64_t rows_a_piece = 1024;

// Streams: what is drawn in one does not shift the others.
constexpr std::uint64_t stream_of_graph = 0, stream_of_numbering = 1, stream_of_weights = 2,
                        stream_of_deviations = 3, stream_of_parameters = std::uint64_t{1} << 32,
                        stream_of_rows = std::uint64_t{2} << 32;

void check(bool fine, const std::string& problem, const std::string& expected) {
  if (!fine) throw InputError(problem, {}, expected);
}

void check_options(const SimulateOptions& options) {
  constexpr double most = std::numeric_limits<double>::max();
  check(options.nodes >= 1, "the number of nodes is " + std::to_string(options.nodes), "at least 1");
  check(options.rows >= 1, "the number of rows is " + std::to_string(options.rows), "at least 1");
  check(options.degree >= 0 && options.degree <= most, "the degree is " + std::to_string(options.degree),
        "a number from 0");
  check(
      options.weight_low > 0 && options.weight_low <= options.weight_high && options.weight_high <= most,
      "weights are from " + std::to_string(options.weight_low) + " to " + std::to_string(options.weight_high),
      "a range above 0");
  check(options.noise_ratio >= 1 && options.noise_ratio <= most,
        "the ratio of noises is " + std::to_string(options.noise_ratio), "a number from 1");
  const double values = static_cast<double>(options.rows) * options.nodes;
  const double weights = static_cast<double>(options.nodes) * options.nodes;
  if (values > 0x1p40 || weights > 0x1p40)
    throw LimitError("so many values fit in no memory", "fewer rows or nodes");
}

// A node with what it needs to be drawn.
struct Drawn {
  std::size_t node = 0;
  std::vector<std::size_t> parents;
  std::unique_ptr<NodeMechanism> mechanism;
};

std::vector<int> random_numbering(int nodes, std::uint64_t seed) {
  std::vector<int> order(static_cast<std::size_t>(nodes));
  std::iota(order.begin(), order.end(), 0);
  Random random(seed, stream_of_numbering);
  shuffle(std::span(order), random);
  return order;
}

// The nodes in their order; fills in order and truth.
std::vector<Drawn> make_model(const SimulateOptions& options, Simulation& simulation) {
  const auto d = static_cast<std::size_t>(options.nodes);
  simulation.order = random_numbering(options.nodes, options.seed);
  simulation.truth = Matrix(d, d);
  Random graph(options.seed, stream_of_graph), weights(options.seed, stream_of_weights),
      deviations(options.seed, stream_of_deviations);
  std::vector<std::vector<double>> weights_of(d);
  std::vector<Drawn> nodes(d);
  for (std::size_t k = 0; k < d; ++k) nodes[k].node = static_cast<std::size_t>(simulation.order[k]);
  const bool nonlinear = options.mechanism >= Mechanism::Mlp;
  for (const Edge& edge : random_edges(options.graph, options.nodes, options.degree, graph)) {
    const auto from = nodes[static_cast<std::size_t>(edge.from)].node, to = static_cast<std::size_t>(edge.to);
    const double weight = draw_weight(options, weights);
    nodes[to].parents.push_back(from);
    weights_of[to].push_back(weight);
    simulation.truth(from, nodes[to].node) = nonlinear ? 1 : weight;
  }
  for (std::size_t k = 0; k < d; ++k) {
    Random parameters(options.seed, stream_of_parameters + k);
    const double deviation = 1 + (options.noise_ratio - 1) * deviations.uniform();
    nodes[k].mechanism = make_mechanism(options, weights_of[k], deviation, parameters);
  }
  return nodes;
}

void draw_rows(const std::vector<Drawn>& nodes, std::uint64_t seed, std::int64_t begin, std::int64_t end,
               Matrix& x) {
  Random random(seed, stream_of_rows + static_cast<std::uint64_t>(begin / rows_a_piece));
  std::vector<double> values;
  for (std::int64_t s = begin; s < end; ++s) {
    const std::span<double> row = x.row(static_cast<std::size_t>(s));
    for (const Drawn& drawn : nodes) {
      values.clear();
      for (const std::size_t parent : drawn.parents) values.push_back(row[parent]);
      row[drawn.node] = drawn.mechanism->draw(values, random);
      if (!std::isfinite(row[drawn.node])) {
        throw NumericError("values of node v" + std::to_string(drawn.node) +
                           " overflow; smaller weights or fewer edges would help");
      }
    }
  }
}

}  // namespace

Simulation simulate(const SimulateOptions& options, Progress& progress) {
  check_options(options);
  const int threads = resolve_threads(options.threads);
  Simulation simulation;
  const std::vector<Drawn> nodes = make_model(options, simulation);
  const auto d = static_cast<std::size_t>(options.nodes);
  for (std::size_t j = 0; j < d; ++j) simulation.data.names.push_back("v" + std::to_string(j));
  simulation.data.x = Matrix(static_cast<std::size_t>(options.rows), d);
  progress.begin("simulate", static_cast<double>(options.rows), "rows");
  parallel_for(threads, options.rows, rows_a_piece, [&](std::int64_t begin, std::int64_t end) {
    if (progress.cancelled()) throw CancelledError("the simulation was cancelled");
    draw_rows(nodes, options.seed, begin, end, simulation.data.x);
  });
  progress.update(static_cast<double>(options.rows));
  return simulation;
}

}  // namespace xchg::dag
