// How objects are divided between processes: into logical blocks whose number depends on the objects alone,
// so that sums over blocks, added in their order, do not depend on how many processes there are.
#pragma once

#include <algorithm>

#include "xchg/kmedoids/communicator.hpp"
#include "xchg/kmedoids/dissimilarity.hpp"

namespace xchg::kmedoids {

struct Blocks {
  static constexpr int most = 64;         // more processes than this are of no use
  static constexpr Index least_size = 8;  // objects

  Index n = 0;
  int count = 1;

  explicit Blocks(Index objects)
      : n(objects), count(static_cast<int>(std::clamp<Index>(objects / least_size, 1, most))) {}
  // Block b holds the objects from begin(b) to before begin(b + 1).
  Index begin(int block) const { return n * block / count; }
};

// The contiguous blocks, and so objects, of one process; perhaps none.
struct Share {
  int first_block, end_block;
  Index begin, end;

  Share(const Blocks& blocks, const Communicator& communicator)
      : first_block(blocks.count * communicator.rank() / communicator.size()),
        end_block(blocks.count * (communicator.rank() + 1) / communicator.size()),
        begin(blocks.begin(first_block)),
        end(blocks.begin(end_block)) {}
  Index size() const { return end - begin; }
};

}  // namespace xchg::kmedoids
