// The result that belongs to medoids, when every process assigns a part of the objects.
#pragma once

#include <vector>

#include "xchg/kmedoids/communicator.hpp"
#include "xchg/kmedoids/kmedoids.hpp"
#include "xchg/kmedoids/problem.hpp"

namespace xchg::kmedoids {

// Labels, distances and totals of all objects, on all ranks. Collective. Throws NumericError when TD is over
// the range of double.
template <class T>
Result assign_together(Communicator& communicator, const Problem<T>& problem,
                       const std::vector<Index>& medoids, std::span<const double> weights, int threads);

}  // namespace xchg::kmedoids
