// Choice of a kernel by instruction set: XCHG_KERNEL(isa, f, args...) calls f_scalar, f_avx2 or f_avx512 for
// a resolved set. On processors other than x86-64 only f_scalar exists, which is why this is a macro.
#pragma once

#include "xchg/core/isa.hpp"

#if defined(__x86_64__)
#define XCHG_KERNEL(isa, name, ...)                          \
  ((isa) == ::xchg::Isa::Avx512 ? name##_avx512(__VA_ARGS__) \
   : (isa) == ::xchg::Isa::Avx2 ? name##_avx2(__VA_ARGS__)   \
                                : name##_scalar(__VA_ARGS__))
#else
#define XCHG_KERNEL(isa, name, ...) (static_cast<void>(isa), name##_scalar(__VA_ARGS__))
#endif
