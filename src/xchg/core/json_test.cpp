#include "xchg/core/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <nlohmann/json.hpp>

#include "xchg/core/error.hpp"
#include "xchg/core/random.hpp"

namespace xchg::json {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

template <class Call>
std::string error_of(Call call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

std::string parse_error_of(std::string_view text) {
  return error_of([&] { parse(text, "j.json"); });
}

TEST(Json, KeysKeepTheirOrder) {
  EXPECT_EQ(parse(R"({"z": 1, "a": [true, null], "m": "x"})").dump(), R"({"z":1,"a":[true,null],"m":"x"})");
}

TEST(Json, NumbersCanBeKeptAsTheyAreWritten) {
  const Value document =
      parse("[0.10000000000000000001, 3, 1e-3, 123456789012345678901234567890]", "test", Numbers::Text);
  EXPECT_EQ(document[0], "0.10000000000000000001");
  EXPECT_EQ(document[1], 3);
  EXPECT_EQ(document[2], "1e-3");
  EXPECT_EQ(document[3], "123456789012345678901234567890");
}

TEST(Json, SyntaxErrorsNameLineAndColumn) {
  EXPECT_THAT(parse_error_of("{\"a\": 1,\n  b: 2}"), HasSubstr("j.json:2, column 3: syntax error"));
  EXPECT_THAT(parse_error_of("[1, 2"), HasSubstr("j.json:1, column 6: syntax error while parsing array"));
  EXPECT_THAT(parse_error_of(""), HasSubstr("j.json:1, column 1: "));
  EXPECT_THAT(parse_error_of("{} x"), HasSubstr("j.json:1, column 4: "));
  EXPECT_THAT(parse_error_of("[\n1e999]"), HasSubstr("j.json:2, column"));
  EXPECT_THAT(parse_error_of("[NaN]"), HasSubstr("j.json:1, column 2"));
  EXPECT_THAT(parse_error_of("[1,]"), HasSubstr("j.json:1, column 4"));
}

TEST(Json, TextThatIsNotUtf8IsRefused) {
  EXPECT_THAT(parse_error_of("[\"M\xFCller\"]"), HasSubstr("j.json:1, column 4: "));
  EXPECT_THAT(parse_error_of("[\"M\xFCller\"]"), HasSubstr("UTF-8"));
  EXPECT_THAT(parse_error_of(R"(["\ud83d"])"), HasSubstr("surrogate"));
  EXPECT_EQ(parse(R"(["\ud83d\ude00"])")[0], "😀");
}

TEST(Json, AKeyThatComesTwiceIsNamedByItsPointer) {
  EXPECT_EQ(parse_error_of(R"({"a/b": [0, {"c": 1, "c": 2}]})"),
            "j.json at /a~1b/1: the key \"c\" comes twice; expected each key once");
  EXPECT_EQ(parse_error_of(R"({"a": {"x": 1}, "b": {"x": 1}})"), "no error");
}

TEST(Json, NestingHasALimit) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(parse_error_of(nested(deepest)), "no error");
  EXPECT_THAT(parse_error_of(nested(deepest + 1)),
              HasSubstr("is nested too deep; expected at most 500 levels"));
  EXPECT_THAT(parse_error_of(std::string(1000000, '[')), HasSubstr("is nested too deep"));
}

TEST(Json, AnObjectOfManyKeysIsReadInReasonableTime) {
  std::string text = "{";
  for (int i = 0; i < 100000; ++i)
    text += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":" + std::to_string(i);
  EXPECT_EQ(parse(text + "}").size(), 100000U);
}

class JsonReaderTest : public testing::Test {
 protected:
  const Value document = parse(R"({"stations": [{"rate": "x", "count": 2.0, "ratio": 0.5, "kind": "fast"}],
                                   "open": true, "none": null, "list": [1, 2.5, -3]})");
  Reader reader{document, "j.json"};
};

