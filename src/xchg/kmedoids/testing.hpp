// Helpers of this room's tests: data sets, random instances, and exhaustive answers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "xchg/core/error.hpp"
#include "xchg/core/progress.hpp"
#include "xchg/core/random.hpp"
#include "xchg/kmedoids/input.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids::testing {

inline std::string data_path(const std::string& name) {
  return std::string(XCHG_TEST_DATA) + "/kmedoids/" + name;
}

inline Input points(const std::string& name, Metric metric = Metric::Euclidean) {
  return read_input(data_path(name), {.metric = metric});
}

// What an error of class E says; "another class: …" where it is of another, "no error" where there is none.
template <class E, class F>
std::string message(F action) {
  try {
    action();
  } catch (const E& error) {
    return error.what();
  } catch (const Error& error) {
    return std::string("another class: ") + error.what();
  }
  return "no error";
}

// Says stop after a number of questions.
class StopAfter : public Progress {
 public:
  explicit StopAfter(int questions) : left_(questions) {}
  bool cancelled() const override { return --left_ < 0; }

 private:
  mutable int left_;
};

// (n, n) whole dissimilarities 0..9, so that ties and duplicates abound; element (o, x) is d(o, x).
inline std::vector<std::int32_t> random_matrix(Index n, bool symmetric, Random& random) {
  std::vector<std::int32_t> values(static_cast<std::size_t>(n * n));
  for (Index i = 0; i < n; ++i) {
    for (Index j = 0; j < n; ++j) {
      if (i == j) continue;
      values[static_cast<std::size_t>(i * n + j)] = symmetric && j < i
                                                        ? values[static_cast<std::size_t>(j * n + i)]
                                                        : static_cast<std::int32_t>(random.below(10));
    }
  }
  return values;
}

inline Dissimilarity random_instance(Index n, bool symmetric, Random& random) {
  return Dissimilarity::matrix(
      random_matrix(n, symmetric, random), n,
      {.orientation = symmetric ? Orientation::Symmetric : Orientation::RowsAreObjects});
}

// TD of a set of medoids, from the definition.
inline double total_deviation(const Dissimilarity& data, const std::vector<Index>& medoids,
                              const std::vector<double>& weights = {}) {
  double total = 0;
  for (Index o = 0; o < data.size(); ++o) {
    double nearest = data.at(o, medoids.front());
    for (const Index medoid : medoids) nearest = std::min(nearest, data.at(o, medoid));
    total += nearest * (weights.empty() ? 1 : weights[static_cast<std::size_t>(o)]);
  }
  return total;
}

// Least TD over all sets of k medoids; small n only.
inline double optimum(const Dissimilarity& data, int k, const std::vector<double>& weights = {}) {
  const auto n = static_cast<std::size_t>(data.size());
  std::vector<bool> chosen(n);
  std::fill(chosen.begin(), chosen.begin() + k, true);
  double best = -1;
  do {
    std::vector<Index> medoids;
    for (std::size_t x = 0; x < n; ++x) {
      if (chosen[x]) medoids.push_back(static_cast<Index>(x));
    }
    const double total = total_deviation(data, medoids, weights);
    if (best < 0 || total < best) best = total;
  } while (std::prev_permutation(chosen.begin(), chosen.end()));
  return best;
}

// The least change of TD by one swap, by computing TD anew for every swap.
inline double best_swap_change(const Dissimilarity& data, const std::vector<Index>& medoids,
                               const std::vector<double>& weights = {}) {
  const double now = total_deviation(data, medoids, weights);
  double best = 0;
  for (std::size_t slot = 0; slot < medoids.size(); ++slot) {
    for (Index x = 0; x < data.size(); ++x) {
      if (std::find(medoids.begin(), medoids.end(), x) != medoids.end()) continue;
      std::vector<Index> swapped = medoids;
      swapped[slot] = x;
      best = std::min(best, total_deviation(data, swapped, weights) - now);
    }
  }
  return best;
}

}  // namespace xchg::kmedoids::testing
