// New rows to medoids; results as files from which that can be done.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

#include "xchg/core/error.hpp"
#include "xchg/core/file.hpp"
#include "xchg/core/json.hpp"
#include "xchg/core/random.hpp"
#include "xchg/kmedoids/result_file.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

using ::testing::HasSubstr;

template <class F>
std::string refused(F action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

// The nearest medoid of each object by looking at all.
void expect_nearest(const Dissimilarity& data, const std::vector<Index>& medoids,
                    const Assignment& assignment) {
  ASSERT_EQ(assignment.labels.size(), static_cast<std::size_t>(data.size()));
  for (Index o = 0; o < data.size(); ++o) {
    std::size_t best = 0;
    for (std::size_t slot = 1; slot < medoids.size(); ++slot) {
      if (data.at(o, medoids[slot]) < data.at(o, medoids[best])) best = slot;
    }
    ASSERT_EQ(assignment.labels[static_cast<std::size_t>(o)], static_cast<std::int32_t>(best));
    ASSERT_EQ(assignment.distance_to_medoid[static_cast<std::size_t>(o)], data.at(o, medoids[best]));
  }
}

TEST(Assign, FindsTheNearestOfAnyMedoidsAlsoAsymmetric) {
  Random random(1);
  for (int round = 0; round < 50; ++round) {
    const Index n = 4 + static_cast<Index>(random.below(30));
    const auto data = testing::random_instance(n, round % 2 == 0, random);
    const std::vector<Index> medoids{3, 0, 2};
    expect_nearest(data, medoids, assign(data, medoids, n));
  }
}

TEST(Assign, RefusesMedoidsThatDoNotExist) {
  const auto data = Dissimilarity::matrix(std::vector<double>{0, 1, 1, 0}, 2);
  EXPECT_THAT(refused([&] { assign(data, std::vector<Index>{2}, 2); }),
              HasSubstr("the medoid 2 does not exist"));
  EXPECT_THAT(refused([&] { assign(data, {}, 2); }), HasSubstr("to 0 medoids"));
  EXPECT_THAT(refused([&] { assign(data, std::vector<Index>{1}, 3); }), HasSubstr("3 of 2 objects"));
}

TEST(Predict, PointsThatWereClusteredGetTheirLabelsAgain) {
  for (const Metric metric : {Metric::Euclidean, Metric::SquaredEuclidean, Metric::Manhattan, Metric::Cosine,
                              Metric::Correlation, Metric::Chebyshev, Metric::DTW}) {
    const Input input = testing::points("iris.csv", metric);
    const Result result = cluster(input.data, {.k = 4});
    std::vector<double> medoids;
    for (const Index medoid : result.medoids)
      medoids.insert(medoids.end(), input.coordinates.begin() + medoid * 4,
                     input.coordinates.begin() + medoid * 4 + 4);
    const Assignment again = predict(medoids, input.coordinates, 4, {.metric = metric});
    EXPECT_EQ(again.labels, result.labels) << name(metric);
    EXPECT_EQ(again.distance_to_medoid, result.distance_to_medoid) << name(metric);
  }
}

TEST(Predict, NewPointsAreNamedByTheirOwnRows) {
  const std::vector<double> medoids{1, 0, 0, 1}, rows{2, 1, 0, 0};
  const PointOptions cosine{.metric = Metric::Cosine};
  EXPECT_THAT(refused([&] { predict(medoids, rows, 2, cosine); }), HasSubstr("row 2 is a zero vector"));
  EXPECT_THAT(refused([&] { predict(medoids, rows, 3, cosine); }), HasSubstr("points of 3 dimensions"));
}

class ResultFile : public ::testing::Test {
 protected:
  void write(const Input& input, const Result& result) { json::write(path_, result_json(input, result)); }
  // Reads a model back and assigns the rows of a file with it.
  Assignment predict_file(const std::string& rows_path, const InputOptions& options = {}) {
    const Model model = read_model(path_);
    const NewRows rows = read_rows(rows_path, model.comparison, options);
    if (model.comparison.metric == Metric::Gower) return predict(model.medoids.table, rows.rows.table);
    if (model.comparison.metric == Metric::Levenshtein)
      return predict(model.medoids.strings, rows.rows.strings, model.comparison.normalised);
    return predict(model.medoids.coordinates, rows.rows.coordinates,
                   static_cast<Index>(model.comparison.fields.size()), model.comparison.point_options());
  }
  std::string table(const std::string& content) {
    file::write_atomically(table_, content);
    return table_;
  }
  ~ResultFile() override {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
    std::filesystem::remove(table_, ignored);
  }

  std::string stem_ = ::testing::TempDir() + "xchg-" +
                      ::testing::UnitTest::GetInstance()->current_test_info()->name() + "-" +
                      std::to_string(::getpid());
  std::string path_ = stem_ + ".json", table_ = stem_ + ".csv";
};

TEST_F(ResultFile, KeepsWhatPredictsTheSameLabelsForPoints) {
  for (const InputOptions& options : std::vector<InputOptions>{{.metric = Metric::Cosine},
                                                               {.metric = Metric::Minkowski, .p = 3},
                                                               {.metric = Metric::DTW, .window = 1}}) {
    const Input input = read_input(testing::data_path("iris.csv"), options);
    const Result result = cluster(input.data, {.k = 3});
    write(input, result);
    const Assignment again = predict_file(testing::data_path("iris.csv"));
    EXPECT_EQ(again.labels, result.labels);
    EXPECT_EQ(again.distance_to_medoid, result.distance_to_medoid);
  }
}

TEST_F(ResultFile, KeepsLevelsAndRangesOfMixedTables) {
  const InputOptions options{.types = {{"grade", ColumnType::Ordinal}, {"rare", ColumnType::Asymmetric}}};
  const Input input = read_input(testing::data_path("mixed12.csv"), options);
  const Result result = cluster(input.data, {.k = 3});
  write(input, result);
  const Assignment again = predict_file(testing::data_path("mixed12.csv"));
  EXPECT_EQ(again.labels, result.labels);
  EXPECT_EQ(again.distance_to_medoid, result.distance_to_medoid);
  // One row, in another order of columns: the ranges are those of the clustered data.
  const Assignment one = predict_file(table("rare,colour,extra,grade,height\n0,red,9,a,176.5\n"));
  EXPECT_EQ(one.labels.at(0), result.labels.at(6));
  EXPECT_EQ(one.distance_to_medoid.at(0), result.distance_to_medoid.at(6));
}

TEST_F(ResultFile, KeepsStrings) {
  const Input input = read_input(testing::data_path("words12.txt"), {.normalised = true});
  const Result result = cluster(input.data, {.k = 3});
  write(input, result);
  EXPECT_EQ(predict_file(testing::data_path("words12.txt")).labels, result.labels);
  EXPECT_EQ(predict_file(table("mitten\n")).labels.at(0), result.labels.at(2));
}

TEST_F(ResultFile, RowsThatDoNotFitTheModelAreRefused) {
  const Input input =
      read_input(table("x,grade,c\n1,a,p\n2,b,q\n3,c,p\n"), {.types = {{"grade", ColumnType::Ordinal}}});
  write(input, cluster(input.data, {.k = 2}));
  const auto error = [&](const std::string& content) {
    return refused([&] { predict_file(table(content)); });
  };
  EXPECT_THAT(error("x,c\n1,p\n"), HasSubstr("grade"));
  EXPECT_THAT(
      error("x,grade,c\n1,d,p\n"),
      HasSubstr(":2, column 2: \"d\" is no level of the ordinal column 'grade'; expected one of a, b, c"));
  EXPECT_THAT(error("x,grade,c\nmany,a,p\n"),
              HasSubstr("column 'x' holds text (\"many\"), its type is numeric"));
  EXPECT_EQ(error("x,grade,c\n1,a,unseen\n"), "no error");
}

TEST_F(ResultFile, AMatrixGivesNoModel) {
  const Input input = read_input(testing::data_path("eurodist.csv"), {.precomputed = true});
  write(input, cluster(input.data, {.k = 3}));
  EXPECT_THAT(refused([&] { read_model(path_); }), HasSubstr("the result has no model"));
}

TEST_F(ResultFile, DamagedModelsAreNamedByTheirPlace) {
  const Input input = read_input(table("x,c\n1,p\n2,q\n3,p\n"), {});
  nlohmann::ordered_json json = result_json(input, cluster(input.data, {.k = 2}));
  const auto error = [&](auto change) {
    nlohmann::ordered_json changed = json;
    change(changed["model"]);
    json::write(path_, changed);
    return refused([&] { read_model(path_); });
  };
  EXPECT_THAT(error([](auto& model) { model["medoids"][0] = {1}; }), HasSubstr("/model/medoids/0"));
  EXPECT_THAT(error([](auto& model) { model["medoids"][0][1] = "none"; }),
              HasSubstr("a level of column 'c'"));
  EXPECT_THAT(error([](auto& model) { model["metric"] = "euclid"; }), HasSubstr("unknown metric 'euclid'"));
  EXPECT_THAT(error([](auto& model) { model["medoids"].erase(0); }), HasSubstr("2 medoids, 1 in the model"));
  EXPECT_THAT(error([](auto& model) { model.erase("columns"); }), HasSubstr("columns"));
}

}  // namespace
}  // namespace xchg::kmedoids