TEST_F(JsonReaderTest, ValuesAreTakenByType) {
  Reader station = reader.at("stations").array().at(0);
  EXPECT_EQ(station.at("rate").text(), "x");
  EXPECT_EQ(station.at("count").integer(0, 5), 2);
  EXPECT_EQ(station.at("ratio").number(Range::between(0, 1)), 0.5);
  EXPECT_EQ(station.at("kind").choice({"slow", "fast"}), "fast");
  EXPECT_TRUE(reader.at("open").boolean());
  EXPECT_THAT(reader.at("list").numbers(), ElementsAre(1, 2.5, -3));
  EXPECT_FALSE(reader.optional("none").has_value());
  EXPECT_FALSE(reader.optional("absent").has_value());
  EXPECT_EQ(reader.optional("open")->boolean(), true);
  EXPECT_EQ(station.pointer(), "/stations/0");
}

TEST_F(JsonReaderTest, ErrorsNamePlaceFoundAndExpected) {
  Reader station = reader.at("stations").array().at(0);
  EXPECT_EQ(error_of([&] { static_cast<void>(station.at("rate").number(Range::above(0))); }),
            "j.json at /stations/0/rate: found string \"x\"; expected a number > 0");
  EXPECT_EQ(error_of([&] { static_cast<void>(station.at("ratio").number(Range::at_least(1))); }),
            "j.json at /stations/0/ratio: found number 0.5; expected a number >= 1");
  EXPECT_EQ(error_of([&] { static_cast<void>(station.at("ratio").integer(0, 5)); }),
            "j.json at /stations/0/ratio: found number 0.5; expected a whole number from 0 to 5");
  EXPECT_EQ(error_of([&] {
              static_cast<void>(station.at("kind").choice({"slow", "quick"}));
            }),
            "j.json at /stations/0/kind: found string \"fast\"; expected one of \"slow\", \"quick\"");
  EXPECT_EQ(error_of([&] { static_cast<void>(reader.at("list").numbers(Range::at_least(0))); }),
            "j.json at /list/2: found number -3; expected a number >= 0");
  EXPECT_EQ(error_of([&] { static_cast<void>(reader.at("open").array()); }),
            "j.json at /open: found true; expected an array");
  EXPECT_EQ(error_of([&] { static_cast<void>(reader.at("list").at("x")); }),
            "j.json at /list: found an array; expected an object");
  EXPECT_EQ(error_of([&] { static_cast<void>(station.at("rat")); }),
            "j.json at /stations/0: the key \"rat\" is missing (there is \"rate\")");
  EXPECT_THAT(error_of([&] { static_cast<void>(reader.at("zzzzzz")); }),
              HasSubstr("j.json at the top: the key \"zzzzzz\" is missing"));
}

TEST_F(JsonReaderTest, FinishRefusesKeysThatNothingAskedFor) {
  Reader station = reader.at("stations").array().at(0);
  static_cast<void>(station.at("rate"));
  static_cast<void>(station.optional("counts"));
  static_cast<void>(station.at("kind"));
  static_cast<void>(station.at("ratio"));
  EXPECT_EQ(error_of([&] { station.finish(); }),
            "j.json at /stations/0: unknown key \"count\"; did you mean 'counts'?");
  static_cast<void>(station.at("count"));
  EXPECT_EQ(error_of([&] { station.finish(); }), "no error");
  EXPECT_EQ(reader.members().size(), 4U);
  EXPECT_EQ(error_of([&] { reader.finish(); }), "no error");
}

TEST(JsonReader, IntegersAreExactToTheirLimits) {
  const Value document =
      parse("[9223372036854775807, 9223372036854775808, -9223372036854775808, 1e15, 1e300, 1.5]");
  const auto elements = Reader(document, "j").array();
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min(),
                         most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(elements[0].integer(least, most), most);
  EXPECT_THROW(static_cast<void>(elements[1].integer(least, most)), InputError);
  EXPECT_EQ(elements[2].integer(least, most), least);
  EXPECT_EQ(elements[3].integer(least, most), 1000000000000000);
  EXPECT_THROW(static_cast<void>(elements[4].integer(least, most)), InputError);
  EXPECT_THROW(static_cast<void>(elements[5].integer(least, most)), InputError);
}

