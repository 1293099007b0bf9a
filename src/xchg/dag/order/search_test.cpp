#include "xchg/dag/order/search.hpp"

#include <gtest/gtest.h>

#include "xchg/core/random.hpp"

namespace xchg::dag {
namespace {

// The greatest gain of disjoint moves, by trying all subsets.
double best_gain(const std::vector<Delta>& moves) {
  double best = 0;
  for (unsigned set = 0; set < 1U << moves.size(); ++set) {
    std::uint64_t taken = 0;
    double gain = 0;
    bool disjoint = true;
    for (std::size_t i = 0; i < moves.size() && disjoint; ++i) {
      if ((set >> i & 1U) == 0) continue;
      for (int k = first_position(moves[i]); k <= last_position(moves[i]); ++k) {
        disjoint = disjoint && (taken >> k & 1U) == 0;
        taken |= std::uint64_t{1} << k;
      }
      gain -= moves[i].difference;
    }
    if (disjoint) best = std::max(best, gain);
  }
  return best;
}

double gain(const std::vector<Delta>& moves) {
  double sum = 0;
  for (const Delta& move : moves) sum -= move.difference;
  return sum;
}

TEST(ChooseBatch, TheBestOneHasTheGreatestGainOfAllSubsetsAndGreedyAtMostThat) {
  Random random(1);
  for (int round = 0; round < 300; ++round) {
    std::vector<Delta> moves(1 + random.below(10));
    for (Delta& move : moves) {
      move.from = static_cast<int>(random.below(12));
      move.to = static_cast<int>(random.below(12));
      move.difference = -static_cast<double>(1 + random.below(5));
    }
    const double best = best_gain(moves);
    EXPECT_EQ(gain(choose_batch(moves, 12, Batch::Best)), best);
    const auto greedy = choose_batch(moves, 12, Batch::Greedy);
    EXPECT_EQ(best_gain(greedy), gain(greedy));  // they are disjoint
    EXPECT_LE(gain(greedy), best);
    EXPECT_EQ(choose_batch(moves, 12, Batch::Single).size(), 1U);
  }
}

TEST(ChooseBatch, NoMovesMakeNoBatch) {
  for (const Batch batch : {Batch::Best, Batch::Greedy, Batch::Single})
    EXPECT_TRUE(choose_batch({}, 5, batch).empty());
}

}  // namespace
}  // namespace xchg::dag
