#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "xchg/core/parallel.hpp"

namespace xchg {
namespace {

TEST(ParallelFor, DoesEveryPieceOnce) {
  for (const int threads : {1, 2, 7}) {
    for (const std::int64_t count : {0, 1, 5, 100, 1001}) {
      for (const std::int64_t grain : {0, 1, 3, 2000}) {
        std::vector<int> visits(static_cast<std::size_t>(count));
        parallel_for(threads, count, grain, [&](std::int64_t begin, std::int64_t end) {
          EXPECT_LT(begin, end);
          EXPECT_LE(end - begin, std::max<std::int64_t>(grain, 1));
          for (std::int64_t i = begin; i < end; ++i) ++visits[static_cast<std::size_t>(i)];
        });
        EXPECT_EQ(visits, std::vector<int>(static_cast<std::size_t>(count), 1));
      }
    }
  }
}

TEST(ParallelFor, UsesSeveralThreadsButNoMoreThanAsked) {
  std::mutex mutex;
  std::set<std::thread::id> seen;
  parallel_for(3, 30, 1, [&](std::int64_t, std::int64_t) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    const std::lock_guard lock(mutex);
    seen.insert(std::this_thread::get_id());
  });
  EXPECT_GE(seen.size(), 2U);
  EXPECT_LE(seen.size(), 3U);
}

TEST(ParallelFor, RethrowsAndBeginsNothingMore) {
  std::atomic<int> pieces = 0;
  const auto loop = [&](int threads) {
    parallel_for(threads, 100000, 1, [&](std::int64_t begin, std::int64_t) {
      ++pieces;
      if (begin >= 10) throw std::runtime_error(std::to_string(begin));
    });
  };
  try {
    loop(1);
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "10");
  }
  EXPECT_EQ(pieces, 11);
  EXPECT_THROW(loop(4), std::runtime_error);
  EXPECT_LT(pieces, 1000);
}

TEST(PieceSize, MakesPiecesOfAboutAMillionStepsAndNeverNone) {
  EXPECT_EQ(piece_size(1), 1 << 20);
  EXPECT_EQ(piece_size(1000), 1048);
  EXPECT_EQ(piece_size(1 << 20), 1);
  EXPECT_EQ(piece_size(std::int64_t{1} << 40), 1);
}

TEST(ParallelFor, CanBeNested) {
  std::atomic<std::int64_t> sum = 0;
  parallel_for(2, 10, 1, [&](std::int64_t begin, std::int64_t) {
    parallel_for(2, 10, 1, [&](std::int64_t inner, std::int64_t) { sum += begin * inner; });
  });
  EXPECT_EQ(sum, 45 * 45);
}

}  // namespace
}  // namespace xchg
