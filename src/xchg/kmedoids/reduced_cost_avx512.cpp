#include "xchg/kmedoids/problem.hpp"
#include "xchg/kmedoids/reduced_cost.hpp"

namespace xchg::kmedoids {

template <class T>
ReducedCost<T> reduced_cost_avx512(T) {
  return &reduced_cost<8, T>;
}
#define XCHG_INSTANTIATE(T) template ReducedCost<T> reduced_cost_avx512(T);
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
