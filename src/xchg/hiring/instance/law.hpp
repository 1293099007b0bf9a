// P^b(s, theta) as doubles, one profile at a time.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "xchg/hiring/instance.hpp"

namespace xchg::hiring {

// The law of an instance, from its factors or its table; profiles that nobody asks for cost nothing.
class LawOfDoubles {
 public:
  explicit LawOfDoubles(const Instance& instance);
  // A law given as a table [b * cells + s * states + theta].
  LawOfDoubles(Radix efforts, Radix signals, std::size_t states, std::vector<double> table);

  // P^b into out[s * states + theta].
  void profile(std::size_t b, std::span<double> out) const;
  std::size_t cells() const { return signals_.count() * states_; }

 private:
  Radix efforts_, signals_;
  std::size_t states_, latents_;
  std::vector<double> latent_prior_, state_given_latent_;
  std::vector<std::vector<double>> signal_;  // [agent][(effort * latents + w) * signals + z]
  std::vector<double> table_;                // [b * cells + cell]
};

}  // namespace xchg::hiring
