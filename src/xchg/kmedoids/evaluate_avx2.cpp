#include <immintrin.h>

#include "xchg/kmedoids/evaluate.hpp"
#include "xchg/kmedoids/problem.hpp"

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

template <>
std::uint64_t Filter<Isa::Avx2, std::int64_t>::below(const std::int64_t* row, const std::int64_t* bound) {
  std::uint64_t mask = 0;
  for (int i = 0; i < 64; i += 4) {
    const __m256i less = _mm256_cmpgt_epi64(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(bound + i)),
                                            _mm256_loadu_si256(reinterpret_cast<const __m256i*>(row + i)));
    mask |= static_cast<std::uint64_t>(_mm256_movemask_pd(_mm256_castsi256_pd(less))) << i;
  }
  return mask;
}

// There is no unsigned comparison: row >= bound where the greater of both is row.
template <>
std::uint64_t Filter<Isa::Avx2, std::uint16_t>::below(const std::uint16_t* row, const std::uint16_t* bound) {
  const auto not_below = [&](int at) {
    const __m256i values = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(row + at));
    const __m256i bounds = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bound + at));
    return _mm256_cmpeq_epi16(_mm256_max_epu16(values, bounds), values);
  };
  std::uint64_t mask = 0;
  for (int i = 0; i < 64; i += 32) {
    // Packing works in halves of the register; the permutation puts them into order again.
    const __m256i packed =
        _mm256_permute4x64_epi64(_mm256_packs_epi16(not_below(i), not_below(i + 16)), 0xd8);
    mask |= std::uint64_t{~static_cast<std::uint32_t>(_mm256_movemask_epi8(packed))} << i;
  }
  return mask;
}

template <>
std::uint64_t Filter<Isa::Avx2, std::uint8_t>::below(const std::uint8_t* row, const std::uint8_t* bound) {
  std::uint64_t mask = 0;
  for (int i = 0; i < 64; i += 32) {
    const __m256i values = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(row + i));
    const __m256i bounds = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bound + i));
    const __m256i not_below = _mm256_cmpeq_epi8(_mm256_max_epu8(values, bounds), values);
    mask |= std::uint64_t{~static_cast<std::uint32_t>(_mm256_movemask_epi8(not_below))} << i;
  }
  return mask;
}

template <class T>
EvaluateRow<T> evaluate_row_avx2(T) {
  return &evaluate_row<Isa::Avx2, T>;
}
template <class T>
FilterRow<T> filter_row_avx2(T) {
  return &filter_row<Isa::Avx2, T>;
}
#define XCHG_INSTANTIATE(T)                     \
  template EvaluateRow<T> evaluate_row_avx2(T); \
  template FilterRow<T> filter_row_avx2(T);
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
