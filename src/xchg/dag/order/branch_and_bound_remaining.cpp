#include <algorithm>
#include <cmath>
#include <numeric>

#include "xchg/dag/order/conditional.hpp"
#include "xchg/dag/order/remaining_bound.hpp"

namespace xchg::dag {

RemainingBound::RemainingBound(const Matrix& s, const Constraints& constraints) {
  const int d = static_cast<int>(s.rows);
  std::vector<int> before;
  for (int j = 0; j < d; ++j) {
    log_det_ += std::log(residual_variance(s, j, before));
    before.push_back(j);
    std::vector<int> others;
    for (int i = 0; i < d; ++i) {
      if (i != j && !constraints.before(j, i)) others.push_back(i);
    }
    least_.push_back(residual_variance(s, j, others));
    log_least_.push_back(std::log(least_.back()));
  }
}

double RemainingBound::operator()(const std::vector<int>& rest, const double* variances,
                                  double log_det) const {
  if (rest.empty()) return 0;
  // Where the conditions bind was found at the last lambda; the others share what is left of the product.
  double log_lambda = log_det / static_cast<double>(rest.size()), bound = 0;
  for (int round = 0; round < 4; ++round) {
    const double lambda = std::exp(log_lambda);
    double sum = 0, log_bound_ones = 0;
    int free = 0;
    for (std::size_t k = 0; k < rest.size(); ++k) {
      const auto j = static_cast<std::size_t>(rest[k]);
      if (least_[j] >= lambda) {
        sum += least_[j];
        log_bound_ones += log_least_[j];
      } else if (variances[k] <= lambda) {
        sum += variances[k];
        log_bound_ones += std::log(variances[k]);
      } else {
        ++free;
      }
    }
    const double logs = log_bound_ones + free * log_lambda;
    bound = std::max(bound, sum + free * lambda + lambda * (log_det - logs));
    if (free == 0) break;
    const double next = (log_det - log_bound_ones) / free;
    if (std::abs(next - log_lambda) < 1e-12) break;
    log_lambda = next;
  }
  return 0.5 * bound;
}

}  // namespace xchg::dag
