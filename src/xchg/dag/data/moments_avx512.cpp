#include "xchg/dag/data/moments_kernel.hpp"

namespace xchg::dag {

void add_moments_avx512(const MomentCall& call) { add_moments<8, 8, 3>(call); }

}  // namespace xchg::dag
