// Facts about the machine that a program or report states.
#pragma once

#include <cstdint>
#include <string>

namespace xchg {

// Bytes that can be allocated without swapping: MemAvailable, within the cgroup's limit.
std::uint64_t available_memory_bytes();

// The processor's name, e.g. "AMD EPYC 9654"; empty if unknown.
std::string processor_name();

}  // namespace xchg
