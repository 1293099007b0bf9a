// A mechanism as doubles, as agents and principal play it.
#pragma once

#include <cstddef>
#include <vector>

#include "xchg/hiring/instance.hpp"
#include "xchg/hiring/mechanism.hpp"

namespace xchg::hiring {

// One recommended profile.
struct PostedEntry {
  std::size_t profile = 0;
  double probability = 0;
  std::vector<double> payment;  // [(agent * signal profiles + reports) * states + state]
  std::vector<int> decision;    // [reports]
};

// All of them, in order of profile.
using Posted = std::vector<PostedEntry>;

// `frame` gives the sizes.
Posted posted(const Instance& frame, const Mechanism& mechanism);

}  // namespace xchg::hiring
