// Writes a report with one of every kind of block and chart, and with texts that are hard to escape:
//   report_sample SHARE_FOLDER OUTPUT.html
// The browser tests open it; nothing else uses it.
#include <cmath>
#include <exception>
#include <iostream>
#include <limits>
#include <numbers>

#include "xchg/core/error.hpp"
#include "xchg/core/file.hpp"
#include "xchg/core/random.hpp"
#include "xchg/core/report.hpp"

namespace xchg::report {
namespace {

constexpr const char* nasty =
    R"(A title with "quotes", <b>tags</b>, </script><script>alert(1)</script> & ünïcödé 漢字)";

chart::Words words(const char* id, const char* title, const char* caption) {
  return {id, title, caption, ""};
}

void add_lines(Chapter& chapter) {
  std::vector<chart::Series> series;
  for (const char* name : {"FasterPAM", "PAM, naive", "alternating"}) {
    chart::Series one{name, {}, {}, {}, {}};
    for (int k = 1; k <= 24; ++k) {
      const double value = 900 / std::sqrt(k) * (1 + 0.12 * static_cast<double>(series.size()));
      one.x.push_back(k);
      one.y.push_back(value);
      if (series.empty()) one.low.push_back(value * 0.85), one.high.push_back(value * 1.15);
    }
    series.push_back(std::move(one));
  }
  chart::LineOptions options;
  options.x = {.title = "clusters k"};
  options.y = {.title = "total deviation", .unit = "cm"};
  options.references = {{250, "proven optimum"}};
  chapter.chart(chart::line(words("line", "Total deviation falls with the number of clusters",
                                  "Three methods; the band holds nine runs in ten of the first."),
                            series, options));
  options.y.logarithmic = options.x.logarithmic = true;
  options.points = true;
  options.references.clear();
  for (auto& one : series) one.low.clear(), one.high.clear();
  chapter.chart(chart::line(words("line-log", "The same on logarithmic axes", ""), series, options));
  std::vector<chart::Series> many;
  for (int s = 0; s < 11; ++s)
    many.push_back({"run " + std::to_string(s), {0, 1, 2}, {1.0 + s, 2.0 - s, 3.0 + s % 3}, {}, {}});
  chapter.chart(chart::line(
      words("line-many", "More series than colours", "Dashes tell them apart."), many,
      {.x = {.title = "step"}, .y = {.title = "value"}, .stepped = true, .series_title = "seed"}));
}

void add_bars(Chapter& chapter) {
  const chart::Bars bars{{"iris", "digits", "ruspini", "eurodist"},
                         {"build", "swap", "assign"},
                         {{1.2, 30.5, 0.8, 0.2}, {3.1, 52.0, 1.9, 0.4}, {0.3, 4.4, 0.2, 0.1}}};
  chart::BarOptions options{.category = {.title = "data set"}, .value = {.title = "time", .unit = "ms"}};
  options.group_title = "stage";
  chapter.chart(chart::bar(words("bar-grouped", "Time of each stage", ""), bars, options));
  options.stacked = true;
  options.references = {{60, "budget"}};
  chapter.chart(chart::bar(words("bar-stacked", "The same, stacked", ""), bars, options));
  chart::Bars names{{}, {}, {{}}};
  for (const char* name :
       {"Athens", "Barcelona", "Brussels", "Calais", "Cherbourg", "Cologne", "Copenhagen", "Geneva"}) {
    names.categories.emplace_back(name);
    names.values[0].push_back(-0.2 + 0.13 * static_cast<double>(names.categories.size()));
  }
  chapter.chart(chart::bar(
      words("bar-horizontal", "Silhouette of each city", "Negative: nearer to another cluster."), names,
      {.category = {.title = "city"}, .value = {.title = "silhouette width"}, .horizontal = true}));
}

void add_points(Chapter& chapter) {
  Random random(7);
  chart::Points points;
  for (int i = 0; i < 400; ++i) {
    const int cluster = i % 5;
    const double angle = 2 * std::numbers::pi * cluster / 5;
    points.x.push_back(4 * std::cos(angle) + random.normal());
    points.y.push_back(2.5 * std::sin(angle) + random.normal());
    points.category.push_back("cluster " + std::to_string(cluster));
    points.id.push_back(std::to_string(i));
    points.emphasised.push_back(i < 5);
  }
  points.x.push_back(std::numeric_limits<double>::quiet_NaN());
  points.y.push_back(0);
  points.category.push_back("cluster 0");
  points.id.push_back("400");
  points.emphasised.push_back(false);
  chart::PointOptions options{.x = {.title = "petal length", .unit = "cm"},
                              .y = {.title = "petal width", .unit = "cm"}};
  options.equal_aspect = true;
  options.category_title = "cluster";
  options.emphasised_title = "medoid";
  chapter.chart(chart::point(words("point", "Five clusters and their medoids", "Medoids are large diamonds."),
                             points, options));
  chart::Points cloud;
  for (int i = 0; i < 30000; ++i) {
    cloud.x.push_back(random.normal());
    cloud.y.push_back(cloud.x.back() * 0.6 + random.normal());
    cloud.category.push_back(std::to_string(i % 12));
  }
  chapter.chart(chart::point(
      words("point-many", "A large cloud, sampled", ""), cloud,
      {.x = {.title = "first component"}, .y = {.title = "second component"}, .category_title = "digit"}));
}

void add_matrices(Chapter& chapter) {
  std::vector<double> values;
  for (int r = 0; r < 12; ++r)
    for (int c = 0; c < 12; ++c) values.push_back(std::sin(r * 0.5) * std::cos(c * 0.5));
  const std::vector<std::string> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  chart::HeatMapOptions options;
  options.row_title = "month";
  options.column_title = "month of the next year";
  options.value_title = "correlation";
  options.scale = chart::HeatMapOptions::Scale::Diverging;
  chapter.chart(chart::heat_map(words("heat-diverging", "Correlation of months", ""),
                                {12, 12, values, months, months}, options));
  values.clear();
  for (int r = 0; r < 200; ++r)
    for (int c = 0; c < 200; ++c) values.push_back(1 + std::abs(r - c));
  chapter.chart(chart::heat_map(
      words("heat-large", "A large dissimilarity matrix", ""), {200, 200, values, {}, {}},
      {.row_title = "object", .column_title = "object", .value_title = "dissimilarity", .value_unit = "km"}));
}

void add_boxes(Chapter& chapter) {
  Random random(3);
  std::vector<chart::Rectangle> boxes;
  double address = 0;
  for (int i = 0; i < 60; ++i) {
    const double from = static_cast<double>(random.below(80));
    const double size = 64 + static_cast<double>(random.below(448));
    boxes.push_back({from, from + 8 + static_cast<double>(random.below(25)), address, address + size,
                     "buffer " + std::to_string(i),
                     i % 3 == 0   ? "weights"
                     : i % 3 == 1 ? "activations"
                                  : "workspace"});
    address = i % 12 == 11 ? 0 : address + size;
  }
  chart::RectangleOptions options{.x = {.title = "time", .unit = "steps"},
                                  .y = {.title = "address", .unit = "bytes"}};
  options.category_title = "kind";
  options.references = {{4096, "capacity"}};
  chapter.chart(chart::rectangles(words("rectangles", "Buffers over time and address", ""), boxes, options));
  std::vector<double> values;
  for (int i = 0; i < 3000; ++i) values.push_back(1.5 * random.normal() + 10);
  chart::HistogramOptions histogram{.value = {.title = "dissimilarity to the medoid", .unit = "cm"}};
  histogram.bands = {{7, 13, "two standard deviations"}};
  histogram.references = {{10.4, "mean"}};
  chapter.chart(
      chart::histogram(words("histogram", "Most objects are near their medoid", ""), values, histogram));
  std::vector<chart::Picture> pictures;
  for (int i = 0; i < 14; ++i) {
    chart::Picture picture{"digit " + std::to_string(i), 8, 8, i < 10 ? std::size_t{1} : std::size_t{3}, {}};
    for (std::size_t p = 0; p < 64 * picture.channels; ++p)
      picture.pixels.push_back(static_cast<std::uint8_t>((p * 7 + static_cast<std::size_t>(i) * 31) % 256));
    pictures.push_back(std::move(picture));
  }
  chapter.chart(
      chart::image_strip(words("images", "Medoids are images of the data set itself", ""), pictures, {}));
  chart::Network network;
  network.nodes = {{"mek", 0, 0, ""}, {"raf", 1, 1, ""}, {"erk", 0, 2, ""}};
  network.edges = {{.from = 0, .to = 1, .value = 0.25, .strength = 0.2, .directed = false, .dashed = true},
                   {.from = 0, .to = 2, .bends = {{-1, 1}}, .value = 2}};
  chapter.chart(chart::network(words("network", "Arrows between nodes", ""), network));
}

Chapter every_block() {
  Chapter chapter("sample", "One of everything");
  chapter.summary(
      "Every kind of chart and block on one page, so that a **browser** can be asked whether it draws them.");
  chapter.key_figure("total deviation", "98.13 cm", "0.2 % above the **proven** optimum");
  chapter.key_figure("swaps", "1,204", "in 3 rounds; see `--method`");
  chapter.key_figure("against naive PAM", "543×", "faster on the same machine, one thread");
  chapter.text(
      "Text with `code`, **bold**, a [link](https://example.org/?a=1&b=2), and what is not markup: 2 * 3 ** "
      "4, a[0](x), `open, <b>tag</b>.");
  chapter.command(
      "xchg kmedoids cluster data.csv -k 3 --plot page.html --seed 1 --threads 2 --method fasterpam");
  chapter.heading("Lines");
  add_lines(chapter);
  chapter.heading("Bars");
  add_bars(chapter);
  chapter.heading("Points");
  add_points(chapter);
  chapter.heading("Matrices");
  add_matrices(chapter);
  chapter.heading("Boxes, bins and pictures");
  add_boxes(chapter);
  chapter.heading("Tables and code");
  chart::DataTable table;
  table.columns = {{"method", "method", false},
                   {"deviation", "total deviation (cm)", true},
                   {"seconds", "time (s)", true},
                   {"note", "a remark that makes the table wider than a phone", false}};
  table.rows = {{"FasterPAM", "98.131", "0.010", "from random medoids, best of twenty starts"},
                {"PAM", "98.130", "27.4", "naive evaluation of every swap, kept as the oracle"}};
  chapter.table("Methods compared", table);
  chapter.code(
      "auto result = xchg::kmedoids::cluster(data, {.k = 3});\nfor (const auto medoid : result.medoids) "
      "use(medoid);");
  chapter.seconds = 1.25;
  return chapter;
}

Chapter hard_texts() {
  Chapter chapter("texts", nasty);
  chapter.summary(nasty);
  chapter.key_figure(nasty, nasty, nasty);
  chapter.heading(nasty);
  chapter.text(nasty);
  chapter.command(nasty);
  chart::Points points{{1, 2}, {1, 2}, {nasty, "</script>"}, {"<!--", "\"',\n"}, {true, false}};
  chapter.chart(chart::point({"nasty", nasty, nasty, nasty}, points,
                             {.x = {.title = nasty},
                              .y = {.title = "a[0].b's \\ \"y\""},
                              .category_title = nasty,
                              .emphasised_title = nasty}));
  return chapter;
}

Chapter failed() {
  Chapter chapter("broken", "A chapter that fails");
  chapter.text("What was done before the error stays.");
  chapter.status = Status::Failed;
  chapter.problem = "digits.csv:3, column 2: 'abc' is not a number; expected a finite number";
  return chapter;
}

}  // namespace
}  // namespace xchg::report

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: report_sample SHARE_FOLDER OUTPUT.html\n";
    return 2;
  }
  try {
    using namespace xchg;
    report::Report report;
    report.title = "A sample report";
    report.summary = "What a report of **xchg** can hold, drawn once.";
    report.chapters = {report::every_block(), report::hard_texts(), report::failed()};
    report.environment = report::Environment::current(2);
    file::write_atomically(
        argv[2], report.html(report::RendererAssets::load(std::filesystem::path(argv[1]) / "report")));
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
