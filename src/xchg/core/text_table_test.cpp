#include "xchg/core/text_table.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"

namespace xchg::text {
namespace {

TEST(TextTable, AlignsNumbersRightAndNamesLeft) {
  Table table({{"cluster"}, {"medoid", Table::Align::Left}, {"size"}});
  table.add_row({"0", "Lyons", "10"});
  table.add_row({"1", "Hook of Holland", "9"});
  EXPECT_EQ(table.text(),
            "cluster  medoid           size\n"
            "------------------------------\n"
            "      0  Lyons              10\n"
            "      1  Hook of Holland     9\n");
}

TEST(TextTable, CountsColumnsOfTheTerminalNotBytes) {
  Table table({{"a", Table::Align::Left}, {"b"}});
  table.add_row({"Zürich", "1"});
  table.add_row({"日本", "2"});
  std::istringstream lines(table.text());
  std::string line;
  while (std::getline(lines, line)) EXPECT_EQ(display_width(line), 9U) << line;
}

TEST(TextTable, CutsLongCellsBetweenCharacters) {
  EXPECT_EQ(shortened("abcdef", 6), "abcdef");
  EXPECT_EQ(shortened("abcdefg", 6), "abcde…");
  EXPECT_EQ(shortened("ääääääää", 4), "äää…");
  EXPECT_EQ(shortened("日本日本", 5), "日本…");
  EXPECT_EQ(shortened("日本日本", 4), "日…");
  EXPECT_EQ(shortened("abc", 0), "");
}

TEST(TextTable, LineEndsInCellsDoNotBreakIt) {
  Table table({{"x", Table::Align::Left}});
  table.add_row({"two\nlines\t\033[31m"});
  EXPECT_EQ(table.text(), "x\n---------------\ntwo lines  [31m\n");
}

TEST(TextTable, WrongNumberOfCellsIsRefused) {
  Table table({{"x"}, {"y"}});
  EXPECT_THROW(table.add_row({"1"}), InputError);
}

}  // namespace
}  // namespace xchg::text
