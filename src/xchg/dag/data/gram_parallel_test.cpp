// Second moments on several threads.
#include <gtest/gtest.h>

#include "xchg/dag/data.hpp"
#include "xchg/dag/data/testing.hpp"

namespace xchg::dag {
namespace {

TEST(GramOnThreads, IsTheSameBytesForEveryNumberOfThreads) {
  for (const std::size_t d : {2U, 30U, 90U}) {
    const Data data = testing::random_data(20000, d, d);
    const Gram one = gram(data, {.threads = 1});
    for (const int threads : {2, 3, 8}) {
      const Gram many = gram(data, {.threads = threads});
      EXPECT_EQ(many.s, one.s);
      EXPECT_EQ(many.mean, one.mean);
    }
  }
}

}  // namespace
}  // namespace xchg::dag
