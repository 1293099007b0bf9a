#include "xchg/kmedoids/blocks.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "xchg/core/random.hpp"
#include "xchg/kmedoids/block_sums.hpp"

namespace xchg::kmedoids {
namespace {

// A place among others that never speaks.
class Rank final : public Communicator {
 public:
  Rank(int rank, int size) : rank_(rank), size_(size) {}
  int rank() const override { return rank_; }
  int size() const override { return size_; }
  std::vector<Bytes> all_gather(const Bytes&) override { return {}; }
  Bytes broadcast(int, const Bytes&) override { return {}; }

 private:
  int rank_, size_;
};

TEST(Blocks, SharesOfAllRanksAreAllObjectsInOrder) {
  for (const Index n : {1, 2, 7, 8, 63, 64, 1000, 262143, 262144, 10000000}) {
    const Blocks blocks(n);
    EXPECT_EQ(blocks.count(), std::clamp(static_cast<int>(std::cbrt(static_cast<double>(n)) + 1e-9), 1, 64));
    for (const int size : {1, 2, 3, 5, 64, 100}) {
      Index reached = 0;
      for (int rank = 0; rank < size; ++rank) {
        const Share share(blocks, Rank(rank, size));
        EXPECT_EQ(share.begin, reached);
        reached = share.end;
      }
      EXPECT_EQ(reached, n);
    }
  }
}

// The tree by its definition: halves of the next power of two.
double tree_sum(const std::vector<double>& values, std::size_t begin, std::size_t size) {
  if (size == 1) return values[begin];
  const double left = tree_sum(values, begin, size / 2);
  return begin + size / 2 < values.size() ? left + tree_sum(values, begin + size / 2, size / 2) : left;
}

TEST(BlockTree, AddsAlongOneTreeWhereverTheBlocksAreCut) {
  Random random(42);
  for (std::size_t count = 1; count <= 64; ++count) {
    std::vector<double> values(count);
    for (double& value : values) value = random.normal() * std::exp(10 * random.normal());
    const double expected = tree_sum(values, 0, 64);
    for (int round = 0; round < 10; ++round) {
      BlockTree<double> all, part;
      for (std::size_t block = 0; block < count; ++block) {
        part.push({static_cast<std::int32_t>(block), 1, {values[block]}});
        if (block + 1 < count && random.below(4) != 0) continue;
        for (const auto& node : part.nodes()) all.push(node);
        part = {};
      }
      EXPECT_EQ(std::move(all).total(), std::vector<double>{expected});
    }
  }
}

}  // namespace
}  // namespace xchg::kmedoids
