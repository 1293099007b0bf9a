// Matrices that are packed, sparse, mapped or made by a function.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <exception>
#include <filesystem>
#include <thread>

#include "xchg/core/error.hpp"
#include "xchg/core/npy.hpp"
#include "xchg/core/random.hpp"
#include "xchg/kmedoids/mtx.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

using ::testing::HasSubstr;
using testing::message;

constexpr double infinity = std::numeric_limits<double>::infinity();

// All values, and parts of the rows as searches ask for them.
void expect_same(const Dissimilarity& data, const Dissimilarity& expected) {
  ASSERT_EQ(data.size(), expected.size());
  EXPECT_EQ(data.symmetric(), expected.symmetric());
  const Index n = data.size();
  std::visit(
      [&]<class T>(const Rows<T>& rows) {
        std::vector<T> part(static_cast<std::size_t>(n));
        for (Index x = 0; x < n; ++x) {
          const Index begin = x % 3, end = std::max(begin, n - x % 2);
          if (rows.maker != nullptr) rows.maker->fill(x, begin, end, part.data());
          for (Index o = begin; o < end; ++o) {
            ASSERT_EQ(data.at(o, x), expected.at(o, x)) << o << ' ' << x;
            if (rows.maker == nullptr) continue;
            ASSERT_EQ(static_cast<double>(part[static_cast<std::size_t>(o - begin)]), expected.at(o, x));
          }
        }
      },
      data.rows());
}

TEST(Packed, TriangleEqualsItsSquareWithAndWithoutUnpacking) {
  Random random(1);
  for (const Index n : {2, 3, 17, 70}) {
    const std::vector<std::int32_t> square = testing::random_matrix(n, true, random);
    std::vector<std::int32_t> triangle;
    for (Index i = 0; i < n; ++i) {
      for (Index j = i + 1; j < n; ++j) triangle.push_back(square[static_cast<std::size_t>(i * n + j)]);
    }
    const auto expected = Dissimilarity::matrix(square, n);
    const auto unpacked = Dissimilarity::packed(triangle);
    const auto rows = Dissimilarity::packed(triangle, {}, Matrix::Never);
    EXPECT_TRUE(unpacked.dense());
    EXPECT_FALSE(rows.dense());
    EXPECT_EQ(rows.largest(), expected.largest());
    expect_same(unpacked, expected);
    expect_same(rows, expected);
    EXPECT_EQ(cluster(rows, {.k = 2}).medoids, cluster(expected, {.k = 2}).medoids);
  }
}

TEST(Packed, WrongLengthsAndValuesAreNamed) {
  const auto error = [](std::vector<double> values) {
    return message<InputError>([&] { Dissimilarity::packed(std::move(values)); });
  };
  EXPECT_THAT(error({1, 2, 3, 4}),
              HasSubstr("4 values are no packed triangle; expected n (n - 1) / 2 values, "
                        "such as 3 for 3 objects or 6 for 4"));
  EXPECT_THAT(error({}), HasSubstr("0 values are no packed triangle"));
  EXPECT_THAT(error({1, 2, -3}), HasSubstr("value 3, of row 2, column 3, is -3"));
}

TEST(Infinite, ValuesAreReplacedByMoreThanAnySumAndCounted) {
  const std::vector<double> square{0, infinity, 3, infinity, 0, 2, 3, 2, 0};
  EXPECT_THAT(message<InputError>([&] { Dissimilarity::matrix(square, 3); }),
              HasSubstr("--infinite=penalty"));
  const auto data = Dissimilarity::matrix(square, 3, {.infinite_penalty = true});
  EXPECT_EQ(data.at(0, 1), 18);
  EXPECT_EQ(data.at(0, 2), 3);
  EXPECT_EQ(data.infinite_replaced(), 2);
  const auto packed = Dissimilarity::packed(std::vector<float>{std::numeric_limits<float>::infinity(), 3, 2},
                                            {.infinite_penalty = true});
  EXPECT_EQ(packed.at(1, 0), 18);
  EXPECT_EQ(packed.infinite_replaced(), 2);
  const std::vector<double> one_sided{0, infinity, 3, 0};
  EXPECT_THAT(message<InputError>([&] { Dissimilarity::matrix(one_sided, 2, {.infinite_penalty = true}); }),
              HasSubstr("not symmetric"));
  const std::vector<double> huge{0, 1e308, 1e308, infinity, 0, 1e308, 1e308, 1e308, 0};
  EXPECT_THAT(message<NumericError>([&] {
                Dissimilarity::matrix(huge, 3,
                                      {.orientation = Orientation::RowsAreObjects, .infinite_penalty = true});
              }),
              HasSubstr("penalty"));
}

