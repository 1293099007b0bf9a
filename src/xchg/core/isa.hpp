// Instruction sets that kernels are written for. The result never depends on the choice.
#pragma once

#include <string>
#include <string_view>

namespace xchg {

// Auto is the best that the processor has. Ordered: each can run what is before it.
enum class Isa { Auto, Scalar, Avx2, Avx512 };

// The best instruction set of this processor (avx512 means F, DQ, BW and VL).
Isa best_isa();

// Auto becomes best_isa(). Throws InputError when this processor cannot run the one asked for.
Isa resolve_isa(Isa requested);

// "auto", "scalar", "avx2", "avx512".
std::string_view name(Isa isa);

// The inverse of name(). Throws InputError.
Isa parse_isa(const std::string& text);

}  // namespace xchg
