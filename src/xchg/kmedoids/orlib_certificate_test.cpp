// Certificates of the 40 p-median instances of the OR-Library, whose optima are proven (optimum.csv).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "xchg/core/csv.hpp"
#include "xchg/kmedoids/orlib.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

constexpr int instances = 40;

struct Published {
  Dissimilarity data;
  int k = 0;
  double optimum = 0;
};

// Each is read once, by whichever test needs it first.
const Published& instance(int number) {
  static std::map<int, Published> known;
  if (const auto found = known.find(number); found != known.end()) return found->second;
  static const csv::Table table = csv::read(testing::data_path("orlib/optimum.csv"));
  OrlibInstance read = read_orlib(testing::data_path(fmt::format("orlib/pmed{}.txt", number)));
  const double optimum = table.numbers(table.index("optimum")).at(static_cast<std::size_t>(number - 1));
  return known.emplace(number, Published{read.data, read.k, optimum}).first->second;
}

class OrlibInstances : public ::testing::TestWithParam<int> {
 protected:
  const Published& published_ = instance(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Library, OrlibInstances, ::testing::Range(1, instances + 1),
                         [](const auto& number) { return fmt::format("pmed{}", number.param); });

// All optima are found. Where the bound meets them, the result says so, and nowhere else.
TEST_P(OrlibInstances, CertifiedEndAtTheOptimum) {
  const std::set<int> proven{1,  4,  5,  7,  8,  9,  10, 13, 14, 15, 18, 19,
                             20, 21, 23, 24, 25, 28, 29, 30, 33, 34, 37, 40};
  const Result result = cluster(published_.data, {.k = published_.k, .certify = true});
  EXPECT_EQ(result.total_deviation, published_.optimum);
  EXPECT_LE(*result.lower_bound, published_.optimum);
  EXPECT_EQ(*result.lower_bound, std::ceil(*result.lower_bound));
  EXPECT_LE(*result.gap, 0.011);
  EXPECT_EQ(result.optimal, proven.contains(GetParam()));
  EXPECT_EQ(result.optimal, *result.lower_bound == published_.optimum);
  const Check check = verify(published_.data, result);
  EXPECT_TRUE(check.right) << check.problem;
}

// The bound of this instance cannot reach the optimum 10400, however long it runs.
TEST(Orlib35, IsNotMarkedOptimalByTheBound) {
  const Published& published = instance(35);
  const LowerBound bound = lower_bound(published.data, {.k = published.k, .certify_steps = 2000});
  EXPECT_EQ(bound.total_deviation, 10400);
  EXPECT_FALSE(bound.optimal);
  EXPECT_GE(bound.lower_bound, 10299);
  EXPECT_LE(bound.lower_bound, 10310);
}

TEST_P(OrlibInstances, EveryRandomStartPassesTheCheckAndIsNotBelowTheOptimum) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Result result = cluster(published_.data, {.k = published_.k, .seed = seed});
    EXPECT_TRUE(result.converged);
    EXPECT_GE(result.total_deviation, published_.optimum);
    const Check check = verify(published_.data, result);
    EXPECT_TRUE(check.right) << check.problem;
  }
}

}  // namespace
}  // namespace xchg::kmedoids
