// The bound on several threads.
#include <gtest/gtest.h>

#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

TEST(ParallelBound, HasTheSameBytesForEveryThreadCountAndInstructionSet) {
  const Input digits = testing::points("digits.csv");
  const Options options{.k = 20, .threads = 1, .isa = Isa::Scalar, .certify_steps = 40};
  const LowerBound expected = lower_bound(digits.data, options);
  for (const int threads : {2, 4}) {
    for (const Isa isa : {Isa::Scalar, Isa::Avx2, Isa::Avx512}) {
      if (isa > best_isa()) continue;
      Options other = options;
      other.threads = threads;
      other.isa = isa;
      const LowerBound bound = lower_bound(digits.data, other);
      EXPECT_EQ(bound.lower_bound_per_step, expected.lower_bound_per_step);
      EXPECT_EQ(bound.upper_bound_per_step, expected.upper_bound_per_step);
      EXPECT_EQ(bound.multipliers, expected.multipliers);
      EXPECT_EQ(bound.medoids, expected.medoids);
    }
  }
}

}  // namespace
}  // namespace xchg::kmedoids
