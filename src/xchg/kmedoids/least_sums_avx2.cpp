#include "xchg/kmedoids/least_sums.hpp"

namespace xchg::kmedoids {

template <class S>
LeastSums<S> least_sums_avx2(S) {
  return &least_sums<Isa::Avx2, S>;
}
template LeastSums<double> least_sums_avx2(double);
template LeastSums<std::int64_t> least_sums_avx2(std::int64_t);

}  // namespace xchg::kmedoids
