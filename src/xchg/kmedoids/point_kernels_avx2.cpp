#include "xchg/kmedoids/point_kernels.hpp"

namespace xchg::kmedoids {

PointRow point_row_avx2(Metric metric) { return point_row_of<Isa::Avx2>(metric); }

}  // namespace xchg::kmedoids
