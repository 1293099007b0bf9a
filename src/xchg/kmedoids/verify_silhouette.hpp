// What verify() knows of silhouettes. Reads the dissimilarities one by one and shares nothing with the
// searches.
#pragma once

#include <span>
#include <vector>

#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {

// The weighted mean of 1 - d1/d2 (0/0 counts as 1); 0 for one medoid.
double recomputed_medoid_silhouette(const Dissimilarity& data, const std::vector<Index>& medoids,
                                    std::span<const double> weights);

// The mean silhouette of labels 0..k-1; 0 for one cluster.
double recomputed_mean_silhouette(const Dissimilarity& data, std::span<const std::int32_t> labels, int k);

// The swap that raises a silhouette most, and by how much; slot and object are -1 if there is none to do.
struct SilhouetteSwap {
  double gain = 0;
  Index slot = -1, object = -1;
};
// Of the average medoid silhouette, O(n^2 + nk); at least two medoids.
SilhouetteSwap best_medoid_silhouette_swap(const Dissimilarity& data, const std::vector<Index>& medoids,
                                           std::span<const double> weights, Progress& progress);
// Of the mean silhouette, O(n^2 k (n - k)); at least two medoids.
SilhouetteSwap best_silhouette_swap(const Dissimilarity& data, const std::vector<Index>& medoids,
                                    Progress& progress);

}  // namespace xchg::kmedoids
