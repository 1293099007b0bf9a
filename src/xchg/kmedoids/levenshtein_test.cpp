// Levenshtein distances against the table of all prefixes and the published sums.
#include "xchg/kmedoids/levenshtein.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "xchg/core/error.hpp"
#include "xchg/core/random.hpp"
#include "xchg/core/text.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

using ::testing::HasSubstr;

std::string random_word(std::size_t length, std::uint64_t letters, Random& random) {
  std::string word;
  for (std::size_t i = 0; i < length; ++i) word += static_cast<char>('a' + random.below(letters));
  return word;
}

TEST(Levenshtein, BitParallelDistancesEqualThePlainOnesForAllLengths) {
  Random random(1);
  std::vector<std::string> strings{"", "a"};
  for (const std::size_t length : {1, 5, 31, 63, 64, 65, 66, 127, 128, 129, 200, 300}) {
    for (const std::uint64_t letters : {1, 2, 4, 26}) {
      strings.push_back(random_word(length, letters, random));
      std::string changed = strings.back();  // near to it
      for (int change = 0; change < 3; ++change) {
        const std::size_t at = random.below(changed.size() + 1);
        if (random.below(2) == 0) changed.insert(at, "x");
        if (at < changed.size()) changed.erase(at, random.below(2));
      }
      strings.push_back(changed);
    }
  }
  const auto n = static_cast<Index>(strings.size());
  const auto data = Dissimilarity::strings(strings);
  ASSERT_TRUE(data.integers());
  const auto rows = Dissimilarity::strings(strings, false, {.matrix = Matrix::Never});
  for (Index a = 0; a < n; ++a) {
    for (Index b = 0; b < n; ++b) {
      const auto expected = static_cast<double>(
          text::edit_distance(strings[static_cast<std::size_t>(a)], strings[static_cast<std::size_t>(b)]));
      ASSERT_EQ(data.at(a, b), expected) << a << ' ' << b;
      ASSERT_EQ(rows.at(a, b), expected) << a << ' ' << b;
    }
  }
}

TEST(Levenshtein, CountsCharactersAndNotBytes) {
  const std::vector<std::string> strings{"für", "fur", "日本語", "日本", ""};
  const auto data = Dissimilarity::strings(strings);
  EXPECT_EQ(data.at(0, 1), 1);
  EXPECT_EQ(data.at(2, 3), 1);
  EXPECT_EQ(data.at(0, 2), 3);
  EXPECT_EQ(data.at(2, 4), 3);
}

TEST(Levenshtein, NormalisedDividesByTheLongerLength) {
  const std::vector<std::string> strings{"kitten", "sitting", "", ""};
  const auto data = Dissimilarity::strings(strings, true);
  EXPECT_EQ(data.at(0, 1), 3.0 / 7.0);
  EXPECT_EQ(data.at(0, 2), 1);
  EXPECT_EQ(data.at(2, 3), 0);
}

TEST(BadStrings, BytesThatAreNoTextAreNamedByTheirString) {
  const std::vector<std::string> strings{"good",
                                         "b\xff"
                                         "d"};
  try {
    Dissimilarity::strings(strings);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("string 2 is no UTF-8: \"b?d\""));
  }
  EXPECT_THROW(Dissimilarity::strings({}), InputError);
}

}  // namespace
}  // namespace xchg::kmedoids
