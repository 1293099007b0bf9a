// Bad input: every row of the engine's table of errors that this engine can meet.
#include "xchg/kmedoids/input.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "xchg/core/error.hpp"
#include "xchg/core/file.hpp"
#include "xchg/core/npy.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

using ::testing::HasSubstr;
using testing::message;

class InputFile : public ::testing::Test {
 protected:
  std::string write(const std::string& content) {
    const std::string name = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    path_ = std::filesystem::path(::testing::TempDir()) /
            ("xchg-" + name + "-" + std::to_string(::getpid()) + ".csv");
    file::write_atomically(path_, content);
    return path_.string();
  }
  ~InputFile() override {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }

 private:
  std::filesystem::path path_;
};

std::string matrix_error(std::vector<double> values, Index n, MatrixOptions options = {}) {
  return message<InputError>([&] { Dissimilarity::matrix(std::move(values), n, options); });
}

std::string cluster_error(Options options) {
  const auto data = Dissimilarity::matrix(std::vector<double>{0, 1, 2, 1, 0, 3, 2, 3, 0}, 3);
  return message<InputError>([&] { cluster(data, options); });
}

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

TEST(BadMatrix, NotSquareNamesBothSizes) {
  EXPECT_THAT(matrix_error({0, 1, 1, 0, 5}, 2), HasSubstr("5 values for 2 objects; expected 4 values"));
}

TEST(BadMatrix, BadValuesAreNamedWithTheirPlace) {
  EXPECT_THAT(matrix_error({0, nan, 1, 0}, 2),
              HasSubstr("row 1, column 2 is nan; expected a finite dissimilarity >= 0"));
  EXPECT_THAT(matrix_error({0, 1, -2, 0}, 2), HasSubstr("row 2, column 1 is -2"));
  EXPECT_THAT(matrix_error({0, infinity, infinity, 0}, 2), HasSubstr("row 1, column 2 is inf"));
  EXPECT_THAT(matrix_error({0, 1, 1, 0.5}, 2), HasSubstr("diagonal value in row 2, column 2 is 0.5"));
}

TEST(BadMatrix, AsymmetryNamesTheWorstPairAndTheWayOut) {
  const std::string text = matrix_error({0, 1, 5, 1.01, 0, 2, 9, 2, 0}, 3);
  EXPECT_THAT(text, HasSubstr("row 1, column 3 holds 5, row 3, column 1 holds 9"));
  EXPECT_THAT(text, HasSubstr("--orientation"));
}

TEST(BadMatrix, RoundingErrorsAreNotAsymmetry) {
  EXPECT_EQ(matrix_error({0, 1, 1 + 1e-7, 0}, 2), "no error");
}

TEST(Matrix, OrientationDecidesWhatRowsMean) {
  const std::vector<double> values{0, 1, 2, 0};  // (0, 1) = 1, (1, 0) = 2
  const auto objects = Dissimilarity::matrix(values, 2, {.orientation = Orientation::RowsAreObjects});
  EXPECT_EQ(objects.at(0, 1), 1);
  EXPECT_EQ(objects.at(1, 0), 2);
  const auto candidates = Dissimilarity::matrix(values, 2, {.orientation = Orientation::RowsAreCandidates});
  EXPECT_EQ(candidates.at(0, 1), 2);
  EXPECT_FALSE(candidates.symmetric());
}

TEST(Matrix, ZeroDiagonalIsTreatedAsZero) {
  const auto data = Dissimilarity::matrix(std::vector<double>{7, 1, 1, 7}, 2, {.zero_diagonal = true});
  EXPECT_EQ(data.at(0, 0), 0);
  EXPECT_EQ(data.at(0, 1), 1);
}

TEST(Matrix, ViewReadsTheCallersMemory) {
  std::vector<float> values{0, 1, 1, 0};
  const auto data = Dissimilarity::view(std::span<const float>(values), 2);
  EXPECT_EQ(std::get<Rows<float>>(data.rows()).dense, values.data());
}