TEST(JsonDump, ObjectsTakeLinesAndPlainArraysDoNot) {
  const Value value = {
      {"name", "x"}, {"list", {1, 2.5, "a"}}, {"empty", Value::array()}, {"rows", {{1, 2}, {3, 4}}}};
  EXPECT_EQ(dump(value), R"({
  "name": "x",
  "list": [1, 2.5, "a"],
  "empty": [],
  "rows": [
    [1, 2],
    [3, 4]
  ]
}
)");
}

TEST(JsonDump, LongArraysFillTheirLines) {
  const std::vector<int> labels(5000, 12);
  const std::string text = dump({{"labels", labels}});
  EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 5000 * 4 / 90 + 8);
  std::size_t longest = 0, start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\n') continue;
    longest = std::max(longest, i - start);
    start = i + 1;
  }
  EXPECT_LE(longest, 100U);
  EXPECT_EQ(parse(text)["labels"].size(), 5000U);
}

TEST(JsonDump, NumbersAreShortestAndWhatIsNotFiniteIsNull) {
  EXPECT_EQ(dump(0.1), "0.1\n");
  EXPECT_EQ(dump(1.0), "1.0\n");
  EXPECT_EQ(dump(1e22), "1e+22\n");
  EXPECT_EQ(dump(9007199254740993.0), "9007199254740992.0\n");
  EXPECT_EQ(dump(std::nan("")), "null\n");
  EXPECT_EQ(dump(-std::numeric_limits<double>::infinity()), "null\n");
  EXPECT_EQ(dump(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615\n");
}

TEST(JsonDump, TextIsEscapedAndRepaired) {
  EXPECT_EQ(dump("a\"\\\n\x01/é"), "\"a\\\"\\\\\\n\\u0001/é\"\n");
  EXPECT_EQ(dump("M\xFCller"), "\"M\xEF\xBF\xBDller\"\n");
}

TEST(JsonProperty, EveryDoubleComesBackWithItsBits) {
  Random random(5);
  for (int i = 0; i < 20000; ++i) {
    const double number = std::bit_cast<double>(random());
    if (!std::isfinite(number)) continue;
    const Value back = parse(dump(number));
    ASSERT_TRUE(back.is_number_float());
    ASSERT_EQ(std::bit_cast<std::uint64_t>(back.get<double>()), std::bit_cast<std::uint64_t>(number));
  }
}

Value random_value(Random& random, int depth) {
  switch (random.below(depth > 4 ? 6 : 8)) {
    case 0:
      return nullptr;
    case 1:
      return random.below(2) == 0;
    case 2:
      return static_cast<std::int64_t>(random());
    case 3:
      return random();
    case 4:
      return random.normal();
    case 5: {
      std::string text;
      for (std::uint64_t i = random.below(20); i > 0; --i) text += static_cast<char>(random.below(128));
      return text;
    }
    case 6: {
      Value array = Value::array();
      for (std::uint64_t i = random.below(30); i > 0; --i) array.push_back(random_value(random, depth + 1));
      return array;
    }
    default: {
      Value object = Value::object();
      for (std::uint64_t i = random.below(6); i > 0; --i)
        object["k" + std::to_string(i)] = random_value(random, depth + 1);
      return object;
    }
  }
}

TEST(JsonProperty, RandomDocumentsComeBackAsTheyWereWritten) {
  Random random(6);
  for (int round = 0; round < 300; ++round) {
    const Value value = random_value(random, 0);
    ASSERT_EQ(parse(dump(value)), value) << dump(value);
  }
}

}  // namespace
}  // namespace xchg::json
