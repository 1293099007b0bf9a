#include "xchg/dag/order/exact_walk.hpp"

namespace xchg::dag {

std::int64_t walk_sets_avx2(const ExactWalk& walk, std::uint64_t top_set) {
  return SetWalker<Isa::Avx2>(walk).run(top_set);
}

}  // namespace xchg::dag