TEST(Sparse, EqualsTheSquareWithTheConstantFilledIn) {
  Random random(2);
  for (int round = 0; round < 30; ++round) {
    const Index n = 2 + static_cast<Index>(random.below(20));
    const bool symmetric = round % 2 == 0;
    std::vector<std::int32_t> square = testing::random_matrix(n, symmetric, random);
    std::vector<Index> starts{0}, columns;
    std::vector<std::int32_t> values;
    for (Index i = 0; i < n; ++i) {
      for (Index j = n - 1; j >= 0; --j) {  // any order within a row
        auto& value = square[static_cast<std::size_t>(i * n + j)];
        if (i == j) continue;
        if (value < 6) {
          columns.push_back(j);
          values.push_back(value);
        } else {
          value = 11;
        }
      }
      starts.push_back(static_cast<Index>(columns.size()));
    }
    for (const Orientation orientation :
         {Orientation::Symmetric, Orientation::RowsAreObjects, Orientation::RowsAreCandidates}) {
      if (orientation == Orientation::Symmetric && !symmetric) continue;
      const auto data =
          Dissimilarity::sparse<std::int32_t>(n, starts, columns, values, {{.orientation = orientation}, 11});
      expect_same(data, Dissimilarity::matrix(square, n, {.orientation = orientation}));
    }
  }
}

TEST(Sparse, AbsentPairsHaveTwiceTheLargestStoredValue) {
  const std::vector<Index> starts{0, 1, 2, 2}, columns{1, 0};
  const auto data = Dissimilarity::sparse<double>(3, starts, columns, std::vector<double>{2.5, 2.5});
  EXPECT_EQ(data.at(0, 1), 2.5);
  EXPECT_EQ(data.at(0, 2), 5);
  EXPECT_EQ(data.at(2, 2), 0);
}

std::string sparse_error(std::vector<Index> starts, std::vector<Index> columns, std::vector<double> values,
                         SparseOptions options = {}) {
  const auto n = static_cast<Index>(starts.size()) - 1;
  return message<InputError>([&] { Dissimilarity::sparse<double>(n, starts, columns, values, options); });
}

TEST(Sparse, WrongMatricesAreNamed) {
  EXPECT_THAT(sparse_error({0, 2, 3}, {1, 1, 0}, {1, 1, 1}), HasSubstr("row 1, column 2 is stored twice"));
  EXPECT_THAT(sparse_error({0, 1, 1}, {1}, {1}),
              HasSubstr("not symmetric: row 1, column 2 is stored, row 2, column 1 is not"));
  EXPECT_THAT(sparse_error({0, 1, 2}, {1, 0}, {1, 3}),
              HasSubstr("row 1, column 2 holds 1, row 2, column 1 holds 3"));
  EXPECT_THAT(sparse_error({0, 1, 2}, {1, 5}, {1, 1}), HasSubstr("column 6 in row 2 does not exist"));
  EXPECT_THAT(sparse_error({0, 1, 2}, {1, 0}, {1, -1}), HasSubstr("row 2, column 1 is -1"));
  EXPECT_THAT(sparse_error({0, 1, 2}, {0, 1}, {1, 0}), HasSubstr("diagonal value in row 1, column 1 is 1"));
  EXPECT_THAT(sparse_error({0, 1, 3}, {1, 0}, {1, 1}), HasSubstr("are no sparse matrix of 2 objects"));
  EXPECT_THAT(sparse_error({0, 0, 0}, {}, {}), HasSubstr("no pair is stored"));
  EXPECT_THAT(sparse_error({0, 1, 2}, {1, 0}, {1, 1}, {{}, -1}), HasSubstr("absent pairs is -1"));
}

Dissimilarity mtx(const std::string& text, SparseOptions options = {}) {
  options.matrix.source = "graph.mtx";
  return parse_mtx(text, options);
}

TEST(MatrixMarket, SymmetricGeneralAndPatternFilesAreRead) {
  const auto symmetric =
      mtx("%%MatrixMarket matrix coordinate real symmetric\n% roads\n3 3 2\n2 1 1.5\n\n3 2 4\n");
  EXPECT_EQ(symmetric.at(0, 1), 1.5);
  EXPECT_EQ(symmetric.at(1, 0), 1.5);
  EXPECT_EQ(symmetric.at(0, 2), 8);
  EXPECT_FALSE(symmetric.integers());
  const auto general = mtx("%%matrixmarket MATRIX Coordinate integer general\r\n2 2 1\r\n1 2 7\r\n",
                           {{.orientation = Orientation::RowsAreObjects}, 20});
  EXPECT_TRUE(general.integers());
  EXPECT_EQ(general.at(0, 1), 7);
  EXPECT_EQ(general.at(1, 0), 20);
  EXPECT_EQ(general.largest(), 20);
  const auto pattern = mtx("%%MatrixMarket matrix coordinate pattern symmetric\n3 3 1\n3 1");
  EXPECT_EQ(pattern.at(0, 2), 1);
  EXPECT_EQ(pattern.at(0, 1), 2);
}

