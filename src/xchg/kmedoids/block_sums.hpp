// Sums over all objects that all ranks know, from those of each one's blocks.
#pragma once

#include <algorithm>
#include <span>
#include <type_traits>
#include <vector>

#include "xchg/kmedoids/blocks.hpp"
#include "xchg/kmedoids/evaluate.hpp"
#include "xchg/kmedoids/message.hpp"

namespace xchg::kmedoids {

template <class T>
struct GatheredSums {
  bool stop = false;  // some rank wants to
  std::vector<Sum<T>> sums;
};

// `make` returns `count` sums for each block of this rank, (blocks, count). They are added in the order of
// the blocks; integers, whose sums are the same in any order, already before they are sent. Collective; an
// Error on one rank is thrown on all.
template <class T, class Make>
GatheredSums<T> gather_sums(Communicator& communicator, std::size_t count, bool stop, const Make& make) {
  const std::vector<Bytes> messages = exchange(communicator, [&] {
    std::vector<Sum<T>> sums = make();
    if constexpr (std::is_integral_v<T>) {
      for (std::size_t i = count; i < sums.size(); ++i) sums[i % count] += sums[i];
      sums.resize(std::min(sums.size(), count));
    }
    MessageWriter message;
    message.add(stop);
    message.add_all(std::span<const Sum<T>>(sums));
    return message.take();
  });
  GatheredSums<T> all{false, std::vector<Sum<T>>(count, 0)};
  for (const Bytes& bytes : messages) {
    MessageReader reader(bytes);
    all.stop = reader.next<bool>() || all.stop;
    while (!reader.at_end()) {
      const std::vector<Sum<T>> block = reader.next<Sum<T>>(count);
      for (std::size_t i = 0; i < count; ++i) all.sums[i] += block[i];
    }
  }
  return all;
}

}  // namespace xchg::kmedoids
