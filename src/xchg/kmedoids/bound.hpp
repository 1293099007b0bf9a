// A lower bound of TD over all sets of k medoids by Lagrangian relaxation of the p-median problem (N.
// Christofides, J. E. Beasley 1982; J. E. Beasley 1985).
//
// "Every object is served once" is dropped and paid for with multipliers u(o) instead. What remains falls
// apart into the candidates: with rho_x = sum over o of min(0, w(o) d(o, x) - u(o)),
//   L(u) = sum of all u(o) + sum of the k smallest rho_x  <=  TD of any k medoids,
// whatever u is. The greatest L(u) is sought by subgradient steps. The sets of the k smallest rho_x on the
// way are excellent starts of a swap search.
#pragma once

#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/kmedoids/search.hpp"

namespace xchg::kmedoids {

// Floating-point results count as optimal when the gap is no more than this, relative to TD.
constexpr double optimal_gap = 1e-9;

// Whether a bound (rounded up for integers) proves that nothing is below TD.
template <class S>
bool proves(double lower_bound, S total_deviation) {
  if constexpr (std::is_integral_v<S>) return lower_bound >= static_cast<double>(total_deviation);
  return static_cast<double>(total_deviation) - lower_bound <=
         optimal_gap * static_cast<double>(total_deviation);
}

template <class T>
struct Bound {
  double lower_bound = 0;           // an allowance for rounding is off; whole where sums are integers
  std::vector<double> multipliers;  // (n) that give it; empty where it follows without
  std::vector<Index> medoids;       // the best that were found or given; empty: none
  Sum<T> total_deviation = 0;       // theirs
  bool improved = false;            // they are not those that were given
  bool converged = true;            // no single swap improves them, if they are not those that were given
  std::vector<double> lower_bound_per_step, upper_bound_per_step;  // the best so far
};

// Takes at most `steps` steps, fewer when the medoids are proven optimal, the bound does not rise any more, a
// limit is reached or the caller cancels: the best bound so far is always valid. `medoids` are known already,
// or empty. The result does not depend on threads and instruction set.
template <class T>
Bound<T> find_bound(const Problem<T>& problem, int k, int steps, std::vector<Index> medoids,
                    const SearchLimits& limits, Progress& progress);

}  // namespace xchg::kmedoids
