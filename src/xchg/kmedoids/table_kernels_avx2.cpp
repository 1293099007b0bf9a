#include "xchg/kmedoids/problem.hpp"
#include "xchg/kmedoids/table_kernels.hpp"

namespace xchg::kmedoids {

template <class S>
LeastSums<S> least_sums_avx2(S) {
  return &least_sums<Isa::Avx2, S>;
}
template LeastSums<double> least_sums_avx2(double);
template LeastSums<std::int64_t> least_sums_avx2(std::int64_t);

template <class T>
ReplaceTerms<T> replace_terms_avx2(T) {
  return &replace_terms<Isa::Avx2, T>;
}
#define XCHG_INSTANTIATE(T) template ReplaceTerms<T> replace_terms_avx2(T);
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
