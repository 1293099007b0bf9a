// One test for each kind of bad input that the engine promises to name, and for the numeric edges.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "xchg/core/error.hpp"
#include "xchg/kmedoids/range.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::message;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

template <class T>
std::string matrix_error(std::vector<T> values, Index n, const MatrixOptions& options = {}) {
  return message<InputError>([&] { Dissimilarity::matrix(std::move(values), n, options); });
}

Dissimilarity line(Index n) {
  std::vector<double> points;
  for (Index i = 0; i < n; ++i) points.push_back(static_cast<double>(i * i));
  return Dissimilarity::points(points, n, 1);
}

std::string cluster_error(const Options& options, Index n = 4) {
  return message<InputError>([&] { cluster(line(n), options); });
}

TEST(EveryBadInput, NotSquareNotPackedNotEven) {
  EXPECT_THAT(matrix_error<double>({0, 1, 1, 0, 5}, 2),
              HasSubstr("not square: 5 values for 2 objects; expected 4"));
  EXPECT_THAT(
      message<InputError>([] {
        Dissimilarity::packed(std::vector<double>{1, 2});
      }),
      HasSubstr("2 values are no packed triangle; expected n (n - 1) / 2 values, such as 1 for 2 objects "
                "or 3 for 3"));
  EXPECT_THAT(message<InputError>([] { csv::parse("0,1,2\n1,0\n2,1,0\n", {}, "d.csv"); }),
              AllOf(HasSubstr("d.csv:2"), HasSubstr("2"), HasSubstr("3")));
}

TEST(EveryBadInput, NaNNegativeAndDiagonalWithTheirPosition) {
  EXPECT_THAT(matrix_error<double>({0, nan, nan, 0}, 2), HasSubstr("row 1, column 2 is nan"));
  EXPECT_THAT(matrix_error<float>({0, 1, -1, 0}, 2), HasSubstr("row 2, column 1 is -1"));
  EXPECT_THAT(matrix_error<std::int64_t>({0, 1, -1, 0}, 2), HasSubstr("row 2, column 1 is -1"));
  EXPECT_THAT(matrix_error<std::int32_t>({0, 1, 1, 3}, 2),
              HasSubstr("diagonal value in row 2, column 2 is 3; expected 0 (--zero-diagonal"));
  EXPECT_EQ(matrix_error<double>({0, 1, 1, 3}, 2, {.zero_diagonal = true}), "no error");
}

TEST(EveryBadInput, InfiniteValuesUnlessAPenaltyIsWanted) {
  const std::vector<double> values{0, 4, infinity, 4, 0, 1, infinity, 1, 0};
  EXPECT_THAT(matrix_error(values, 3),
              AllOf(HasSubstr("row 1, column 3 is inf"), HasSubstr("--infinite=penalty")));
  const auto data = Dissimilarity::matrix(values, 3, {.infinite_penalty = true});
  EXPECT_EQ(data.at(0, 2), 2 * 3 * 4);
  EXPECT_EQ(data.infinite_replaced(), 2);
  EXPECT_TRUE(std::isfinite(cluster(data, {.k = 1}).total_deviation));
}

TEST(EveryBadInput, AsymmetryWithTheWorstPairAndATolerance) {
  EXPECT_THAT(
      matrix_error<double>({0, 2, 5, 2.1, 0, 1, 9, 1, 0}, 3),
      AllOf(HasSubstr("row 1, column 3 holds 5, row 3, column 1 holds 9"), HasSubstr("--orientation")));
  EXPECT_EQ(matrix_error<float>({0, 1, 1.0000005F, 0}, 2), "no error");
  EXPECT_THAT(matrix_error<float>({0, 1, 1.00001F, 0}, 2), HasSubstr("not symmetric"));
  EXPECT_THAT(matrix_error<std::int32_t>({0, 10000000, 10000001, 0}, 2), HasSubstr("not symmetric"));
}

TEST(EveryBadInput, NumbersOfClustersAndSamplesWithTheAllowedRange) {
  EXPECT_THAT(cluster_error({.k = 0}), HasSubstr("k is 0; expected 1 to 4"));
  EXPECT_THAT(cluster_error({.k = 5}), HasSubstr("k is 5; expected 1 to 4"));
  Progress& none = Progress::none();
  EXPECT_THAT(
      message<InputError>([&] { cluster_range(line(4), 3, 2, {}, Objective::MedoidSilhouette, none); }),
      HasSubstr("the range of k is 3 to 2"));
  EXPECT_THAT(message<InputError>([&] { dynmsc(line(4), 2, 9, {}, none); }), HasSubstr("expected 1 to 4"));
  EXPECT_THAT(cluster_error({.k = 3, .method = Method::FasterCLARA, .sample_size = 2}),
              HasSubstr("the sample size is 2; expected at least k = 3"));
  EXPECT_THAT(cluster_error({.k = 3, .method = Method::CLARA, .samples = 0}), HasSubstr("samples is 0"));
}

TEST(EveryBadInput, GivenMedoids) {
  EXPECT_THAT(cluster_error({.k = 2, .init = Init::Given, .medoids = {1, 1}}),
              HasSubstr("medoid 1 is there twice"));
  EXPECT_THAT(cluster_error({.k = 2, .init = Init::Given, .medoids = {1, 4}}),
              HasSubstr("medoid 4 does not exist; expected 0 to 3"));
  EXPECT_THAT(cluster_error({.k = 2, .init = Init::Given, .medoids = {1}}),
              HasSubstr("1 medoids were given for k = 2"));
}

