#include "xchg/core/machine.hpp"

#include <algorithm>
#include <fstream>
#include <limits>

namespace xchg {
namespace {

constexpr std::uint64_t unknown_memory = std::uint64_t{4} << 30;

// The first number in a small file such as /sys/fs/cgroup/memory.max; a large number where there is none.
std::uint64_t number_in(const char* path) {
  std::ifstream file(path);
  std::uint64_t value = 0;
  return file >> value ? value : std::numeric_limits<std::uint64_t>::max();
}

}  // namespace

std::uint64_t available_memory_bytes() {
  std::uint64_t available = unknown_memory;
  std::ifstream file("/proc/meminfo");
  std::string key, unit;
  for (std::uint64_t kibibytes = 0; file >> key >> kibibytes;) {
    if (key == "MemAvailable:") available = kibibytes * 1024;
    std::getline(file, unit);
  }
  const std::uint64_t limit = number_in("/sys/fs/cgroup/memory.max");
  const std::uint64_t used = number_in("/sys/fs/cgroup/memory.current");
  if (limit != std::numeric_limits<std::uint64_t>::max() && used < limit)
    available = std::min(available, limit - used);
  return available;
}

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("model name")) continue;
    const std::size_t colon = line.find(": ");
    return colon == std::string::npos ? "" : line.substr(colon + 2);
  }
  return "";
}

}  // namespace xchg
