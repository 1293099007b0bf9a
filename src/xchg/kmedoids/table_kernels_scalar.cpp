#include "xchg/kmedoids/problem.hpp"
#include "xchg/kmedoids/table_kernels.hpp"

namespace xchg::kmedoids {

template <class S>
LeastSums<S> least_sums_scalar(S) {
  return &least_sums<Isa::Scalar, S>;
}
template LeastSums<double> least_sums_scalar(double);
template LeastSums<std::int64_t> least_sums_scalar(std::int64_t);

template <class T>
ReplaceTerms<T> replace_terms_scalar(T) {
  return &replace_terms<Isa::Scalar, T>;
}
#define XCHG_INSTANTIATE(T) template ReplaceTerms<T> replace_terms_scalar(T);
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
