#include "xchg/kmedoids/point_kernels.hpp"

namespace xchg::kmedoids {

PointRow point_row_scalar(Metric metric) { return point_row_of<Isa::Scalar>(metric); }

}  // namespace xchg::kmedoids
