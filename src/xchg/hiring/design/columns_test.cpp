#include "xchg/hiring/design/columns.hpp"

#include <gtest/gtest.h>

#include <array>

#include "xchg/core/error.hpp"
#include "xchg/hiring/design.hpp"

namespace xchg::hiring {
namespace {

TEST(Columns, ReachTheOptimumOfTheWholeProgramAndProveIt) {
  for (const auto& [n, k, m, t] : {std::array{4, 2, 3, 2}, std::array{3, 3, 3, 3}, std::array{4, 3, 2, 2}}) {
    for (const Bound& bound : {Bound(1), Bound(Rational(1, 10)), Bound::infinity()}) {
      const Instance instance = generate(n, k, m, t, 1);
      Options options{.payment_bound = bound, .method = Method::Program, .ladder = false};
      const Result whole = design(instance, options);
      options.method = Method::Columns;
      const Result generated = design(instance, options);
      EXPECT_NEAR(generated.supremum, whole.supremum, 1e-8);
      EXPECT_EQ(generated.attained, whole.attained);
      EXPECT_LE(generated.upper_bound - generated.value, bound.infinite() ? 2e-6 : 1e-9);
      EXPECT_TRUE(generated.incentive_compatible);
      EXPECT_EQ(generated.statistics.method, "columns");
    }
  }
}

TEST(Columns, LawsThatAreNotStoredGiveTheSame) {
  const Instance instance = generate(4, 2, 3, 2, 5);
  Options options{.payment_bound = Bound(1), .method = Method::Columns, .ladder = false};
  const Result stored = design(instance, options);
  options.memory_bytes = 1000;
  const Result fresh = design(instance, options);
  EXPECT_EQ(fresh.value_exact, stored.value_exact);
  EXPECT_EQ(fresh.upper_bound_exact, stored.upper_bound_exact);
  options.method = Method::Program;
  EXPECT_THROW(design(instance, options), LimitError);
  options.memory_bytes = 100'000;  // the law fits, the program does not
  EXPECT_THROW(design(instance, options), LimitError);
  options.method = Method::Automatic;
  EXPECT_EQ(design(instance, options).statistics.method, "columns");
}

// Says stop from the second question on.
class Impatient : public Progress {
 public:
  bool cancelled() const override { return asked_++ > 0; }

 private:
  mutable int asked_ = 0;
};

TEST(Columns, WhatAnInterruptedSearchCameToIsProvenAllTheSame) {
  const Instance instance = generate(4, 2, 3, 2, 1);
  for (const Method method : {Method::Columns, Method::Program}) {
    Impatient progress;
    const Result result =
        design(instance, {.payment_bound = Bound(1), .method = method, .ladder = false}, progress);
    EXPECT_TRUE(result.incentive_compatible);
    EXPECT_LE(result.value, 0.598998990813 + 1e-9);
    EXPECT_GE(result.upper_bound, 0.598998990813 - 1e-9);
    EXPECT_TRUE(verify(instance, result.certificate).proven);
  }
}

}  // namespace
}  // namespace xchg::hiring
