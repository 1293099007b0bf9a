#include "xchg/hiring/front/conditions.hpp"

#include <gtest/gtest.h>

#include <map>

#include "xchg/core/random.hpp"
#include "xchg/hiring/front/mechanism_text.hpp"

namespace xchg::hiring {
namespace {

// Every cell of a table, a box each.
std::vector<Box> cells_of(const std::vector<int>& sizes, Random& random, int values) {
  std::vector<Box> boxes;
  const Radix radix(sizes);
  for (std::size_t cell = 0; cell < radix.count(); ++cell) {
    const int value = static_cast<int>(random.below(static_cast<std::uint64_t>(values)));
    Box box{{}, value};
    for (std::size_t d = 0; d < sizes.size(); ++d) box.sets.push_back({radix.digit(cell, d)});
    boxes.push_back(std::move(box));
  }
  return boxes;
}

std::map<std::vector<int>, int> covered(const std::vector<Box>& boxes, const std::vector<int>& sizes) {
  std::map<std::vector<int>, int> cells;
  for (const Box& box : boxes) {
    std::vector<int> counts;
    for (const auto& set : box.sets) counts.push_back(static_cast<int>(set.size()));
    const Radix radix(counts);
    for (std::size_t k = 0; k < radix.count(); ++k) {
      std::vector<int> cell;
      for (std::size_t d = 0; d < sizes.size(); ++d)
        cell.push_back(box.sets[d][static_cast<std::size_t>(radix.digit(k, d))]);
      EXPECT_TRUE(cells.emplace(cell, box.value).second) << "a cell is covered twice";
    }
  }
  return cells;
}

TEST(Conditions, JoinedBoxesCoverTheSameCellsOnce) {
  Random random(1);
  for (int round = 0; round < 200; ++round) {
    const std::vector<int> sizes{1 + static_cast<int>(random.below(3)), 1 + static_cast<int>(random.below(4)),
                                 1 + static_cast<int>(random.below(3))};
    const std::vector<Box> boxes = cells_of(sizes, random, 2);
    const std::vector<Box> fewer = joined(boxes);
    EXPECT_LE(fewer.size(), boxes.size());
    EXPECT_EQ(covered(fewer, sizes), covered(boxes, sizes));
  }
}

TEST(Conditions, OneValueIsOneBox) {
  Random random(1);
  EXPECT_EQ(joined(cells_of({3, 2, 4}, random, 1)).size(), 1U);
}

TEST(MechanismText, AmountsAreDecimalWithTheirShortFraction) {
  EXPECT_EQ(amount_text(Rational(274, 455)), "0.602197802 (274/455)");
  EXPECT_EQ(amount_text(Rational(3)), "3");
}

}  // namespace
}  // namespace xchg::hiring
