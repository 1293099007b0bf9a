#include "xchg/core/text.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "xchg/core/random.hpp"

namespace xchg::text {
namespace {

TEST(Text, BytesUseBinaryUnitsAndThreeDigits) {
  EXPECT_EQ(bytes(0), "0 B");
  EXPECT_EQ(bytes(1023), "1023 B");
  EXPECT_EQ(bytes(1536), "1.50 KiB");
  EXPECT_EQ(bytes(24ULL << 30), "24.0 GiB");
  EXPECT_EQ(bytes(~0ULL), "16.0 EiB");
}

TEST(Text, DurationChangesUnitWithSize) {
  EXPECT_EQ(duration(0.00213), "0.0021 s");
  EXPECT_EQ(duration(1.234), "1.23 s");
  EXPECT_EQ(duration(59.96), "1 min 00 s");
  EXPECT_EQ(duration(3725), "1 h 02 min");
  EXPECT_EQ(duration(std::numeric_limits<double>::infinity()), "unknown");
}

TEST(Text, ExactReadsBackAsTheSameNumber) {
  Random random(1);
  for (int i = 0; i < 1000; ++i) {
    const double value = random.normal() * std::pow(10.0, static_cast<double>(random.below(600)) - 300);
    EXPECT_EQ(std::stod(exact(value)), value);
  }
  EXPECT_EQ(exact(0.1), "0.1");
  EXPECT_EQ(exact(-std::numeric_limits<double>::infinity()), "-inf");
}

TEST(Text, GroupedSetsCommasFromTheRight) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1234567), "1,234,567");
}

TEST(Text, EditDistanceOfKnownPairs) {
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("same", "same"), 0U);
}

TEST(Text, EditDistanceIsAMetric) {
  Random random(6);
  const auto word = [&] {
    std::string text;
    for (std::uint64_t length = random.below(8); length > 0; --length)
      text += static_cast<char>('a' + random.below(3));
    return text;
  };
  for (int i = 0; i < 500; ++i) {
    const std::string a = word(), b = word(), c = word();
    EXPECT_EQ(edit_distance(a, b), edit_distance(b, a));
    EXPECT_EQ(edit_distance(a, b) == 0, a == b);
    EXPECT_LE(edit_distance(a, c), edit_distance(a, b) + edit_distance(b, c));
  }
}

TEST(Text, SuggestionNamesTheNearestOrAll) {
  EXPECT_EQ(suggestion("euclidian", {"euclidean", "manhattan"}), "; did you mean 'euclidean'?");
  EXPECT_EQ(suggestion("tuor", {"tour", "test"}), "; did you mean 'tour'?");
  EXPECT_EQ(suggestion("cosine", {"euclidean", "manhattan"}), "; known: euclidean, manhattan");
}

TEST(Text, DisplayWidthCountsColumnsNotBytes) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("Zürich"), 6U);
  EXPECT_EQ(display_width("日本"), 4U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
}

}  // namespace
}  // namespace xchg::text
