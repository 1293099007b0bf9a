#include <limits>

#include "xchg/core/error.hpp"
#include "xchg/hiring/instance.hpp"

namespace xchg::hiring {

Radix::Radix(std::vector<int> sizes) : sizes_(std::move(sizes)), strides_(sizes_.size()) {
  for (std::size_t i = sizes_.size(); i-- > 0;) {
    strides_[i] = count_;
    const auto size = static_cast<std::size_t>(sizes_[i]);
    if (count_ > std::numeric_limits<std::size_t>::max() / 2 / size) {
      throw LimitError("there are more than 2^63 profiles of " + std::to_string(sizes_.size()) + " agents",
                       "fewer agents, efforts or signals");
    }
    count_ *= size;
  }
}

std::vector<int> Radix::tuple(std::size_t index) const {
  std::vector<int> digits(sizes_.size());
  for (std::size_t i = 0; i < digits.size(); ++i) digits[i] = digit(index, i);
  return digits;
}

std::size_t Radix::index(std::span<const int> tuple) const {
  std::size_t index = 0;
  for (std::size_t i = 0; i < sizes_.size(); ++i) index += strides_[i] * static_cast<std::size_t>(tuple[i]);
  return index;
}

namespace {

template <class Count>
Radix radix_of(const Instance& instance, Count count) {
  std::vector<int> sizes;
  for (const Agent& agent : instance.agents) sizes.push_back(static_cast<int>(count(agent)));
  return Radix(std::move(sizes));
}

}  // namespace

Radix Instance::efforts() const {
  return radix_of(*this, [](const Agent& agent) { return agent.efforts.size(); });
}

Radix Instance::signals() const {
  return radix_of(*this, [](const Agent& agent) { return agent.signals.size(); });
}

}  // namespace xchg::hiring
