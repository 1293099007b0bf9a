#include "xchg/dag/data/moments_kernel.hpp"

namespace xchg::dag {

void add_moments_scalar(const MomentCall& call) { add_moments<2, 2, 1>(call); }

}  // namespace xchg::dag
