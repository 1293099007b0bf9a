#include "xchg/dag/front/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "xchg/core/text.hpp"
#include "xchg/dag/pictures/pictures.hpp"

namespace xchg::dag {
namespace {

constexpr std::size_t most_nodes_exchanged = 200;  // above, the heat map of all exchanges is not drawn

std::size_t edge_count(const Matrix& w) {
  return static_cast<std::size_t>(
      std::count_if(w.values.begin(), w.values.end(), [](double value) { return value != 0; }));
}

std::string status_text(const Result& result) {
  switch (result.status) {
    case Status::Optimal:
      return "proven: no order has a lower score";
    case Status::Local:
      return "no single move of the search lowers it; not proven to be the lowest";
    case Status::Interrupted:
      return "the search was stopped (" + result.stopped_by + "): the best so far";
  }
  return "";
}

void figures(report::Chapter& chapter, const Result& result, const Options& options) {
  chapter.key_figure("score", text::brief(result.score_order, 8),
                     fmt::format("{}, {}", name(options.score), status_text(result)));
  chapter.key_figure("edges", std::to_string(edge_count(result.w)),
                     fmt::format("after pruning; the direction of {} is left open by the data",
                                 result.cpdag.undirected.size()));
  if (result.lower_bound) {
    chapter.key_figure("lower bound", text::brief(*result.lower_bound, 8), "no order scores below");
  }
  if (result.gap) {
    chapter.key_figure("gap",
                       options.score == Score::Bic ? text::brief(*result.gap, 3)
                                                   : fmt::format("{} %", text::brief(100 * *result.gap, 3)),
                       "how far the score is from the bound at most");
  }
  chapter.key_figure("score of the graph", text::brief(result.score_graph, 8),
                     "after pruning and refitting; the order's score uses all predecessors");
  if (result.metrics) {
    chapter.key_figure("SHD", std::to_string(result.metrics->shd),
                       "edges to add, remove or turn to get the given truth");
  }
}

void sentences(report::Chapter& chapter, const Result& result, const Options& options) {
  chapter.text(
      "The edges are **consistent with** the data; they are not proven causes. They can be read as effects "
      "only "
      "if there are no hidden common causes, the graph has no cycles and the model of the score holds.");
  if (options.score == Score::LeastSquares || options.score == Score::L1 || options.score == Score::Ridge) {
    chapter.text(
        "The model here: every variable is linear in its causes, and all noises have the **same variance**. "
        "The "
        "directions rest on this, so they depend on the units of the columns.");
  }
  if (!result.cpdag.undirected.empty()) {
    chapter.text(
        "Where an edge has no arrow head, independences alone leave its direction open: the Markov "
        "equivalence "
        "class of this graph has members with either.");
  }
  for (std::string warning : result.warnings) {
    if (warning.empty()) continue;
    if (warning[0] >= 'a' && warning[0] <= 'z') warning[0] = static_cast<char>(warning[0] - 'a' + 'A');
    chapter.text(warning + ".");
  }
}

bool is_open(const Result& result, std::size_t i, std::size_t j) {
  const Edge edge{static_cast<int>(std::min(i, j)), static_cast<int>(std::max(i, j))};
  return std::find(result.cpdag.undirected.begin(), result.cpdag.undirected.end(), edge) !=
         result.cpdag.undirected.end();
}

chart::DataTable edge_table(const Result& result) {
  chart::DataTable table;
  table.columns = {{"from", "from", false}, {"to", "to", false}, {"weight", "weight", true}};
  if (!result.se.empty()) table.columns.push_back({"se", "standard error", true});
  if (!result.frequency.empty()) table.columns.push_back({"frequency", "share of resamples", true});
  table.columns.push_back({"direction", "direction", false});
  for (const int from : result.order) {
    for (const int to : result.order) {
      const auto i = static_cast<std::size_t>(from), j = static_cast<std::size_t>(to);
      if (result.w(i, j) == 0) continue;
      std::vector<std::string> row{result.names[i], result.names[j], text::brief(result.w(i, j), 5)};
      if (!result.se.empty()) row.push_back(text::brief(result.se(i, j), 3));
      if (!result.frequency.empty()) row.push_back(text::brief(result.frequency(i, j), 3));
      row.emplace_back(is_open(result, i, j) ? "open" : "the same in its class");
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

void pictures(report::Chapter& chapter, const Result& result, const Gram& gram, const Options& options) {
  chapter.chart(network_picture("network", result));
  if (edge_count(result.w) > 0) {
    chapter.table("Edges", edge_table(result));
    chapter.text("Standard errors are given the graph and the order; they do not know of the search.");
  }
  if (!result.frequency.empty()) chapter.chart(frequency_picture("frequency", result));
  chapter.heading("The order");
  chapter.chart(weights_picture("weights", "Weights", result.names, result.w, result.order));
  if (!options.truth.empty()) {
    chapter.chart(weights_picture("truth", "The given truth", result.names, options.truth, result.order));
  }
  const bool closed = options.score == Score::LeastSquares && gram.parts.empty();
  if (closed && gram.nodes() > 1 && gram.nodes() <= most_nodes_exchanged) {
    chapter.chart(exchanges_picture("exchanges", gram, result));
  }
  if (gram.nodes() == result.names.size()) chapter.chart(variance_picture("variance", gram, result));
  chapter.heading("The search");
  chapter.chart(score_picture("score", result));
}

}  // namespace

void fill_chapter(report::Chapter& chapter, const Result& result, const Gram& gram, const Options& options) {
  chapter.summary(fmt::format("{} edges between {} variables from {} observations.", edge_count(result.w),
                              result.names.size(), text::grouped(static_cast<std::uint64_t>(gram.n))));
  figures(chapter, result, options);
  sentences(chapter, result, options);
  pictures(chapter, result, gram, options);
}

}  // namespace xchg::dag
