#include "xchg/dag/order/set_table.hpp"

namespace xchg::dag {
namespace {

// The finaliser of MurmurHash3, on both words.
std::uint64_t mixed(std::uint64_t x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53ULL;
  return x ^ (x >> 33);
}

}  // namespace

// Where the set is, or the free slot where it would be.
std::size_t SetTable::slot(const WideSet& set) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = mixed(set.words[0] + mixed(set.words[1])) & mask;
  while (slots_[at] != none && !(records_[slots_[at]].set == set)) at = (at + 1) & mask;
  return at;
}

SetTable::Index SetTable::find_or_add(const WideSet& set) {
  const std::size_t at = slot(set);
  if (slots_[at] != none) return slots_[at];
  const auto index = static_cast<Index>(records_.size());
  records_.push_back({set});
  slots_[at] = index;
  if (2 * records_.size() > slots_.size()) grow();
  return index;
}

const SetRecord* SetTable::find(const WideSet& set) const {
  const Index index = slots_[slot(set)];
  return index == none ? nullptr : &records_[index];
}

void SetTable::grow() {
  slots_ = std::vector<Index>(2 * slots_.size(), none);
  for (std::size_t i = 0; i < records_.size(); ++i) {
    slots_[slot(records_[i].set)] = static_cast<Index>(i);
  }
}

}  // namespace xchg::dag
