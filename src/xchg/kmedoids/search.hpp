// What the searches have in common: limits, and when a swap counts as an improvement.
#pragma once

#include <chrono>
#include <type_traits>

#include "xchg/core/progress.hpp"
#include "xchg/kmedoids/kmedoids.hpp"
#include "xchg/kmedoids/problem.hpp"

namespace xchg::kmedoids {

struct SearchLimits {
  // A window of candidates is evaluated in parallel only if it has so many (object, candidate) pairs, about a
  // millisecond of work: waking threads costs tens of microseconds, and much more on a busy machine.
  static constexpr Index default_parallel_work = 1 << 22;

  int max_rounds = 300;
  int threads = 1;
  bool skip = true;
  Isa isa = Isa::Scalar;  // resolved
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  std::uint64_t memory_budget_bytes = 0;  // for tables; resolved
  Index parallel_work = default_parallel_work;
  // Windows go back to one thread where several are measured to be no faster: where the memory is the limit,
  // or other programs keep the processors busy.
  bool measure_threads = true;

  // Whether to stop with what there is.
  bool out_of_time(const Progress& progress) const {
    return progress.cancelled() || std::chrono::steady_clock::now() >= deadline;
  }
};

// Those of the options; the clock starts now.
SearchLimits search_limits(const Options& options);

// A swap counts as an improvement when it lowers the objective by more than this, relative; integers are
// exact.
constexpr double least_improvement = 1e-12;

template <class S>
bool improves(S change, S total) {
  if constexpr (std::is_integral_v<S>) return change < 0;
  return static_cast<double>(change) < -least_improvement * static_cast<double>(total);
}

}  // namespace xchg::kmedoids
