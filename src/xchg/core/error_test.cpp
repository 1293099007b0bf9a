#include "xchg/core/error.hpp"

#include <gtest/gtest.h>

namespace xchg {
namespace {

TEST(Error, InputErrorSaysWhereWhatAndWhatWasExpected) {
  const InputError error("the value is -1", {.file = "d.csv", .line = 3, .column = 2}, "a number >= 0");
  EXPECT_STREQ(error.what(), "d.csv:3, column 2: the value is -1; expected a number >= 0");
  EXPECT_EQ(error.exit_code(), ExitCode::Input);
  EXPECT_EQ(error.problem(), "the value is -1");
  EXPECT_EQ(error.where().line, 3U);
  EXPECT_EQ(error.expected(), "a number >= 0");
}

TEST(Error, WhereLeavesOutWhatIsUnknown) {
  EXPECT_EQ(Where{}.text(), "");
  EXPECT_EQ((Where{.file = "a.json", .pointer = "/x/0"}).text(), "a.json at /x/0");
  EXPECT_EQ((Where{.line = 4}).text(), "line 4");
  EXPECT_EQ((Where{.line = 4, .column = 2}).text(), "line 4, column 2");
  EXPECT_EQ((Where{.pointer = "/x"}).text(), "at /x");
  EXPECT_STREQ(InputError("k is 0").what(), "k is 0");
}

TEST(Error, LimitErrorNamesBothAmountsAndTheRemedy) {
  const LimitError error("the matrix does not fit", 3ULL << 30, 1ULL << 30, "use a sample");
  EXPECT_STREQ(error.what(), "the matrix does not fit (needs 3.00 GiB, limit 1.00 GiB); use a sample");
  EXPECT_EQ(error.exit_code(), ExitCode::Limit);
  EXPECT_EQ(error.asked_bytes(), 3ULL << 30);
}

TEST(Error, EveryKindHasItsExitCode) {
  EXPECT_EQ(static_cast<int>(NumericError("").exit_code()), 4);
  EXPECT_EQ(static_cast<int>(DeviceError("").exit_code()), 4);
  EXPECT_EQ(static_cast<int>(InstallError("").exit_code()), 1);
  EXPECT_EQ(static_cast<int>(CancelledError("").exit_code()), 130);
  EXPECT_EQ(static_cast<int>(LimitError("").exit_code()), 3);
}

}  // namespace
}  // namespace xchg
