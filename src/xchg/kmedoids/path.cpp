// dynmsc(): FasterMSC from many clusters to few.
#include <algorithm>

#include "xchg/kmedoids/range.hpp"
#include "xchg/kmedoids/search.hpp"
#include "xchg/kmedoids/silhouette_state.hpp"

namespace xchg::kmedoids {
namespace {

// The medoids without the one whose removal raises the loss least; ties to the smallest slot.
std::vector<Index> drop_least_useful(const Dissimilarity& data, std::span<const double> weights,
                                     std::vector<Index> medoids) {
  return std::visit(
      [&]<class T>(const Rows<T>& rows) {
        const Problem<T> problem{rows, data.size(), {}};
        const SilhouetteState<T> state(problem, weights, medoids);
        const std::vector<double>& loss = state.removal_loss();
        std::size_t least = 0;
        for (std::size_t slot = 1; slot < loss.size(); ++slot) {
          if (loss[slot] < loss[least] - least_improvement * state.total_weight()) least = slot;
        }
        std::vector<Index> rest = medoids;
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(least));
        return rest;
      },
      data.rows());
}

}  // namespace

PathResult dynmsc(const Dissimilarity& data, int k_min, int k_max, const Options& options,
                  Progress& progress) {
  check_range(k_min, k_max, data.size());
  Clusterer clusterer(data, options, progress);
  clusterer.options().method = Method::FasterMSC;
  clusterer.options().certify = false;
  PathResult path;
  for (int k = k_max; k >= k_min; --k) {
    std::optional<Result> result = clusterer.cluster(k);
    if (!result) break;
    path.curve.push_back(curve_point(*result));
    clusterer.options().init = Init::Given;
    clusterer.options().restarts = 1;
    if (k > k_min && k > 1)
      clusterer.options().medoids = drop_least_useful(data, options.weights, result->medoids);
    const bool best = path.best_k == 0 || result->average_medoid_silhouette >=
                                              path.best.average_medoid_silhouette - least_improvement;
    if (!best) continue;  // of equal ones the smaller k
    path.best_k = k;
    path.best = std::move(*result);
  }
  path.stopped_by = clusterer.stopped_by();
  path.converged =
      path.curve.back().k == k_min && std::all_of(path.curve.begin(), path.curve.end(),
                                                  [](const CurvePoint& point) { return point.converged; });
  std::reverse(path.curve.begin(), path.curve.end());
  return path;
}

}  // namespace xchg::kmedoids
