// How a simulated node follows from its parents.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "xchg/core/random.hpp"
#include "xchg/dag/simulate.hpp"

namespace xchg::dag {

// A number of mean 0 and variance 1.
double draw_noise(Noise noise, Random& random);

// A Poisson number (Knuth's product for small means, Hoermann's transformed rejection PTRS for others).
// mean <= 1e15.
double draw_poisson(double mean, Random& random);

// The conditional distribution of one node.
class NodeMechanism {
 public:
  virtual ~NodeMechanism() = default;
  // The value for these values of the parents. Draws from `random` as often as it needs.
  virtual double draw(std::span<const double> parents, Random& random) const = 0;
};

// Of a node with the given weights of its parents, in their order; parameters of nonlinear ones are drawn
// from `random`. `deviation` is that of its noise.
std::unique_ptr<NodeMechanism> make_mechanism(const SimulateOptions& options, std::vector<double> weights,
                                              double deviation, Random& random);

// A weight of the range of the options, with a random sign.
double draw_weight(const SimulateOptions& options, Random& random);

}  // namespace xchg::dag
