// The tour's proof: one p-median instance solved, and no better answer is possible.
#include "xchg/kmedoids/tour_proof.hpp"

#include <fmt/format.h>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"
#include "xchg/kmedoids/input.hpp"
#include "xchg/kmedoids/kmedoids.hpp"
#include "xchg/kmedoids/pictures_bound.hpp"

namespace xchg::kmedoids {

void add_proof(report::Chapter& chapter) {
  const std::string path = chapter.data("kmedoids/orlib/pmed40.txt").string();
  const Input input = read_input(path, {.format = Format::Orlib, .threads = chapter.threads()});
  Options options{.k = input.k.value_or(1), .seed = chapter.seed(), .threads = chapter.threads()};
  const Result searched = cluster(input.data, options, chapter.progress());
  options.certify = true;
  const Result result = cluster(input.data, options, chapter.progress());
  const Check check = verify(input.data, result, {}, chapter.progress());
  if (!check.right) throw NumericError("the p-median's result does not pass its check: " + check.problem);
  const std::string answer = result.optimal ? "proven optimal" : "not proven optimal";
  chapter.key_figure("p-median pmed40, total deviation", text::brief(result.total_deviation, 10),
                     fmt::format("{} nodes, k = {}: {}", input.data.size(), options.k, answer));
  if (chapter.times()) {
    chapter.key_figure("p-median pmed40, time of the proof", text::duration(result.statistics.seconds_bound),
                       fmt::format("{} steps", result.statistics.lower_bound_per_step.size()));
  }
  chapter.heading("A proof that it cannot be done better");
  chapter.text(fmt::format(
      "A network of {} nodes and {} depots, the largest instance of the OR-Library's p-median collection; "
      "distances are shortest paths. The swap search alone ends at {}, where no single swap helps; whether "
      "something better exists, it cannot know. The Lagrangian bound can: each object may pay for being "
      "served, and whatever the prices are, no clustering costs less than what they add up to. Better prices "
      "raise the bound, and the depots that they favour are good starts for further searches.",
      input.data.size(), options.k, text::brief(searched.total_deviation, 10)));
  chapter.command("./xchg kmedoids cluster data/kmedoids/orlib/pmed40.txt --format orlib --certify --plot");
  chapter.chart(bound_picture("proof-bound", result));
}

}  // namespace xchg::kmedoids
