#include "xchg/core/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "xchg/core/error.hpp"
#include "xchg/core/random.hpp"
#include "xchg/core/text.hpp"

namespace xchg::csv {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> names(const Table& table) {
  std::vector<std::string> result;
  for (const Column& column : table.columns) result.push_back(column.name);
  return result;
}

std::string error_of(std::string_view text, const Options& options = {}) {
  try {
    parse(text, options, "t.csv");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

std::string matrix_error_of(std::string_view text, const Options& options = {}) {
  try {
    parse_matrix(text, options, "t.csv");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Csv, ReadsNumbersAndTextsUnderAHeader) {
  const Table table = parse("name,height\nAda,1.5\nBob,-2e3\n");
  EXPECT_THAT(names(table), ElementsAre("name", "height"));
  EXPECT_TRUE(table.had_header);
  EXPECT_EQ(table.rows, 2U);
  EXPECT_THAT(table.columns[0].texts, ElementsAre("Ada", "Bob"));
  EXPECT_THAT(table.columns[1].numbers, ElementsAre(1.5, -2000));
}

TEST(Csv, AFirstRowWithANumberIsNoHeader) {
  const Table table = parse("Ada,1\nBob,2\n");
  EXPECT_FALSE(table.had_header);
  EXPECT_THAT(names(table), ElementsAre("column 1", "column 2"));
  EXPECT_EQ(table.rows, 2U);
}

TEST(Csv, HeaderOptionOverridesDetection) {
  Options options;
  options.header = Header::Yes;
  EXPECT_THAT(names(parse("2019,2020\n1,2\n", options)), ElementsAre("2019", "2020"));
  options.header = Header::No;
  EXPECT_EQ(parse("a,b\nc,d\n", options).rows, 2U);
}

TEST(Csv, AnEmptyNameInTheHeaderIsNamedByItsPlace) {
  EXPECT_THAT(names(parse(",a\nx,1\n")), ElementsAre("column 1", "a"));
}

TEST(Csv, QuotesHoldDelimitersLineEndsAndDoubledQuotes) {
  const Table table = parse("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n\"two\nlines\", \"kept \" \n");
  EXPECT_THAT(table.columns[0].texts, ElementsAre("x,y", "two\nlines"));
  EXPECT_THAT(table.columns[1].texts, ElementsAre("say \"hi\"", "kept "));
}

TEST(Csv, EveryLineEndAndNoneAtTheEndReadTheSame) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    for (const bool closed : {true, false}) {
      const Table table = parse("a,b" + end + "1,2" + end + "3,4" + (closed ? end : ""));
      EXPECT_THAT(table.columns[0].numbers, ElementsAre(1, 3));
      EXPECT_THAT(table.columns[1].numbers, ElementsAre(2, 4));
      EXPECT_EQ(table.lines[1], 3U);
    }
  }
}

TEST(Csv, ByteOrderMarkIsSkippedAndUtf16Refused) {
  EXPECT_THAT(names(parse("\xEF\xBB\xBFx,y\n1,2\n")), ElementsAre("x", "y"));
  EXPECT_THAT(error_of(std::string_view("\xFF\xFE"
                                        "a\0,\0",
                                        6)),
              HasSubstr("t.csv: is UTF-16; expected UTF-8"));
}

TEST(Csv, MissingValuesInNumbersAndTexts) {
  const Table table = parse("a,b,c\n1,,x\nNA,2,?\nnan,3,\" \"\n");
  EXPECT_EQ(table.columns[0].missing, 2U);
  EXPECT_TRUE(std::isnan(table.columns[0].numbers[1]));
  EXPECT_EQ(table.columns[1].missing, 1U);
  EXPECT_THAT(table.columns[2].texts, ElementsAre("x", "", ""));
  EXPECT_TRUE(table.columns[2].is_missing(1));
  Options options;
  options.missing = {"-999"};
  EXPECT_EQ(parse("a\n-999\n1\n", options).columns[0].missing, 1U);
}

TEST(Csv, AColumnOfMissingValuesAloneIsOfNumbers) {
  const Table table = parse("a,b\n,1\nNA,2\n");
  EXPECT_EQ(table.columns[0].type, Column::Type::Number);
  EXPECT_EQ(table.columns[0].missing, 2U);
}

TEST(Csv, NumbersInEverySpelling) {
  const Table table = parse("x\n+1.5\n 2 \n.5\n5.\n1e5\n-1E-3\n\"7\"\n-0\ninf\n-Infinity\n1e-400\n");
  const auto& x = table.columns[0].numbers;
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_THAT(x, ElementsAre(1.5, 2, .5, 5, 1e5, -1e-3, 7, 0, infinity, -infinity, 0));
  EXPECT_TRUE(std::signbit(x[7]));
}

TEST(Csv, WhatOnlyLooksLikeANumberIsText) {
  for (const std::string text :
       {"0x10", "1.2.3", "1,5", "--1", "+-1", "e5", ".", "-", "nan(1)", "1 2", "info", "१"}) {
    const Table table = parse("h;i\n\"" + text + "\";1\n");
    EXPECT_EQ(table.columns[0].type, Column::Type::Text) << text;
    EXPECT_EQ(table.columns[0].texts[0], text);
  }
}

TEST(Csv, AColumnThatTurnsToTextLateKeepsItsEarlyTexts) {
  const Table table = parse("id,v\n007,1\n1.50,2\nx9,3\n");
  EXPECT_THAT(table.columns[0].texts, ElementsAre("007", "1.50", "x9"));
  EXPECT_EQ(table.columns[0].first_text_row, 2U);
}

TEST(Csv, ANumberBeyondDoubleIsAnErrorOnlyInAColumnOfNumbers) {
  EXPECT_EQ(error_of("a,b\n1,1e999\n"),
            "t.csv:2, column 2: the number \"1e999\" is too large; expected a number below 1.8e308 in size");
  EXPECT_EQ(parse("hash\n1e999\nab12\n").columns[0].texts[0], "1e999");
  EXPECT_THAT(matrix_error_of("1\n-1e999\n"),
              HasSubstr("t.csv:2, column 1: the number \"-1e999\" is too large"));
}

TEST(Csv, DelimitersAreFound) {
  for (const char delimiter : {',', ';', '\t', '|'}) {
    std::string text = "a_b\n1_2\n3_4\n";
    for (char& c : text) c = c == '_' ? delimiter : c;
    const Table table = parse(text);
    EXPECT_EQ(table.delimiter, delimiter);
    EXPECT_THAT(table.columns[1].numbers, ElementsAre(2, 4));
  }
  EXPECT_EQ(parse("a;b\n1,5;2,5\n").delimiter, ';');
  EXPECT_EQ(parse("a|b\n\"x|y,z\"|1\n").delimiter, '|');
}

TEST(Csv, BlanksSeparateNumbersButNotWords) {
  const Table numbers = parse("  x   y\n 1\t 2  \n3 4\n");
  EXPECT_EQ(numbers.delimiter, ' ');
  EXPECT_THAT(numbers.columns[1].numbers, ElementsAre(2, 4));
  EXPECT_THAT(parse("city\nNew York\nLos Angeles\n").columns[0].texts,
              ElementsAre("New York", "Los Angeles"));
}

TEST(Csv, DecimalCommaWhenAskedFor) {
  Options options;
  options.decimal = ',';
  EXPECT_THAT(parse("a;b\n1,5;-2,25\n", options).columns[1].numbers, ElementsAre(-2.25));
  EXPECT_THAT(parse("1,5 2\n3 4,5\n", options).columns[0].numbers, ElementsAre(1.5, 3));
  options.delimiter = ',';
  EXPECT_THROW(parse("1,5", options), InputError);
  EXPECT_THAT(matrix_error_of("1,5;2\n"), HasSubstr("expected a number with a decimal point"));
}

TEST(Csv, CommentsAndBlankLinesAreSkippedAndLinesStayTrue) {
  Options options;
  options.comment = '#';
  const Table table = parse("# made by hand\n\na,b\n  \n1,2\n# no\n3,\"x\ny\"\n4,z\n", options);
  EXPECT_EQ(table.rows, 3U);
  EXPECT_EQ(table.lines[0], 5U);
  EXPECT_EQ(table.lines[1], 7U);
  EXPECT_EQ(table.lines[2], 9U);
}

TEST(Csv, OneColumnKeepsAQuotedEmptyCellAndSkipsABlankLine) {
  const Table table = parse("a\n1\n\n\"\"\n2\n");
  EXPECT_EQ(table.rows, 3U);
  EXPECT_TRUE(table.columns[0].is_missing(1));
}

TEST(Csv, RaggedRowsAreNamedWithBothSizes) {
  EXPECT_EQ(error_of("a,b,c\n1,2,3\n4,5\n"), "t.csv:3: the row has 2 cells; expected 3 cells as in line 1");
  EXPECT_EQ(error_of("a,b\n\n1,2,3,4\n"), "t.csv:3: the row has 4 cells; expected 2 cells as in line 1");
  EXPECT_THAT(matrix_error_of("1 2 3\n4 5\n"), HasSubstr("t.csv:2: the row has 2 cells"));
}

TEST(Csv, AShortRowThatEndsInABlankIsRaggedAmongRunsOfBlanks) {  // found by csv_fuzz: it had a missing value
  EXPECT_THAT(matrix_error_of("1 2 3\n4 5 \n6 7 8\n9 10 11\n"), HasSubstr("t.csv:2: the row has 2 cells"));
}

TEST(Csv, QuoteErrorsNameTheOpeningLineAndCell) {
  EXPECT_EQ(error_of("a,b\n1,2\n3,\"x\n4,5\n"), "t.csv:3, column 2: a quote is opened here and never closed");
  EXPECT_THAT(error_of("a,b\n\"x\"y,2\n"), HasSubstr("t.csv:2, column 1: text after a closing quote"));
  EXPECT_THAT(error_of("a,\""), HasSubstr("column 2: a quote is opened"));
}

TEST(Csv, EmptyAndHeaderOnlyAndBinaryAreRefused) {
  EXPECT_EQ(error_of(""), "t.csv: is empty; expected a table");
  EXPECT_THAT(error_of(" \n\r\n"), HasSubstr("is empty"));
  EXPECT_EQ(error_of("a,b\n"), "t.csv:1: has a header and no row; expected at least one row");
  EXPECT_THAT(error_of(std::string_view("a\n1\n\0\n", 6)), HasSubstr("t.csv:3: holds a zero byte"));
}

TEST(Csv, TextThatIsNotUtf8IsRefused) {
  EXPECT_THAT(error_of("a,b\n1,M\xFCller\n"), HasSubstr("t.csv:2, column 2: is not UTF-8: \"M?ller\""));
  EXPECT_THAT(error_of("a\xC0\xAF\n1\n"), HasSubstr("t.csv:1, column 1: is not UTF-8"));
  EXPECT_THAT(error_of("a\nx\xED\xA0\x80\n"), HasSubstr("is not UTF-8"));  // a surrogate
  EXPECT_EQ(parse("größe\n1\n").columns[0].name, "größe");
}

TEST(Csv, BadOptionsAreRefused) {
  for (const char delimiter : {'"', '\n', '5', 'e', '-', '.'}) {
    Options options;
    options.delimiter = delimiter;
    EXPECT_THROW(parse("a,b\n1,2\n", options), InputError) << delimiter;
  }
}

TEST(Csv, ColumnsAreFoundByName) {
  const Table table = parse("height,weight,weight\n1,2,3\n");
  EXPECT_EQ(table.index("height"), 0U);
  EXPECT_THROW(table.index("weight"), InputError);
  try {
    table.index("heigth");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'height'?"));
  }
}

TEST(Csv, NumbersOfAColumnMustBeCompleteNumbers) {
  const Table table = parse("a,b,c\n1,2,3\n4,,x\n", {}, "t.csv");
  EXPECT_THAT(table.numbers(0), ElementsAre(1, 4));
  const auto message = [&](std::size_t column) -> std::string {
    try {
      table.numbers(column);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message(1), "t.csv:3, column 2: a value is missing; expected a number");
  EXPECT_EQ(message(2), "t.csv:3, column 3: found text \"x\"; expected a number");
}

TEST(Csv, WholeNumbersAreRecognised) {
  const Table table = parse("a,b,c,d\n1,1.5,x,inf\n,2,y,1\n-3,3,z,1\n");
  EXPECT_TRUE(table.columns[0].is_whole());
  EXPECT_FALSE(table.columns[1].is_whole());
  EXPECT_FALSE(table.columns[2].is_whole());
  EXPECT_FALSE(table.columns[3].is_whole());
}

TEST(CsvMatrix, IsRowMajor) {
  const Matrix matrix = parse_matrix("x,y\n1,2\n3,4\n5,6\n");
  EXPECT_EQ(matrix.rows, 3U);
  EXPECT_EQ(matrix.columns, 2U);
  EXPECT_THAT(matrix.values, ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(matrix.names, ElementsAre("x", "y"));
  EXPECT_EQ(matrix.row(2)[1], 6);
}

TEST(CsvMatrix, NamesTheFirstCellThatIsNoNumber) {
  EXPECT_EQ(matrix_error_of("x,y\n1,2\n3,4O\n"), "t.csv:3, column 2: found text \"4O\"; expected a number");
  EXPECT_EQ(matrix_error_of("1,2\n,4\n"), "t.csv:2, column 1: a value is missing; expected a number");
}

TEST(CsvMatrix, IsMadeOfChosenColumnsOfATable) {
  const Table table = parse("a,b,c\n1,x,3\n4,y,6\n");
  const std::vector<std::size_t> columns = {2, 0};
  const Matrix chosen = matrix(table, columns);
  EXPECT_THAT(chosen.values, ElementsAre(3, 1, 6, 4));
  EXPECT_THAT(chosen.names, ElementsAre("c", "a"));
  EXPECT_THROW(matrix(table, std::vector<std::size_t>{1}), InputError);
}

// Any double: uniform bits, or few digits.
double random_number(Random& random) {
  switch (random.below(4)) {
    case 0: {
      const double any = std::bit_cast<double>(random());
      return std::isnan(any) ? 0.5 : any;
    }
    case 1:
      return static_cast<double>(random.below(2000)) - 1000;
    case 2:
      return static_cast<double>(random.below(100000)) / 1000;
    default:
      return random.normal();
  }
}

std::string random_spelling(Random& random) {
  std::string text = random.below(3) == 0 ? "-" : "";
  const std::uint64_t whole = random.below(22);
  for (std::uint64_t i = 0; i < whole; ++i) text += static_cast<char>('0' + random.below(10));
  const std::uint64_t fraction = whole == 0 ? 1 + random.below(26) : random.below(26);
  if (fraction != 0) text += '.';
  for (std::uint64_t i = 0; i < fraction; ++i) text += static_cast<char>('0' + random.below(10));
  if (random.below(4) == 0) text += "e" + std::to_string(static_cast<int>(random.below(60)) - 30);
  return text;
}

TEST(CsvProperty, EverySpellingOfANumberReadsAsStrtodReadsIt) {
  Random random(1);
  for (int round = 0; round < 200; ++round) {
    std::string text = "x,y\n";
    std::vector<std::string> spelled;
    for (int i = 0; i < 400; ++i) {
      spelled.push_back(random_spelling(random));
      text += spelled.back() + (i % 2 == 0 ? "," : "\n");
    }
    const Matrix matrix = parse_matrix(text);
    ASSERT_EQ(matrix.values.size(), spelled.size());
    for (std::size_t i = 0; i < spelled.size(); ++i) {
      const double expected = std::strtod(spelled[i].c_str(), nullptr);
      ASSERT_EQ(std::bit_cast<std::uint64_t>(matrix.values[i]), std::bit_cast<std::uint64_t>(expected))
          << spelled[i];
    }
  }
}

std::string random_text(Random& random) {
  static const std::vector<std::string> pieces = {"a",  "B",  ",",    ";",   "\t",          " ", "\"",
                                                  "\n", "\r", "\r\n", "é",   "漢",          "1", ".",
                                                  "-",  "|",  "#",    "nan", "\xEF\xBB\xBF"};
  std::string text = "t";  // never a number or a missing value
  const std::uint64_t length = random.below(6);
  for (std::uint64_t i = 0; i < length; ++i) text += pieces[random.below(pieces.size())];
  return random.below(2) == 0 ? text : " " + text;
}

Table random_table(Random& random) {
  Table table;
  table.rows = 1 + random.below(40);
  const std::uint64_t columns = 1 + random.below(6);
  for (std::uint64_t i = 0; i < columns; ++i) {
    Column& column = table.columns.emplace_back();
    column.name = "n" + std::to_string(i) + (random.below(3) == 0 ? ", \"x\"" : "");
    column.type = random.below(2) == 0 ? Column::Type::Text : Column::Type::Number;
    for (std::size_t row = 0; row < table.rows; ++row) {
      const bool missing = random.below(5) == 0 && row != 0;
      column.missing += missing ? 1 : 0;
      if (column.type == Column::Type::Text) {
        column.texts.push_back(missing ? "" : random_text(random));
      } else {
        column.numbers.push_back(missing ? std::nan("") : random_number(random));
      }
    }
  }
  return table;
}

void expect_same(const Table& a, const Table& b) {
  ASSERT_EQ(a.rows, b.rows);
  ASSERT_EQ(names(a), names(b));
  for (std::size_t i = 0; i < a.columns.size(); ++i) {
    const Column& left = a.columns[i];
    const Column& right = b.columns[i];
    ASSERT_EQ(left.type, right.type);
    EXPECT_EQ(left.missing, right.missing);
    EXPECT_EQ(left.texts, right.texts);
    ASSERT_EQ(left.numbers.size(), right.numbers.size());
    for (std::size_t row = 0; row < left.numbers.size(); ++row) {
      if (std::isnan(left.numbers[row])) {
        EXPECT_TRUE(std::isnan(right.numbers[row]));
      } else {
        EXPECT_EQ(std::bit_cast<std::uint64_t>(left.numbers[row]),
                  std::bit_cast<std::uint64_t>(right.numbers[row]));
      }
    }
  }
}

TEST(CsvProperty, RandomTablesComeBackAsTheyWereWritten) {
  Random random(2);
  for (int round = 0; round < 500; ++round) {
    const Table table = random_table(random);
    for (const char delimiter : {',', ';', '\t', '|', ' '}) {
      Options options;
      options.header = Header::Yes;
      options.delimiter = delimiter;
      const std::string text = format(table, {.header = true, .delimiter = delimiter});
      SCOPED_TRACE(text);
      expect_same(table, parse(text, options));
      if (HasFailure()) return;
    }
  }
}

TEST(CsvProperty, TheTableAndTheMatrixOfTheSameTextAgree) {
  Random random(3);
  for (int round = 0; round < 100; ++round) {
    const std::size_t rows = 1 + random.below(300), columns = 1 + random.below(9);
    std::string text;
    for (std::size_t i = 0; i < rows * columns; ++i) {
      text += random_spelling(random);
      text += (i + 1) % columns == 0 ? (random.below(5) == 0 ? " \r\n" : "\n")
                                     : (random.below(5) == 0 ? ", " : ",");
    }
    const Matrix whole = parse_matrix(text);
    const Table table = parse(text);
    ASSERT_EQ(whole.rows, rows);
    ASSERT_EQ(table.rows, rows);
    for (std::size_t row = 0; row < rows; ++row) {
      ASSERT_EQ(whole.lines[row], row + 1);
      for (std::size_t i = 0; i < columns; ++i)
        ASSERT_EQ(whole.values[row * columns + i], table.columns[i].numbers[row]);
    }
  }
}

TEST(CsvWriter, WritesShortestNumbersAndQuotesOnlyWhereNeeded) {
  Writer writer;
  writer.cell(0.1).cell("plain").cell("a,b").cell("say \"x\"").cell(std::nan(""));
  writer.end_row();
  writer.cell("");
  writer.end_row();
  EXPECT_EQ(writer.text(), "0.1,plain,\"a,b\",\"say \"\"x\"\"\",\n\"\"\n");
}

}  // namespace
}  // namespace xchg::csv
