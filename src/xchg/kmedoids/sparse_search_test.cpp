// Searches of sparse matrices look at stored entries alone, and take the swaps of the whole matrix.
#include <gtest/gtest.h>

#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

struct Csr {
  std::vector<Index> starts{0}, columns;
  std::vector<double> values;
};

// About `per_row` entries a row in a symmetric pattern, values in (0, 1]; some diagonals are stored.
Csr random_csr(Index n, double per_row, Random& random) {
  std::vector<std::vector<std::pair<Index, double>>> rows(static_cast<std::size_t>(n));
  const auto pairs = static_cast<Index>(per_row * static_cast<double>(n) / 2);
  for (Index pair = 0; pair < pairs; ++pair) {
    const auto i = static_cast<Index>(random.below(static_cast<std::uint64_t>(n)));
    const auto j = static_cast<Index>(random.below(static_cast<std::uint64_t>(n)));
    auto& row = rows[static_cast<std::size_t>(i)];
    if (std::any_of(row.begin(), row.end(), [j](const auto& entry) { return entry.first == j; })) continue;
    const double value = i == j ? 0 : 1 - random.uniform();
    row.emplace_back(j, value);
    if (i != j) rows[static_cast<std::size_t>(j)].emplace_back(i, value);
  }
  Csr csr;
  for (auto& row : rows) {
    std::sort(row.begin(), row.end());
    for (const auto& [column, value] : row) {
      csr.columns.push_back(column);
      csr.values.push_back(value);
    }
    csr.starts.push_back(static_cast<Index>(csr.columns.size()));
  }
  return csr;
}

Dissimilarity sparse(Index n, const Csr& csr, double absent) {
  return Dissimilarity::sparse<double>(n, csr.starts, csr.columns, csr.values, {.absent = absent});
}

TEST(SparseSearch, TakesTheSwapsOfTheWholeMatrixToTheBit) {
  Random random(21);
  for (int round = 0; round < 40; ++round) {
    const Index n = 20 + static_cast<Index>(random.below(900));
    const double per_row = round % 2 == 0 ? 6 : static_cast<double>(n);  // few entries, or more than a flush
    // Below the greatest stored value, objects that are not stored can be the nearest: whole rows are needed.
    const double absent = round % 5 == 0 ? 0.5 : round % 5 == 1 ? 1 : 2;
    const Dissimilarity data = sparse(n, random_csr(n, per_row, random), absent);
    std::vector<double> weights;
    if (round % 3 == 0) {
      for (Index o = 0; o < n; ++o) weights.push_back(random.uniform() + 0.1);
    }
    const Options options{.k = 2 + static_cast<int>(random.below(8)),
                          .weights = weights,
                          .seed = static_cast<std::uint64_t>(round),
                          .restarts = 1 + round % 2};
    const Result result = cluster(data, options), whole = cluster(data.in_memory(), options);
    EXPECT_EQ(result.medoids, whole.medoids);
    EXPECT_EQ(result.statistics.total_deviation_per_swap, whole.statistics.total_deviation_per_swap);
    EXPECT_EQ(result.statistics.evaluated, whole.statistics.evaluated);
    EXPECT_EQ(result.total_deviation, whole.total_deviation);
  }
}

// Every candidate against every object would be 4e10 distances a round.
TEST(SparseSearch, OfManyObjectsLooksAtStoredEntriesAlone) {
  Random random(22);
  const Index n = 200000;
  const Dissimilarity data = sparse(n, random_csr(n, 6, random), 2);
  const Result result = cluster(data, {.k = 4, .max_rounds = 1});
  EXPECT_GT(result.statistics.evaluated, n / 2);
  EXPECT_GT(result.statistics.swaps, 0);
}

}  // namespace
}  // namespace xchg::kmedoids
