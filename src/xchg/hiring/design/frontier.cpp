// value(M): what a larger payment bound buys.
#include <algorithm>
#include <cmath>
#include <map>

#include "xchg/core/error.hpp"
#include "xchg/hiring/design.hpp"

namespace xchg::hiring {
namespace {

FrontierPoint point_at(const Instance& instance, const Options& options, const Bound& bound,
                       Progress& progress) {
  Options at = options;
  at.payment_bound = bound;
  at.ladder = false;
  at.exact = false;
  const Result result = design(instance, at, progress);
  FrontierPoint point{.payment_bound = bound, .value = result.attained ? result.value : result.supremum};
  for (const Rational& pay : expected_payments(instance, result.mechanism))
    point.expected_payment += to_double(pay);
  for (const Entry& entry : result.mechanism.support) point.profiles.push_back(entry.profile);
  return point;
}

// Infinity comes last.
bool smaller(const Bound& a, const Bound& b) {
  if (a.infinite() || b.infinite()) return !a.infinite() && b.infinite();
  return a.amount() < b.amount();
}

// The neighbours between which the value rises most, if that is more than `share` of the whole rise and there
// is room between their bounds.
std::optional<std::size_t> steepest(const std::vector<FrontierPoint>& points, double share) {
  const double rise = points.back().value - points.front().value;
  std::optional<std::size_t> best;
  double most = std::max(share * rise, 1e-9);
  for (std::size_t k = 0; k + 1 < points.size(); ++k) {
    const Bound &low = points[k].payment_bound, &high = points[k + 1].payment_bound;
    if (high.infinite() || low.amount() == 0) continue;
    const double step = points[k + 1].value - points[k].value;
    if (step > most && to_double(high.amount() / low.amount()) > 1.01) {
      most = step;
      best = k;
    }
  }
  return best;
}

}  // namespace

std::vector<FrontierPoint> frontier(const Instance& instance, std::vector<Bound> bounds,
                                    const Options& options, double refine, std::size_t most,
                                    Progress& progress) {
  if (bounds.empty()) throw InputError("there is no payment bound", {}, "at least one");
  if (!(refine > 0)) throw InputError("the share of the rise to refine is not above 0", {}, "a number > 0");
  std::sort(bounds.begin(), bounds.end(), smaller);
  bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
  std::vector<FrontierPoint> points;
  for (const Bound& bound : bounds) {
    FrontierPoint point = point_at(instance, options, bound, progress);
    // What an interrupted search came to is no point of the frontier.
    if (progress.cancelled()) return points;
    points.push_back(std::move(point));
  }
  while (points.size() < most && !progress.cancelled()) {
    const auto k = steepest(points, refine);
    if (!k) break;
    const double low = to_double(points[*k].payment_bound.amount());
    const double high = to_double(points[*k + 1].payment_bound.amount());
    const double middle = std::sqrt(low * high);
    FrontierPoint point = point_at(instance, options, Bound(simplest(middle, 1e-4 * middle)), progress);
    if (progress.cancelled()) break;
    points.insert(points.begin() + static_cast<std::ptrdiff_t>(*k) + 1, std::move(point));
  }
  return points;
}

}  // namespace xchg::hiring
