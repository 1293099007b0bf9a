#include "xchg/core/chart.hpp"

#include <gmock/gmock.h>

#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "xchg/core/csv.hpp"
#include "xchg/core/error.hpp"
#include "xchg/core/image.hpp"
#include "xchg/core/random.hpp"

namespace xchg::chart {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

json spec_of(const Chart& chart) { return json::parse(chart.spec); }

// The layer of the specification whose mark is of that type.
json layer(const json& spec, const std::string& type) {
  for (const json& one : spec.at("layer"))
    if (one.at("mark").at("type") == type) return one;
  ADD_FAILURE() << "no layer draws " << type;
  return {};
}

std::size_t count_layers(const json& spec, const std::string& type) {
  std::size_t count = 0;
  for (const json& one : spec.at("layer")) count += one.at("mark").at("type") == type ? 1U : 0U;
  return count;
}

// The numbers that the specification draws in a channel, read from the CSV it carries.
std::vector<double> drawn(const Chart& chart, const json& encoding, const std::string& channel) {
  const json spec = spec_of(chart);
  const csv::Table table = csv::parse(spec.at("data").at("values").get<std::string>());
  return table.numbers(table.index(encoding.at(channel).at("field").get<std::string>()));
}

Words words(const std::string& id = "chart") { return {id, "A title", "", ""}; }

TEST(Chart, LineDrawsEverySeriesWithTitlesAndUnits) {
  const Chart chart = line(words(), {{"a", {1, 2}, {10, 20}, {}, {}}, {"b", {1, 2}, {5, 2.5}, {}, {}}},
                           {.x = {.title = "k"}, .y = {.title = "deviation", .unit = "cm"}});
  const json spec = spec_of(chart);
  EXPECT_EQ(spec.at("$schema"), "https://vega.github.io/schema/vega-lite/v5.json");
  EXPECT_EQ(spec.at("title"), "A title");
  const json encoding = layer(spec, "line").at("encoding");
  EXPECT_EQ(encoding.at("y").at("title"), "deviation (cm)");
  EXPECT_THAT(drawn(chart, encoding, "x"), ElementsAre(1, 2, 1, 2));
  EXPECT_THAT(drawn(chart, encoding, "y"), ElementsAre(10, 20, 5, 2.5));
  EXPECT_EQ(encoding.at("color").at("scale").at("domain"), json({"a", "b"}));
  EXPECT_EQ(encoding.at("color").at("scale").at("range"), json({palette()[0], palette()[1]}));
  EXPECT_EQ(count_layers(spec, "area"), 0U);
}

TEST(Chart, LineWithBandDrawsItUnderTheLine) {
  const Chart chart =
      line(words(), {{"", {1, 2}, {3, 4}, {2, 3}, {5, 6}}}, {.x = {.title = "x"}, .y = {.title = "y"}});
  const json spec = spec_of(chart);
  EXPECT_EQ(spec.at("layer").at(0).at("mark").at("type"), "area");
  const json encoding = layer(spec, "area").at("encoding");
  EXPECT_THAT(drawn(chart, encoding, "y"), ElementsAre(2, 3));
  EXPECT_THAT(drawn(chart, encoding, "y2"), ElementsAre(5, 6));
  EXPECT_FALSE(encoding.contains("color"));  // one series without a name needs no legend
}

TEST(Chart, LogarithmicAxesLeaveOutWhatIsNotPositiveAndSaySo) {
  const Chart chart = line(words(), {{"", {1, 2, 3, 4}, {1, 0, -1, 8}, {}, {}}},
                           {.x = {.title = "x"}, .y = {.title = "y", .logarithmic = true}});
  const json encoding = layer(spec_of(chart), "line").at("encoding");
  EXPECT_EQ(encoding.at("y").at("scale").at("type"), "log");
  EXPECT_THAT(drawn(chart, encoding, "y"), ElementsAre(1, 8));
  EXPECT_THAT(chart.caption, HasSubstr("2 values are left out"));
}

TEST(Chart, ValuesThatAreNotFiniteAreLeftOutAndCounted) {
  const Chart chart = bar(words(), {{"a", "b", "c"}, {}, {{1, nan, infinity}}},
                          {.category = {.title = "c"}, .value = {.title = "v"}});
  EXPECT_EQ(chart.data.rows.size(), 1U);
  EXPECT_THAT(chart.caption, HasSubstr("2 values are left out (not finite)"));
  EXPECT_EQ(chart.spec.find("nan"), std::string::npos);
}

TEST(Chart, BarsStandSideBySideOrOnTopOfEachOther) {
  const Bars bars{{"a", "b"}, {"g", "h"}, {{1, 2}, {3, 4}}};
  BarOptions options{.category = {.title = "c"}, .value = {.title = "v", .unit = "s"}};
  const json grouped = layer(spec_of(bar(words(), bars, options)), "bar").at("encoding");
  EXPECT_TRUE(grouped.contains("xOffset"));
  EXPECT_TRUE(grouped.at("y").at("stack").is_null());
  EXPECT_EQ(grouped.at("y").at("scale").at("zero"), true);
  options.stacked = true;
  const Chart chart = bar(words(), bars, options);
  const json stacked = layer(spec_of(chart), "bar").at("encoding");
  EXPECT_FALSE(stacked.contains("xOffset"));
  EXPECT_EQ(stacked.at("y").at("stack"), "zero");
  EXPECT_THAT(drawn(chart, stacked, "y"), ElementsAre(1, 3, 2, 4));
  options.horizontal = true;
  const json turned = layer(spec_of(bar(words(), bars, options)), "bar").at("encoding");
  EXPECT_EQ(turned.at("x").at("title"), "v (s)");
  EXPECT_EQ(turned.at("y").at("scale").at("domain"), json({"a", "b"}));
}

TEST(Chart, ReferencesAreDrawnOnceEach) {
  BarOptions options{.category = {.title = "c"}, .value = {.title = "v"}};
  options.references = {{7.5, "budget"}};
  const json rule = layer(spec_of(bar(words(), {{"a", "b"}, {}, {{1, 2}}}, options)), "rule");
  EXPECT_EQ(rule.at("data").at("values").size(), 1U);
  EXPECT_EQ(rule.at("encoding").at("y").at("datum"), 7.5);
}

Points two_clusters() {
  Points points;
  points.x = {0, 1, 2, 10, 11, 12};
  points.y = {0, 1, 0, 5, 6, 5};
  points.category = {"10", "10", "10", "9", "9", "9"};
  points.id = {"a", "b", "c", "d", "e", "f"};
  points.emphasised = {false, true, false, false, true, false};
  return points;
}

TEST(Chart, EmphasisedPointsHaveTheirOwnLayerOnTop) {
  PointOptions options{.x = {.title = "x"}, .y = {.title = "y"}};
  options.emphasised_title = "medoid";
  const Chart chart = point(words(), two_clusters(), options);
  const json spec = spec_of(chart);
  ASSERT_EQ(spec.at("layer").size(), 2U);
  const json& medoids = spec.at("layer").at(1);
  EXPECT_EQ(medoids.at("transform").at(0).at("filter"), json({{"field", "medoid"}, {"equal", "yes"}}));
  EXPECT_EQ(medoids.at("mark").at("style"), "emphasis");
  EXPECT_THAT(chart.data.rows.at(1), ElementsAre("b", "1", "1", "10", "yes"));
  EXPECT_EQ(medoids.at("encoding").at("color").at("scale").at("domain"), json({"9", "10"}));
}

TEST(Chart, NamesStandBesideFewPointsOnly) {
  Points points{.x = {1, 2}, .y = {3, 4}, .category = {}, .id = {"Lyons", "Athens"}, .emphasised = {}};
  PointOptions options;
  const auto text_layers = [&] {
    const auto spec = nlohmann::json::parse(point({"a", "A", "", ""}, points, options).spec);
    return std::count_if(spec.at("layer").begin(), spec.at("layer").end(),
                         [](const auto& layer) { return layer.at("mark").at("type") == "text"; });
  };
  EXPECT_EQ(text_layers(), 0);
  options.most_names = 2;
  EXPECT_EQ(text_layers(), 1);
  options.most_names = 1;
  EXPECT_EQ(text_layers(), 0);
}

TEST(Chart, EqualAspectGivesBothAxesOneScale) {
  PointOptions options{.x = {.title = "x"}, .y = {.title = "y"}};
  options.equal_aspect = true;
  const json spec = spec_of(point(words(), two_clusters(), options));
  const json& encoding = spec.at("layer").at(0).at("encoding");
  const auto span = [&encoding](const char* channel) {
    const json& scale = encoding.at(channel).at("scale");
    return scale.at("domainMax").get<double>() - scale.at("domainMin").get<double>();
  };
  EXPECT_NEAR(span("y") / span("x"), spec.at("usermeta").at("xchg").at("aspect").get<double>(), 1e-12);
  EXPECT_GE(span("x"), 12);
  EXPECT_GE(span("y"), 6);
}

TEST(Chart, LargePointSetsAreSampledWithTheSeedAndKeepTheEmphasised) {
  Points points;
  Random random(5);
  for (int i = 0; i < 3000; ++i) {
    points.x.push_back(random.uniform());
    points.y.push_back(random.uniform());
    points.emphasised.push_back(i % 1000 == 999);
  }
  PointOptions options{.x = {.title = "x"}, .y = {.title = "y"}};
  options.most_points = 100;
  const Chart chart = point(words(), points, options);
  EXPECT_EQ(chart.data.rows.size(), 100U);
  EXPECT_EQ(std::count_if(chart.data.rows.begin(), chart.data.rows.end(),
                          [](const auto& row) { return row.back() == "yes"; }),
            3);
  EXPECT_THAT(chart.caption, HasSubstr("A sample of 100 of 3,000 points is drawn."));
  EXPECT_EQ(point(words(), points, options).spec, chart.spec);
  options.seed = 2;
  EXPECT_NE(point(words(), points, options).spec, chart.spec);
}

TEST(Chart, HeatMapKeepsRowAndColumn) {
  const std::vector<double> values = {1, 2, 3, 4, 5, 6};
  const Chart chart =
      heat_map(words(), {2, 3, values, {"r0", "r1"}, {"c0", "c1", "c2"}},
               {.row_title = "row", .column_title = "column", .value_title = "v", .value_unit = "km"});
  EXPECT_THAT(chart.data.rows.at(5), ElementsAre("r1", "c2", "6"));
  const json encoding = layer(spec_of(chart), "rect").at("encoding");
  EXPECT_EQ(encoding.at("color").at("scale").at("scheme"), "viridis");
  EXPECT_EQ(encoding.at("color").at("title"), "v (km)");
  EXPECT_EQ(encoding.at("x").at("scale").at("domain"), json({"c0", "c1", "c2"}));
  EXPECT_EQ(encoding.at("y").at("scale").at("domain"), json({"r0", "r1"}));
}

TEST(Chart, DivergingScaleIsSymmetricAboutItsMiddle) {
  const std::vector<double> values = {-1, 0, 5, 2};
  const json scale = layer(spec_of(heat_map(words(), {2, 2, values, {}, {}},
                                            {.scale = HeatMapOptions::Scale::Diverging, .middle = 1})),
                           "rect")["encoding"]["color"]["scale"];
  EXPECT_EQ(scale.at("domain"), json({-3.0, 5.0}));
}

TEST(Chart, LargeMatrixIsReducedToMeansOfBlocks) {
  std::vector<double> values;
  for (int r = 0; r < 40; ++r)
    for (int c = 0; c < 20; ++c) values.push_back(r * 100 + c);
  HeatMapOptions options;
  options.most_side = 10;
  const Chart chart = heat_map(words(), {40, 20, values, {}, {}}, options);
  ASSERT_EQ(chart.data.rows.size(), 100U);
  // Rows 4..7 and columns 6..7: mean row 5.5, mean column 6.5.
  EXPECT_THAT(chart.data.rows.at(13), ElementsAre("4–7", "6–7", "556.5"));
  EXPECT_THAT(chart.caption, HasSubstr("40 x 20 matrix is shown as 10 x 10 means"));
}

TEST(Chart, RectanglesKeepTheirFourSides) {
  RectangleOptions options{.x = {.title = "time", .unit = "s"}, .y = {.title = "address", .unit = "B"}};
  const Chart chart = rectangles(words(), {{0, 3, 16, 64, "a", "x"}, {1, 2, 0, 16, "b", "y"}}, options);
  const json encoding = layer(spec_of(chart), "rect").at("encoding");
  EXPECT_THAT(drawn(chart, encoding, "x"), ElementsAre(0, 1));
  EXPECT_THAT(drawn(chart, encoding, "x2"), ElementsAre(3, 2));
  EXPECT_THAT(drawn(chart, encoding, "y"), ElementsAre(16, 0));
  EXPECT_THAT(drawn(chart, encoding, "y2"), ElementsAre(64, 16));
  options.most_rectangles = 1;
  const Chart largest = rectangles(words(), {{0, 1, 0, 1, "small", ""}, {0, 2, 0, 2, "large", ""}}, options);
  EXPECT_EQ(largest.data.rows.at(0).at(0), "large");
  EXPECT_THAT(largest.caption, HasSubstr("The 1 largest of 2 boxes"));
}

TEST(Chart, HistogramCountsEveryValueOnce) {
  Random random(3);
  std::vector<double> values;
  for (int i = 0; i < 5000; ++i) values.push_back(random.normal());
  const Chart chart = histogram(words(), values, {.value = {.title = "v"}});
  std::size_t total = 0;
  for (const auto& row : chart.data.rows) {
    const double low = std::stod(row.at(0)), high = std::stod(row.at(1));
    const auto inside = std::count_if(values.begin(), values.end(), [&](double v) {
      return v >= low && (v < high || &row == &chart.data.rows.back());
    });
    EXPECT_NEAR(static_cast<double>(inside), std::stod(row.at(2)), 1) << low;  // 1: an edge that is rounded
    total += std::stoul(row.at(2));
  }
  EXPECT_EQ(total, values.size());
}

TEST(Chart, HistogramOfOneValueHasOneFullBin) {
  const std::vector<double> values(7, 3.0);
  const Chart chart = histogram(words(), values, {.value = {.title = "v"}, .bins = 5});
  std::vector<std::string> counts;
  for (const auto& row : chart.data.rows) counts.push_back(row.at(2));
  EXPECT_THAT(counts, ElementsAre("0", "0", "7", "0", "0"));
}

// The bytes that Base64 text stands for.
std::string from_base64(std::string_view text) {
  static constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text.substr(0, text.find('='))) {
    bits = bits << 6 | static_cast<std::uint32_t>(digits.find(c));
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>(bits >> count & 0xff);
    }
  }
  return bytes;
}

