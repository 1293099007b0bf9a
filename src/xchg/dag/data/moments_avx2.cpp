#include "xchg/dag/data/moments_kernel.hpp"

namespace xchg::dag {

void add_moments_avx2(const MomentCall& call) { add_moments<4, 4, 1>(call); }

}  // namespace xchg::dag
