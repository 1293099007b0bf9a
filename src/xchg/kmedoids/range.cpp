// cluster_range(): clusterings for several k and the best of them.
#include "xchg/kmedoids/range.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "xchg/core/error.hpp"

namespace xchg::kmedoids {
namespace {

// Silhouettes that differ by less count as equal.
constexpr double equal_within = 1e-12;

// Says which k a stage belongs to.
class StagesOfK : public Progress {
 public:
  StagesOfK(int k, Progress& progress) : k_(k), progress_(progress) {}
  void begin(std::string_view stage, double total, std::string_view unit) override {
    progress_.begin(fmt::format("k = {}, {}", k_, stage), total, unit);
  }
  void update(double done) override { progress_.update(done); }
  void note(std::string_view text) override { progress_.note(text); }
  bool cancelled() const override { return progress_.cancelled(); }

 private:
  int k_;
  Progress& progress_;
};

// The place of the greatest second difference of TD; the last one where there is no second difference.
std::size_t elbow(const std::vector<CurvePoint>& curve) {
  if (curve.size() < 3) return curve.size() - 1;
  const auto bend = [&](std::size_t i) {
    return curve[i - 1].total_deviation - 2 * curve[i].total_deviation + curve[i + 1].total_deviation;
  };
  std::size_t best = 1;
  for (std::size_t i = 2; i + 1 < curve.size(); ++i) {
    if (bend(i) > bend(best)) best = i;
  }
  return best;
}

std::size_t best_point(const std::vector<CurvePoint>& curve, Objective criterion) {
  if (criterion == Objective::TotalDeviation) return elbow(curve);
  const auto value = [&](std::size_t i) {
    return criterion == Objective::Silhouette ? curve[i].mean_silhouette.value_or(0)
                                              : curve[i].average_medoid_silhouette;
  };
  std::size_t best = 0;
  for (std::size_t i = 1; i < curve.size(); ++i) {
    if (value(i) > value(best) + equal_within) best = i;
  }
  return best;
}

void check_criterion(int k_min, int k_max, const Options& options, Objective criterion) {
  if (options.init == Init::Given)
    throw InputError("medoids are given for several k", {}, "another start, or one k");
  if (criterion == Objective::TotalDeviation && k_max - k_min < 2) {
    throw InputError(fmt::format("k = {} to {} has no elbow of the total deviation", k_min, k_max), {},
                     "at least three k");
  }
}

}  // namespace

void check_range(int k_min, int k_max, Index n) {
  if (k_min < 1 || k_max > n) {
    throw InputError(fmt::format("the range of k is {} to {}", k_min, k_max), {},
                     fmt::format("1 to {}, the number of objects, or a part of it", n));
  }
  if (k_min > k_max) {
    throw InputError(fmt::format("the range of k is {} to {}, which holds nothing", k_min, k_max), {},
                     "the smaller k first");
  }
}

CurvePoint curve_point(const Result& result) {
  return {.k = static_cast<int>(result.medoids.size()),
          .total_deviation = result.total_deviation,
          .average_medoid_silhouette = result.average_medoid_silhouette,
          .mean_silhouette = result.mean_silhouette,
          .medoids = result.medoids,
          .converged = result.converged};
}

Clusterer::Clusterer(const Dissimilarity& data, Options options, Progress& progress)
    : data_(data),
      options_(std::move(options)),
      progress_(progress),
      time_limit_seconds_(options_.time_limit_seconds) {}

double Clusterer::seconds_left() const {
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - started_;
  return time_limit_seconds_ - passed.count();
}

std::optional<Result> Clusterer::cluster(int k) {
  if (began_ && progress_.cancelled()) stopped_by_ = "cancelled";
  if (began_ && seconds_left() <= 0) stopped_by_ = "the time limit";
  if (!stopped_by_.empty()) return std::nullopt;
  if (began_) options_.time_limit_seconds = seconds_left();
  options_.k = k;
  StagesOfK stages(k, progress_);
  try {
    Result result = kmedoids::cluster(data_, options_, stages);
    began_ = true;
    stopped_by_ = result.stopped_by;
    return result;
  } catch (const Error& error) {
    if (!began_) throw;
    stopped_by_ = error.what();
    return std::nullopt;
  }
}

namespace {

std::vector<Result> one_after_the_other(const Dissimilarity& data, int k_min, int k_max,
                                        const Options& options, Progress& progress, std::string& stopped_by) {
  std::vector<Result> results;
  Clusterer clusterer(data, options, progress);
  for (int k = k_min; k <= k_max; ++k) {
    std::optional<Result> result = clusterer.cluster(k);
    if (!result) break;
    results.push_back(std::move(*result));
  }
  stopped_by = clusterer.stopped_by();
  return results;
}

}  // namespace

RangeResult cluster_range(const Dissimilarity& data, int k_min, int k_max, const Options& options,
                          Objective criterion, Progress& progress) {
  check_range(k_min, k_max, data.size());
  check_criterion(k_min, k_max, options, criterion);
  RangeResult range{.criterion = criterion};
  std::optional<std::vector<Result>> together = cluster_each(data, k_min, k_max, options, progress);
  std::vector<Result> results =
      together ? *std::move(together)
               : one_after_the_other(data, k_min, k_max, options, progress, range.stopped_by);
  for (const Result& result : results) {
    CurvePoint point = curve_point(result);
    if (criterion == Objective::Silhouette && !point.mean_silhouette)
      point.mean_silhouette = mean_silhouette(silhouette(data, result.labels, options.threads));
    range.curve.push_back(std::move(point));
  }
  for (const Result& result : results) {
    if (range.stopped_by.empty()) range.stopped_by = result.stopped_by;
  }
  const std::size_t best = best_point(range.curve, criterion);
  range.best_k = range.curve[best].k;
  range.best = std::move(results[best]);
  range.converged =
      range.curve.back().k == k_max && std::all_of(range.curve.begin(), range.curve.end(),
                                                   [](const CurvePoint& point) { return point.converged; });
  return range;
}

}  // namespace xchg::kmedoids