TEST(BadOptions, KIsRefusedWithTheAllowedRange) {
  EXPECT_THAT(cluster_error({.k = 0}), HasSubstr("k is 0; expected 1 to 3"));
  EXPECT_THAT(cluster_error({.k = 4}), HasSubstr("k is 4; expected 1 to 3"));
}

TEST(BadOptions, GivenMedoidsMustBeKDifferentObjects) {
  EXPECT_THAT(cluster_error({.k = 2, .init = Init::Given, .medoids = {1}}),
              HasSubstr("1 medoids were given for k = 2"));
  EXPECT_THAT(cluster_error({.k = 2, .init = Init::Given, .medoids = {1, 1}}),
              HasSubstr("medoid 1 is there twice"));
  EXPECT_THAT(cluster_error({.k = 2, .init = Init::Given, .medoids = {1, 3}}),
              HasSubstr("medoid 3 does not exist; expected 0 to 2"));
  EXPECT_THAT(cluster_error({.k = 2, .init = Init::Given, .medoids = {-1, 2}}),
              HasSubstr("medoid -1 does not exist"));
}

TEST(BadOptions, WeightsMustBeUsable) {
  const std::vector<double> negative{1, -1, 1}, missing{1, nan, 1}, zero{0, 0, 0}, few{1, 1};
  EXPECT_THAT(cluster_error({.k = 2, .weights = negative}), HasSubstr("weight of object 1 is -1"));
  EXPECT_THAT(cluster_error({.k = 2, .weights = missing}), HasSubstr("weight of object 1 is nan"));
  EXPECT_THAT(cluster_error({.k = 2, .weights = zero}), HasSubstr("all weights are 0"));
  EXPECT_THAT(cluster_error({.k = 2, .weights = few}), HasSubstr("2 weights for 3 objects"));
}

TEST(BadOptions, OtherNumbersAreChecked) {
  EXPECT_THAT(cluster_error({.k = 2, .restarts = 0}), HasSubstr("restarts is 0"));
  EXPECT_THAT(cluster_error({.k = 2, .max_rounds = -1}), HasSubstr("max_rounds is -1"));
  EXPECT_THAT(cluster_error({.k = 2, .time_limit_seconds = nan}), HasSubstr("time limit"));
  EXPECT_THAT(cluster_error({.k = 2, .threads = -3}), HasSubstr("number of threads is -3"));
}

TEST(Limits, IntegerSumsThatCouldOverflowAreRefused) {
  const auto data = Dissimilarity::matrix(std::vector<std::int32_t>{0, 2000000000, 2000000000, 0}, 2);
  const std::vector<double> weights{4e9, 4e9};
  EXPECT_THAT(message<LimitError>([&] { cluster(data, {.k = 1, .weights = weights}); }),
              HasSubstr("could pass 2^63"));
}

TEST(Limits, MatrixOverTheBudgetNamesBothAmounts) {
  const std::vector<double> points(10000);
  const std::string text =
      message<LimitError>([&] { Dissimilarity::points(points, 10000, 1, {.memory_budget_bytes = 1 << 20}); });
  EXPECT_THAT(text, HasSubstr("needs 763 MiB, limit 1.00 MiB"));
}

TEST(Limits, OverflowingSumsAreANumericError) {
  const auto data =
      Dissimilarity::matrix(std::vector<double>{0, 1e308, 1e308, 1e308, 0, 1e308, 1e308, 1e308, 0}, 3);
  EXPECT_THAT(message<NumericError>([&] { cluster(data, {.k = 1}); }), HasSubstr("over the range of double"));
  const std::vector<double> far{-1e300, 1e300};
  EXPECT_THAT(message<NumericError>([&] { Dissimilarity::points(far, 2, 1); }), HasSubstr("over the range"));
}