TEST(Chart, ImageStripCarriesThePixelsAsPngFiles) {
  const std::vector<Picture> pictures = {
      {"one", 2, 1, 1, {0, 255}}, {"two", 1, 1, 3, {1, 2, 3}}, {"three", 1, 2, 4, {1, 2, 3, 4, 5, 6, 7, 8}}};
  const Chart chart = image_strip(words(), pictures, {.columns = 2});
  ASSERT_EQ(chart.data.rows.size(), 3U);
  EXPECT_THAT(chart.data.rows.at(0), ElementsAre("0", "0", "one", testing::_));
  EXPECT_THAT(chart.data.rows.at(2), ElementsAre("1", "0", "three", testing::_));
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const std::string start = "data:image/png;base64,", uri = chart.data.rows[i].at(3);
    ASSERT_TRUE(uri.starts_with(start));
    const image::Image read = image::decode(from_base64(std::string_view(uri).substr(start.size())));
    EXPECT_EQ(read.data, pictures[i].pixels);
    EXPECT_EQ(read.width, pictures[i].width);
  }
}

// Three nodes: a strong edge with a bend, and a weak one that is dashed and has no direction.
Network small_network() {
  Network network;
  network.nodes = {{"mek", 0, 0, "a kinase"}, {"raf", 1, 1, ""}, {"erk", 0, 2, ""}};
  network.edges = {{.from = 0, .to = 1, .value = 0.25, .strength = 0.2, .directed = false, .dashed = true},
                   {.from = 0, .to = 2, .bends = {{-1, 1}}, .value = -2, .note = "sure"}};
  network.edges[0].category = "positive";
  network.edges[1].category = "negative";
  return network;
}

