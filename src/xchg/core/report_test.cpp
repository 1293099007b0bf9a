#include "xchg/core/report.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

#include "xchg/core/error.hpp"
#include "xchg/core/report_text.hpp"

namespace xchg::report {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

RendererAssets assets() {
  return {{"renderer()", "page()"},
          {"aGFzaA==", "b3RoZXI="},
          "body { margin: 0 }",
          {{"vega", "Copyright <nobody>"}}};
}

chart::Chart line_chart(const std::string& id) {
  return chart::line({id, "A chart", "Look here.", "It rises from 1 to 4."}, {{"", {1, 2}, {1, 4}, {}, {}}},
                     {.x = {.title = "x"}, .y = {.title = "y"}});
}

Report sample() {
  Chapter chapter("kmedoids", "k-medoids");
  chapter.summary("Found **three** medoids.");
  chapter.key_figure("total deviation", "98.13", "proven `optimal`");
  chapter.heading("First part");
  chapter.text("A [link](https://example.org/?a=1&b=2).");
  chapter.command("xchg kmedoids cluster iris.csv -k 3");
  chapter.chart(line_chart("rise"));
  chapter.seconds = 12.5;
  Report report;
  report.title = "A report";
  report.summary = "One sentence.";
  report.chapters.push_back(std::move(chapter));
  return report;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(ReportText, EscapesWhatHtmlWouldRead) {
  EXPECT_EQ(escaped("<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
  EXPECT_EQ(escaped(std::string("a\0b\x1b[0m\tc\nd", 12)), "ab[0m\tc\nd");
  EXPECT_EQ(escaped("ünïcödé 漢字"), "ünïcödé 漢字");
}

TEST(ReportText, UnderstandsCodeBoldAndLinks) {
  EXPECT_EQ(marked_up("a `b<c` **d & `e`** [f](https://g.org/?h&i)"),
            "a <code>b&lt;c</code> <strong>d &amp; <code>e</code></strong> "
            "<a href=\"https://g.org/?h&amp;i\" rel=\"noreferrer\">f</a>");
}

TEST(ReportText, LeavesWhatIsNoMarkupAsItIs) {
  for (const char* text :
       {"2 * 3 ** 4", "`open", "a[0](x)", "[x](javascript:alert(1))", "**", "``", "[", "[a]("})
    EXPECT_EQ(marked_up(text), escaped(text)) << text;
}

TEST(Report, HoldsEverythingAChapterSays) {
  const std::string page = sample().html(assets());
  for (const char* part :
       {"<html lang=\"en\">", "<title>A report</title>", "<h1>A report</h1>",
        "Found <strong>three</strong> medoids.", "<dd class=\"value\">98.13</dd>",
        "proven <code>optimal</code>", "href=\"#kmedoids-part-1\">First part",
        "id=\"kmedoids-part-1\">First part", "<code>xchg kmedoids cluster iris.csv -k 3</code>",
        "id=\"kmedoids-rise\"", "It rises from 1 to 4.", "<summary>Data, 2 rows</summary>",
        "<td class=\"number\">4</td>", "Copyright &lt;nobody&gt;", "<script>renderer()</script>",
        "<script>page()</script>"})
    EXPECT_THAT(page, HasSubstr(part));
  EXPECT_LT(page.find(page_marker), 4096U - page_marker.size());
}

TEST(Report, AllowsItsOwnScriptsAndNothingElse) {
  EXPECT_THAT(
      sample().html(assets()),
      HasSubstr("content=\"default-src 'none'; script-src 'sha256-aGFzaA==' 'sha256-b3RoZXI='; style-src "
                "'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\""));
}

TEST(Report, TextsCannotBreakOutOfThePage) {
  const std::string nasty = "</script><script>alert(1)</script><img src=x onerror='alert(2)'>\"";
  Chapter chapter("nasty", nasty);
  chapter.summary(nasty);
  chapter.key_figure(nasty, nasty, nasty);
  chapter.heading(nasty);
  chapter.text(nasty);
  chapter.code(nasty);
  chapter.command(nasty);
  chapter.table(nasty, {{{nasty, nasty, false}}, {{nasty}}});
  chart::Chart chart = line_chart("nasty");
  chart.title = chart.caption = chart.text_equivalent = nasty;
  chart.spec = "{\"title\": \"" + nasty + "\"}";  // also one that was not made by our functions
  chart.data.columns.front().title = nasty;
  chart.data.rows.front().front() = nasty;
  chapter.chart(chart);
  chapter.status = Status::Failed;
  chapter.problem = nasty;
  Report report;
  report.title = report.summary = nasty;
  report.chapters.push_back(std::move(chapter));
  report.environment = Environment{nasty, nasty, nasty, nasty, 1, 1};
  const std::string page = report.html(assets());
  EXPECT_EQ(count(page, "<script>"), 2U);  // the two of the assets
  EXPECT_EQ(count(page, "<script"), 3U);   // and the specification
  EXPECT_EQ(count(page, "</script>"), 3U);
  EXPECT_EQ(count(page, "<img"), 0U);
}

TEST(Report, BytesAreTheSameWithoutEnvironment) {
  Report first = sample(), second = sample();
  second.chapters.front().seconds = 99;  // a time is part of the environment
  EXPECT_EQ(first.html(assets()), second.html(assets()));
  second.environment = Environment::current(3);
  second.environment->seconds = 61;
  const std::string page = second.html(assets());
  EXPECT_THAT(page, HasSubstr("This chapter took"));
  EXPECT_THAT(page, HasSubstr("xchg " + second.environment->version));
  EXPECT_THAT(page, HasSubstr("1 min 01 s"));
  EXPECT_THAT(first.html(assets()), Not(HasSubstr("xchg " + second.environment->version)));
}

TEST(Report, ShowsThatAChapterFailedAndKeepsWhatItHad) {
  Report report = sample();
  report.chapters.front().status = Status::Failed;
  report.chapters.front().problem = "digits.csv:3: 'abc' is not a number";
  const std::string page = report.html(assets());
  EXPECT_THAT(page, HasSubstr("This chapter failed."));
  EXPECT_THAT(page, HasSubstr("digits.csv:3: &#39;abc&#39; is not a number"));
  EXPECT_THAT(page, HasSubstr("id=\"kmedoids-rise\""));
  EXPECT_THAT(page, HasSubstr("<p class=\"status\">failed</p>"));
}

TEST(Report, LongDataTablesAreCutAndSaySo) {
  std::vector<double> x(250), y(250, 1);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i);
  Report report = sample();
  report.chapters.front().chart(
      chart::line({"long", "t", "", ""}, {{"", x, y, {}, {}}}, {.x = {.title = "x"}, .y = {.title = "y"}}));
  const std::string page = report.html(assets());
  EXPECT_THAT(page, HasSubstr("<summary>Data, first 100 of 250 rows</summary>"));
  EXPECT_THAT(page, HasSubstr("<td class=\"number\">99</td>"));
  EXPECT_THAT(page, Not(HasSubstr("<td class=\"number\">100</td>")));
}

TEST(Report, EveryAnchorOfTheContentsExistsOnce) {
  const std::string page = sample().html(assets());
  const std::string link = "href=\"#";
  std::size_t links = 0;
  for (std::size_t at = page.find(link); at != std::string::npos; at = page.find(link, at + 1), ++links) {
    const std::size_t start = at + link.size();
    const std::string anchor = page.substr(start, page.find('"', start) - start);
    EXPECT_EQ(count(page, "id=\"" + anchor + "\""), 1U) << anchor;
  }
  EXPECT_EQ(links, 4U);  // skip link, card, chapter, part
}

TEST(Chapter, RefusesTwoChartsOfOneId) {
  Chapter chapter("a", "A");
  chapter.chart(line_chart("same"));
  EXPECT_THROW(chapter.chart(line_chart("same")), InputError);
  EXPECT_THROW(Chapter("No good", "A"), InputError);
}

TEST(Chapter, SaysHowToGetDataThatIsMissing) {
  const Chapter chapter("a", "A", {.data_folder = XCHG_TEST_DATA});
  EXPECT_THROW(
      {
        try {
          chapter.data("no/such.csv");
        } catch (const InstallError& error) {
          EXPECT_THAT(error.what(), HasSubstr("./xchg tour"));
          throw;
        }
      },
      InstallError);
}

// A folder as the build makes it, with known contents.
class Renderer : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("xchg-renderer-" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    for (const char* name : {"vega.min.js", "vega-lite.min.js", "vega-embed.min.js", "vega.LICENSE",
                             "vega-lite.LICENSE", "vega-embed.LICENSE", "page.js", "page.css"})
      std::ofstream(folder_ / name) << name;
    std::ofstream(folder_ / "SHA256SUMS") << "000102fdfeff  vega.min.js\n00  page.js\n";
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST_F(Renderer, IsReadInLoadingOrderWithItsSums) {
  const RendererAssets loaded = RendererAssets::load(folder_);
  EXPECT_THAT(loaded.scripts,
              testing::ElementsAre("vega.min.js", "vega-lite.min.js", "vega-embed.min.js", "page.js"));
  EXPECT_EQ(loaded.script_hashes.at(0), "AAEC/f7/");
  EXPECT_EQ(loaded.style, "page.css");
  ASSERT_EQ(loaded.licences.size(), 3U);
  EXPECT_EQ(loaded.licences.at(1).text, "vega-lite.LICENSE");
}

TEST_F(Renderer, MissingFilesNameTheCommandThatInstallsThem) {
  for (const char* name : {"SHA256SUMS", "vega-lite.min.js", "vega.LICENSE", "page.css"}) {
    fs::rename(folder_ / name, folder_ / "away");
    try {
      RendererAssets::load(folder_);
      ADD_FAILURE() << name;
    } catch (const InstallError& error) {
      EXPECT_THAT(error.what(), HasSubstr(name));
      EXPECT_THAT(error.what(), HasSubstr("./xchg tour"));
    }
    fs::rename(folder_ / "away", folder_ / name);
  }
}

}  // namespace
}  // namespace xchg::report
