#include "xchg/kmedoids/point_kernels.hpp"

namespace xchg::kmedoids {

PointRow point_row_avx512(Metric metric) { return point_row_of<Isa::Avx512>(metric); }

}  // namespace xchg::kmedoids
