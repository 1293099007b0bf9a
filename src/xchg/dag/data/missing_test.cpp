// Second moments of rows with missing values.
#include "xchg/dag/data/missing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "xchg/dag/data/testing.hpp"

namespace xchg::dag {
namespace {

using ::testing::AllOf;
using testing::distance;
using ::testing::HasSubstr;
using testing::input_error;
using testing::random_data;

// Each value is missing with this probability, whatever the values are.
Data with_holes(Data data, double share, std::uint64_t seed) {
  Random random(seed);
  for (double& value : data.x.values) {
    if (random.uniform() < share) value = std::nan("");
  }
  return data;
}

TEST(MissingValues, NothingMissingGivesTheMomentsOfTheRows) {
  const Data data = random_data(300, 5, 1);
  const Gram complete = gram(data);
  for (const Missing missing : {Missing::Listwise, Missing::Pairwise, Missing::Em})
    EXPECT_LT(distance(gram(data, {.missing = missing}).s, complete.s), 1e-14);
  EXPECT_LT(distance(em_moments(data, true, Progress::none()).s, complete.s), 1e-12);
  EXPECT_LT(distance(pairwise_moments(data, true).s, complete.s), 1e-12);
}

TEST(MissingValues, ListwiseIsThatOfTheCompleteRows) {
  const Data data = with_holes(random_data(400, 3, 2), 0.1, 3);
  Data complete;
  complete.names = data.names;
  for (std::size_t i = 0; i < data.x.rows; ++i) {
    const auto row = data.x.row(i);
    if (std::isnan(row[0] + row[1] + row[2])) continue;
    complete.x.values.insert(complete.x.values.end(), row.begin(), row.end());
    ++complete.x.rows;
  }
  complete.x.columns = 3;
  const Gram result = gram(data, {.missing = Missing::Listwise});
  EXPECT_EQ(result.n, static_cast<std::int64_t>(complete.x.rows));
  EXPECT_LT(complete.x.rows, 350U);
  EXPECT_EQ(result.s, gram(complete).s);
}

TEST(MissingValues, PairwiseEntriesComeFromTheRowsThatHaveBoth) {
  Data data;
  data.names = {"a", "b"};
  data.x = Matrix(5, 2);
  const double missing = std::nan("");
  data.x.values = {1, 4, 2, missing, 3, 7, missing, 9, 8, 5};
  const Gram result = gram(data, {.missing = Missing::Pairwise});
  EXPECT_DOUBLE_EQ(result.s(0, 0), (2.5 * 2.5 + 1.5 * 1.5 + 0.5 * 0.5 + 4.5 * 4.5) / 4);  // 1 2 3 8
  const double mean_a = 4, mean_b = 16.0 / 3;                                             // of rows 1, 3, 5
  EXPECT_DOUBLE_EQ(
      result.s(0, 1),
      ((1 - mean_a) * (4 - mean_b) + (3 - mean_a) * (7 - mean_b) + (8 - mean_a) * (5 - mean_b)) / 3);
}

// a and b, b and c go together, a and c against each other: no three variables do that.
Data impossible_pairs() {
  Data data;
  data.names = {"a", "b", "c"};
  data.x = Matrix(90, 3, std::nan(""));
  Random random(4);
  for (std::size_t i = 0; i < 90; ++i) {
    const std::size_t first = i % 3, second = (first + 1) % 3;
    data.x(i, first) = random.normal();
    data.x(i, second) = (first == 2 ? -1 : 1) * data.x(i, first) + 0.05 * random.normal();
  }
  return data;
}

TEST(MissingValues, AnIndefinitePairwiseMatrixIsRefusedWithItsEigenvalueAndOffersEm) {
  EXPECT_THAT(input_error([] { gram(impossible_pairs(), {.missing = Missing::Pairwise}); }),
              AllOf(HasSubstr("smallest eigenvalue"), HasSubstr("-0.9"), HasSubstr("em")));
}

TEST(MissingValues, APairThatNoRowHasIsNamed) {
  Data data = random_data(20, 2, 5);
  for (std::size_t i = 0; i < 20; ++i) data.x(i, i % 2) = std::nan("");
  EXPECT_THAT(input_error([&] { gram(data, {.missing = Missing::Pairwise}); }),
              AllOf(HasSubstr("\"0\""), HasSubstr("\"1\""), HasSubstr("0 rows in common")));
}

TEST(MissingValues, NoOtherMomentsAreLikelierThanThoseOfEm) {
  const Data data = with_holes(random_data(150, 4, 6), 0.2, 7);
  const Gram::Part best = em_moments(data, true, Progress::none());
  const double likelihood = observed_log_likelihood(data, best);
  Random random(8);
  for (int round = 0; round < 200; ++round) {
    Gram::Part other = best;
    const std::size_t i = random.below(4), j = random.below(4);
    const double change = 1e-3 * random.normal();
    other.s(i, j) += change;
    if (i != j) other.s(j, i) += change;
    other.mean[random.below(4)] += 1e-3 * random.normal();
    EXPECT_LT(observed_log_likelihood(data, other), likelihood + 1e-9);
  }
  for (std::size_t j = 0; j < 4; ++j) {
    Gram::Part other = best;
    other.mean[j] += 1e-3;
    EXPECT_LT(observed_log_likelihood(data, other), likelihood);
  }
}

TEST(MissingValues, NoStepOfEmLowersTheLikelihood) {
  const Data data = with_holes(random_data(120, 4, 9), 0.3, 10);
  double before = -INFINITY;
  for (int steps = 1; steps <= 30; ++steps) {
    const double after = observed_log_likelihood(data, em_steps(data, steps));
    EXPECT_GE(after, before - 1e-9);
    before = after;
  }
  EXPECT_LE(before, observed_log_likelihood(data, em_moments(data, true, Progress::none())) + 1e-9);
}

TEST(MissingValues, EmIsCloseToTheMomentsWithoutHoles) {
  const Data data = random_data(20000, 3, 11);
  const Gram truth = gram(data);
  const Data holes = with_holes(data, 0.2, 12);
  EXPECT_LT(distance(gram(holes, {.missing = Missing::Em}).s, truth.s), 0.02);
  EXPECT_LT(distance(gram(holes, {.missing = Missing::Pairwise}).s, truth.s), 0.03);
}

TEST(MissingValues, EmMakesUpForHolesThatDependOnOtherValues) {
  Data data = random_data(20000, 2, 13);
  const Gram truth = gram(data);
  for (std::size_t i = 0; i < data.x.rows; ++i) {
    if (data.x(i, 0) > 0) data.x(i, 1) = std::nan("");
  }
  const Gram em = gram(data, {.missing = Missing::Em});
  EXPECT_NEAR(em.mean[1], truth.mean[1], 0.05);
  EXPECT_LT(distance(em.s, truth.s), 0.05);
  EXPECT_GT(std::abs(gram(data, {.missing = Missing::Listwise}).mean[1] - truth.mean[1]), 0.2);
}

TEST(MissingValues, HolesAndInterventionsTogetherAreRefused) {
  Data data = with_holes(random_data(50, 2, 14), 0.1, 15);
  data.regime.assign(50, 0);
  data.regimes = {"set"};
  EXPECT_THAT(input_error([&] {
                gram(data, {.missing = Missing::Em, .targets = {{"set", {"0"}}}});
              }),
              HasSubstr("missing values and interventions"));
}

TEST(MissingValues, AColumnWithoutValuesIsNamed) {
  Data data = random_data(10, 2, 16);
  for (std::size_t i = 0; i < 9; ++i) data.x(i, 1) = std::nan("");
  EXPECT_THAT(input_error([&] { gram(data, {.missing = Missing::Em}); }), HasSubstr("\"1\""));
}

}  // namespace
}  // namespace xchg::dag
