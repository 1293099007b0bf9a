#include "xchg/kmedoids/pictures_bound.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"

namespace xchg::kmedoids {

chart::Chart bound_picture(const std::string& id, const Result& result) {
  const std::vector<double>& lower = result.statistics.lower_bound_per_step;
  const std::vector<double>& upper = result.statistics.upper_bound_per_step;
  if (lower.empty()) throw InputError("the bound has taken no step", {}, "a certified result");
  std::vector<double> steps(lower.size());
  for (std::size_t i = 0; i < steps.size(); ++i) steps[i] = static_cast<double>(i + 1);
  const std::vector<chart::Series> series{
      {.name = "best clustering", .x = steps, .y = upper, .low = {}, .high = {}},
      {.name = "lower bound", .x = steps, .y = lower, .low = {}, .high = {}}};
  chart::LineOptions options;
  options.x.title = "steps of the bound";
  options.y.title = "total deviation";
  // From the bound after a tenth of the steps: before, it rises by much more than the gap at the end.
  const double shown_from = lower[lower.size() / 10], last = lower.back();
  options.y.low = last - 2 * std::max(last - shown_from, upper.front() - last);
  options.stepped = true;
  options.series_title = "bound";
  const std::string end =
      result.optimal ? "they meet: no clustering is better"
                     : fmt::format("they leave a gap of {} %", text::brief(100 * result.gap.value_or(0), 3));
  return chart::line(
      {id, "Lower and upper bound",
       "No choice of medoids can lie below the lower line; the upper one is the best that was found.",
       fmt::format("After {} steps the lower bound is {} and the best total deviation {}; {}.", lower.size(),
                   text::brief(lower.back(), 10), text::brief(result.total_deviation, 10), end)},
      series, options);
}

}  // namespace xchg::kmedoids
