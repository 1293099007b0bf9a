#include "xchg/kmedoids/pictures_path.hpp"

#include <fmt/format.h>

#include "xchg/core/text.hpp"

namespace xchg::kmedoids {
namespace {

chart::LineOptions over_k(std::string title) {
  chart::LineOptions options;
  options.x.title = "k";
  options.y.title = std::move(title);
  options.points = true;
  return options;
}

chart::Series series(std::string name, const RangeResult& range, auto value) {
  chart::Series line{.name = std::move(name), .x = {}, .y = {}, .low = {}, .high = {}};
  for (const CurvePoint& point : range.curve) {
    line.x.push_back(point.k);
    line.y.push_back(value(point));
  }
  return line;
}

std::string k_in_words(const RangeResult& range) {
  return fmt::format("k from {} to {}", range.curve.front().k, range.curve.back().k);
}

}  // namespace

chart::Chart silhouette_curve_picture(const std::string& id, const RangeResult& range) {
  std::vector<chart::Series> lines{
      series("medoid silhouette", range, [](const CurvePoint& p) { return p.average_medoid_silhouette; })};
  if (range.curve.front().mean_silhouette) {
    lines.push_back(
        series("silhouette", range, [](const CurvePoint& p) { return p.mean_silhouette.value_or(0); }));
  }
  chart::LineOptions options = over_k("mean over the objects");
  options.series_title = "silhouette";
  return chart::line(
      {id, "Silhouettes over k",
       "High where the clusters are compact and far from each other. The medoid silhouette looks only at the "
       "nearest two medoids of each object and grows towards 1 when nearly every object is a medoid.",
       fmt::format("The average medoid silhouette of the best clustering, k = {}, is {:.3f}; {}.",
                   range.best_k, range.best.average_medoid_silhouette, k_in_words(range))},
      lines, options);
}

chart::Chart deviation_curve_picture(const std::string& id, const RangeResult& range) {
  const bool minimised = objective(range.best.method) == Objective::TotalDeviation;
  return chart::line(
      {id, "Total deviation over k",
       minimised ? "It falls with every medoid more; where it begins to fall slowly, more medoids say little."
                 : "Falls with more medoids on the whole; here it was not minimised, so it may also rise.",
       fmt::format("The total deviation goes from {} to {} for {}; the best clustering, k = {}, has {}.",
                   text::brief(range.curve.front().total_deviation),
                   text::brief(range.curve.back().total_deviation), k_in_words(range), range.best_k,
                   text::brief(range.best.total_deviation))},
      {series("total deviation", range, [](const CurvePoint& p) { return p.total_deviation; })},
      over_k("total deviation"));
}

chart::Chart climb_picture(const std::string& id, const Result& result) {
  const bool medoids = objective(result.method) == Objective::MedoidSilhouette;
  const std::string what = medoids ? "average medoid silhouette" : "mean silhouette";
  chart::Series line{.name = std::string(name(result.method)), .x = {}, .y = {}, .low = {}, .high = {}};
  for (const double value : result.statistics.objective_per_swap) {
    line.x.push_back(static_cast<double>(line.x.size() + 1));
    line.y.push_back(value);
  }
  chart::LineOptions options;
  options.x.title = "swaps";
  options.y.title = what;
  options.stepped = true;
  options.series_title = "method";
  return chart::line({id, medoids ? "Medoid silhouette after every swap" : "Silhouette after every swap",
                      "Every swap raises it; the search ends when none does.",
                      fmt::format("The {} goes from {:.4f} after the first swap to {:.4f} after {}.", what,
                                  line.y.front(), line.y.back(), line.y.size())},
                     {line}, options);
}

}  // namespace xchg::kmedoids
