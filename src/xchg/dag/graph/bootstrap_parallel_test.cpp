#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "xchg/core/random.hpp"
#include "xchg/dag/graph/bootstrap.hpp"
#include "xchg/dag/simulate.hpp"

namespace xchg::dag {
namespace {

class StopAfter : public Progress {
 public:
  explicit StopAfter(int questions) : left_(questions) {}
  bool cancelled() const override { return --left_ < 0; }

 private:
  mutable int left_;
};

Data simulated(std::int64_t rows) {
  SimulateOptions options;
  options.nodes = 6;
  options.degree = 1.5;
  options.rows = rows;
  options.seed = 3;
  return simulate(options).data;
}

Result resampled(const Data& data, int resamples, int threads, std::uint64_t seed = 1) {
  Options options;
  options.bootstrap = resamples;
  options.threads = threads;
  options.seed = seed;
  return learn(data, {}, options);
}

TEST(Bootstrap, DoesNotDependOnThreadsAndDoesOnTheSeed) {
  const Data data = simulated(60);
  const Result one = resampled(data, 40, 1), four = resampled(data, 40, 4), other = resampled(data, 40, 1, 2);
  EXPECT_EQ(one.resamples, 40);
  EXPECT_EQ(one.frequency, four.frequency);
  EXPECT_EQ(one.precedence, four.precedence);
  EXPECT_NE(one.frequency, other.frequency);
}

TEST(Bootstrap, PrecedencesOfAPairAddUpToOneAndEdgesFollowThem) {
  const Result result = resampled(simulated(60), 30, 2);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(result.precedence(i, i), 0);
    for (std::size_t j = 0; j < 6; ++j) {
      EXPECT_NEAR(result.precedence(i, j) + result.precedence(j, i), i == j ? 0 : 1, 1e-12);
      EXPECT_LE(result.frequency(i, j), result.precedence(i, j));
    }
  }
}

TEST(Bootstrap, StrongEdgesAreInAllResamplesAndAbsentOnesInLessThanHalf) {
  Data data;
  data.names = {"cause", "effect", "alone"};
  data.x = Matrix(400, 3);
  Random random(5);
  for (std::size_t i = 0; i < 400; ++i) {
    data.x(i, 0) = random.normal();
    data.x(i, 1) = 2 * data.x(i, 0) + random.normal();
    data.x(i, 2) = random.normal();
  }
  const Result result = resampled(data, 50, 2);
  EXPECT_EQ(result.frequency(0, 1), 1);
  EXPECT_EQ(result.frequency(1, 0), 0);
  EXPECT_LT(result.frequency(0, 2) + result.frequency(2, 0), 0.5);
}

TEST(Bootstrap, ResamplesWithAConstantColumnAreLeftOutAndCounted) {
  Data data = simulated(40);
  for (std::size_t i = 0; i < 40; ++i) data.x(i, 5) = i == 7 ? 1 : 0;  // (1 - 1/40)^40: missed by a third
  const Result result = resampled(data, 60, 2);
  EXPECT_LT(result.resamples, 50);
  EXPECT_GT(result.resamples, 20);
  const std::string expected = std::to_string(60 - result.resamples) + " of 60 resamples were left out";
  EXPECT_TRUE(std::any_of(result.warnings.begin(), result.warnings.end(),
                          [&](const std::string& line) { return line.find(expected) == 0; }));
}

TEST(Bootstrap, KeepsWhatIsDoneWhenCancelled) {
  const Data data = simulated(60);
  Options options;
  options.bootstrap = 1000;
  options.threads = 1;
  Result result = learn(data, {}, Options());
  StopAfter progress(200);
  bootstrap(result, data, {}, options, progress);
  EXPECT_GT(result.resamples, 0);
  EXPECT_LT(result.resamples, 1000);
  EXPECT_FALSE(result.frequency.empty());
  EXPECT_NE(result.warnings.back().find("of 1000 resamples were not done"), std::string::npos);
}

TEST(Bootstrap, WorksForScoresOfRows) {
  Data data = simulated(150);
  for (double& value : data.x.values) value = value > 0 ? 1 : 0;
  Options options;
  options.score = Score::Logistic;
  options.bootstrap = 5;
  const Result result = learn(data, {}, options);
  EXPECT_EQ(result.resamples, 5);
}

}  // namespace
}  // namespace xchg::dag
