// The HTML of a report.
#include <fmt/format.h>

#include <algorithm>

#include "xchg/core/report.hpp"
#include "xchg/core/report_text.hpp"
#include "xchg/core/text.hpp"

namespace xchg::report {
namespace {

constexpr std::size_t rows_shown = 100;      // of a data table; the rest is in the download
constexpr std::size_t figures_on_cards = 2;  // of each chapter, at the top of the page

std::string_view status_word(Status status) {
  switch (status) {
    case Status::Ok:
      return "ok";
    case Status::Failed:
      return "failed";
    case Status::Interrupted:
      return "interrupted";
  }
  return "";
}

void put_table(std::string& page, const chart::DataTable& data, std::size_t most_rows) {
  page += "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table>\n<thead><tr>";
  for (const auto& column : data.columns) {
    page += fmt::format("<th scope=\"col\"{}>{}</th>", column.numeric ? " class=\"number\"" : "",
                        escaped(column.title.empty() ? column.name : column.title));
  }
  page += "</tr></thead>\n<tbody>\n";
  for (std::size_t r = 0; r < std::min(most_rows, data.rows.size()); ++r) {
    page += "<tr>";
    for (std::size_t c = 0; c < data.rows[r].size(); ++c) {
      const std::string& cell = data.rows[r][c];
      page += c < data.columns.size() && data.columns[c].numeric ? "<td class=\"number\">" : "<td>";
      // Images are in the download; their bytes tell nobody anything here.
      page += cell.starts_with("data:image/") ? "(image)" : escaped(cell);
      page += "</td>";
    }
    page += "</tr>\n";
  }
  page += "</tbody></table></div>\n";
}

// A specification inside a script element: "<" must not stand there as it is.
std::string inert(std::string_view json) {
  std::string text;
  for (const char c : json) {
    if (c == '<') {
      text += "\\u003c";
    } else {
      text += c;
    }
  }
  return text;
}

class Page {
 public:
  Page(const Report& report, const RendererAssets& assets) : report_(report), assets_(assets) {}

  std::string text() {
    head();
    hero();
    page_ += "<div class=\"frame\">\n";
    contents();
    page_ += "<main id=\"content\">\n";
    for (const Chapter& chapter : report_.chapters) section(chapter);
    page_ += "</main>\n</div>\n";
    footer();
    for (const std::string& script : assets_.scripts) page_ += "<script>" + script + "</script>\n";
    page_ += "</body>\n</html>\n";
    return std::move(page_);
  }

 private:
  template <class... Values>
  void put(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(page_), format, std::forward<Values>(values)...);
  }

  void head() {
    std::string hashes;
    for (const std::string& hash : assets_.script_hashes) hashes += " 'sha256-" + hash + "'";
    put("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src{}; style-src "
        "'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n"
        "{}\n<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n",
        hashes, page_marker, escaped(report_.title), assets_.style);
  }

  void hero() {
    put("<a class=\"skip\" href=\"#content\">Skip to the content</a>\n<header class=\"hero\">\n"
        "<div class=\"bar\"><span class=\"mark\">xchg</span>"
        "<button type=\"button\" id=\"theme\" hidden>Dark</button></div>\n<h1>{}</h1>\n",
        escaped(report_.title));
    if (!report_.summary.empty()) put("<p class=\"lead\">{}</p>\n", marked_up(report_.summary));
    page_ += "<ul class=\"cards\">\n";
    for (const Chapter& chapter : report_.chapters) card(chapter);
    page_ += "</ul>\n</header>\n";
  }

  void card(const Chapter& chapter) {
    put("<li class=\"card\"><h2><a href=\"#{0}\">{1}</a></h2>", chapter.name(), escaped(chapter.title()));
    if (chapter.status != Status::Ok) put("<p class=\"status\">{}</p>", status_word(chapter.status));
    const auto& figures = chapter.key_figures();
    if (!figures.empty()) page_ += "<dl>";
    for (std::size_t i = 0; i < std::min(figures_on_cards, figures.size()); ++i)
      put("<div><dt>{}</dt><dd>{}</dd></div>", escaped(figures[i].label), escaped(figures[i].value));
    page_ += figures.empty() ? "</li>\n" : "</dl></li>\n";
  }

  void contents() {
    page_ += "<nav aria-label=\"Contents\">\n<p>Contents</p>\n<ol>\n";
    for (const Chapter& chapter : report_.chapters) {
      put("<li><a href=\"#{}\">{}</a>", chapter.name(), escaped(chapter.title()));
      std::string inner;
      std::size_t number = 0;
      for (const Block& block : chapter.blocks()) {
        if (const auto* heading = std::get_if<Heading>(&block)) {
          inner += fmt::format("<li><a href=\"#{}-part-{}\">{}</a></li>\n", chapter.name(), ++number,
                               escaped(heading->text));
        }
      }
      page_ += inner.empty() ? "</li>\n" : "\n<ol>\n" + inner + "</ol></li>\n";
    }
    page_ += "</ol>\n</nav>\n";
  }