TEST(MatrixMarket, WrongFilesAreNamedWithTheirLine) {
  const std::string head = "%%MatrixMarket matrix coordinate real general\n";
  const auto error = [](const std::string& text) { return message<InputError>([&] { mtx(text); }); };
  EXPECT_THAT(error(""), HasSubstr("the file is empty"));
  EXPECT_THAT(error("%%MatrixMarket matrix array real general\n"),
              HasSubstr("graph.mtx:1: this is no sparse"));
  EXPECT_THAT(error(head + "2 3 1\n"), HasSubstr(":2: the matrix is not square: 2 rows and 3 columns"));
  EXPECT_THAT(error(head + "2 2 1\n1 3 4\n"),
              HasSubstr(":3: row 1, column 3 does not exist; expected 1 to 2"));
  EXPECT_THAT(error(head + "2 2 2\n1 2 4\n"), HasSubstr("ends after 1 entries; expected 2 entries"));
  EXPECT_THAT(error(head + "2 2 1\n1 2 4\n2 1 4\n"), HasSubstr(":4: there are more entries"));
  EXPECT_THAT(error(head + "2 2 2\n1 2 4\n1 2 5\n"),
              HasSubstr(":4: row 1, column 2 is there twice, first on line 3"));
  EXPECT_THAT(error(head + "2 2 1\n1 2 nan\n"), HasSubstr(":3: the value in row 1, column 2 is nan"));
  EXPECT_THAT(error(head + "2 2 1\n1 2 -4\n"), HasSubstr("is -4"));
  EXPECT_THAT(error(head + "2 2 1\n1 2 x\n"), HasSubstr(":3: \"x\" is no such number"));
  EXPECT_THAT(error(head + "2 2 1\n1 2\n"), HasSubstr("the line ends too early"));
  EXPECT_THAT(error(head + "2 2 1\n1 1 3\n"), HasSubstr("diagonal value in row 1, column 1 is 3"));
  EXPECT_THAT(error("%%MatrixMarket matrix coordinate real symmetric\n2 2 1\n1 2 3\n"),
              HasSubstr("above the diagonal"));
  EXPECT_THAT(message<LimitError>([&] {
                mtx(head + "2000000000 2000000000 0\n", {{.memory_budget_bytes = 1 << 20}, 1});
              }),
              HasSubstr("a sparse matrix of 2000000000 objects does not fit"));
}

TEST(Callback, IsAskedForEveryPairAndNeverForAnObjectItself) {
  std::atomic<int> calls = 0;
  const auto distance = [&](Index object, Index candidate) {
    ++calls;
    EXPECT_NE(object, candidate);
    return static_cast<double>(10 * object + candidate);
  };
  const auto data = Dissimilarity::callback(distance, 4);
  EXPECT_FALSE(data.symmetric());
  EXPECT_EQ(data.at(2, 3), 23);
  EXPECT_EQ(data.at(3, 2), 32);
  calls = 0;
  const auto kept = data.in_memory(0, 4);
  EXPECT_EQ(calls, 12);
  expect_same(kept, data);
  calls = 0;
  const auto symmetric = Dissimilarity::callback(distance, 4, {.symmetric = true}).in_memory();
  EXPECT_EQ(calls, 6);
  EXPECT_EQ(symmetric.at(3, 2), 23);
}

TEST(Callback, ThatIsNotThreadSafeIsCalledByOneThreadAtATime) {
  std::atomic<int> inside = 0, most = 0;
  const auto distance = [&](Index, Index) {
    most = std::max(most.load(), ++inside);
    std::this_thread::yield();
    --inside;
    return 1.0;
  };
  Dissimilarity::callback(distance, 60).in_memory(0, 4);
  EXPECT_EQ(most, 1);
}

