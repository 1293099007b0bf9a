#include "xchg/dag/order/kernels.hpp"

namespace xchg::dag {

const Kernels& kernels_avx512() { return kernel::all<8>(); }

}  // namespace xchg::dag
