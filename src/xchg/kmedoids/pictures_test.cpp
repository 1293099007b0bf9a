// What the charts of the data are made of.
#include <gtest/gtest.h>

#include "xchg/core/error.hpp"
#include "xchg/kmedoids/pictures_data.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

TEST(Pictures, TheSeparatingColumnsOfIrisAreThoseOfThePetals) {
  const Input input = testing::points("iris.csv");
  const Result result = cluster(input.data, {.k = 3, .init = Init::Build});
  EXPECT_EQ(separating_columns(input, result), (std::pair<std::size_t, std::size_t>{2, 3}));
}

TEST(Pictures, AConstantColumnSeparatesNothing) {
  const std::vector<double> coordinates{7, 0, 1, 7, 0.1, 2, 7, 9, 1.5, 7, 9.1, 2.5};
  Input input{"", Dissimilarity::points(coordinates, 4, 3), {}, {}, {"same", "far", "near"}, coordinates, ""};
  const Result result = cluster(input.data, {.k = 2});
  EXPECT_EQ(separating_columns(input, result).first, 1U);
  EXPECT_EQ(separating_columns(input, result).second, 2U);
  input.fields = {"one"};
  EXPECT_THROW(separating_columns(input, result), InputError);
}

TEST(Pictures, TheMatrixStandsInTheOrderOfTheClusters) {
  const Input input = read_input(testing::data_path("eurodist.csv"), {.precomputed = true});
  const Result result = cluster(input.data, {.k = 3, .init = Init::Build});
  const chart::Chart chart = matrix_picture("m", input, result);
  EXPECT_EQ(chart.data.rows.size(), 21U * 21U);
  const auto& first = chart.data.rows.front();
  EXPECT_NE(std::find(first.begin(), first.end(), input.ids[static_cast<std::size_t>(result.medoids[0])]),
            first.end());
}

TEST(Pictures, AHundredAndFiftyObjectsAreShownOneByOne) {
  const Input input = testing::points("iris.csv");
  const Result result = cluster(input.data, {.k = 3});
  EXPECT_EQ(matrix_picture("m", input, result).data.rows.size(), 150U * 150U);
}

TEST(Pictures, ManyObjectsAreThinnedOut) {
  const Input input = testing::points("digits.csv");
  const Result result = cluster(input.data, {.k = 10, .max_rounds = 0});
  const chart::Chart chart = matrix_picture("m", input, result);
  EXPECT_LE(chart.data.rows.size(), 96U * 96U);
  EXPECT_NE(chart.caption.find("960"), std::string::npos);
}

}  // namespace
}  // namespace xchg::kmedoids