TEST(Chart, NetworkDrawsEveryEdgeFromNodeToNodeThroughItsBends) {
  const json spec = spec_of(network(words(), small_network()));
  std::vector<std::array<double, 3>> points;
  const json rows = layer(spec, "line").at("data").at("values");
  for (const json& row : rows) points.push_back({row.at("e"), row.at("x"), row.at("y")});
  EXPECT_THAT(points,
              ElementsAre(std::array{0.0, 0.0, 0.0}, std::array{0.0, 1.0, 1.0}, std::array{1.0, 0.0, 0.0},
                          std::array{1.0, -1.0, 1.0}, std::array{1.0, 0.0, 2.0}));
  EXPECT_EQ(layer(spec, "line").at("encoding").at("color").at("scale").at("domain"),
            json({"positive", "negative"}));
  EXPECT_EQ(layer(spec, "rect").at("data").at("values").size(), 3U);
  EXPECT_EQ(layer(spec, "text").at("data").at("values").at(1).at("name"), "raf");
  EXPECT_EQ(layer(spec, "rect").at("data").at("values").at(0).at("s"), "mek: a kinase");
}

TEST(Chart, NetworkHasArrowHeadsOnDirectedEdgesAlone) {
  const Chart chart = network(words(), small_network());
  const json arrows = layer(spec_of(chart), "point").at("data").at("values");
  ASSERT_EQ(arrows.size(), 1U);
  EXPECT_EQ(arrows[0].at("e"), 1);
  // It enters (0, 2) from the bend (-1, 1): to the right and down.
  EXPECT_GT(arrows[0].at("dx"), 0);
  EXPECT_GT(arrows[0].at("dy"), 0);
  EXPECT_EQ(arrows[0].at("s"), "mek → erk: weight -2; sure");
  EXPECT_THAT(chart.caption, HasSubstr("Dashed: uncertain."));
  EXPECT_THAT(chart.caption, HasSubstr("Without arrow head: direction is open."));
}

