#include "xchg/dag/order/exact_walk.hpp"

namespace xchg::dag {

std::int64_t walk_sets_avx512(const ExactWalk& walk, std::uint64_t top_set) {
  return SetWalker<Isa::Avx512>(walk).run(top_set);
}

}  // namespace xchg::dag
