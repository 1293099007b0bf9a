// The 40 p-median instances of the OR-Library: totals that were published for BUILD and PAM, and how far the
// searches stay from the proven optima.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>

#include "xchg/core/csv.hpp"
#include "xchg/kmedoids/orlib.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

constexpr int instances = 40;

struct Published {
  double optimum, build, build_pam;
};

Published published(int instance) {
  const csv::Table table = csv::read(testing::data_path("orlib/optimum.csv"));
  const auto row = static_cast<std::size_t>(instance - 1);
  EXPECT_EQ(table.columns[0].texts.at(row), fmt::format("pmed{}", instance));
  return {table.numbers(3).at(row), table.numbers(4).at(row), table.numbers(5).at(row)};
}

OrlibInstance graph(int instance) {
  return read_orlib(testing::data_path(fmt::format("orlib/pmed{}.txt", instance)));
}

class Orlib40 : public ::testing::TestWithParam<int> {};

TEST_P(Orlib40, BuildAndPamHaveThePublishedTotals) {
  const Published expected = published(GetParam());
  const auto [data, k] = graph(GetParam());
  Options options{.k = k, .method = Method::PAM, .init = Init::Build};
  const Result pam = cluster(data, options);
  EXPECT_EQ(pam.statistics.total_deviation_init, expected.build);
  EXPECT_EQ(pam.total_deviation, expected.build_pam);
  EXPECT_GE(pam.total_deviation, expected.optimum);
  options.method = Method::FastPAM1;
  for (const std::uint64_t budget : {std::uint64_t{0}, std::uint64_t{1}}) {  // with tables, and without
    options.memory_budget_bytes = budget;
    const Result fast = cluster(data, options);
    EXPECT_EQ(fast.medoids, pam.medoids);
    EXPECT_EQ(fast.statistics.total_deviation_per_swap, pam.statistics.total_deviation_per_swap);
  }
}

INSTANTIATE_TEST_SUITE_P(Instance, Orlib40, ::testing::Range(1, instances + 1));

// Figures of 40 instances together, with 20 random starts each.
TEST(OrlibQuality, FasterPamIsNearTheOptimaAndAlternatingIsNot) {
  double mean = 0, best_of_20 = 0, alternating = 0;
  for (int instance = 1; instance <= instances; ++instance) {
    const double optimum = published(instance).optimum;
    const auto [data, k] = graph(instance);
    const auto excess = [&](const Result& result) {
      EXPECT_GE(result.total_deviation, optimum);
      return result.total_deviation / optimum - 1;
    };
    double best = std::numeric_limits<double>::infinity();
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      const Result result = cluster(data, {.k = k, .seed = seed});
      mean += excess(result) / (20 * instances);
      best = std::min(best, excess(result));
      if (seed == 1) {
        EXPECT_TRUE(verify(data, result).right);
      }
    }
    best_of_20 += best / instances;
    alternating +=
        excess(cluster(data, {.k = k, .method = Method::Alternating, .init = Init::Build})) / instances;
  }
  EXPECT_LE(mean, 0.0035);
  EXPECT_LE(best_of_20, 0.0012);
  EXPECT_GT(alternating, 0.008);
}

}  // namespace
}  // namespace xchg::kmedoids