TEST(EveryBadInput, Weights) {
  const auto error = [](const std::vector<double>& weights) {
    return cluster_error({.k = 2, .weights = weights});
  };
  EXPECT_THAT(error({1, 1, -2, 1}), HasSubstr("weight of object 2 is -2"));
  EXPECT_THAT(error({1, nan, 1, 1}), HasSubstr("weight of object 1 is nan"));
  EXPECT_THAT(error({0, 0, 0, 0}), HasSubstr("all weights are 0"));
  EXPECT_THAT(error({1, 1, 1}), HasSubstr("3 weights for 4 objects"));
}

TEST(EveryBadInput, FewerDifferentObjectsThanKWork) {
  const std::vector<double> points{1, 1, 1, 5};
  const auto data = Dissimilarity::points(points, 4, 1);
  const Result result = cluster(data, {.k = 3});
  EXPECT_EQ(result.total_deviation, 0);
  EXPECT_TRUE(verify(data, result).right);
}

TEST(EveryBadInput, ConstantColumnsAndEmptyStringsAreDefined) {
  const std::vector<TableColumn> columns{{"same", ColumnType::Numeric, {3, 3}},
                                         {"x", ColumnType::Numeric, {0, 4}}};
  EXPECT_EQ(Dissimilarity::table(columns).at(0, 1), 0.5);
  const std::vector<double> rows{1, 7, 2, 3, 7, 1};
  EXPECT_TRUE(std::isfinite(Dissimilarity::points(rows, 2, 3, {.metric = Metric::Correlation}).at(0, 1)));
  const std::vector<std::string> strings{"", "abc"};
  EXPECT_EQ(Dissimilarity::strings(strings).at(0, 1), 3);
}

TEST(EveryBadInput, IntegerSumsBeyond63Bits) {
  const std::int64_t large = std::int64_t{1} << 61;
  const auto data = Dissimilarity::matrix(std::vector<std::int64_t>{0, large, large, 0}, 2);
  EXPECT_THAT(message<LimitError>([&] { cluster(data, {.k = 1}); }),
              AllOf(HasSubstr("could pass 2^63"), HasSubstr("floating-point")));
}

TEST(EveryBadInput, MatrixOverTheMemoryBudget) {
  const std::vector<double> points(1000);
  EXPECT_THAT(
      message<LimitError>([&] { Dissimilarity::points(points, 1000, 1, {.memory_budget_bytes = 1 << 20}); }),
      AllOf(HasSubstr("needs 7.63 MiB, limit 1.00 MiB"), HasSubstr("--no-matrix"),
            HasSubstr("--method fasterclara")));
}

TEST(EveryBadInput, CallbacksThatFail) {
  const auto nothing = Dissimilarity::callback([](Index, Index) { return nan; }, 3);
  EXPECT_THAT(message<InputError>([&] { cluster(nothing, {.k = 2}); }), HasSubstr("is nan"));
  const auto faulty = Dissimilarity::callback(
      [](Index object, Index candidate) -> double {
        if (object == 2 && candidate == 1) throw std::runtime_error("no such road");
        return 1;
      },
      3);
  EXPECT_THAT(message<InputError>([&] { faulty.in_memory(); }),
              HasSubstr("from object 2 to object 1 could not be computed: no such road"));
}

TEST(EveryBadInput, DoublesAreNeverNarrowed) {
  const double fine = 1 + 1e-12;
  const auto data = Dissimilarity::matrix(std::vector<double>{0, fine, fine, 0}, 2);
  EXPECT_TRUE(std::holds_alternative<Rows<double>>(data.rows()));
  EXPECT_EQ(cluster(data, {.k = 1}).total_deviation, fine);
}

TEST(NumericEdges, AllButOneObjectAreMedoids) {
  const auto data = line(6);
  const Result result = cluster(data, {.k = 5, .init = Init::Build});
  EXPECT_EQ(result.total_deviation, 1);
  EXPECT_TRUE(verify(data, result).right);
}

TEST(NumericEdges, SecondDistanceZero) {
  const std::vector<double> points{0, 0, 0, 4, 4, 9};
  const auto data = Dissimilarity::points(points, 6, 1);
  for (const Method method : {Method::FasterPAM, Method::FastPAM1, Method::PAM, Method::FasterMSC}) {
    const Result result = cluster(data, {.k = 4, .method = method});
    EXPECT_TRUE(verify(data, result).right) << name(method) << ": " << verify(data, result).problem;
    EXPECT_TRUE(std::isfinite(result.average_medoid_silhouette));
  }
}

TEST(NumericEdges, SumsOver1e308AreANumericError) {
  std::vector<double> values(36, 1e308);
  for (std::size_t i = 0; i < 6; ++i) values[i * 7] = 0;
  const auto data = Dissimilarity::matrix(values, 6);
  for (const Method method : {Method::FasterPAM, Method::FastPAM1, Method::PAM, Method::Alternating}) {
    EXPECT_THAT(message<NumericError>([&] { cluster(data, {.k = 2, .method = method}); }),
                HasSubstr("over the range of double"))
        << name(method);
  }
  std::vector<double> far{1e300, -1e300, 0};
  EXPECT_THAT(message<NumericError>([&] { Dissimilarity::points(far, 3, 1); }),
              HasSubstr("over the range of double"));
}

}  // namespace
}  // namespace xchg::kmedoids