TEST(Chart, NetworkHasItsEdgesAsTableStrongestFirst) {
  const Chart chart = network(words(), small_network());
  ASSERT_EQ(chart.data.rows.size(), 2U);
  EXPECT_THAT(chart.data.rows[0], ElementsAre("mek", "erk", "-2", "negative", "no", "no"));
  EXPECT_THAT(chart.data.rows[1], ElementsAre("mek", "raf", "0.25", "positive", "yes", "yes"));
  EXPECT_EQ(chart.text_equivalent,
            "A network of 3 nodes and 2 edges. Strongest: mek → erk (-2), mek – raf (0.25).");
}

TEST(Chart, NetworkMakesStrongEdgesThickerAndPlainerThanWeakOnes) {
  Network network;
  for (int i = 0; i < 100; ++i)
    network.nodes.push_back({std::to_string(i), double(i % 10), double(i / 10), ""});
  for (std::size_t i = 0; i + 10 < 100; ++i)
    network.edges.push_back({.from = i, .to = i + 10, .strength = static_cast<double>(i) / 89});
  const json rows = layer(spec_of(chart::network(words(), network)), "line").at("data").at("values");
  double width = 0, opacity = 0;
  for (const json& row : rows) {
    EXPECT_GE(row.at("w"), width);
    EXPECT_GE(row.at("o"), opacity);
    width = row.at("w");
    opacity = row.at("o");
  }
  EXPECT_GT(width, 3 * rows[0].at("w").get<double>());
  EXPECT_GT(opacity, 3 * rows[0].at("o").get<double>());
}

