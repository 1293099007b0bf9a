#include "xchg/dag/front/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "xchg/core/text.hpp"

namespace xchg::dag {
namespace {

std::size_t edge_count(const Matrix& w) {
  return static_cast<std::size_t>(
      std::count_if(w.values.begin(), w.values.end(), [](double value) { return value != 0; }));
}

}  // namespace

void fill_chapter(report::Chapter& chapter, const Result& result, const Gram& gram, const Options& options) {
  const std::size_t edges = edge_count(result.w);
  chapter.summary(fmt::format("{} edges between {} variables from {} observations.", edges,
                              result.names.size(), text::grouped(static_cast<std::uint64_t>(gram.n))));
  chapter.key_figure("score", text::brief(result.score_order, 8),
                     fmt::format("{} of the order; lower is better", name(options.score)));
  chapter.key_figure("edges", std::to_string(edges), "of the graph after pruning");
  for (const std::string& warning : result.warnings) chapter.text(warning);
}

}  // namespace xchg::dag