TEST(Callback, FaultsCarryThePairAndTheCause) {
  const auto nan = Dissimilarity::callback([](Index, Index) { return std::nan(""); }, 9);
  EXPECT_THAT(message<InputError>([&] { nan.at(3, 5); }),
              HasSubstr("the dissimilarity from object 3 to object 5 is nan; expected a finite number >= 0"));
  const auto negative = Dissimilarity::callback([](Index o, Index) { return o == 2 ? -1.0 : 1.0; }, 9);
  EXPECT_THAT(message<InputError>([&] { cluster(negative, {.k = 2, .init = Init::Build}); }),
              HasSubstr("from object 2 to object"));
  const auto throwing =
      Dissimilarity::callback([](Index, Index) -> double { throw std::runtime_error("no road"); }, 9);
  EXPECT_THAT(message<InputError>([&] { throwing.at(1, 4); }),
              HasSubstr("from object 1 to object 4 could not be computed: no road"));
  try {
    throwing.at(1, 4);
  } catch (const InputError& error) {
    EXPECT_THROW(std::rethrow_if_nested(error), std::runtime_error);
  }
  const auto cancelled =
      Dissimilarity::callback([](Index, Index) -> double { throw CancelledError("enough"); }, 9);
  EXPECT_THROW(cancelled.at(1, 4), CancelledError);
  EXPECT_THROW(Dissimilarity::callback({}, 3), InputError);
}

class MatrixFile : public ::testing::Test {
 protected:
  template <class T>
  std::string write(const std::vector<T>& values, std::vector<std::size_t> shape) {
    npy::write(path_, npy::Array::from(std::span<const T>(values), std::move(shape)));
    return path_.string();
  }
  template <class T>
  bool is_kept() {
    const auto data = Dissimilarity::map(write<T>({0, 1, 1, 0}, {2, 2}));
    return std::holds_alternative<Rows<T>>(data.rows()) && data.dense() && data.at(0, 1) == 1;
  }
  ~MatrixFile() override {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }

 private:
  std::filesystem::path path_ =
      std::filesystem::path(::testing::TempDir()) /
      (std::string("xchg-") + ::testing::UnitTest::GetInstance()->current_test_info()->name() + "-" +
       std::to_string(::getpid()) + ".npy");
};

TEST_F(MatrixFile, TheSixTypesAreMappedAsTheyAre) {
  EXPECT_TRUE(is_kept<double>());
  EXPECT_TRUE(is_kept<float>());
  EXPECT_TRUE(is_kept<std::int32_t>());
  EXPECT_TRUE(is_kept<std::int64_t>());
  EXPECT_TRUE(is_kept<std::uint16_t>());
  EXPECT_TRUE(is_kept<std::uint8_t>());
}

TEST_F(MatrixFile, OtherIntegersAreConvertedExactlyOrRefused) {
  const auto small = Dissimilarity::map(write<std::int16_t>({0, 300, 300, 0}, {2, 2}));
  EXPECT_TRUE(std::holds_alternative<Rows<std::int32_t>>(small.rows()));
  EXPECT_EQ(small.at(1, 0), 300);
  const std::uint64_t large = (std::uint64_t{1} << 62) + 1;
  const auto exact = Dissimilarity::map(write<std::uint64_t>({0, large, large, 0}, {2, 2}));
  EXPECT_EQ(std::get<Rows<std::int64_t>>(exact.rows()).dense[1], static_cast<std::int64_t>(large));
  const std::string path = write<std::uint64_t>({0, ~std::uint64_t{0}, 1, 0}, {2, 2});
  EXPECT_THAT(message<InputError>([&] { Dissimilarity::map(path); }),
              HasSubstr("value 2 is 18446744073709551615; expected at most 9223372036854775807"));
}

TEST_F(MatrixFile, IsCheckedAndOrientedAsMatricesInMemory) {
  const std::string path = write<double>({0, 1, 2, 0}, {2, 2});
  EXPECT_THAT(message<InputError>([&] { Dissimilarity::map(path); }), HasSubstr("not symmetric"));
  const auto data = Dissimilarity::map(path, {.orientation = Orientation::RowsAreObjects});
  EXPECT_EQ(data.at(0, 1), 1);
  EXPECT_EQ(data.at(1, 0), 2);
  EXPECT_THAT(message<LimitError>([&] {
                Dissimilarity::map(path,
                                   {.orientation = Orientation::RowsAreObjects, .memory_budget_bytes = 8});
              }),
              HasSubstr("needs 32 B, limit 8 B"));
  const std::string wide = write<double>({0, 1, 2, 0, 3, 4}, {2, 3});
  EXPECT_THAT(message<InputError>([&] { Dissimilarity::map(wide); }), HasSubstr("2 rows and 3 columns"));
}

}  // namespace
}  // namespace xchg::kmedoids
