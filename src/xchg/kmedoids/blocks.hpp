// How objects are divided between processes: into logical blocks whose number depends on the objects alone,
// so that sums over blocks, added in a fixed order, do not depend on how many processes there are.
#pragma once

#include "xchg/kmedoids/communicator.hpp"
#include "xchg/kmedoids/dissimilarity.hpp"

namespace xchg::kmedoids {

// The cube root of the number of objects, at most 64: few where the sums of a block would be more work than
// its objects. More processes than blocks are of no use.
class Blocks {
 public:
  explicit Blocks(Index objects) : objects_(objects) {
    constexpr int most = 64;
    while (count_ < most && cube(count_ + 1) <= objects) ++count_;
  }

  int count() const { return count_; }
  // Block b holds the objects from begin(b) to before begin(b + 1).
  Index begin(int block) const { return objects_ * block / count_; }

 private:
  static Index cube(Index side) { return side * side * side; }

  Index objects_;
  int count_ = 1;
};

// The contiguous blocks, and so objects, of one process; perhaps none.
struct Share {
  int first_block, end_block;
  Index begin, end;

  Share(const Blocks& blocks, const Communicator& communicator)
      : first_block(blocks.count() * communicator.rank() / communicator.size()),
        end_block(blocks.count() * (communicator.rank() + 1) / communicator.size()),
        begin(blocks.begin(first_block)),
        end(blocks.begin(end_block)) {}
  Index size() const { return end - begin; }
};

}  // namespace xchg::kmedoids
