#include "xchg/core/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace xchg {
namespace {

using Block = std::array<std::uint32_t, 4>;

// The known-answer vectors published with Random123 for philox4x32, 10 rounds.
TEST(Random, PhiloxGivesThePublishedVectors) {
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr std::uint32_t f = 0xffffffff;
  EXPECT_EQ(philox4x32({f, f, f, f}, {f, f}), (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, StreamIsMadeOfPhiloxBlocksInOrder) {
  Random random(0x1234567890abcdef, 7);
  for (std::uint32_t block = 0; block < 5; ++block) {
    const Block words = philox4x32({block, 0, 7, 0}, {0x90abcdef, 0x12345678});
    EXPECT_EQ(random(), words[0] | std::uint64_t{words[1]} << 32);
    EXPECT_EQ(random(), words[2] | std::uint64_t{words[3]} << 32);
  }
}

TEST(Random, SeekReturnsToAnyPosition) {
  Random random(5);
  std::vector<std::uint64_t> all(101);
  for (auto& value : all) value = random();
  EXPECT_EQ(random.position(), all.size());
  for (const std::size_t position : {0U, 1U, 2U, 57U, 100U}) {
    random.seek(position);
    EXPECT_EQ(random(), all[position]) << position;
  }
}

TEST(Random, SeedsAndStreamsDiffer) {
  std::set<std::uint64_t> firsts;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (std::uint64_t stream = 0; stream < 20; ++stream) firsts.insert(Random(seed, stream)());
  }
  EXPECT_EQ(firsts.size(), 400U);
}

// Pearson's statistic of 60,000 draws over 6 classes; 20.5 is the 0.1 % point with 5 degrees of freedom.
TEST(Random, BelowIsUniform) {
  Random random(3);
  std::array<int, 6> counts{};
  constexpr int draws = 60000;
  for (int i = 0; i < draws; ++i) ++counts[random.below(6)];
  double statistic = 0;
  for (const int count : counts) statistic += std::pow(count - draws / 6.0, 2) / (draws / 6.0);
  EXPECT_LT(statistic, 20.5);
}

TEST(Random, BelowStaysBelowForExtremeBounds) {
  Random random(4);
  for (const std::uint64_t bound :
       {std::uint64_t{1}, std::uint64_t{2}, (std::uint64_t{1} << 63) + 1, ~std::uint64_t{0}}) {
    for (int i = 0; i < 100; ++i) EXPECT_LT(random.below(bound), bound);
  }
}

TEST(Random, UniformAndNormalHaveTheirMoments) {
  Random random(9);
  constexpr int draws = 200000;
  double uniform_sum = 0, sum = 0, squares = 0, fourth = 0;
  for (int i = 0; i < draws; ++i) {
    const double u = random.uniform();
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    uniform_sum += u;
    const double z = random.normal();
    sum += z;
    squares += z * z;
    fourth += z * z * z * z;
  }
  EXPECT_NEAR(uniform_sum / draws, 0.5, 0.005);
  EXPECT_NEAR(sum / draws, 0, 0.02);
  EXPECT_NEAR(squares / draws, 1, 0.02);
  EXPECT_NEAR(fourth / draws, 3, 0.1);
}

TEST(Random, SampleHasDifferentValuesAndEachIsEquallyLikely) {
  Random random(11);
  std::array<int, 8> counts{};
  for (int i = 0; i < 8000; ++i) {
    const auto sample = sample_without_replacement(8, 3, random);
    ASSERT_EQ(std::set<std::uint64_t>(sample.begin(), sample.end()).size(), 3U);
    for (const std::uint64_t value : sample) ++counts.at(value);
  }
  for (const int count : counts) EXPECT_NEAR(count, 3000, 200);
  EXPECT_EQ(sample_without_replacement(5, 5, random).size(), 5U);
  EXPECT_TRUE(sample_without_replacement(5, 0, random).empty());
}

TEST(Random, ShuffleKeepsTheValuesAndMovesThem) {
  std::vector<int> values(100);
  for (int i = 0; i < 100; ++i) values[static_cast<std::size_t>(i)] = i;
  const std::vector<int> before = values;
  Random random(2);
  shuffle(std::span(values), random);
  EXPECT_NE(values, before);
  std::sort(values.begin(), values.end());
  EXPECT_EQ(values, before);
}

}  // namespace
}  // namespace xchg