TEST(Chart, NetworkWithoutEdgesShowsItsNodes) {
  Network network = small_network();
  network.edges.clear();
  const Chart chart = chart::network(words(), network);
  EXPECT_EQ(chart.data.rows.size(), 3U);
  EXPECT_EQ(count_layers(spec_of(chart), "line"), 0U);
  EXPECT_EQ(chart.text_equivalent, "A network of 3 nodes and 0 edges.");
  network.nodes.resize(1);
  EXPECT_NO_THROW(chart::network(words(), network));
}

TEST(Chart, NetworkThatDoesNotHoldTogetherIsRefused) {
  const auto refused = [](void (*spoil)(Network&)) {
    Network network = small_network();
    spoil(network);
    EXPECT_THROW(chart::network(words(), network), InputError);
  };
  refused([](Network& network) { network.nodes.clear(); });
  refused([](Network& network) { network.nodes[1].name = "mek"; });
  refused([](Network& network) { network.nodes[1].x = nan; });
  refused([](Network& network) { network.edges[0].to = 3; });
  refused([](Network& network) { network.edges[0].to = 0; });
  refused([](Network& network) { network.edges[0].strength = 1.5; });
  refused([](Network& network) { network.edges[0].value = infinity; });
  refused([](Network& network) { network.edges[1].bends[0].second = nan; });
}

