#include "xchg/core/isa.hpp"

#include "xchg/core/error.hpp"

namespace xchg {

Isa best_isa() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
    return Isa::Avx512;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))
    return Isa::Avx2;
#endif
  return Isa::Scalar;
}

Isa resolve_isa(Isa requested) {
  if (requested == Isa::Auto) return best_isa();
  if (static_cast<int>(requested) > static_cast<int>(best_isa())) {
    throw InputError("this processor cannot run " + std::string(name(requested)), {},
                     "auto or at most " + std::string(name(best_isa())));
  }
  return requested;
}

std::string_view name(Isa isa) {
  switch (isa) {
    case Isa::Auto:
      return "auto";
    case Isa::Scalar:
      return "scalar";
    case Isa::Avx2:
      return "avx2";
    case Isa::Avx512:
      return "avx512";
  }
  return "auto";
}

Isa parse_isa(const std::string& text) {
  for (const Isa isa : {Isa::Auto, Isa::Scalar, Isa::Avx2, Isa::Avx512}) {
    if (text == name(isa)) return isa;
  }
  throw InputError("unknown instruction set '" + text + "'", {}, "auto, scalar, avx2 or avx512");
}

}  // namespace xchg
