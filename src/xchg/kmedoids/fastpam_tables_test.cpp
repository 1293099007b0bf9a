// The tables of FastPAM1 against the definition of every change, and the searches with and without them.
#include "xchg/kmedoids/fastpam_tables.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>
#include <numeric>

#include "xchg/kmedoids/fastpam.hpp"
#include "xchg/kmedoids/initial.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

constexpr std::uint64_t plenty = std::uint64_t{1} << 40;

std::vector<Isa> instruction_sets() {
  std::vector<Isa> sets{Isa::Scalar};
  for (const Isa isa : {Isa::Avx2, Isa::Avx512}) {
    if (isa <= best_isa()) sets.push_back(isa);
  }
  return sets;
}

// Change of TD by every swap from the definition alone, [slot][x]: each object goes to the candidate or to
// the nearest medoid that stays.
std::vector<std::vector<double>> changes_by_definition(const Dissimilarity& data,
                                                       const std::vector<Index>& medoids,
                                                       const std::vector<double>& weights) {
  const auto n = static_cast<std::size_t>(data.size());
  std::vector<std::vector<double>> changes(medoids.size(), std::vector<double>(n));
  for (Index o = 0; o < data.size(); ++o) {
    double now = std::numeric_limits<double>::infinity();
    for (const Index medoid : medoids) now = std::min(now, data.at(o, medoid));
    for (std::size_t slot = 0; slot < medoids.size(); ++slot) {
      double staying = std::numeric_limits<double>::infinity();
      for (std::size_t other = 0; other < medoids.size(); ++other) {
        if (other != slot) staying = std::min(staying, data.at(o, medoids[other]));
      }
      for (Index x = 0; x < data.size(); ++x) {
        changes[slot][static_cast<std::size_t>(x)] +=
            (std::min(staying, data.at(o, x)) - now) *
            (weights.empty() ? 1 : weights[static_cast<std::size_t>(o)]);
      }
    }
  }
  return changes;
}

template <class T>
void expect_right_tables(SwapChanges<T>& tables, const State<T>& state, const Dissimilarity& data,
                         const std::vector<double>& weights, double tolerance) {
  const auto expected = changes_by_definition(data, state.medoids(), weights);
  std::vector<Sum<T>> least, changes;
  ASSERT_TRUE(tables.least(least));
  for (Index x = 0; x < data.size(); ++x) {
    if (state.is_medoid(x)) continue;
    tables.of(x, changes);
    for (std::size_t slot = 0; slot < changes.size(); ++slot) {
      ASSERT_NEAR(static_cast<double>(changes[slot]), expected[slot][static_cast<std::size_t>(x)], tolerance)
          << "slot " << slot << ", object " << x;
    }
    ASSERT_EQ(least[static_cast<std::size_t>(x)], *std::min_element(changes.begin(), changes.end()));
  }
}

// Tables through random swaps, which improve or not.
template <class T>
void swap_at_random(const Dissimilarity& data, int k, const std::vector<double>& weights, Isa isa,
                    Random& random, double tolerance) {
  const Problem<T> problem{std::get<Rows<T>>(data.rows()), data.size(), {weights.begin(), weights.end()}};
  State<T> state(problem, random_start(problem.n, k, random));
  const SearchLimits limits{.isa = isa, .memory_budget_bytes = plenty};
  const auto tables = TabledChanges<T>::make(problem, state, limits, Progress::none());
  ASSERT_NE(tables, nullptr);
  std::vector<Before<T>> before;
  for (int swap = 0; swap < 4; ++swap) {
    expect_right_tables<T>(*tables, state, data, weights, tolerance);
    Index x = 0;
    do x = static_cast<Index>(random.below(static_cast<std::uint64_t>(problem.n)));
    while (state.is_medoid(x));
    state.swap(static_cast<int>(random.below(static_cast<std::uint64_t>(k))), x, nullptr, &before);
    tables->after_swap(before);
  }
  expect_right_tables<T>(*tables, state, data, weights, tolerance);
}

