#include <immintrin.h>

#include "xchg/kmedoids/evaluate.hpp"

namespace xchg::kmedoids {

template <>
std::uint64_t Filter<Isa::Avx2, double>::below(const double* row, const double* bound) {
  std::uint64_t mask = 0;
  for (int i = 0; i < 64; i += 4) {
    const __m256d less = _mm256_cmp_pd(_mm256_loadu_pd(row + i), _mm256_loadu_pd(bound + i), _CMP_LT_OQ);
    mask |= static_cast<std::uint64_t>(_mm256_movemask_pd(less)) << i;
  }
  return mask;
}

template <>
std::uint64_t Filter<Isa::Avx2, float>::below(const float* row, const float* bound) {
  std::uint64_t mask = 0;
  for (int i = 0; i < 64; i += 8) {
    const __m256 less = _mm256_cmp_ps(_mm256_loadu_ps(row + i), _mm256_loadu_ps(bound + i), _CMP_LT_OQ);
    mask |= static_cast<std::uint64_t>(_mm256_movemask_ps(less)) << i;
  }
  return mask;
}

template <>
std::uint64_t Filter<Isa::Avx2, std::int32_t>::below(const std::int32_t* row, const std::int32_t* bound) {
  std::uint64_t mask = 0;
  for (int i = 0; i < 64; i += 8) {
    const __m256i less = _mm256_cmpgt_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(bound + i)),
                                            _mm256_loadu_si256(reinterpret_cast<const __m256i*>(row + i)));
    mask |=
        static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(less))))
        << i;
  }
  return mask;
}

template <class T>
EvaluateRow<T> evaluate_row_avx2(T) {
  return &evaluate_row<Isa::Avx2, T>;
}
template EvaluateRow<double> evaluate_row_avx2(double);
template EvaluateRow<float> evaluate_row_avx2(float);
template EvaluateRow<std::int32_t> evaluate_row_avx2(std::int32_t);

}  // namespace xchg::kmedoids
