#include <immintrin.h>

#include "xchg/kmedoids/evaluate.hpp"
#include "xchg/kmedoids/problem.hpp"

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

template <>
std::uint64_t Filter<Isa::Avx512, std::int64_t>::below(const std::int64_t* row, const std::int64_t* bound) {
  std::uint64_t mask = 0;
  for (int i = 0; i < 64; i += 8) {
    mask |= std::uint64_t{_mm512_cmplt_epi64_mask(_mm512_loadu_si512(row + i), _mm512_loadu_si512(bound + i))}
            << i;
  }
  return mask;
}

template <>
std::uint64_t Filter<Isa::Avx512, std::uint16_t>::below(const std::uint16_t* row,
                                                        const std::uint16_t* bound) {
  std::uint64_t mask = 0;
  for (int i = 0; i < 64; i += 32) {
    mask |= std::uint64_t{_mm512_cmplt_epu16_mask(_mm512_loadu_si512(row + i), _mm512_loadu_si512(bound + i))}
            << i;
  }
  return mask;
}

template <>
std::uint64_t Filter<Isa::Avx512, std::uint8_t>::below(const std::uint8_t* row, const std::uint8_t* bound) {
  return _mm512_cmplt_epu8_mask(_mm512_loadu_si512(row), _mm512_loadu_si512(bound));
}

template <class T>
EvaluateRow<T> evaluate_row_avx512(T) {
  return &evaluate_row<Isa::Avx512, T>;
}
template <class T>
FilterRow<T> filter_row_avx512(T) {
  return &filter_row<Isa::Avx512, T>;
}
#define XCHG_INSTANTIATE(T)                       \
  template EvaluateRow<T> evaluate_row_avx512(T); \
  template FilterRow<T> filter_row_avx512(T);
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
