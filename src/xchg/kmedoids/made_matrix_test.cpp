// Matrices that are computed from rows, and triangles that are looked at where they lie.
#include <gtest/gtest.h>

#include <atomic>

#include "xchg/core/error.hpp"
#include "xchg/core/random.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

class CancelAfter : public Progress {
 public:
  explicit CancelAfter(int questions) : left_(questions) {}
  bool cancelled() const override { return left_.fetch_sub(1) <= 0; }

 private:
  mutable std::atomic<int> left_;
};

TEST(PackedView, ReadsTheValuesOfTheCallerWhereTheyLie) {
  std::vector<std::uint8_t> triangle = {1, 2, 3, 4, 5, 6};
  const auto data = Dissimilarity::packed_view(std::span<const std::uint8_t>(triangle), {}, Matrix::Never);
  EXPECT_EQ(data.at(3, 1), 5);
  triangle[4] = 9;
  EXPECT_EQ(data.at(1, 3), 9);
  EXPECT_EQ(Dissimilarity::packed(triangle, {}, Matrix::Never).at(3, 1), 9);
}

TEST(PackedView, LeavesTheCallersValuesWhenInfiniteOnesAreReplaced) {
  const std::vector<double> triangle = {1, infinity, 2};
  MatrixOptions options;
  options.infinite_penalty = true;
  const auto data = Dissimilarity::packed_view(std::span<const double>(triangle), options, Matrix::Never);
  EXPECT_EQ(data.at(0, 2), 2 * 3 * 2);
  EXPECT_EQ(data.infinite_replaced(), 2);
  EXPECT_EQ(triangle[1], infinity);
}

TEST(MadeMatrix, ItsComputationIsCancelledBetweenCandidates) {
  std::atomic<int> calls = 0;
  const auto data = Dissimilarity::callback(
      [&](Index a, Index b) {
        ++calls;
        return static_cast<double>(a + b);
      },
      100, {.symmetric = true});
  CancelAfter progress(3);
  EXPECT_THROW(data.in_memory(0, 1, progress), CancelledError);
  EXPECT_EQ(calls, 99 + 98 + 97);
}

TEST(MadeMatrix, TimeWarpingIsTheSameForBothOrdersOfAPair) {
  Random random(5);
  std::vector<double> series(30 * 12);
  for (double& value : series) value = random.uniform();
  for (const Index window : {-1, 0, 2}) {
    PointOptions options;
    options.metric = Metric::DTW;
    options.window = window;
    const auto kept = Dissimilarity::points(series, 30, 12, options);
    options.matrix = Matrix::Never;
    const auto made = Dissimilarity::points(series, 30, 12, options);
    for (Index o = 0; o < 30; ++o) {
      for (Index x = 0; x < 30; ++x) ASSERT_EQ(kept.at(o, x), made.at(o, x)) << o << ' ' << x;
    }
  }
}

}  // namespace
}  // namespace xchg::kmedoids
