// Second moments of files in pieces are those of the whole table, in bounded memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "xchg/core/csv.hpp"
#include "xchg/core/npy.hpp"
#include "xchg/dag/data.hpp"
#include "xchg/dag/data/testing.hpp"

namespace xchg::dag {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::input_error;
using testing::random_data;
using testing::TemporaryFile;

// A table of about 3 MiB, three pieces: numbers, and a text column with line ends and delimiters in quotes.
std::string large_table(char delimiter, const std::string& line_end, bool header) {
  const Data data = random_data(40000, 4, 1);
  std::string text = header ? std::string("a") + delimiter + "b" + delimiter + "kind" + delimiter + "c" +
                                  delimiter + "d" + line_end
                            : "";
  for (std::size_t i = 0; i < data.rows(); ++i) {
    for (std::size_t j = 0; j < 4; ++j) {
      csv::Writer number;
      text += number.cell(data.x(i, j)).text();
      if (j < 3) text += delimiter;
      if (header && j == 1) {
        text += i % 3 == 0 ? "x" : "\"y" + line_end + "z\"";
        text += delimiter;
      }
    }
    text += line_end;
  }
  return text;
}

TEST(GramOfFile, IsTheSameBytesAsThatOfTheWholeTable) {
  for (const char delimiter : {',', ';', '\t'}) {
    for (const std::string line_end : {"\n", "\r\n", "\r"}) {
      const TemporaryFile file("stream.csv", large_table(delimiter, line_end, true));
      const ReadOptions where{.where = {{"kind", "x"}}}, ignore{.ignore = {"kind"}};
      for (const ReadOptions& options : {where, ignore}) {
        const Gram streamed = gram_of_file(file.path(), options);
        const Gram whole = gram(read_data(file.path(), options));
        EXPECT_EQ(streamed.s, whole.s);
        EXPECT_EQ(streamed.n, whole.n);
        EXPECT_EQ(streamed.mean, whole.mean);
        EXPECT_EQ(streamed.names, whole.names);
      }
    }
  }
}

TEST(GramOfFile, NeedsNoHeaderAndTakesTransforms) {
  const TemporaryFile file("stream.csv", large_table(',', "\n", false));
  ReadOptions options;
  options.transforms = {parse_transform("asinh(x+1)")};
  const Gram streamed = gram_of_file(file.path(), options, {.standardize = true});
  const Gram whole = gram(read_data(file.path(), options), {.standardize = true});
  EXPECT_EQ(streamed.s, whole.s);
  EXPECT_EQ(streamed.n, 40000);
}

TEST(GramOfFile, MapsArraysOfDoublesAndReadsOthers) {
  const Data data = random_data(30000, 5, 2);
  const TemporaryFile file("stream.npy");
  npy::write(file.path(), npy::Array::from<double>(data.x.values, {30000, 5}));
  EXPECT_EQ(gram_of_file(file.path()).s, gram(data).s);
  std::vector<float> rounded(data.x.values.begin(), data.x.values.end());
  npy::write(file.path(), npy::Array::from<float>(rounded, {30000, 5}));
  EXPECT_EQ(gram_of_file(file.path()).s, gram(read_data(file.path())).s);
}

TEST(GramOfFile, ErrorsNameTheLineOfTheFile) {
  std::string text = large_table(',', "\n", true);
  std::size_t at = text.size() - 1;  // the last row's last number becomes text
  while (text[at - 1] != ',') --at;
  text.insert(at, "o");
  const auto lines = std::count(text.begin(), text.end(), '\n');
  const TemporaryFile file("stream.csv", text);
  EXPECT_THAT(input_error([&] { gram_of_file(file.path(), {.ignore = {"kind"}}); }),
              AllOf(HasSubstr(":" + std::to_string(lines) + ", column 5"), HasSubstr("\"o")));
}

TEST(GramOfFile, RowsWithMissingValuesCanBeDropped) {
  std::string text = "a,b\n";
  for (int i = 0; i < 1000; ++i)
    text += std::to_string(i * i % 17) + (i % 5 == 0 ? "," : "," + std::to_string(i % 13)) + "\n";
  const TemporaryFile file("stream.csv", text);
  EXPECT_EQ(gram_of_file(file.path(), {.missing = Missing::Listwise}).n, 800);
  EXPECT_THAT(input_error([&] { gram_of_file(file.path()); }), HasSubstr(":2, column 2"));
}

TEST(GramOfFile, NoRowsOneRowAndConstantColumnsAreRefused) {
  const TemporaryFile one("one.csv", "a,b\n1,2\n"), constant("constant.csv", "a,b\n1,2\n1,3\n");
  const TemporaryFile none("none.csv", "a,b,k\n1,2,x\n4,3,x\n"), empty("empty.csv", "");
  EXPECT_THAT(input_error([&] { gram_of_file(one.path()); }), HasSubstr("has 1 row"));
  EXPECT_THAT(input_error([&] {
                gram_of_file(none.path(), {.where = {{"k", "y"}}});
              }),
              HasSubstr("has 0 rows"));
  EXPECT_THAT(input_error([&] { gram_of_file(constant.path()); }),
              AllOf(HasSubstr("\"a\""), HasSubstr("constant")));
  EXPECT_THAT(input_error([&] { gram_of_file(empty.path()); }), HasSubstr("is empty"));
  EXPECT_THAT(input_error([] { gram_of_file("/nowhere/x.csv"); }), HasSubstr("/nowhere/x.csv"));
}

// Of this process, in MiB.
double memory_mib(const std::string& key) {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(key + ":")) return std::stod(line.substr(key.size() + 1)) / 1024;
  }
  return 0;
}

TEST(GramOfFile, TakesLessThan64MebibytesWhateverTheNumberOfRows) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "AddressSanitizer keeps freed memory";
#endif
  const TemporaryFile file("large.csv");
  {
    const std::string block = large_table(',', "\n", false);
    std::ofstream out(file.path(), std::ios::binary);
    for (int i = 0; i < 24; ++i) out << block;
  }
  ASSERT_GT(std::filesystem::file_size(file.path()), 64U << 20);
  const double before = memory_mib("VmRSS");
  std::ofstream("/proc/self/clear_refs") << "5";  // the peak is what is used now
  if (memory_mib("VmHWM") > before + 4) GTEST_SKIP() << "the peak of memory cannot be reset here";
  EXPECT_EQ(gram_of_file(file.path(), {}, {.threads = 2}).n, 24 * 40000);
  EXPECT_LT(memory_mib("VmHWM") - before, 64);
}

}  // namespace
}  // namespace xchg::dag
