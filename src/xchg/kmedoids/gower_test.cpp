// Gower's dissimilarity against its definition and the published table.
#include "xchg/kmedoids/gower.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "xchg/core/csv.hpp"
#include "xchg/core/error.hpp"
#include "xchg/core/random.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

using ::testing::HasSubstr;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// The definition for one pair; -1 where no column counts.
double plain_gower(const std::vector<TableColumn>& columns, std::size_t a, std::size_t b) {
  double sum = 0, count = 0;
  for (const TableColumn& column : columns) {
    const double x = column.values[a], y = column.values[b];
    if (std::isnan(x) || std::isnan(y)) continue;
    if (column.type == ColumnType::Asymmetric && x == 0 && y == 0) continue;
    ++count;
    if (column.type == ColumnType::Nominal || column.type == ColumnType::Asymmetric) {
      sum += x != y;
      continue;
    }
    double least = 1e300, greatest = -1e300;
    for (const double value : column.values) {
      if (std::isnan(value)) continue;
      least = std::min(least, value);
      greatest = std::max(greatest, value);
    }
    if (greatest > least) sum += std::abs(x - y) / (greatest - least);
  }
  return count == 0 ? -1 : sum / count;
}

TableColumn random_column(ColumnType type, std::size_t n, double share_missing, Random& random) {
  TableColumn column{std::string(name(type)), type, {}};
  for (std::size_t i = 0; i < n; ++i) {
    const double value = type == ColumnType::Numeric      ? random.uniform() * 100
                         : type == ColumnType::Asymmetric ? static_cast<double>(random.below(2))
                                                          : static_cast<double>(random.below(4));
    column.values.push_back(random.uniform() < share_missing ? missing : value);
  }
  return column;
}

TEST(Gower, EqualsItsDefinitionOnRandomTables) {
  Random random(1);
  for (int round = 0; round < 20; ++round) {
    const std::size_t n = 2 + random.below(300);
    std::vector<TableColumn> columns{random_column(ColumnType::Nominal, n, 0, random)};  // always in common
    for (const ColumnType type :
         {ColumnType::Numeric, ColumnType::Ordinal, ColumnType::Nominal, ColumnType::Asymmetric}) {
      columns.push_back(random_column(type, n, 0.3, random));
    }
    const auto data = Dissimilarity::table(columns);
    const auto rows = Dissimilarity::table(columns, {.matrix = Matrix::Never});
    EXPECT_FALSE(rows.dense());
    for (std::size_t a = 0; a < n; ++a) {
      for (std::size_t b = 0; b < n; b += 3) {
        const double value = data.at(static_cast<Index>(a), static_cast<Index>(b));
        ASSERT_NEAR(value, a == b ? 0 : plain_gower(columns, a, b), 1e-12);
        ASSERT_EQ(rows.at(static_cast<Index>(a), static_cast<Index>(b)), value);
        ASSERT_EQ(data.at(static_cast<Index>(b), static_cast<Index>(a)), value);
      }
    }
  }
}

TEST(Gower, AConstantColumnCountsAndDiffersByNothing) {
  const std::vector<TableColumn> columns{{"same", ColumnType::Numeric, {5, 5, 5}},
                                         {"x", ColumnType::Numeric, {0, 1, 2}}};
  const auto data = Dissimilarity::table(columns);
  EXPECT_EQ(data.at(0, 2), 0.5);
  EXPECT_EQ(data.at(0, 1), 0.25);
}

TEST(Gower, TheRangeMayBeGiven) {
  const std::vector<TableColumn> columns{{"x", ColumnType::Numeric, {0, 1}, 10}};
  EXPECT_EQ(Dissimilarity::table(columns).at(0, 1), 0.1);
}

std::string refused(const std::vector<TableColumn>& columns) {
  try {
    Dissimilarity::table(columns);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(BadTable, RowsWithoutACommonColumnAreNamed) {
  const std::vector<TableColumn> columns{{"x", ColumnType::Numeric, {1, 2, missing}},
                                         {"rare", ColumnType::Asymmetric, {0, 1, 0}}};
  EXPECT_THAT(refused(columns), HasSubstr("rows 1 and 3 have no column in common"));
  const auto rows = Dissimilarity::table(columns, {.matrix = Matrix::Never});
  EXPECT_THROW(rows.at(2, 0), InputError);
  EXPECT_EQ(rows.at(2, 2), 0);
  EXPECT_THROW(cluster(rows, {.k = 2, .init = Init::Build}), InputError);
}

TEST(BadTable, WrongValuesAndLengthsAreNamed) {
  EXPECT_THAT(refused({{"a", ColumnType::Numeric, {1, 2}}, {"b", ColumnType::Numeric, {1}}}),
              HasSubstr("column 'b' has 1 values, the first column 2"));
  EXPECT_THAT(refused({{"a", ColumnType::Asymmetric, {1, 2}}}),
              HasSubstr("the value of 'a' in row 2 is 2; expected 0, 1 or missing"));
  EXPECT_THAT(refused({{"a", ColumnType::Numeric, {1, std::numeric_limits<double>::infinity()}}}),
              HasSubstr("the value of 'a' in row 2 is inf"));
  EXPECT_THAT(refused({{"a", ColumnType::Nominal, {0.5, 1}}}), HasSubstr("expected the code of a level"));
  EXPECT_THAT(refused({}), HasSubstr("the table is empty"));
  const std::vector<TableColumn> far{{"a", ColumnType::Numeric, {-1.7e308, 1.7e308}}};
  EXPECT_THROW(Dissimilarity::table(far), NumericError);
}

}  // namespace
}  // namespace xchg::kmedoids
