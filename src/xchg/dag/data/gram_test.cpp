// Second moments: against the textbook's formula, over ranges of values, and every refusal.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "xchg/core/npy.hpp"
#include "xchg/core/text.hpp"
#include "xchg/dag/data.hpp"
#include "xchg/dag/data/moments.hpp"
#include "xchg/dag/data/testing.hpp"

namespace xchg::dag {
namespace {

using ::testing::AllOf;
using testing::distance;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::input_error;
using testing::plain_moments;
using testing::random_data;

std::string gram_error(const Data& data, const GramOptions& options = {}) {
  return input_error([&] { gram(data, options); });
}

Data of_columns(std::vector<std::vector<double>> columns) {
  Data data;
  data.x = Matrix(columns[0].size(), columns.size());
  data.names = numbered_names(columns.size());
  for (std::size_t j = 0; j < columns.size(); ++j) {
    for (std::size_t i = 0; i < columns[j].size(); ++i) data.x(i, j) = columns[j][i];
  }
  return data;
}

TEST(Gram, IsTheTextbooksForAllSizes) {
  for (const std::size_t d : {1U, 2U, 7U, 8U, 9U, 25U, 33U}) {
    for (const std::size_t n : {2U, 3U, 63U, 1024U, 1025U, 2500U}) {
      const Data data = random_data(n, d, n + d);
      for (const bool center : {true, false}) {
        const Gram result = gram(data, {.center = center});
        const Gram::Part plain = plain_moments(data.x, center);
        ASSERT_LT(distance(result.s, plain.s), 1e-13) << n << " by " << d;
        ASSERT_EQ(result.n, static_cast<std::int64_t>(n));
        for (std::size_t j = 0; j < d; ++j) ASSERT_NEAR(result.mean[j], plain.mean[j], 1e-13);
      }
    }
  }
}

TEST(Gram, OfShippedRowsIsTheShippedGram) {
  for (const std::string name : {"er4_20", "sf4_20"}) {
    const Gram shipped = read_gram(XCHG_TEST_DATA "/dag/gram_" + name + ".csv", 1000);
    const Gram own = gram(read_data(XCHG_TEST_DATA "/dag/x_" + name + ".csv"));
    EXPECT_LT(distance(own.s, shipped.s), 1e-13);
  }
}

TEST(Gram, IsTheSameBytesForEveryInstructionSet) {
  for (const std::size_t d : {3U, 20U, 70U}) {
    const Data data = random_data(2600, d, d);
    const Gram::Part scalar = moments(data.x.values, 2600, d, true, 1, Isa::Scalar);
    for (const Isa isa : {Isa::Avx2, Isa::Avx512}) {
      if (isa > best_isa()) continue;
      const Gram::Part other = moments(data.x.values, 2600, d, true, 1, isa);
      EXPECT_EQ(other.s, scalar.s);
      EXPECT_EQ(other.mean, scalar.mean);
    }
  }
}

TEST(Gram, IsTheSameBytesWhetherRowsComeAtOnceOrInPieces) {
  const std::size_t d = 5;
  const Data data = random_data(5000, d, 1);
  const Gram::Part whole = moments(data.x.values, 5000, d, true, 1, Isa::Auto);
  Random random(2);
  MomentSum sum(d, true, 1);
  for (std::size_t from = 0; from < 5000;) {
    const std::size_t count = std::min<std::size_t>(5000 - from, 1 + random.below(1500));
    sum.add(std::span(data.x.values).subspan(from * d, count * d));
    from += count;
  }
  EXPECT_EQ(sum.moments().s, whole.s);
}

TEST(Gram, DoesNotDependOnTheOrderOfRows) {
  const std::size_t n = 20000, d = 6;
  Data data = random_data(n, d, 3);
  for (std::size_t i = 0; i < n; ++i) data.x(i, 2) += 1e4 + static_cast<double>(i);  // a trend
  const Gram before = gram(data);
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), 0U);
  Random random(4);
  shuffle(std::span(order), random);
  Data shuffled = data;
  for (std::size_t i = 0; i < n; ++i)
    std::copy(data.x.row(order[i]).begin(), data.x.row(order[i]).end(), shuffled.x.row(i).begin());
  EXPECT_LT(distance(gram(shuffled).s, before.s), 1e-13);
}

TEST(Gram, LosesNothingToALargeMean) {
  Data data = random_data(4000, 3, 5);
  Data moved = data;
  for (double& value : data.x.values) value = std::round(value * 1024) / 1024;
  for (std::size_t i = 0; i < moved.x.values.size(); ++i) moved.x.values[i] = data.x.values[i] + 0x1p40;
  EXPECT_LT(distance(gram(moved).s, gram(data).s), 1e-13);
}

