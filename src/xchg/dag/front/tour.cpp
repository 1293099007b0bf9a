// The chapter of dag in the tour: signalling proteins of single cells, and a graph of 100 nodes whose truth
// is known.
#include <fmt/format.h>

#include <algorithm>

#include "xchg/core/error.hpp"
#include "xchg/core/report.hpp"
#include "xchg/core/text.hpp"
#include "xchg/dag/dag.hpp"
#include "xchg/dag/pictures/pictures.hpp"

namespace xchg::dag {
namespace {

constexpr int resamples = 200;

Data observational_cells(const report::Chapter& chapter) {
  ReadOptions read;
  read.where = {{"condition", "cd3_cd28"}};
  read.transforms = {parse_transform("log(x+10)")};
  return read_data(chapter.data("dag/sachs.csv"), read);
}

Result learn_verified(const Data& data, const Options& options, report::Chapter& chapter) {
  Result result = learn(data, {}, options, chapter.progress());
  const Verdict verdict = verify(data, {}, claim(result, options), chapter.progress());
  if (!verdict.ok) throw NumericError("a graph does not pass its check: " + verdict.findings.front());
  return result;
}

Options exact_options(const report::Chapter& chapter, Score score, int bootstrap) {
  Options options;
  options.score = score;
  options.method = Method::Exact;
  options.bootstrap = bootstrap;
  options.seed = chapter.seed();
  options.threads = chapter.threads();
  return options;
}

std::size_t edges_of(const Matrix& w) {
  return static_cast<std::size_t>(
      std::count_if(w.values.begin(), w.values.end(), [](double v) { return v != 0; }));
}

// Edges of either graph that the other has in some direction.
std::size_t shared_adjacencies(const Matrix& a, const Matrix& b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.rows; ++i) {
    for (std::size_t j = i + 1; j < a.rows; ++j) {
      count += (a(i, j) != 0 || a(j, i) != 0) && (b(i, j) != 0 || b(j, i) != 0);
    }
  }
  return count;
}

void tell_cells(report::Chapter& chapter, const Result& squares, const Result& bic, const Matrix& consensus) {
  const Metrics by_squares = compare(consensus, squares.w), by_bic = compare(consensus, bic.w);
  chapter.key_figure("cells, score of the best of 39,916,800 orders", text::brief(squares.score_order, 9),
                     "least squares, 11 proteins and lipids in 853 cells; proven by dynamic programming");
  chapter.key_figure("cells, distance from the consensus network",
                     fmt::format("SHD {} of {} edges", by_squares.shd, edges_of(consensus)),
                     fmt::format("by BIC {}; {} of {} adjacencies are in both", by_bic.shd,
                                 shared_adjacencies(squares.w, consensus), edges_of(squares.w)));
  chapter.text(
      fmt::format("**Observational least squares does not recover the consensus network**: {} edges are "
                  "missing, {} are extra and {} have the "
                  "other direction (SHD {}). The consensus is drawn from experiments that intervened on "
                  "single molecules; without "
                  "interventions, directions rest on the assumption of equal noise variances, and every edge "
                  "of this graph could be turned "
                  "within its equivalence class of {} graphs. An edge here says: consistent with these data "
                  "if there are no hidden "
                  "common causes, no feedback and linear effects.",
                  by_squares.missing, by_squares.extra, by_squares.reversed, by_squares.shd,
                  class_size(squares.cpdag, squares.order.size())));
}

void add_cells(report::Chapter& chapter) {
  const Data cells = observational_cells(chapter);
  const Gram moments = gram(cells);
  const Result squares =
      learn_verified(cells, exact_options(chapter, Score::LeastSquares, resamples), chapter);
  const Result bic = learn_verified(cells, exact_options(chapter, Score::Bic, 0), chapter);
  const Matrix consensus = weights_by_name(read_graph(chapter.data("dag/sachs_consensus.csv")), cells.names,
                                           "sachs_consensus.csv");
  chapter.heading("Signalling in single cells");
  chapter.text(
      "Eleven phosphorylated proteins and lipids, measured in 853 human T cells under one condition (Sachs "
      "and others, Science "
      "2005), logarithms. All orders are compared by dynamic programming over 2048 sets; edges are kept by "
      "Holm's test at 1 % "
      "and weighed by 200 resamples.");
  chapter.command(
      "./xchg dag learn data/dag/sachs.csv --where condition=cd3_cd28 --transform 'log(x+10)' --exact "
      "--bootstrap 200 -o cells");
  chapter.chart(network_picture("cells-network", squares));
  chapter.chart(
      network_picture("cells-consensus", cells.names, consensus, {}, {},
                      {"The consensus network", "Drawn by experts from interventions; 20 edges.", {}}));
  tell_cells(chapter, squares, bic, consensus);
  for (const std::string& warning : squares.warnings) chapter.text("Warning: " + warning + ".");
  chapter.chart(frequency_picture("cells-frequency", squares));
  chapter.chart(exchanges_picture("cells-exchanges", moments, squares));
  chapter.chart(variance_picture("cells-variance", moments, squares));
  chapter.text(
      fmt::format("BIC, which lets every variable have its own noise variance and does not depend on units, "
                  "keeps {} edges (score {}, proven "
                  "too).",
                  edges_of(bic.w), text::brief(bic.score_order, 10)));
}

void add_simulated(report::Chapter& chapter) {
  const Gram moments = read_gram(chapter.data("dag/gram_er4_100.csv"), 1000);
  Options options;
  options.truth = read_graph(chapter.data("dag/truth_er4_100.csv")).w;
  options.seed = chapter.seed();
  options.threads = chapter.threads();
  const Result result = learn(moments, options, chapter.progress());
  Options random = options;
  random.start = Start::Random;
  const Result descent = learn(moments, random, chapter.progress());
  chapter.key_figure("100 nodes, gap to the bound", fmt::format("{:.3f} %", 100 * result.gap.value_or(1)),
                     "no order at all scores lower than the bound (d/2) det(S)^(1/d)");
  if (chapter.times()) {
    chapter.key_figure("100 nodes, time of the search", text::duration(result.steps.back().seconds),
                       "from the Gram matrix to an order that no insertion and no swap improves");
  }
  chapter.heading("A hundred nodes with known truth");
  chapter.text(
      fmt::format("1000 simulated rows of a random graph with 400 edges and equal noise variances. Every "
                  "insertion is evaluated exactly from "
                  "the Cholesky factor and its inverse, without refitting. Against the truth: SHD {} with "
                  "Holm's test, {} of {} edges "
                  "found. A warning belongs to it: in such simulations variances rise along the order "
                  "(varsortability {}), so "
                  "good results on them promise little for real data.",
                  result.metrics->shd, result.metrics->true_positive, result.metrics->edges,
                  text::brief(result.identifiability.varsortability.value_or(0), 3)));
  chapter.command(
      "./xchg dag learn data/dag/gram_er4_100.csv --n 1000 --truth data/dag/truth_er4_100.csv -o hundred");
  chapter.chart(network_picture("hundred-network", result));
  chapter.chart(score_picture("hundred-descent", descent));
  chapter.chart(weights_picture("hundred-weights", "Weights of the found graph, in its order", result.names,
                                result.w, result.order));
  chapter.chart(weights_picture("hundred-truth", "True weights, in the same order", result.names,
                                options.truth, result.order));
}

}  // namespace

void add_chapter(report::Chapter& chapter) {
  chapter.title("dag");
  add_cells(chapter);
  add_simulated(chapter);
  chapter.summary(
      "A directed acyclic graph is learnt by moving variables in an order: the best order proven, or how far "
      "from it at most, and "
      "what the data cannot tell.");
}

}  // namespace xchg::dag
