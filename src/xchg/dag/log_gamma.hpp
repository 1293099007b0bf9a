// Internal: the logarithm of the gamma function for several threads at once.
#pragma once

#include <cmath>

namespace xchg::dag {

// log Gamma(x) of x > 0. std::lgamma also leaves the sign of Gamma in a variable that all threads share.
inline double log_gamma(double x) {
  int sign = 1;
  return ::lgamma_r(x, &sign);
}

}  // namespace xchg::dag