TEST(Gram, ScalesOfAnySizeAreExact) {
  const Data data = random_data(3000, 3, 6);
  const Gram unit = gram(data);
  for (const double scale : {0x1p-498, 0x1p-60, 0x1p60, 0x1p498}) {  // 1e-150 to 1e150
    Data scaled = data;
    for (double& value : scaled.x.values) value *= scale;
    const Gram result = gram(scaled);
    for (std::size_t i = 0; i < 9; ++i) EXPECT_EQ(result.s.values[i], unit.s.values[i] * scale * scale);
  }
}

TEST(Gram, SquaresThatOverflowOrVanishAreRefused) {
  EXPECT_THAT(gram_error(of_columns({{1, 2, 3}, {1e160, -1e160, 0}})),
              AllOf(HasSubstr("\"1\""), HasSubstr("overflow")));
  EXPECT_THAT(gram_error(of_columns({{1, 2, 3}, {1.7e308, -1.7e308, 0}})), HasSubstr("overflow"));
  EXPECT_THAT(gram_error(of_columns({{1e-170, 2e-170, 0}, {1, 2, 3}})),
              AllOf(HasSubstr("\"0\""), HasSubstr("vanish")));
}

TEST(Gram, ConstantColumnsAreRefusedWhateverTheirValue) {
  for (const double value : {0.0, 0.1, 1e9 / 3, -1e-300}) {
    EXPECT_THAT(gram_error(of_columns({{1, 2, 3}, {value, value, value}, {4, 4, 7}})),
                AllOf(HasSubstr("constant: \"1\";"), HasSubstr("--drop-constant")));
  }
  EXPECT_THAT(gram_error(of_columns({{1, 2, 3}, {1e15, 1e15 + 1, 1e15}})), "no error");
}

TEST(Gram, OneRowIsRefused) {
  EXPECT_THAT(gram_error(of_columns({{1}, {2}})), HasSubstr("there is 1 row; expected at least 2"));
  EXPECT_THAT(input_error([] { gram(parse_data("a,b\n1,2\n")); }), HasSubstr("at least 2"));
}

TEST(Gram, MissingAndInfiniteValuesAreRefused) {
  EXPECT_THAT(gram_error(of_columns({{1, 2, 3}, {4, std::nan(""), 5}})),
              AllOf(HasSubstr("row 2"), HasSubstr("\"1\"")));
  EXPECT_THAT(gram_error(of_columns({{1, 2, 3}, {4, 5, INFINITY}})), HasSubstr("row 3"));
}

TEST(Gram, StandardizedIsTheCorrelationMatrix) {
  const Data data = random_data(500, 4, 7);
  const Gram plain = gram(data), unit = gram(data, {.standardize = true});
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(unit.s(i, i), 1);
    for (std::size_t j = 0; j < 4; ++j)
      EXPECT_NEAR(unit.s(i, j), plain.s(i, j) / std::sqrt(plain.s(i, i) * plain.s(j, j)), 1e-14);
    EXPECT_NEAR(unit.mean[i], plain.mean[i] / std::sqrt(plain.s(i, i)), 1e-13);
  }
}

TEST(Gram, PartsAddUpToTheWhole) {
  const Data data = random_data(900, 5, 8);
  Data first = data, second = data;
  first.x.rows = 300;
  first.x.values.resize(1500);
  second.x.rows = 600;
  second.x.values.erase(second.x.values.begin(), second.x.values.begin() + 1500);
  for (double& value : second.x.values) value += 2;
  Data both = first;
  both.x.rows = 900;
  both.x.values.insert(both.x.values.end(), second.x.values.begin(), second.x.values.end());
  for (const bool center : {true, false}) {
    const GramOptions options{.center = center};
    const Gram together = merge(gram(first, options), gram(second, options));
    const Gram whole = gram(both, options);
    EXPECT_EQ(together.n, 900);
    EXPECT_LT(distance(together.s, whole.s), 1e-14);
    EXPECT_NEAR(together.mean[2], whole.mean[2], 1e-14);
  }
  EXPECT_THAT(input_error([&] { merge(gram(first), gram(second, {.center = false})); }),
              HasSubstr("centred"));
  Gram renamed = gram(second);
  renamed.names[1] = "x";
  EXPECT_THAT(input_error([&] { merge(gram(first), renamed); }), HasSubstr("column 2 is \"1\" in one"));
}

