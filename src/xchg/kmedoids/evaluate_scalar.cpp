#include "xchg/kmedoids/evaluate.hpp"

namespace xchg::kmedoids {

template <class T>
EvaluateRow<T> evaluate_row_scalar(T) {
  return &evaluate_row<Isa::Scalar, T>;
}
template EvaluateRow<double> evaluate_row_scalar(double);
template EvaluateRow<float> evaluate_row_scalar(float);
template EvaluateRow<std::int32_t> evaluate_row_scalar(std::int32_t);

}  // namespace xchg::kmedoids
