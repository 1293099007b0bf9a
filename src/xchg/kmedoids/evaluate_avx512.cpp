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

// Many objects pass: registers are compressed, which costs the same for every block. Few: they are picked.
constexpr int many = 8;

template <>
void Collect<Isa::Avx512, float>::append(const StateView<float>& state, const float* row, std::int64_t start,
                                         std::uint64_t mask, Passing<float>& passing) {
  if (std::popcount(mask) < many) return append_singly(state, row, start, mask, passing);
  int count = passing.count;
  for (std::int64_t o = start; mask != 0; o += 16, mask >>= 16) {
    const auto part = static_cast<__mmask16>(mask);
    const auto at = static_cast<std::size_t>(count);
    _mm512_storeu_ps(&passing.distance[at], _mm512_maskz_compress_ps(part, _mm512_loadu_ps(row + o)));
    _mm512_storeu_ps(&passing.d1[at], _mm512_maskz_compress_ps(part, _mm512_loadu_ps(state.d1 + o)));
    _mm512_storeu_ps(&passing.d2[at], _mm512_maskz_compress_ps(part, _mm512_loadu_ps(state.d2 + o)));
    _mm512_storeu_si512(&passing.near[at],
                        _mm512_maskz_compress_epi32(part, _mm512_loadu_si512(state.near + o)));
    count += std::popcount(static_cast<unsigned>(part));
  }
  passing.count = count;
}

template <>
void Collect<Isa::Avx512, double>::append(const StateView<double>& state, const double* row,
                                          std::int64_t start, std::uint64_t mask, Passing<double>& passing) {
  if (std::popcount(mask) < many) return append_singly(state, row, start, mask, passing);
  int count = passing.count;
  for (std::int64_t o = start; mask != 0; o += 8, mask >>= 8) {
    const auto part = static_cast<__mmask8>(mask);
    const auto at = static_cast<std::size_t>(count);
    _mm512_storeu_pd(&passing.distance[at], _mm512_maskz_compress_pd(part, _mm512_loadu_pd(row + o)));
    _mm512_storeu_pd(&passing.d1[at], _mm512_maskz_compress_pd(part, _mm512_loadu_pd(state.d1 + o)));
    _mm512_storeu_pd(&passing.d2[at], _mm512_maskz_compress_pd(part, _mm512_loadu_pd(state.d2 + o)));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(&passing.near[at]),
                        _mm256_maskz_compress_epi32(
                            part, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(state.near + o))));
    count += std::popcount(static_cast<unsigned>(part));
  }
  passing.count = count;
}

template <>
void Collect<Isa::Avx512, std::int32_t>::append(const StateView<std::int32_t>& state, const std::int32_t* row,
                                                std::int64_t start, std::uint64_t mask,
                                                Passing<std::int32_t>& passing) {
  if (std::popcount(mask) < many) return append_singly(state, row, start, mask, passing);
  int count = passing.count;
  for (std::int64_t o = start; mask != 0; o += 16, mask >>= 16) {
    const auto part = static_cast<__mmask16>(mask);
    const auto at = static_cast<std::size_t>(count);
    const auto append_to = [&](auto& list, const std::int32_t* values) {
      _mm512_storeu_si512(&list[at], _mm512_maskz_compress_epi32(part, _mm512_loadu_si512(values + o)));
    };
    append_to(passing.distance, row);
    append_to(passing.d1, state.d1);
    append_to(passing.d2, state.d2);
    append_to(passing.near, state.near);
    count += std::popcount(static_cast<unsigned>(part));
  }
  passing.count = count;
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