TEST(GramFile, NamesMayStandAboveBesideOrNowhere) {
  const Matrix s = plain_moments(random_data(100, 2, 9).x, true).s;
  const std::string a = text::exact(s(0, 0)), b = text::exact(s(0, 1)), c = text::exact(s(1, 1));
  for (const std::string& text :
       {fmt::format("{},{}\n{},{}\n", a, b, b, c), fmt::format("x,y\n{},{}\n{},{}", a, b, b, c),
        fmt::format(",x,y\nx,{},{}\ny,{},{}\n", a, b, b, c),
        fmt::format("0,1\n{},{}\n{},{}\n", a, b, b, c)}) {
    const Gram gram = parse_gram(text, 100);
    EXPECT_EQ(gram.s, s) << text;
    EXPECT_EQ(gram.names[1], text.find('y') == std::string::npos ? "1" : "y");
  }
  const std::string numbers = "1999,2024\n" + a + "," + b + "\n" + b + "," + c + "\n";
  EXPECT_THAT(parse_gram(numbers, 100).names, ElementsAre("1999", "2024"));
  // Halves of subnormal numbers would be rounded: they are 0.
  EXPECT_EQ(parse_gram("1,5e-321\n6e-321,1\n", 100).s.values, (std::vector<double>{1, 0, 0, 1}));
  EXPECT_EQ(parse_gram("1,4.485050836363535e-308\n8.1906e-320,1\n", 100).s(0, 1), 0);
  EXPECT_EQ(parse_gram(npy::format(npy::Array::from<double>(s.values, {2, 2})), 100).s, s);
}

TEST(GramFile, WhatIsNoGramMatrixIsRefused) {
  const auto error = [](const std::string& text, std::int64_t n = 100) {
    return input_error([&] { parse_gram(text, n, "g.csv"); });
  };
  EXPECT_THAT(error("1,2,3\n2,5,1\n"), AllOf(HasSubstr("g.csv"), HasSubstr("2 by 3")));
  EXPECT_THAT(error("2,1\n1.00001,2\n"),
              AllOf(HasSubstr("not symmetric"), HasSubstr("row 1, column 2 holds 1"), HasSubstr("1.00001")));
  EXPECT_EQ(error("2,1\n1.0000000001,2\n"), "no error");
  EXPECT_THAT(error("1,2\n2,1\n"), AllOf(HasSubstr("not positive definite"), HasSubstr("-1")));
  EXPECT_THAT(error("1,0\n0,-2\n"), AllOf(HasSubstr("\"1\""), HasSubstr("-2")));
  EXPECT_THAT(error("1,0\n0,0\n"), HasSubstr("constant"));
  EXPECT_THAT(error("1,0\n0,5e-324\n"), HasSubstr("smaller units"));
  EXPECT_THAT(error("1,inf\ninf,1\n"), HasSubstr("inf"));
  EXPECT_THAT(error("1,\n0,1\n"), HasSubstr("g.csv:1, column 2"));
  EXPECT_THAT(error("1,x\nx,1\n"), HasSubstr("text"));
  EXPECT_THAT(error("2,1\n1,2\n", 0), HasSubstr("--n"));
  EXPECT_THAT(error("2,1\n1,2\n", 1), HasSubstr("at least 2"));
  EXPECT_THAT(error("a,a\n2,1\n1,2\n"), HasSubstr("both named \"a\""));
}

TEST(GramFile, AllShippedFilesAreAccepted) {
  for (const std::string name : {"er1_20", "er4_20", "sf4_20", "er4_50", "sf4_50", "er4_100", "sf4_100"}) {
    const Gram gram = read_gram(XCHG_TEST_DATA "/dag/gram_" + name + ".csv", 1000);
    EXPECT_EQ(std::to_string(gram.nodes()), name.substr(4));
    EXPECT_NO_THROW(require_independent(gram));
  }
}

TEST(Dependence, NamesTheSmallSetThatIsDependent) {
  Data data = random_data(200, 6, 10);
  for (std::size_t i = 0; i < 200; ++i) data.x(i, 4) = 2 * data.x(i, 1) - data.x(i, 3) + 7;
  EXPECT_THAT(input_error([&] { require_independent(gram(data)); }),
              AllOf(HasSubstr("\"1\", \"3\" and \"4\" depend"), HasSubstr("ridge"), HasSubstr("l1")));
  for (std::size_t i = 0; i < 200; ++i) data.x(i, 4) = -data.x(i, 2);
  EXPECT_THAT(input_error([&] { require_independent(gram(data)); }), HasSubstr("\"2\" and \"4\" depend"));
}

TEST(Dependence, FewerObservationsThanVariablesAreSaidToBeSo) {
  EXPECT_THAT(input_error([] { require_independent(gram(random_data(5, 8, 11))); }),
              HasSubstr("there are 5 observations of 8 variables"));
  EXPECT_NO_THROW(require_independent(gram(random_data(9, 8, 11))));
}