TEST(Edges, AllDistancesEqualNeedNoSwap) {
  std::vector<double> values(49, 3.0);
  for (std::size_t i = 0; i < 7; ++i) values[i * 8] = 0;
  const Result result = cluster(Dissimilarity::matrix(values, 7), {.k = 3});
  EXPECT_EQ(result.statistics.swaps, 0);
  EXPECT_EQ(result.total_deviation, 12);
}

TEST(Edges, FewerDifferentObjectsThanKStillGiveKMedoidsAndNoEmptyCluster) {
  const std::vector<double> points{1, 1, 1, 2, 2, 2};
  for (const Init init : {Init::Random, Init::Build, Init::First}) {
    const auto data = Dissimilarity::points(points, 6, 1);
    const Result result = cluster(data, {.k = 4, .init = init});
    EXPECT_EQ(result.total_deviation, 0);
    EXPECT_TRUE(verify(data, result).right);
    std::vector<int> sizes(4);
    for (const auto label : result.labels) ++sizes.at(static_cast<std::size_t>(label));
    for (const int size : sizes) EXPECT_GT(size, 0);
  }
}

TEST(Edges, DenormalDistancesAreClusteredExactly) {
  const double tiny = std::numeric_limits<double>::denorm_min();
  const auto data = Dissimilarity::matrix(
      std::vector<double>{0, tiny, 3 * tiny, tiny, 0, 2 * tiny, 3 * tiny, 2 * tiny, 0}, 3);
  EXPECT_EQ(cluster(data, {.k = 2, .init = Init::Build}).total_deviation, tiny);
}

TEST_F(InputFile, TextColumnIsNamedWithTheWaysOut) {
  const std::string path = write("a,species\n1,setosa\n2,virginica\n");
  EXPECT_THAT(
      message<InputError>([&] { read_input(path, {.metric = Metric::Euclidean}); }),
      HasSubstr(":2, column 2: column 'species' holds text ('setosa'); expected numbers; --metric gower"));
  const Input input = read_input(path, {.id_column = "species"});
  EXPECT_EQ(input.ids, (std::vector<std::string>{"setosa", "virginica"}));
  EXPECT_EQ(read_input(path, {.drop_columns = {"species"}}).coordinates, (std::vector<double>{1, 2}));
}

TEST_F(InputFile, MissingValueIsNamedWithLineAndColumn) {
  const std::string path = write("a,b\n1,2\n3,\n");
  EXPECT_THAT(message<InputError>([&] { read_input(path, {}); }), HasSubstr(":3, column 2"));
}

TEST_F(InputFile, UnknownColumnNamesTheNearest) {
  const std::string path = write("height,weight\n1,2\n3,4\n");
  EXPECT_THAT(message<InputError>([&] { read_input(path, {.weight_column = "wieght"}); }),
              HasSubstr("weight"));
}

TEST_F(InputFile, WeightsColumnIsTakenOutAndChecked) {
  const Input input = read_input(write("x,w\n1,2\n5,3\n"), {.weight_column = "w"});
  EXPECT_EQ(input.weights, (std::vector<double>{2, 3}));
  EXPECT_EQ(input.coordinates, (std::vector<double>{1, 5}));
  const std::string path = write("x,w\n1,2\n5,-3\n");
  EXPECT_THAT(message<InputError>([&] { read_input(path, {.weight_column = "w"}); }),
              HasSubstr(":3, column 2: the weight is -3"));
}

TEST_F(InputFile, MatrixThatIsNotSquareNamesBothSizes) {
  const std::string path = write("0,1,2\n1,0,3\n");
  EXPECT_THAT(message<InputError>([&] { read_input(path, {.precomputed = true}); }),
              HasSubstr("2 rows and 3 columns"));
}

