// Internal: second moments of rows with missing values (NaN).
#pragma once

#include "xchg/core/progress.hpp"
#include "xchg/dag/data.hpp"

namespace xchg::dag {

// Every entry from the rows that have both values. Throws InputError for a pair without two common rows.
Gram::Part pairwise_moments(const Data& data, bool center);

// Mean and covariance of a Gaussian by maximum likelihood: expectation maximisation (Dempster, Laird, Rubin
// 1977; Little, Rubin), until no correlation changes by 1e-10. Throws InputError when a column has fewer than
// two values, NumericError without convergence, CancelledError.
Gram::Part em_moments(const Data& data, bool center, Progress& progress);

// After so many steps from the means and variances of each column alone (for tests).
Gram::Part em_steps(const Data& data, int steps);

// The logarithm of the likelihood of the present values (for tests: no step lowers it).
double observed_log_likelihood(const Data& data, const Gram::Part& part);

}  // namespace xchg::dag