TEST(Dependence, DoesNotHangOnUnits) {
  Data data = random_data(100, 3, 12);
  for (std::size_t i = 0; i < 100; ++i) {
    data.x(i, 0) *= 1e-140;
    data.x(i, 2) *= 1e140;
  }
  EXPECT_NO_THROW(require_independent(gram(data)));
}

// Rows of a regime in which some nodes were set from outside, and of one without.
Data with_interventions() {
  Data data = random_data(600, 4, 13);
  data.regimes = {"free", "set 1", "set 1 and 2"};
  for (std::size_t i = 0; i < 600; ++i) {
    data.regime.push_back(static_cast<int>(i / 200));
    if (i >= 200) data.x(i, 1) = 5 + 0.01 * static_cast<double>(i % 7);
    if (i >= 400) data.x(i, 2) = -3 + 0.01 * static_cast<double>(i % 11);
  }
  return data;
}

Matrix first_rows(const Matrix& x, std::size_t rows) {
  Matrix result(rows, x.columns);
  std::copy_n(x.values.begin(), result.values.size(), result.values.begin());
  return result;
}

TEST(Interventions, ANodesMomentsLeaveOutTheRowsInWhichItWasSet) {
  const Data data = with_interventions();
  const Gram result = gram(data, {.targets = {{"set 1", {"1"}}, {"set 1 and 2", {"1", "2"}}}});
  const Gram::Part free = plain_moments(first_rows(data.x, 200), true);
  const Gram::Part early = plain_moments(first_rows(data.x, 400), true);
  EXPECT_LT(distance(result.matrix_of(0), plain_moments(data.x, true).s), 1e-13);
  EXPECT_LT(distance(result.matrix_of(1), free.s), 1e-13);
  EXPECT_LT(distance(result.matrix_of(2), early.s), 1e-13);
  EXPECT_EQ(&result.matrix_of(3), &result.s);
  EXPECT_EQ(result.rows_of(1), 200);
  EXPECT_EQ(result.rows_of(2), 400);
  EXPECT_EQ(result.rows_of(3), 600);
}

TEST(Interventions, NodesSetInTheSameRowsShareTheirMoments) {
  const Gram result = gram(with_interventions(), {.targets = {{"set 1 and 2", {"2", "1", "3"}}}});
  EXPECT_EQ(result.parts.size(), 1U);
  EXPECT_EQ(&result.matrix_of(1), &result.matrix_of(3));
}

TEST(Interventions, RegressionOfATargetIsThatOfTheRowsInWhichItWasFree) {
  Random random(14);
  Data data = random_data(4000, 2, 14);
  data.regimes = {"free", "set"};
  for (std::size_t i = 0; i < 4000; ++i) {
    const bool set = i % 2 == 1;
    data.regime.push_back(set ? 1 : 0);
    data.x(i, 1) = set ? 3 * random.normal() : 1.5 * data.x(i, 0) + 0.1 * random.normal();
  }
  const Gram result = gram(data, {.targets = {{"set", {"1"}}}});
  const Matrix& s = result.matrix_of(1);
  EXPECT_NEAR(s(0, 1) / s(0, 0), 1.5, 0.01);
  EXPECT_LT(result.s(0, 1) / result.s(0, 0), 1);  // all rows together would halve it
}

TEST(Interventions, StandardizedPartsHaveTheUnitsOfTheWhole) {
  const GramOptions options{.standardize = true, .targets = {{"set 1", {"1"}}}};
  const Gram unit = gram(with_interventions(), options);
  const Gram plain = gram(with_interventions(), {.targets = {{"set 1", {"1"}}}});
  EXPECT_NEAR(unit.matrix_of(1)(1, 1), plain.matrix_of(1)(1, 1) / plain.s(1, 1), 1e-13);
}

TEST(Interventions, TargetsThatNameNothingAreRefused) {
  const Data data = with_interventions();
  EXPECT_THAT(gram_error(data, {.targets = {{"sett 1", {"1"}}}}), HasSubstr("did you mean 'set 1'"));
  EXPECT_THAT(gram_error(data, {.targets = {{"set 1", {"9"}}}}), HasSubstr("'9'"));
  EXPECT_THAT(gram_error(random_data(20, 2, 1), {.targets = {{"set 1", {"1"}}}}), HasSubstr("--regime"));
  EXPECT_THAT(gram_error(data, {.targets = {{"free", {"1"}}, {"set 1", {"1"}}, {"set 1 and 2", {"1"}}}}),
              HasSubstr("only 0 rows are left"));
}

}  // namespace
}  // namespace xchg::dag
