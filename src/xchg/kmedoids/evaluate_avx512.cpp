#include <immintrin.h>

#include "xchg/kmedoids/evaluate.hpp"

namespace xchg::kmedoids {

template <>
std::uint64_t Filter<Isa::Avx512, double>::below(const double* row, const double* bound) {
  std::uint64_t mask = 0;
  for (int i = 0; i < 64; i += 8) {
    mask |=
        std::uint64_t{_mm512_cmp_pd_mask(_mm512_loadu_pd(row + i), _mm512_loadu_pd(bound + i), _CMP_LT_OQ)}
        << i;
  }
  return mask;
}

template <>
std::uint64_t Filter<Isa::Avx512, float>::below(const float* row, const float* bound) {
  std::uint64_t mask = 0;
  for (int i = 0; i < 64; i += 16) {
    mask |=
        std::uint64_t{_mm512_cmp_ps_mask(_mm512_loadu_ps(row + i), _mm512_loadu_ps(bound + i), _CMP_LT_OQ)}
        << i;
  }
  return mask;
}

template <>
std::uint64_t Filter<Isa::Avx512, std::int32_t>::below(const std::int32_t* row, const std::int32_t* bound) {
  std::uint64_t mask = 0;
  for (int i = 0; i < 64; i += 16) {
    mask |= std::uint64_t{_mm512_cmplt_epi32_mask(_mm512_loadu_si512(row + i), _mm512_loadu_si512(bound + i))}
            << i;
  }
  return mask;
}

template <class T>
EvaluateRow<T> evaluate_row_avx512(T) {
  return &evaluate_row<Isa::Avx512, T>;
}
template EvaluateRow<double> evaluate_row_avx512(double);
template EvaluateRow<float> evaluate_row_avx512(float);
template EvaluateRow<std::int32_t> evaluate_row_avx512(std::int32_t);

}  // namespace xchg::kmedoids
