#include "xchg/kmedoids/thread_choice.hpp"

#include <gtest/gtest.h>

namespace xchg::kmedoids {
namespace {

TEST(ThreadChoice, TriesSeveralThreadsOnceOneIsMeasured) {
  ThreadChoice choice;
  EXPECT_FALSE(choice.several());
  choice.measured_one(100, 1e-3);
  EXPECT_TRUE(choice.several());
}

TEST(ThreadChoice, StaysWithSeveralWhileTheyPay) {
  ThreadChoice choice;
  choice.measured_one(100, 1e-3);
  for (int piece = 0; piece < 10; ++piece) {
    choice.measured_several(180, 1e-3);
    EXPECT_TRUE(choice.several());
  }
}

TEST(ThreadChoice, WaitsLongerAfterEveryTryThatDidNotPay) {
  ThreadChoice choice;
  choice.measured_one(100, 1e-3);
  int last = 0;
  for (int attempt = 0; attempt < 4; ++attempt) {
    choice.measured_several(100, 1e-3);
    int pieces = 0;
    for (; !choice.several(); ++pieces) choice.measured_one(100, 1e-3);
    EXPECT_GE(pieces, 2 * last - 2);
    EXPECT_GE(pieces, 49);
    last = pieces;
  }
}

}  // namespace
}  // namespace xchg::kmedoids
