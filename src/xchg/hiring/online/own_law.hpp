// What one agent sees, alone.
#pragma once

#include <cstddef>
#include <vector>

#include "xchg/hiring/online.hpp"

namespace xchg::hiring {

// The law of an agent's signal and the state under each of his efforts: the mean over the others' efforts.
struct OwnLaw {
  std::size_t efforts = 0, signals = 0, states = 0;
  std::vector<double> table;  // [(effort * signals + signal) * states + state]
  double spread = 0;          // how far an entry is from the mean at most, over the others' efforts

  std::size_t cells() const { return signals * states; }
  double p(std::size_t effort, std::size_t signal, std::size_t state) const {
    return table[(effort * signals + signal) * states + state];
  }
  double probability(std::size_t effort, std::size_t signal) const;
  // Both signals say the same about the state, or one never comes.
  bool same_posterior(std::size_t effort, std::size_t a, std::size_t b) const;
};
std::vector<OwnLaw> own_laws(const Instance& instance);

// By how much an effort with truth beats every other effort with its best reports; infinity where there is no
// other.
double own_margin(const OwnLaw& law, const std::vector<double>& cost, int effort, const OwnRule& rule);

}  // namespace xchg::hiring
