#include "xchg/kmedoids/pictures_bound.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"

namespace xchg::kmedoids {
namespace {

// The step (from 0) from which on the lower bound is drawn: before, it rises by much more than the gap that
// is to be seen. That is twice as far below the last bound as the first TD is above it, or as the bound was
// after a tenth of the steps.
std::size_t first_shown(const std::vector<double>& lower, double first_upper) {
  const double last = lower.back();
  const double least = last - 2 * std::max(last - lower[lower.size() / 10], first_upper - last);
  const auto at = std::lower_bound(lower.begin(), lower.end(), least);
  return static_cast<std::size_t>(at - lower.begin());
}

}  // namespace

chart::Chart bound_picture(const std::string& id, const Result& result) {
  const std::vector<double>& lower = result.statistics.lower_bound_per_step;
  const std::vector<double>& upper = result.statistics.upper_bound_per_step;
  if (lower.empty()) throw InputError("the bound has taken no step", {}, "a certified result");
  const std::size_t from = first_shown(lower, upper.front());
  chart::Series best{.name = "best clustering", .x = {}, .y = upper, .low = {}, .high = {}};
  chart::Series bound{.name = "lower bound", .x = {}, .y = {}, .low = {}, .high = {}};
  for (std::size_t i = 0; i < lower.size(); ++i) {
    best.x.push_back(static_cast<double>(i + 1));
    if (i < from) continue;
    bound.x.push_back(static_cast<double>(i + 1));
    bound.y.push_back(lower[i]);
  }
  chart::LineOptions options;
  options.x.title = "steps of the bound";
  options.y.title = "total deviation";
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
      {best, bound}, options);
}

}  // namespace xchg::kmedoids
