// One thread setting for every engine, passed by value, never read from the environment.
#pragma once

namespace xchg {

// The number of processors this process may use (its affinity mask and the cgroup quota, at least 1).
int available_threads();

// What `requested` means: 0 is all processors, any other value itself. Throws InputError when negative or
// above 4096.
int resolve_threads(int requested);

}  // namespace xchg
