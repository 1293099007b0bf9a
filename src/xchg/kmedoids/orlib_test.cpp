// p-median instances of the OR-Library: what is read, and what is refused.
#include "xchg/kmedoids/orlib.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "xchg/core/error.hpp"
#include "xchg/kmedoids/testing.hpp"

namespace xchg::kmedoids {
namespace {

using ::testing::HasSubstr;

std::string problem_of(const std::string& text, const OrlibOptions& options = {}) {
  try {
    parse_orlib(text, "graph.txt", options);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Orlib, DistancesAreShortestPathsAndKIsTheFilesP) {
  // A ring of four with one long side: 3-4 is reached over 2 and 1.
  const auto [data, k] = parse_orlib("4 4 2\n1 2 3\n2 3 4\n3 4 50\n4 1 1\n", "ring");
  EXPECT_EQ(k, 2);
  EXPECT_TRUE(data.integers() && data.symmetric() && data.dense());
  const std::vector<std::vector<double>> expected{{0, 3, 7, 1}, {3, 0, 4, 4}, {7, 4, 0, 8}, {1, 4, 8, 0}};
  for (Index i = 0; i < 4; ++i) {
    for (Index j = 0; j < 4; ++j)
      EXPECT_EQ(data.at(i, j), expected[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)]);
  }
}

TEST(Orlib, TheLastOfRepeatedEdgesCountsInEitherDirection) {
  EXPECT_EQ(parse_orlib("2 3 1\n1 2 5\n2 1 9\n1 2 7\n", "").data.at(0, 1), 7);
  EXPECT_EQ(parse_orlib("2 2 1\n1 2 5\n2 1 9\n", "").data.at(0, 1), 9);
}

TEST(Orlib, BlanksEmptyLinesAndLoopsDoNotCount) {
  const auto [data, k] = parse_orlib(" 2 2 1 \r\n\n\t1 2\t4 \r\n 2 2 8", "");
  EXPECT_EQ(data.at(0, 1), 4);
  EXPECT_EQ(data.at(1, 1), 0);
}

TEST(Orlib, OneNodeNeedsNoEdge) { EXPECT_EQ(parse_orlib("1 0 1\n", "").data.size(), 1); }

TEST(Orlib, AnInstanceOfTheLibraryHasItsPublishedOptimum) {
  const Input input = read_input(testing::data_path("orlib/pmed1.txt"), {.format = Format::Orlib});
  EXPECT_EQ(input.data.size(), 100);
  EXPECT_EQ(input.k, 5);
  const Result result = cluster(input.data, {.k = 5, .init = Init::Build});
  EXPECT_EQ(result.total_deviation_exact, 5819);
}

TEST(Orlib, ThreadsDoNotChangeTheDistances) {
  const std::string path = testing::data_path("orlib/pmed6.txt");
  const Dissimilarity one = read_orlib(path, {.threads = 1}).data;
  const Dissimilarity four = read_orlib(path, {.threads = 4}).data;
  for (Index i = 0; i < one.size(); ++i) {
    for (Index j = 0; j < one.size(); ++j) ASSERT_EQ(one.at(i, j), four.at(i, j));
  }
}

struct Refused {
  const char* name;
  const char* text;
  const char* message;
};

class OrlibRefuses : public ::testing::TestWithParam<Refused> {};

TEST_P(OrlibRefuses, WithPlaceProblemAndExpectation) {
  EXPECT_THAT(problem_of(GetParam().text), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Malformed, OrlibRefuses,
    ::testing::Values(
        Refused{"empty", "", "graph.txt: the file is empty; expected 'n edges p'"},
        Refused{"blank", "\n \n", "graph.txt: the file is empty"},
        Refused{"word", "2 1 1\n1 two 3\n", "graph.txt:2: 'two' is not a whole number; expected 'i j cost'"},
        Refused{"fraction", "2 1 1\n\n1 2 3.5\n", "graph.txt:3: '3.5' is not a whole number"},
        Refused{"short_line", "2 1 1\n1 2\n", "graph.txt:2: the line ends before its third number"},
        Refused{"long_line", "2 1 1\n1 2 3 4\n", "graph.txt:2: there is more after three numbers: '4'"},
        Refused{"huge", "99999999999999999999 1 1\n",
                "graph.txt:1: the number '99999999999999999999' is too"},
        Refused{"binary", "\x01\xff 1 1\n", "graph.txt:1: '?\?' is not a whole number"},
        Refused{"node_0", "2 1 1\n0 2 3\n",
                "graph.txt:2: the node 0 does not exist; expected 'i j cost' with "
                "nodes 1 to 2"},
        Refused{"node_3", "2 1 1\n1 3 3\n", "graph.txt:2: the node 3 does not exist"},
        Refused{"negative", "2 1 1\n1 2 -3\n", "graph.txt:2: the cost is -3"},
        Refused{"cost", "2 1 1\n1 2 2147483648\n", "graph.txt:2: the cost is 2147483648"},
        Refused{"p_0", "2 1 0\n1 2 3\n", "graph.txt:1: there are 2 nodes and p is 0"},
        Refused{"p_3", "2 1 3\n1 2 3\n", "graph.txt:1: there are 2 nodes and p is 3"},
        Refused{"few", "3 3 1\n1 2 3\n", "graph.txt:2: the file ends after 1 edges; expected 3"},
        Refused{"many", "2 1 1\n1 2 3\n1 2 3\n", "graph.txt:3: there are more than the 1 edges"},
        Refused{"tree", "4 2 1\n1 2 3\n3 4 3\n", "graph.txt:1: 2 edges cannot connect 4 nodes"},
        Refused{"unconnected", "3 2 1\n1 2 3\n2 1 4\n",
                "graph.txt: the graph is not connected: no path from node 1 to node 3"},
        Refused{"overflow", "3 2 1\n1 2 2147483647\n2 3 1\n",
                "graph.txt: the shortest path from node 1 to node 3 has the length 2147483648; expected at "
                "most 2147483647"},
        Refused{"lying", "1000000000 4000000000 5\n1 2 3\n", "graph.txt:2: the file ends after 1 edges"}),
    [](const auto& refused) { return std::string(refused.param.name); });

TEST(Orlib, AMatrixOverTheBudgetIsRefusedBeforeItIsMade) {
  std::string text = "1000 1000 5\n";
  for (int i = 1; i <= 1000; ++i) text += std::to_string(i) + " " + std::to_string(i % 1000 + 1) + " 1\n";
  EXPECT_THAT(problem_of(text, {.threads = 1, .memory_budget_bytes = 1 << 20}),
              HasSubstr("the shortest paths between 1000 nodes do not fit"));
  EXPECT_EQ(problem_of(text, {.threads = 1, .memory_budget_bytes = 4'000'000}), "");
}

TEST(Orlib, ColumnOptionsHaveNoMeaning) {
  EXPECT_THROW(
      read_input(testing::data_path("orlib/pmed1.txt"), {.format = Format::Orlib, .id_column = "name"}),
      InputError);
}

}  // namespace
}  // namespace xchg::kmedoids
