#include "xchg/dag/order/kernels.hpp"

namespace xchg::dag {

const Kernels& kernels_avx2() { return kernel::all<4>(); }

}  // namespace xchg::dag