  void section(const Chapter& chapter) {
    put("<section id=\"{0}\" aria-labelledby=\"{0}-title\">\n<h2 id=\"{0}-title\">{1}</h2>\n", chapter.name(),
        escaped(chapter.title()));
    if (!chapter.summary().empty()) put("<p class=\"lead\">{}</p>\n", marked_up(chapter.summary()));
    if (chapter.status != Status::Ok) {
      put("<p class=\"problem\"><strong>{}</strong> {}</p>\n",
          chapter.status == Status::Failed ? "This chapter failed." : "This chapter was interrupted.",
          escaped(chapter.problem));
    }
    if (!chapter.key_figures().empty()) {
      page_ += "<dl class=\"figures\">\n";
      for (const KeyFigure& figure : chapter.key_figures()) {
        put("<div><dt>{}</dt><dd class=\"value\">{}</dd><dd>{}</dd></div>\n", escaped(figure.label),
            escaped(figure.value), marked_up(figure.meaning));
      }
      page_ += "</dl>\n";
    }
    parts_ = tables_ = 0;
    for (const Block& block : chapter.blocks()) {
      std::visit([&](const auto& content) { put_block(chapter, content); }, block);
    }
    if (report_.environment && chapter.seconds > 0)
      put("<p class=\"aside\">This chapter took {}.</p>\n", text::duration(chapter.seconds));
    page_ += "</section>\n";
  }

  void put_block(const Chapter& chapter, const Heading& heading) {
    put("<h3 id=\"{}-part-{}\">{}</h3>\n", chapter.name(), ++parts_, escaped(heading.text));
  }

  void put_block(const Chapter&, const Paragraph& paragraph) {
    put("<p>{}</p>\n", marked_up(paragraph.text));
  }

  void put_block(const Chapter& chapter, const Table& table) {
    put("<figure class=\"table\" aria-labelledby=\"{0}-table-{1}\">\n<figcaption "
        "id=\"{0}-table-{1}\">{2}</figcaption>\n",
        chapter.name(), ++tables_, escaped(table.title));
    put_table(page_, table.data, table.data.rows.size());
    page_ += "</figure>\n";
  }

  void put_block(const Chapter&, const Code& code) {
    if (code.command) page_ += "<p class=\"aside\">The same from the command line:</p>\n";
    put("<pre tabindex=\"0\"{}><code>{}</code></pre>\n", code.command ? " class=\"command\"" : "",
        escaped(code.text));
  }

  void put_block(const Chapter& chapter, const chart::Chart& chart) {
    const std::string id = file_stem(chapter, chart);
    put("<figure class=\"chart\" id=\"{0}\" aria-labelledby=\"{0}-title\">\n"
        "<figcaption><strong id=\"{0}-title\">{1}</strong>",
        id, escaped(chart.title));
    if (!chart.caption.empty()) put(" <span>{}</span>", escaped(chart.caption));
    put("</figcaption>\n<div class=\"plot\" role=\"img\" aria-labelledby=\"{0}-title\" "
        "aria-describedby=\"{0}-words\"></div>\n<p class=\"words\" id=\"{0}-words\">{1}</p>\n",
        id, escaped(chart.text_equivalent));
    const std::size_t count = chart.data.rows.size();
    put("<div class=\"source\"><details><summary>Data, {}{}</summary>\n",
        count > rows_shown ? fmt::format("first {} of ", rows_shown) : "",
        count == 1 ? "1 row" : text::grouped(count) + " rows");
    put_table(page_, chart.data, rows_shown);
    put("</details><div class=\"downloads\" hidden><button type=\"button\" data-download=\"csv\">Data "
        "(CSV)</button>"
        "<button type=\"button\" data-download=\"vl.json\">Chart (JSON)</button></div></div>\n"
        "<script type=\"application/json\">{}</script>\n</figure>\n",
        inert(chart.spec));
  }

  void footer() {
    page_ += "<footer>\n";
    if (report_.environment) {
      const Environment& machine = *report_.environment;
      page_ += "<dl class=\"environment\">\n";
      const auto entry = [this](std::string_view label, std::string_view value) {
        if (!value.empty()) put("<div><dt>{}</dt><dd>{}</dd></div>\n", label, escaped(value));
      };
      entry("Version", "xchg " + machine.version);
      entry("Processor", machine.processor);
      entry("Threads", machine.threads > 0 ? std::to_string(machine.threads) : "");
      entry("System", machine.system);
      entry("Made", machine.date);
      entry("Time", machine.seconds > 0 ? text::duration(machine.seconds) : "");
      page_ += "</dl>\n";
    }
    page_ += "<p>This page is one file: it opens without a network and asks for nothing.</p>\n";
    page_ += "<details><summary>Licences of the chart renderer</summary>\n";
    for (const auto& licence : assets_.licences)
      put("<h3>{}</h3>\n<pre tabindex=\"0\">{}</pre>\n", escaped(licence.name), escaped(licence.text));
    page_ += "</details>\n</footer>\n";
  }

  const Report& report_;
  const RendererAssets& assets_;
  std::string page_;
  std::size_t parts_ = 0, tables_ = 0;
};

}  // namespace

std::string file_stem(const Chapter& chapter, const chart::Chart& chart) {
  return chapter.name() + "-" + chart.id;
}

std::string Report::html(const RendererAssets& assets) const { return Page(*this, assets).text(); }

}  // namespace xchg::report
