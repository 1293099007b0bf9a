#include "xchg/kmedoids/evaluate.hpp"
#include "xchg/kmedoids/problem.hpp"

namespace xchg::kmedoids {

template <class T>
EvaluateRow<T> evaluate_row_scalar(T) {
  return &evaluate_row<Isa::Scalar, T>;
}
template <class T>
FilterRow<T> filter_row_scalar(T) {
  return &filter_row<Isa::Scalar, T>;
}
#define XCHG_INSTANTIATE(T)                       \
  template EvaluateRow<T> evaluate_row_scalar(T); \
  template FilterRow<T> filter_row_scalar(T);
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
