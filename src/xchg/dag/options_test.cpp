#include "xchg/dag/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "xchg/core/error.hpp"

namespace xchg::dag {
namespace {

template <class Parse>
void expect_round_trip(const std::vector<std::string>& names, std::size_t count, Parse parse) {
  EXPECT_EQ(names.size(), count);
  for (std::size_t k = 0; k < names.size(); ++k) {
    const auto value = parse(names[k]);
    EXPECT_EQ(static_cast<std::size_t>(value), k) << names[k];
    EXPECT_EQ(name(value), names[k]);
  }
  try {
    parse(std::string("no such thing"));
    ADD_FAILURE() << "accepted";
  } catch (const InputError& error) {
    for (const std::string& known : names) EXPECT_THAT(error.what(), testing::HasSubstr(known));
  }
}

TEST(OptionNames, ReadBackAsWhatTheyName) {
  expect_round_trip(score_names(), 8, parse_score);
  expect_round_trip(method_names(), 5, parse_method);
  expect_round_trip(start_names(), 6, parse_start);
  expect_round_trip(acyclicity_names(), 3, parse_acyclicity);
  expect_round_trip(batch_names(), 3, parse_batch);
  expect_round_trip(prune_names(), 6, parse_prune);
  expect_round_trip(missing_names(), 4, parse_missing);
}

TEST(OptionNames, AreThoseOfTheCommandLine) {
  EXPECT_EQ(name(Score::LeastSquares), "least-squares");
  EXPECT_EQ(name(Method::BranchAndBound), "branch-and-bound");
  EXPECT_EQ(name(Acyclicity::LogDet), "log-det");
  EXPECT_EQ(name(Prune::TTest), "t-test");
}

TEST(TopoReleaseSizes, AreTheFormulasOfThePackage) {
  // d = 30: sqrt(30) * 29 * log10(30) = 234.6.
  const TopoSizes linear = topo_release_sizes(30, true);
  EXPECT_EQ(linear.small, 45);
  EXPECT_EQ(linear.large, 234);
  EXPECT_EQ(linear.large_rounds, 1);
  const TopoSizes twenty = topo_release_sizes(20, true);
  EXPECT_EQ(twenty.small, 30);
  EXPECT_EQ(twenty.large, 110);
  const TopoSizes nonlinear = topo_release_sizes(30, false);
  EXPECT_EQ(nonlinear.small, 30);
  EXPECT_EQ(nonlinear.large, 90);
  EXPECT_EQ(nonlinear.large_rounds, 1);
}

TEST(TopoReleaseSizes, StayBetweenOneAndAllPairs) {
  EXPECT_EQ(topo_release_sizes(1, true).large, 0);
  for (int d = 2; d < 60; ++d) {
    for (const bool linear : {true, false}) {
      const TopoSizes sizes = topo_release_sizes(d, linear);
      EXPECT_GE(sizes.small, 1) << d;
      EXPECT_LE(sizes.small, sizes.large) << d;
      EXPECT_LE(sizes.large, d * (d - 1) / 2) << d;
      EXPECT_EQ(sizes.large_rounds, linear && d < 10 ? 0 : 1) << d;
    }
  }
}

}  // namespace
}  // namespace xchg::dag
