#include "xchg/core/machine.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "xchg/core/error.hpp"
#include "xchg/core/isa.hpp"
#include "xchg/core/threads.hpp"

namespace xchg {
namespace {

TEST(Machine, AvailableMemoryIsPositiveAndWithinTheMachine) {
  const auto installed =
      static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  EXPECT_GT(available_memory_bytes(), 1U << 20);
  EXPECT_LE(available_memory_bytes(), installed);
}

TEST(Threads, ZeroMeansAllProcessors) {
  EXPECT_EQ(resolve_threads(0), available_threads());
  EXPECT_GE(available_threads(), 1);
  EXPECT_LE(available_threads(), sysconf(_SC_NPROCESSORS_CONF));
  EXPECT_EQ(resolve_threads(3), 3);
}

TEST(Threads, ImpossibleNumbersAreRefused) {
  EXPECT_THROW(resolve_threads(-1), InputError);
  EXPECT_THROW(resolve_threads(100000), InputError);
}

TEST(Isa, NamesAndValuesBelongTogether) {
  for (const Isa isa : {Isa::Auto, Isa::Scalar, Isa::Avx2, Isa::Avx512})
    EXPECT_EQ(parse_isa(std::string(name(isa))), isa);
  EXPECT_THROW(parse_isa("sse9"), InputError);
}

TEST(Isa, AutoIsTheBestAndScalarAlwaysWorks) {
  EXPECT_EQ(resolve_isa(Isa::Auto), best_isa());
  EXPECT_EQ(resolve_isa(Isa::Scalar), Isa::Scalar);
  if (best_isa() != Isa::Avx512) {
    EXPECT_THROW(resolve_isa(Isa::Avx512), InputError);
  }
}

}  // namespace
}  // namespace xchg
