// How tables become observations, and every refusal on the way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "xchg/core/npy.hpp"
#include "xchg/dag/data.hpp"
#include "xchg/dag/data/testing.hpp"

namespace xchg::dag {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::input_error;

std::vector<double> column(const Data& data, std::size_t j) {
  std::vector<double> values;
  for (std::size_t i = 0; i < data.rows(); ++i) values.push_back(data.x(i, j));
  return values;
}

std::string parse_error(const std::string& text, const ReadOptions& options = {}) {
  return input_error([&] { parse_data(text, options, "t.csv"); });
}

ReadOptions transforming(const std::vector<std::string>& texts) {
  ReadOptions options;
  for (const std::string& text : texts) options.transforms.push_back(parse_transform(text));
  return options;
}

TEST(Table, NamesComeFromTheHeaderOrAreNumbers) {
  const Data named = parse_data("a,b\n1,2\n3,5\n");
  EXPECT_THAT(named.names, ElementsAre("a", "b"));
  EXPECT_THAT(named.x.values, ElementsAre(1, 2, 3, 5));
  EXPECT_THAT(parse_data("1,2\n3,5\n").names, ElementsAre("0", "1"));
}

TEST(Table, AnyDialectOfTextIsRead) {
  for (const std::string text :
       {"a,b\n1,2\n3,5\n", "\xEF\xBB\xBF\x61,b\n1,2\n3,5\n", "a;b\r\n1;2\r\n3;5\r\n", "a\tb\n1\t2\n3\t5",
        "\"a\",\"b\"\r\n\"1\",2\r\n3,\"5\"\r\n", "a,b\r1,2\r3,5\r", "a b\n1 2\n3 5\n"}) {
    const Data data = parse_data(text);
    EXPECT_THAT(data.names, ElementsAre("a", "b")) << text;
    EXPECT_THAT(data.x.values, ElementsAre(1, 2, 3, 5)) << text;
  }
  EXPECT_THAT(parse_data("\"x, y\";\"say \"\"z\"\"\"\n1;2\n3;5\n").names, ElementsAre("x, y", "say \"z\""));
}

TEST(Table, ArraysOfAnyTypeAreRead) {
  const std::vector<float> values = {1, 2, 3, 5, 8, 13};
  const Data data = parse_data(npy::format(npy::Array::from<float>(values, {3, 2})));
  EXPECT_THAT(data.x.values, ElementsAre(1, 2, 3, 5, 8, 13));
  EXPECT_THAT(data.names, ElementsAre("0", "1"));
  EXPECT_THAT(parse_error(npy::format(npy::Array::from<float>(values, {6}))),
              HasSubstr("two: rows and columns"));
}

TEST(Table, NamesThatComeTwiceAreRefused) {
  EXPECT_THAT(parse_error("a,b,a\n1,2,3\n4,5,7\n"),
              AllOf(HasSubstr("t.csv"), HasSubstr("columns 1 and 3 are both named \"a\"")));
}

TEST(Table, AMissingValueIsRefusedWithLineColumnAndCount) {
  EXPECT_THAT(parse_error("a,b\n1,2\n3,\nNA,4\n5,6\n"),
              AllOf(HasSubstr("t.csv:3, column 2"), HasSubstr("\"b\""), HasSubstr("2 in all"),
                    HasSubstr("listwise"), HasSubstr("em")));
  const std::vector<double> values = {1, 2, 3, std::nan(""), 5, 6};
  EXPECT_THAT(parse_error(npy::format(npy::Array::from<double>(values, {3, 2}))), HasSubstr("1 in all"));
}

TEST(Table, RowsWithMissingValuesAreDroppedAndCounted) {
  const Data data = parse_data("a,b\n1,2\n3,\n?,4\n5,6\n", {.missing = Missing::Listwise});
  EXPECT_THAT(data.x.values, ElementsAre(1, 2, 5, 6));
  EXPECT_THAT(data.remarks, ElementsAre(HasSubstr("2 rows with missing values left out, 2 kept")));
  EXPECT_THAT(parse_error("a,b\n1,\n,2\n", {.missing = Missing::Listwise}),
              HasSubstr("every row has a missing value"));
}

TEST(Table, MissingValuesStayForPairwiseAndEm) {
  for (const Missing missing : {Missing::Pairwise, Missing::Em}) {
    const Data data = parse_data("a,b\n1,2\n3,\n7,4\n", {.missing = missing});
    EXPECT_EQ(data.rows(), 3U);
    EXPECT_TRUE(std::isnan(data.x(1, 1)));
  }
}

TEST(Table, ATextColumnThatNoOptionMentionsIsRefusedNamingThree) {
  EXPECT_THAT(parse_error("a,b,kind\n1,2,x\n3,5,y\n4,5,z\n"),
              AllOf(HasSubstr("t.csv:2, column 3"), HasSubstr("\"kind\""), HasSubstr("--ignore"),
                    HasSubstr("--regime"), HasSubstr("--where"), ::testing::Not(HasSubstr("logistic"))));
  EXPECT_THAT(parse_data("a,b,kind\n1,2,x\n3,5,y\n", {.ignore = {"kind"}}).names, ElementsAre("a", "b"));
}

TEST(Table, ATypingErrorInANumberColumnIsFoundByItsLine) {
  EXPECT_THAT(parse_error("a,b\n1,2\n3,5\n4,6o\n7,7\n"),
              AllOf(HasSubstr("t.csv:4, column 2"), HasSubstr("\"6o\"")));
}

TEST(Table, TwoValuedTextSuggestsLogisticAndCanBecomeZeroAndOne) {
  const std::string text = "a,sex\n1,f\n2,m\n3,f\n";
  EXPECT_THAT(parse_error(text), AllOf(HasSubstr("logistic"), HasSubstr("--two-valued")));
  const Data data = parse_data(text, {.two_valued_text = true});
  EXPECT_THAT(column(data, 1), ElementsAre(0, 1, 0));
  EXPECT_THAT(data.remarks, ElementsAre(AllOf(HasSubstr("0 is \"f\""), HasSubstr("1 is \"m\""))));
  EXPECT_THAT(parse_error("a,k\n1,x\n2,y\n3,z\n", {.two_valued_text = true}), HasSubstr("not numeric"));
}

TEST(Table, WhereKeepsRowsAndLeavesItsColumnOut) {
  const std::string text = "a,b,kind,dose\n1,2,x,1\n3,5,y,1\n4,7,x,2\n6,8,x,1.0\n";
  const Data data = parse_data(text, {.where = {{"kind", "x"}, {"dose", "1"}}});
  EXPECT_THAT(data.names, ElementsAre("a", "b"));
  EXPECT_THAT(data.x.values, ElementsAre(1, 2, 6, 8));
  EXPECT_THAT(parse_error(text, {.where = {{"kind", "w"}}}), AllOf(HasSubstr("no row"), HasSubstr("w")));
  EXPECT_THAT(parse_error(text, {.where = {{"kidn", "x"}}}), HasSubstr("did you mean 'kind'"));
}

TEST(Table, WhereComparesNumbersAsNumbers) {
  const Data data = parse_data("a,b,dose\n1,2,1\n3,5,2\n6,8,1.0\n", {.where = {{"dose", "1.0"}}});
  EXPECT_THAT(data.x.values, ElementsAre(1, 2, 6, 8));
}

TEST(Table, UnknownColumnsSuggestTheNearest) {
  const std::string text = "alpha,beta,kind\n1,2,x\n3,5,y\n";
  EXPECT_THAT(parse_error(text, {.ignore = {"kinds"}}), HasSubstr("did you mean 'kind'"));
  EXPECT_THAT(parse_error(text, {.ignore = {"kind"}, .regime = "kin"}), HasSubstr("did you mean 'kind'"));
  ReadOptions options = transforming({"betta=rank"});
  options.ignore = {"kind"};
  EXPECT_THAT(parse_error(text, options), HasSubstr("did you mean 'beta'"));
}

TEST(Table, RegimesAreNumberedByAppearanceAndFollowTheirRows) {
  const Data data = parse_data("a,r,b\n1,off,2\n2,on,\n3,on,7\n4,off,5\n9,third,8\n",
                               {.regime = "r", .missing = Missing::Listwise});
  EXPECT_THAT(data.names, ElementsAre("a", "b"));
  EXPECT_THAT(data.regimes, ElementsAre("off", "on", "third"));
  EXPECT_THAT(data.regime, ElementsAre(0, 1, 0, 2));
  EXPECT_THAT(parse_error("a,r,b\n1,x,2\n2,,4\n3,y,7\n", {.regime = "r"}),
              AllOf(HasSubstr("t.csv:3"), HasSubstr("regime")));
}

TEST(Table, ConstantColumnsAreNamedOrLeftOut) {
  const std::string text = "a,b,c,d\n1,0.1,3,4\n2,0.1,5,4\n3,0.1,4,4\n";
  EXPECT_THAT(parse_error(text), AllOf(HasSubstr("\"b\" and \"d\""), HasSubstr("--drop-constant")));
  const Data data = parse_data(text, {.drop_constant = true});
  EXPECT_THAT(data.names, ElementsAre("a", "c"));
  EXPECT_THAT(data.x.values, ElementsAre(1, 3, 2, 5, 3, 4));
  EXPECT_THAT(data.remarks, ElementsAre(HasSubstr("\"b\" and \"d\"")));
  EXPECT_THAT(parse_error("a,b\n1,2\n1,2\n", {.drop_constant = true}), HasSubstr("every column is constant"));
}

TEST(Table, AColumnIsConstantWhenTheChosenRowsAre) {
  EXPECT_THAT(parse_error("a,b,k\n1,2,x\n2,2,x\n3,4,y\n", {.where = {{"k", "x"}}}), HasSubstr("\"b\""));
}

TEST(Table, InfiniteAndTooLargeNumbersAreRefused) {
  EXPECT_THAT(parse_error("a,b\n1,2\n3,inf\n"), AllOf(HasSubstr("t.csv:3, column 2"), HasSubstr("infinite")));
  EXPECT_THAT(parse_error("a,b\n1,2\n3,1e999\n"),
              AllOf(HasSubstr("t.csv:3, column 2"), HasSubstr("too large")));
}

TEST(Table, EmptyAndRaggedFilesAreRefused) {
  EXPECT_THAT(parse_error(""), HasSubstr("is empty"));
  EXPECT_THAT(parse_error("a,b\n"), HasSubstr("no row"));
  EXPECT_THAT(parse_error("a,b\n1,2\n3\n"), HasSubstr("t.csv:3"));
  EXPECT_THAT(parse_error("k\nx\ny\n", {.ignore = {"k"}}), HasSubstr("no column is left"));
}

TEST(Transforms, AreReadFromTheirText) {
  EXPECT_EQ(parse_transform("log(x+10)").shift, 10);
  EXPECT_EQ(parse_transform(" log( x - 2.5 ) ").shift, -2.5);
  EXPECT_EQ(parse_transform("sqrt").function, Transform::Function::Sqrt);
  EXPECT_EQ(parse_transform("rank").function, Transform::Function::Rank);
  const Transform one = parse_transform("p=38=asinh(x)");
  EXPECT_EQ(one.column, "p=38");
  EXPECT_EQ(one.function, Transform::Function::Asinh);
  for (const std::string wrong : {"", "exp", "log(", "log(y)", "log(x+)", "log(x+1", "log(x+nan)", "log(x*2)",
                                  "=log", "log(x+1)2", "log(x--1)", "rank(x+1)"})
    EXPECT_THAT(input_error([&] { parse_transform(wrong); }), HasSubstr("is no transform")) << wrong;
}

TEST(Transforms, ActInTheirOrderOnAllColumnsOrOne) {
  const Data data = parse_data("a,b\n0,4\n90,9\n", transforming({"a=log(x+10)", "b=sqrt", "asinh(x-2)"}));
  EXPECT_DOUBLE_EQ(data.x(0, 0), std::asinh(std::log(10.0) - 2));
  EXPECT_DOUBLE_EQ(data.x(1, 0), std::asinh(std::log(100.0) - 2));
  EXPECT_DOUBLE_EQ(data.x(0, 1), 0.0);
  EXPECT_DOUBLE_EQ(data.x(1, 1), std::asinh(1.0));
}

TEST(Transforms, RanksShareTies) {
  const Data data = parse_data("a,b\n5,1\n1,2\n5,3\n7,4\n5,5\n", transforming({"a=rank"}));
  EXPECT_THAT(column(data, 0), ElementsAre(3, 1, 3, 5, 3));
  EXPECT_THAT(column(data, 1), ElementsAre(1, 2, 3, 4, 5));
}

TEST(Transforms, RefuseValuesTheyCannotTakeWithTheirLine) {
  EXPECT_THAT(parse_error("a,b\n1,2\n-3,5\n", transforming({"log"})),
              AllOf(HasSubstr("t.csv:3"), HasSubstr("\"a\""), HasSubstr("-3"), HasSubstr("logarithm")));
  EXPECT_THAT(parse_error("a,b\n1,2\n-3,5\n", transforming({"sqrt(x+1)"})), HasSubstr("root"));
  EXPECT_THAT(parse_error("a,b\n1e308,2\n3,5\n", transforming({"asinh(x+1.7e308)"})), HasSubstr("infinite"));
}

TEST(Transforms, OfSachsGiveThePublishedNumberOfRows) {
  ReadOptions options = transforming({"log(x+10)"});
  options.where = {{"condition", "cd3_cd28"}};
  const Data data = read_data(XCHG_TEST_DATA "/dag/sachs.csv", options);
  EXPECT_EQ(data.rows(), 853U);
  EXPECT_EQ(data.nodes(), 11U);
  EXPECT_DOUBLE_EQ(data.x(0, 0), std::log(26.4 + 10));
}

}  // namespace
}  // namespace xchg::dag
