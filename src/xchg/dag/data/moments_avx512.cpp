#include "xchg/dag/data/moments.hpp"

namespace xchg::dag {

AddProducts add_products_avx512() { return &add_products<8>; }

}  // namespace xchg::dag
