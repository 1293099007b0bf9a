// BUILD written to be read: the oracle of the tests and the baseline of the benchmarks. Every object is
// evaluated for every medoid, one object at a time. Sums are kept in 8 lanes, as the library does, so that
// swaps of equal value stay equal.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace xchg::kmedoids::plain {

// Row x of the (n, n) matrix holds d(., x). Of equal objects the last is taken if `last`.
template <class T>
std::vector<std::size_t> build(const T* matrix, std::size_t n, std::size_t k,
                               const std::vector<double>& weights = {}, bool last = false) {
  std::vector<std::size_t> medoids;
  std::vector<bool> chosen(n);
  std::vector<double> nearest(n);
  while (medoids.size() < k) {
    std::size_t best = n;
    double best_change = 0;
    for (std::size_t x = 0; x < n; ++x) {
      if (chosen[x]) continue;
      std::array<double, 8> lanes{};
      for (std::size_t o = 0; o < n; ++o) {
        const auto distance = static_cast<double>(matrix[x * n + o]);
        const double weight = weights.empty() ? 1 : weights[o];
        if (medoids.empty())
          lanes[o % 8] += weight * distance;
        else if (distance < nearest[o])
          lanes[o % 8] += weight * (distance - nearest[o]);
      }
      const double change =
          ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
      if (best == n || change < best_change || (last && change == best_change)) {
        best = x;
        best_change = change;
      }
    }
    for (std::size_t o = 0; o < n; ++o) {
      const auto distance = static_cast<double>(matrix[best * n + o]);
      if (medoids.empty() || distance < nearest[o]) nearest[o] = distance;
    }
    medoids.push_back(best);
    chosen[best] = true;
  }
  return medoids;
}

}  // namespace xchg::kmedoids::plain
