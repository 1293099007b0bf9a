// What searches over several k have in common.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {

// Throws InputError unless 1 <= k_min <= k_max <= n.
void check_range(int k_min, int k_max, Index n);

// The entry of a curve for a result.
CurvePoint curve_point(const Result& result);

// What cluster() finds for every k of [k_min, k_max], all searches going through the candidates together, so
// that a row is made or read once for all of them. Nothing where the method cannot do so.
std::optional<std::vector<Result>> cluster_each(const Dissimilarity& data, int k_min, int k_max,
                                                const Options& options, Progress& progress);

// Clusters for one k after the other within one time limit.
class Clusterer {
 public:
  Clusterer(const Dissimilarity& data, Options options, Progress& progress);

  // The result for k; without a value when the time was over before the search began, or when it failed. The
  // first one is always tried, and throws what cluster() throws.
  std::optional<Result> cluster(int k);
  // Why the last one has no value or was stopped; empty otherwise.
  const std::string& stopped_by() const { return stopped_by_; }
  Options& options() { return options_; }

 private:
  double seconds_left() const;

  const Dissimilarity& data_;
  Options options_;
  Progress& progress_;
  double time_limit_seconds_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  bool began_ = false;
  std::string stopped_by_;
};

}  // namespace xchg::kmedoids
