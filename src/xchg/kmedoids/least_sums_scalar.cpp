#include "xchg/kmedoids/least_sums.hpp"

namespace xchg::kmedoids {

template <class S>
LeastSums<S> least_sums_scalar(S) {
  return &least_sums<Isa::Scalar, S>;
}
template LeastSums<double> least_sums_scalar(double);
template LeastSums<std::int64_t> least_sums_scalar(std::int64_t);

}  // namespace xchg::kmedoids