TEST_F(InputFile, MatrixWithNamesInFrontAndOnTop) {
  const Input input = read_input(write(",a,b\na,0,1.5\nb,1.5,0\n"), {.precomputed = true});
  EXPECT_EQ(input.ids, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(input.data.at(0, 1), 1.5);
}

TEST_F(InputFile, BadMatrixValueIsNamedByLine) {
  const std::string path = write("a,b\n0,1\n-1,0\n");
  EXPECT_THAT(message<InputError>([&] { read_input(path, {.precomputed = true}); }),
              HasSubstr(".csv:3, column 1: the value in row 2, column 1 is -1"));
}

class ArrayFile : public ::testing::Test {
 protected:
  template <class T>
  std::string write(const std::vector<T>& values, std::vector<std::size_t> shape) {
    npy::write(path_, npy::Array::from(std::span<const T>(values), std::move(shape)));
    return path_.string();
  }
  ~ArrayFile() override {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }

 private:
  std::filesystem::path path_ =
      std::filesystem::path(::testing::TempDir()) /
      (std::string("xchg-") + ::testing::UnitTest::GetInstance()->current_test_info()->name() + "-" +
       std::to_string(::getpid()) + ".npy");
};

TEST_F(ArrayFile, MatrixKeepsItsType) {
  const auto type_of = [](const Input& input) { return input.data.rows().index(); };
  EXPECT_EQ(type_of(read_input(write<double>({0, 1, 1, 0}, {2, 2}), {.precomputed = true})), 0U);
  EXPECT_EQ(type_of(read_input(write<float>({0, 1, 1, 0}, {2, 2}), {.precomputed = true})), 1U);
  EXPECT_EQ(type_of(read_input(write<std::int32_t>({0, 1, 1, 0}, {2, 2}), {.precomputed = true})), 2U);
  EXPECT_EQ(
      type_of(read_input(write<std::int64_t>({0, 1LL << 40, 1LL << 40, 0}, {2, 2}), {.precomputed = true})),
      3U);
  EXPECT_EQ(type_of(read_input(write<std::uint16_t>({0, 1, 1, 0}, {2, 2}), {.precomputed = true})), 4U);
  EXPECT_EQ(type_of(read_input(write<std::uint8_t>({0, 1, 1, 0}, {2, 2}), {.precomputed = true})), 5U);
}

TEST_F(ArrayFile, OneDimensionIsAPackedTriangle) {
  const std::string path = write<std::uint16_t>({1, 2, 3}, {3});
  const Input input = read_input(path, {.precomputed = true});
  EXPECT_EQ(input.data.size(), 3);
  EXPECT_EQ(input.data.at(2, 1), 3);
  EXPECT_TRUE(input.data.integers());
  const std::string wrong = write<double>({1, 2, 3, 4}, {4});
  EXPECT_THAT(message<InputError>([&] { read_input(wrong, {.precomputed = true}); }),
              HasSubstr("4 values are no packed triangle"));
}

TEST_F(ArrayFile, PointsGiveTheSameResultAsTheTable) {
  const Input table = testing::points("iris.csv");
  const Input array = read_input(write(table.coordinates, {150, 4}), {});
  EXPECT_EQ(cluster(array.data, {.k = 3}).total_deviation, cluster(table.data, {.k = 3}).total_deviation);
}

TEST_F(ArrayFile, WrongShapesAndColumnNamesAreRefused) {
  const std::string path = write<double>({0, 1, 2, 1, 0, 3}, {2, 3});
  EXPECT_THAT(message<InputError>([&] { read_input(path, {.precomputed = true}); }),
              HasSubstr("2 rows and 3 columns"));
  EXPECT_THAT(message<InputError>([&] { read_input(path, {.id_column = "name"}); }),
              HasSubstr("no column names"));
  const std::string flat = write<double>({0, 1, 2}, {3});
  EXPECT_THAT(message<InputError>([&] { read_input(flat, {}); }), HasSubstr("shape (3)"));
}

TEST_F(InputFile, OneRowOrColumnOfAMatrixIsAPackedTriangle) {
  for (const char* content : {"1,2,3\n", "1\n2\n3\n"}) {
    const Input input = read_input(write(content), {.precomputed = true});
    EXPECT_EQ(input.data.size(), 3);
    EXPECT_EQ(input.data.at(0, 2), 2);
    EXPECT_TRUE(input.data.integers());
  }
  const std::string path = write("0,1\n1,0\n");
  EXPECT_THAT(message<InputError>([&] { read_input(path, {.precomputed = true, .packed = true}); }),
              HasSubstr("2 rows and 2 columns are no packed triangle"));
}

TEST_F(InputFile, InfiniteValuesAreReplacedAndReported) {
  const std::string path = write("0,inf\ninf,0\n");
  EXPECT_THAT(message<InputError>([&] { read_input(path, {.precomputed = true}); }),
              HasSubstr(":1, column 2: the value in row 1, column 2 is inf"));
  const Input input = read_input(path, {.precomputed = true, .infinite_penalty = true});
  EXPECT_EQ(input.data.at(0, 1), 4);
  EXPECT_THAT(input.note, HasSubstr("2 infinite values replaced"));
}

TEST_F(InputFile, MatrixMarketIsKnownByItsFirstLine) {
  const Input input =
      read_input(write("%%MatrixMarket matrix coordinate integer symmetric\n3 3 1\n2 1 5\n"), {.absent = 7});
  EXPECT_EQ(input.data.at(0, 1), 5);
  EXPECT_EQ(input.data.at(0, 2), 7);
}

TEST_F(InputFile, ColumnsOfTextMakeGowerTheDefault) {
  const Input input = read_input(write("x,colour\n1,red\n3,blue\n2,red\n"), {});
  ASSERT_TRUE(input.comparison);
  EXPECT_EQ(input.comparison->metric, Metric::Gower);
  EXPECT_THAT(input.note, HasSubstr("compared by gower: x numeric, colour nominal"));
  EXPECT_EQ(input.data.at(0, 1), 1);
  EXPECT_EQ(input.data.at(0, 2), 0.25);
}

TEST_F(InputFile, ATextAmongNumbersIsRefusedUnlessItsColumnHasAType) {
  const std::string path = write("x,b\n1,2\n3,\n4,oops\n");
  EXPECT_THAT(message<InputError>([&] { read_input(path, {}); }),
              HasSubstr("column 'b' holds text ('oops') among numbers; expected numbers; --type b=nominal"));
  EXPECT_EQ(read_input(path, {.types = {{"b", ColumnType::Nominal}}}).data.at(0, 2), 1);
}

TEST_F(InputFile, TypesOfColumnsAreCheckedAgainstTheColumns) {
  const std::string path = write("x,grade,name\n1,b,p\n3,a,q\n2,c,r\n");
  const auto error = [&](const InputOptions& options) {
    return message<InputError>([&] { read_input(path, options); });
  };
  EXPECT_THAT(error({.types = {{"grad", ColumnType::Ordinal}}}), HasSubstr("grade"));
  EXPECT_THAT(error({.id_column = "name", .types = {{"name", ColumnType::Nominal}}}),
              HasSubstr("column 'name' has a type but is not compared"));
  EXPECT_THAT(error({.types = {{"grade", ColumnType::Numeric}, {"x", ColumnType::Nominal}}}),
              HasSubstr(":2, column 2: column 'grade' holds text (\"b\"), its type is numeric"));
  EXPECT_THAT(
      error({.types = {{"x", ColumnType::Asymmetric}}}),
      HasSubstr(":3, column 1: the value of the asymmetric column 'x' is 3; expected 0, 1 or missing"));
  EXPECT_THAT(error({.metric = Metric::Euclidean, .types = {{"grade", ColumnType::Ordinal}}}),
              HasSubstr("column 'grade' is ordinal, which euclidean cannot compare"));
  EXPECT_THAT(error({.metric = Metric::Levenshtein}),
              HasSubstr("3 columns are left to compare by levenshtein"));
  const Input input = read_input(path, {.id_column = "name", .types = {{"grade", ColumnType::Ordinal}}});
  EXPECT_THAT(input.note, HasSubstr("grade ordinal (a < b < c)"));
  EXPECT_EQ(input.data.at(0, 2), (0.5 + 0.5) / 2);
}

TEST_F(InputFile, OneWordALineIsAListOfStrings) {
  const Input input = read_input(write("kitten\r\nsitting\r\n\r\n42\r\n"), {});
  EXPECT_EQ(input.strings, (std::vector<std::string>{"kitten", "sitting", "", "42"}));
  EXPECT_EQ(input.ids, input.strings);
  EXPECT_EQ(input.data.at(0, 1), 3);
  EXPECT_EQ(input.data.at(0, 2), 6);
  EXPECT_TRUE(input.data.integers());
  EXPECT_TRUE(read_input(write("1\n2\n"), {}).strings.empty());  // numbers are points
  const std::string path = write("new york\nyork\n");
  const Input lines = read_input(path, {.format = Format::Strings, .normalised = true});
  EXPECT_EQ(lines.data.at(0, 1), 0.5);
}

TEST(MixedTable, EqualsThePublishedDissimilaritiesAndTheirOptimum) {
  const Input input =
      read_input(testing::data_path("mixed12.csv"),
                 {.types = {{"grade", ColumnType::Ordinal}, {"rare", ColumnType::Asymmetric}}});
  const csv::Matrix expected =
      csv::read_matrix(testing::data_path("mixed12.gower.csv"), {.header = csv::Header::No});
  ASSERT_EQ(input.data.size(), static_cast<Index>(expected.rows));
  for (Index a = 0; a < input.data.size(); ++a) {
    for (Index b = 0; b < input.data.size(); ++b)
      EXPECT_NEAR(input.data.at(a, b), expected.row(static_cast<std::size_t>(a))[static_cast<std::size_t>(b)],
                  1e-12);
  }
  const Result best = cluster(input.data, {.k = 3, .init = Init::Given, .medoids = {6, 9, 10}});
  EXPECT_NEAR(best.total_deviation, 1.717191601049869, 1e-12);
  EXPECT_EQ(best.statistics.swaps, 0);
  EXPECT_NEAR(testing::optimum(input.data, 3), 1.717191601049869, 1e-12);
}

TEST(WordList, HasThePublishedSumsAndOptimum) {
  const Input input = read_input(testing::data_path("words12.txt"), {});
  ASSERT_EQ(input.data.size(), 12);
  double first = 0, all = 0;
  for (Index a = 0; a < 12; ++a) {
    for (Index b = 0; b < 12; ++b) {
      all += input.data.at(a, b);
      if (a == 0) first += input.data.at(a, b);
    }
  }
  EXPECT_EQ(first, 50);
  EXPECT_EQ(all, 670);
  EXPECT_EQ(input.data.at(0, 1), 3);
  EXPECT_EQ(testing::optimum(input.data, 3), 19);
  const Result best = cluster(input.data, {.k = 3, .init = Init::Given, .medoids = {1, 6, 9}});
  EXPECT_EQ(best.total_deviation_exact, 19);
}

TEST_F(InputFile, DamagedTablesAreRefused) {
  EXPECT_THAT(message<InputError>([&] { read_input(write("1,2\n3\n"), {}); }), HasSubstr(":2"));
  EXPECT_NE(message<InputError>([&] { read_input(write(""), {}); }), "no error");
  EXPECT_THAT(message<InputError>([&] { read_input("no-such-file.csv", {}); }),
              HasSubstr("no-such-file.csv: cannot open"));
}

}  // namespace
}  // namespace xchg::kmedoids
