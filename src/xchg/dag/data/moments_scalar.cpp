#include "xchg/dag/data/moments.hpp"

namespace xchg::dag {

AddProducts add_products_scalar() { return &add_products<2>; }

}  // namespace xchg::dag
