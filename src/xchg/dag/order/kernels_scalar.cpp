#include "xchg/dag/order/kernels.hpp"

namespace xchg::dag {

const Kernels& kernels_scalar() { return kernel::all<2>(); }

}  // namespace xchg::dag