TEST(Chart, TextsThatLookLikeMarkupStayTexts) {
  const std::string nasty = "a \"quoted\" </script><!-- , \n 漢字 'x' \\ a[0].b";
  Points points{{1}, {2}, {nasty}, {nasty}, {}};
  const Chart chart =
      point({"x", nasty, nasty, nasty}, points, {.x = {.title = nasty}, .y = {.title = nasty}});
  EXPECT_EQ(chart.spec.find('<'), std::string::npos);
  const json spec = spec_of(chart);
  EXPECT_EQ(spec.at("title"), nasty);
  EXPECT_EQ(spec.at("description"), "A" + nasty.substr(1));
  const csv::Table table = csv::parse(spec.at("data").at("values").get<std::string>());
  EXPECT_EQ(table.columns.at(0).texts.at(0), nasty);
  for (const auto& column : chart.data.columns)
    EXPECT_EQ(column.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"), std::string::npos);
}

TEST(Chart, ColumnsWithOneTitleGetDifferentNames) {
  const Chart chart = point(words(), {{1}, {2}, {"c"}, {}, {}},
                            {.x = {.title = "Länge"}, .y = {.title = "Länge"}, .category_title = "2nd"});
  EXPECT_EQ(chart.data.columns.at(0).name, "l_nge");
  EXPECT_EQ(chart.data.columns.at(1).name, "l_nge_2");
  EXPECT_EQ(chart.data.columns.at(2).name, "value_2nd");
}

TEST(Chart, TextEquivalentHoldsTheFiguresWhereTheAuthorWroteNone) {
  const Chart chart = bar(words(), {{"iris", "digits"}, {}, {{1.5, 42}}},
                          {.category = {.title = "data set"}, .value = {.title = "time", .unit = "ms"}});
  EXPECT_THAT(chart.text_equivalent, HasSubstr("lowest 1.5 (iris), highest 42 (digits)"));
  Words own = words();
  own.text_equivalent = "Digits take longest.";
  EXPECT_EQ(bar(own, {{"a"}, {}, {{1}}}, {}).text_equivalent, "Digits take longest.");
}

TEST(Chart, WrongInputIsRefusedAtTheDoor) {
  EXPECT_THROW(line(words(), {{"", {1, 2}, {1}, {}, {}}}, {}), InputError);
  EXPECT_THROW(line(words(), {{"", {1, 2}, {1, 2}, {1}, {}}}, {}), InputError);
  EXPECT_THROW(line(words(), {{"a", {1}, {1}, {}, {}}, {"a", {1}, {1}, {}, {}}}, {}), InputError);
  EXPECT_THROW(line(words(), {}, {}), InputError);
  EXPECT_THROW(line(words(), {{"", {nan}, {1}, {}, {}}}, {}), InputError);
  EXPECT_THROW(line(words("Bad id"), {{"", {1}, {1}, {}, {}}}, {}), InputError);
  EXPECT_THROW(bar(words(), {{"a"}, {"g", "h"}, {{1}}}, {}), InputError);
  EXPECT_THROW(bar(words(), {{"a", "a"}, {}, {{1, 2}}}, {}), InputError);
  EXPECT_THROW(point(words(), {{1, 2}, {1, 2}, {"c"}, {}, {}}, {}), InputError);
  EXPECT_THROW(point(words(), {{nan}, {1}, {}, {}, {}}, {}), InputError);
  const std::vector<double> three = {1, 2, 3};
  EXPECT_THROW(heat_map(words(), {2, 2, three, {}, {}}, {}), InputError);
  EXPECT_THROW(heat_map(words(), {1, 3, three, {}, {"a", "a", "b"}}, {}), InputError);
  EXPECT_THROW(rectangles(words(), {{1, 0, 0, 1, "", ""}}, {}), InputError);
  EXPECT_THROW(rectangles(words(), {}, {}), InputError);
  EXPECT_THROW(histogram(words(), std::vector<double>{}, {}), InputError);
  EXPECT_THROW(image_strip(words(), {{"", 2, 2, 1, {0, 0, 0}}}, {}), InputError);
}

// --- colours: contrast by WCAG 2, colour-blind vision by Machado, Oliveira, Fernandes (2009), distance in
// Oklab ---

using Colour = std::array<double, 3>;

Colour linear(std::string_view hex) {
  Colour colour;
  for (std::size_t i = 0; i < 3; ++i) {
    const double value = std::stoi(std::string(hex.substr(1 + 2 * i, 2)), nullptr, 16) / 255.0;
    colour[i] = value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
  }
  return colour;
}

Colour times(const std::array<Colour, 3>& matrix, const Colour& colour) {
  Colour result{};
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t c = 0; c < 3; ++c) result[r] += matrix[r][c] * colour[c];
  return result;
}

