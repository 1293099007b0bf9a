#include "xchg/kmedoids/search.hpp"

#include "xchg/core/machine.hpp"
#include "xchg/core/threads.hpp"

namespace xchg::kmedoids {

SearchLimits search_limits(const Options& options) {
  using Clock = std::chrono::steady_clock;
  constexpr double longest_seconds = 1e9;
  SearchLimits limits{.max_rounds = options.max_rounds,
                      .threads = resolve_threads(options.threads),
                      .skip = options.skip,
                      .isa = resolve_isa(options.isa),
                      .memory_budget_bytes = options.memory_budget_bytes != 0 ? options.memory_budget_bytes
                                                                              : available_memory_bytes() / 2};
  if (options.time_limit_seconds < longest_seconds) {
    const std::chrono::duration<double> seconds(options.time_limit_seconds);
    limits.deadline = limits.started + std::chrono::duration_cast<Clock::duration>(seconds);
  }
  return limits;
}

}  // namespace xchg::kmedoids
