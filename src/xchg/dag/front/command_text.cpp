// Results of `xchg dag learn` for a terminal.
#include <fmt/format.h>

#include <algorithm>

#include "xchg/core/text.hpp"
#include "xchg/core/text_table.hpp"
#include "xchg/dag/front/command_learn.hpp"

namespace xchg::dag {
namespace {

constexpr std::size_t most_edges_shown = 60;
constexpr std::size_t most_names_shown = 40;

struct Row {
  std::size_t from, to;
  double weight;
};

std::vector<Row> edges_of(const Result& result) {
  std::vector<Row> rows;
  for (const int from : result.order) {
    for (const int to : result.order) {
      const auto i = static_cast<std::size_t>(from), j = static_cast<std::size_t>(to);
      if (result.w(i, j) != 0) rows.push_back({i, j, result.w(i, j)});
    }
  }
  return rows;
}

bool is_undirected(const Result& result, std::size_t i, std::size_t j) {
  const Edge edge{static_cast<int>(std::min(i, j)), static_cast<int>(std::max(i, j))};
  return std::find(result.cpdag.undirected.begin(), result.cpdag.undirected.end(), edge) !=
         result.cpdag.undirected.end();
}

std::string edge_table(const Result& result) {
  std::vector<text::Table::Column> columns{
      {"from", text::Table::Align::Left}, {"to", text::Table::Align::Left}, {"weight"}};
  if (!result.se.empty()) columns.push_back({"std. error"});
  if (!result.frequency.empty()) columns.push_back({"resamples"});
  columns.push_back({"direction", text::Table::Align::Left});
  text::Table table(columns);
  const std::vector<Row> rows = edges_of(result);
  if (rows.empty()) return "no edges\n";
  for (std::size_t k = 0; k < std::min(rows.size(), most_edges_shown); ++k) {
    const Row& row = rows[k];
    std::vector<std::string> cells{result.names[row.from], result.names[row.to], text::brief(row.weight, 4)};
    if (!result.se.empty()) cells.push_back(text::brief(result.se(row.from, row.to), 2));
    if (!result.frequency.empty())
      cells.push_back(fmt::format("{:.0f} %", 100 * result.frequency(row.from, row.to)));
    cells.emplace_back(is_undirected(result, row.from, row.to) ? "either" : "");
    table.add_row(cells);
  }
  std::string text = table.text();
  if (rows.size() > most_edges_shown) {
    text += fmt::format("… and {} more edges (all of them with -o FOLDER or --json)\n",
                        rows.size() - most_edges_shown);
  }
  return text;
}

std::string order_line(const Result& result) {
  std::string line = "order:";
  for (std::size_t k = 0; k < std::min(result.order.size(), most_names_shown); ++k) {
    line += " " + result.names[static_cast<std::size_t>(result.order[k])];
  }
  return line + (result.order.size() > most_names_shown ? " …\n" : "\n");
}

std::string status_words(const Result& result) {
  switch (result.status) {
    case Status::Optimal:
      return "proven: no order has a lower one";
    case Status::Local:
      if (result.method == Method::Topo) return "where TOPO's rule ends; --method insert may go on from here";
      return result.method == Method::Swap ? "no single swap lowers it"
                                           : "no single insertion or swap lowers it";
    case Status::Interrupted:
      return "the best so far, " +
             (result.stopped_by == "cancelled" ? "interrupted" : "stopped by " + result.stopped_by);
  }
  return "";
}

std::string gap_words(double gap, Score score) {
  if (score == Score::Bic) return "this one is " + text::brief(gap, 3) + " above it";
  return gap < 1e-6 ? "this one reaches it" : "this one is " + text::brief(100 * gap, 2) + " % above it";
}

std::string score_lines(const Result& result, Score score) {
  std::string text = fmt::format("score of the order {} ({}, lower is better; {})\n",
                                 text::brief(result.score_order, 13), name(score), status_words(result));
  if (result.lower_bound && result.status != Status::Optimal) {
    text += fmt::format("no order can score below {} ({})\n", text::brief(*result.lower_bound, 10),
                        gap_words(*result.gap, score));
  }
  const std::size_t edges = edges_of(result).size();
  text += fmt::format("score of the graph {}, {} edge{}\n", text::brief(result.score_graph, 13), edges,
                      edges == 1 ? "" : "s");
  return text;
}

// What must be true for the edges to mean something.
std::string assumptions(Score score) {
  std::string always = "no hidden common causes, no feedback, ";
  switch (score) {
    case Score::LeastSquares:
    case Score::L1:
    case Score::Ridge:
      return always + "linear effects and noise of equal variance in all variables";
    case Score::Bic:
      return always + "linear effects and Gaussian noise";
    case Score::Logistic:
      return always + "and log odds that are linear in the parents";
    case Score::Poisson:
      return always + "and logarithms of mean counts that are linear in the parents";
    case Score::Additive:
    case Score::Mlp:
      return always + "and added noise of equal variance in all variables";
  }
  return always;
}

std::string reading_lines(const Result& result, Score score) {
  std::string text =
      "edges are consistent with the data under these assumptions: " + assumptions(score) + "\n";
  if (!result.cpdag.undirected.empty()) {
    text += "'either': correlations alone fit as well with the edge reversed; its direction ";
    text += score == Score::Bic ? "is open\n" : "rests on the assumptions\n";
  }
  return text;
}

std::string metrics_line(const Result& result) {
  if (!result.metrics) return "";
  const Metrics& metrics = *result.metrics;
  std::string line =
      fmt::format("against the truth: SHD {} ({} extra, {} missing, {} reversed), TPR {:.3f}, FDR {:.3f}",
                  metrics.shd, metrics.extra, metrics.missing, metrics.reversed, metrics.tpr, metrics.fdr);
  if (metrics.sid) line += fmt::format(", SID {}", *metrics.sid);
  return line + "\n";
}

}  // namespace

std::string summary_text(const Result& result, Score score) {
  return edge_table(result) + order_line(result) + score_lines(result, score) + metrics_line(result) +
         reading_lines(result, score);
}

}  // namespace xchg::dag