double contrast(std::string_view a, std::string_view b) {
  const auto luminance = [](std::string_view hex) {
    const Colour colour = linear(hex);
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2];
  };
  const double x = luminance(a), y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

double oklab_distance(Colour a, Colour b) {
  constexpr std::array<Colour, 3> cones = {{{0.4122214708, 0.5363325363, 0.0514459929},
                                            {0.2119034982, 0.6806995451, 0.1073969566},
                                            {0.0883024619, 0.2817188376, 0.6299787005}}};
  constexpr std::array<Colour, 3> lab = {{{0.2104542553, 0.7936177850, -0.0040720468},
                                          {1.9779984951, -2.4285922050, 0.4505937099},
                                          {0.0259040371, 0.7827717662, -0.8086757660}}};
  const auto convert = [&](Colour colour) {
    for (double& value : colour) value = std::clamp(value, 0.0, 1.0);
    colour = times(cones, colour);
    for (double& value : colour) value = std::cbrt(value);
    return times(lab, colour);
  };
  a = convert(a);
  b = convert(b);
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

TEST(Palette, StandsOutFromBothBackgrounds) {
  for (const std::string_view colour : palette()) {
    EXPECT_GE(contrast(colour, "#ffffff"), 3) << colour;
    EXPECT_GE(contrast(colour, "#15181c"), 3) << colour;
  }
}

TEST(Palette, IsToldApartByNormalAndColourBlindEyes) {
  const std::array<std::array<Colour, 3>, 3> visions = {
      {{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
       {{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
       {{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}}}};
  for (std::size_t i = 0; i < palette().size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      for (const auto& vision : visions) {
        EXPECT_GE(oklab_distance(times(vision, linear(palette()[i])), times(vision, linear(palette()[j]))),
                  0.045)
            << palette()[i] << ' ' << palette()[j];
      }
    }
  }
}

}  // namespace
}  // namespace xchg::chart