std::vector<double> whole_weights(Index n, Random& random) {
  std::vector<double> weights;
  for (Index o = 0; o < n; ++o) weights.push_back(static_cast<double>(random.below(4)));
  weights.front() = 1;
  return weights;
}

TEST(Tables, HoldTheChangeOfEverySwapAfterEverySwap) {
  Random random(911);
  for (int round = 0; round < 2000; ++round) {
    const Index n = 3 + static_cast<Index>(random.below(38));
    const int k = 2 + static_cast<int>(random.below(static_cast<std::uint64_t>(n - 2)));
    const Dissimilarity data = testing::random_instance(n, random.below(2) == 0, random);
    const std::vector<double> weights =
        random.below(2) == 0 ? whole_weights(n, random) : std::vector<double>{};
    SCOPED_TRACE(fmt::format("round {}, n {}, k {}", round, n, k));
    const std::vector<Isa> sets = instruction_sets();
    swap_at_random<std::int32_t>(data, k, weights, sets[static_cast<std::size_t>(round) % sets.size()],
                                 random, 0);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

TEST(Tables, HoldTheChangesOfPointsUpToRounding) {
  Random random(912);
  for (int round = 0; round < 60; ++round) {
    const Index n = 70 + static_cast<Index>(random.below(100));  // more than one block of the filter
    std::vector<double> coordinates(static_cast<std::size_t>(2 * n)), weights;
    for (double& value : coordinates) value = random.normal();
    if (round % 2 == 0) {
      for (Index o = 0; o < n; ++o) weights.push_back(random.uniform());
    }
    swap_at_random<double>(Dissimilarity::points(coordinates, n, 2), 2 + static_cast<int>(random.below(30)),
                           weights, best_isa(), random, 1e-11);
  }
}

struct Outcome {
  std::vector<Index> medoids;
  Statistics statistics;
  bool converged;
};

template <class T>
Outcome search(const Dissimilarity& data, const std::vector<Index>& start, const SearchLimits& limits,
               const std::vector<double>& weights = {}) {
  const Problem<T> problem{std::get<Rows<T>>(data.rows()), data.size(), {weights.begin(), weights.end()}};
  State<T> state(problem, start);
  Statistics statistics;
  const bool converged = fastpam1(problem, state, limits, statistics, Progress::none());
  return {state.medoids(), statistics, converged};
}

void expect_same(const Outcome& a, const Outcome& b) {
  EXPECT_EQ(a.medoids, b.medoids);
  EXPECT_EQ(a.converged, b.converged);
  EXPECT_EQ(a.statistics.total_deviation_per_swap, b.statistics.total_deviation_per_swap);
  EXPECT_EQ(a.statistics.rounds, b.statistics.rounds);
  EXPECT_EQ(a.statistics.evaluated, b.statistics.evaluated);
  EXPECT_EQ(a.statistics.objects_changed, b.statistics.objects_changed);
}

TEST(Tables, FindTheSwapsOfScanning) {
  Random random(913);
  for (int round = 0; round < 500; ++round) {
    const Index n = 3 + static_cast<Index>(random.below(100));
    const int k = 2 + static_cast<int>(random.below(static_cast<std::uint64_t>(n - 2)));
    const std::vector<Index> start = random_start(n, k, random);
    const Dissimilarity data = testing::random_instance(n, round % 2 == 0, random);
    const std::vector<double> weights = whole_weights(n, random);
    const Outcome scanned = search<std::int32_t>(data, start, {}, weights);
    EXPECT_TRUE(scanned.converged);
    for (const Isa isa : instruction_sets())
      expect_same(search<std::int32_t>(data, start, {.isa = isa, .memory_budget_bytes = plenty}, weights),
                  scanned);
  }
}

TEST(Tables, FindTheSwapsOfScanningOnPointsForEveryInstructionSet) {
  const Input input = testing::points("digits.csv");
  for (const int k : {3, 30}) {
    std::vector<Index> start(static_cast<std::size_t>(k));
    std::iota(start.begin(), start.end(), Index{0});
    const Outcome scanned = search<double>(input.data, start, {.isa = best_isa()});
    EXPECT_TRUE(scanned.converged);
    for (const Isa isa : instruction_sets())
      expect_same(search<double>(input.data, start, {.isa = isa, .memory_budget_bytes = plenty}), scanned);
  }
}

// A matrix may differ from its transpose by rounding and still be called symmetric.
TEST(Tables, DoNotTakeRowsForColumnsOfAnAlmostSymmetricMatrix) {
  Random random(914);
  for (int round = 0; round < 50; ++round) {
    const Index n = 40;
    std::vector<double> values(static_cast<std::size_t>(n * n));
    for (Index i = 0; i < n; ++i) {
      for (Index j = 0; j < i; ++j) {
        const double value = 1 + random.uniform();
        values[static_cast<std::size_t>(i * n + j)] = value;
        values[static_cast<std::size_t>(j * n + i)] = value * (1 + 4e-7 * random.uniform());
      }
    }
    swap_at_random<double>(Dissimilarity::matrix(values, n), 6, {}, best_isa(), random, 1e-12);
  }
}

TEST(Tables, AreNotMadeWithoutMemoryOrRows) {
  Random random(915);
  const auto made = [&](const Dissimilarity& data, std::uint64_t budget) {
    const Problem<std::int32_t> problem{std::get<Rows<std::int32_t>>(data.rows()), data.size(), {}};
    State<std::int32_t> state(problem, {0, 1, 2});
    const SearchLimits limits{.memory_budget_bytes = budget};
    return TabledChanges<std::int32_t>::make(problem, state, limits, Progress::none()) != nullptr;
  };
  constexpr std::uint64_t tables = 4 * 20 * 8, transposed = 20 * 20 * 4;  // A and C of 3 slots
  const Dissimilarity symmetric = testing::random_instance(20, true, random);
  EXPECT_TRUE(made(symmetric, tables));
  EXPECT_FALSE(made(symmetric, tables - 1));
  const Dissimilarity asymmetric = testing::random_instance(20, false, random);
  EXPECT_TRUE(made(asymmetric, tables + transposed));
  EXPECT_FALSE(made(asymmetric, tables + transposed - 1));
  class Zeros : public RowMaker<std::int32_t> {
    void fill(Index, Index begin, Index end, std::int32_t* out) const override {
      std::fill_n(out, end - begin, 0);
    }
    std::int32_t at(Index, Index) const override { return 0; }
  };
  EXPECT_FALSE(made(Dissimilarity::made<std::int32_t>(std::make_shared<Zeros>(), 20, true, 0), plenty));
}

TEST(Tables, StopWhenCancelledAndLeaveAValidState) {
  class CancelAfter : public Progress {
   public:
    explicit CancelAfter(int questions) : questions_(questions) {}
    bool cancelled() const override { return --questions_ < 0; }

   private:
    mutable int questions_;
  };
  Random random(916);
  const Dissimilarity data = testing::random_instance(60, true, random);
  const Problem<std::int32_t> problem{std::get<Rows<std::int32_t>>(data.rows()), 60, {}};
  for (int questions = 0; questions < 6; ++questions) {
    State<std::int32_t> state(problem, {0, 1, 2, 3, 4, 5});
    CancelAfter progress(questions);
    Statistics statistics;
    EXPECT_FALSE(fastpam1(problem, state, {.memory_budget_bytes = plenty}, statistics, progress));
    EXPECT_LE(statistics.swaps, questions);
    EXPECT_EQ(statistics.swaps > 0, questions > 1);
    EXPECT_EQ(state.total_deviation(), testing::total_deviation(data, state.medoids()));
  }
}

}  // namespace
}  // namespace xchg::kmedoids
