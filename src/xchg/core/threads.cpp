#include "xchg/core/threads.hpp"

#include <sched.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "xchg/core/error.hpp"

namespace xchg {
namespace {

int processors_of_affinity() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return std::max(1, CPU_COUNT(&set));
}

// cgroup v2 quota, rounded up; a large number where there is none.
int processors_of_quota() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0;
  if (!(file >> quota >> period) || quota == "max" || period <= 0) return 1 << 20;
  try {
    return std::max(1, static_cast<int>(std::stod(quota) / period + 0.999));
  } catch (const std::exception&) {
    return 1 << 20;
  }
}

}  // namespace

int available_threads() { return std::min(processors_of_affinity(), processors_of_quota()); }

int resolve_threads(int requested) {
  constexpr int most = 4096;
  if (requested < 0 || requested > most) {
    throw InputError("the number of threads is " + std::to_string(requested), {},
                     "0 (all processors) or 1 to " + std::to_string(most));
  }
  return requested == 0 ? available_threads() : requested;
}

}  // namespace xchg
