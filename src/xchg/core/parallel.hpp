// Loops on several threads.
#pragma once

#include <cstdint>
#include <functional>

namespace xchg {

// Calls body(begin, end) for the pieces [0, grain), [grain, 2 grain), … of [0, count), the last one perhaps
// shorter, on at most `threads` threads, the caller's among them. Each piece is done once; which thread does
// it and when is not determined, so results must not depend on it. Waiting threads sleep: a busy machine is
// not made busier.
//
// The threads live as long as the call, which costs some 20 microseconds each: a piece should be worth that.
// When bodies throw, no further pieces begin, and the exception of the piece with the smallest begin that
// threw is rethrown.
void parallel_for(int threads, std::int64_t count, std::int64_t grain,
                  const std::function<void(std::int64_t begin, std::int64_t end)>& body);

// How many items make a piece that is worth a thread's while, when one item is about `steps` additions or
// comparisons: so many that a piece is about a million.
constexpr std::int64_t piece_size(std::int64_t steps) {
  constexpr std::int64_t worthwhile = std::int64_t{1} << 20;
  return steps < worthwhile ? worthwhile / steps : 1;
}

}  // namespace xchg
