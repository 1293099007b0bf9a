// Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy
// as 1, 2, 3", SC 2011). A stream is named by (seed, stream), and its n-th number depends on nothing else, so
// parallel code draws the same numbers whatever the thread count.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace xchg {

// One block of Philox4x32-10: four 32-bit numbers from a 128-bit counter and a 64-bit key.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key);

// A sequence of random numbers. Satisfies std::uniform_random_bit_generator; the distributions below are our
// own, since those of the standard library differ between implementations.
class Random {
 public:
  using result_type = std::uint64_t;

  explicit Random(std::uint64_t seed, std::uint64_t stream = 0) : seed_(seed), stream_(stream) {}

  static constexpr std::uint64_t min() { return 0; }
  static constexpr std::uint64_t max() { return ~std::uint64_t{0}; }
  std::uint64_t operator()();

  // Uniform in [0, 1) with 53 random bits.
  double uniform();
  // Uniform integer in [0, bound), without bias (Lemire 2019). bound >= 1.
  std::uint64_t below(std::uint64_t bound);
  // Standard normal (Box-Muller; the second value of a pair is kept).
  double normal();

  // Goes to the n-th 64-bit number of the stream.
  void seek(std::uint64_t position);
  // How many 64-bit numbers were drawn; with seek() this resumes a stream.
  std::uint64_t position() const { return position_; }

 private:
  std::uint64_t seed_;
  std::uint64_t stream_;
  std::uint64_t position_ = 0;
  std::array<std::uint64_t, 2> block_{};
  bool have_block_ = false;
  double spare_normal_ = 0;
  bool have_spare_ = false;
};

// Fisher-Yates shuffle of the values in place.
template <class T>
void shuffle(std::span<T> values, Random& random) {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[random.below(i)]);
}

// `count` different integers of [0, bound), in random order (Floyd's method, then shuffled). count <= bound.
std::vector<std::uint64_t> sample_without_replacement(std::uint64_t bound, std::uint64_t count,
                                                      Random& random);

}  // namespace xchg
