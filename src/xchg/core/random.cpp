#include "xchg/core/random.hpp"

#include <cmath>
#include <numbers>
#include <unordered_set>
#include <utility>

namespace xchg {

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key) {
  constexpr std::uint64_t multiplier0 = 0xD2511F53, multiplier1 = 0xCD9E8D57;  // table 2 of the paper
  constexpr std::uint32_t weyl0 = 0x9E3779B9, weyl1 = 0xBB67AE85;
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = multiplier0 * counter[0];
    const std::uint64_t product1 = multiplier1 * counter[2];
    const auto high0 = static_cast<std::uint32_t>(product0 >> 32),
               low0 = static_cast<std::uint32_t>(product0);
    const auto high1 = static_cast<std::uint32_t>(product1 >> 32),
               low1 = static_cast<std::uint32_t>(product1);
    counter = {high1 ^ counter[1] ^ key[0], low1, high0 ^ counter[3] ^ key[1], low0};
    key[0] += weyl0;
    key[1] += weyl1;
  }
  return counter;
}

std::uint64_t Random::operator()() {
  const std::size_t lane = position_ & 1;
  if (lane == 0 || !have_block_) {
    const std::uint64_t block = position_ >> 1;
    const auto words =
        philox4x32({static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32),
                    static_cast<std::uint32_t>(stream_), static_cast<std::uint32_t>(stream_ >> 32)},
                   {static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32)});
    block_ = {words[0] | std::uint64_t{words[1]} << 32, words[2] | std::uint64_t{words[3]} << 32};
    have_block_ = true;
  }
  ++position_;
  return block_[lane];
}

double Random::uniform() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }

std::uint64_t Random::below(std::uint64_t bound) {
  __extension__ using Wide = unsigned __int128;
  Wide product = static_cast<Wide>((*this)()) * bound;
  if (static_cast<std::uint64_t>(product) < bound) {
    const std::uint64_t threshold = -bound % bound;
    while (static_cast<std::uint64_t>(product) < threshold) product = static_cast<Wide>((*this)()) * bound;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

double Random::normal() {
  if (have_spare_) {
    have_spare_ = false;
    return spare_normal_;
  }
  const double radius = std::sqrt(-2 * std::log1p(-uniform()));
  const double angle = 2 * std::numbers::pi * uniform();
  spare_normal_ = radius * std::sin(angle);
  have_spare_ = true;
  return radius * std::cos(angle);
}

void Random::seek(std::uint64_t position) {
  position_ = position;
  have_block_ = false;
  have_spare_ = false;
}

std::vector<std::uint64_t> sample_without_replacement(std::uint64_t bound, std::uint64_t count,
                                                      Random& random) {
  std::vector<std::uint64_t> chosen;
  chosen.reserve(count);
  std::unordered_set<std::uint64_t> seen;
  for (std::uint64_t top = bound - count; top < bound; ++top) {
    const std::uint64_t candidate = random.below(top + 1);
    chosen.push_back(seen.insert(candidate).second ? candidate : top);
    seen.insert(chosen.back());
  }
  shuffle(std::span(chosen), random);
  return chosen;
}

}  // namespace xchg
