#include "xchg/dag/data/moments.hpp"

namespace xchg::dag {

AddProducts add_products_avx2() { return &add_products<4>; }

}  // namespace xchg::dag
