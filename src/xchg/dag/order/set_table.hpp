// The sets of nodes that a best-first search has met.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <deque>
#include <limits>
#include <vector>

namespace xchg::dag {

// A set of up to 128 nodes; node j is bit j % 64 of word j / 64.
struct WideSet {
  std::array<std::uint64_t, 2> words{};

  bool has(int node) const { return (words[word(node)] >> (node % 64) & 1) != 0; }
  WideSet with(int node) const {
    WideSet out = *this;
    out.words[word(node)] |= std::uint64_t{1} << (node % 64);
    return out;
  }
  WideSet without(int node) const {
    WideSet out = *this;
    out.words[word(node)] &= ~(std::uint64_t{1} << (node % 64));
    return out;
  }
  bool contains(const WideSet& other) const {
    return (other.words[0] & ~words[0]) == 0 && (other.words[1] & ~words[1]) == 0;
  }
  int size() const { return std::popcount(words[0]) + std::popcount(words[1]); }
  bool operator==(const WideSet&) const = default;

 private:
  static std::size_t word(int node) { return static_cast<std::size_t>(node / 64); }
};

// A set with the least cost known of an order of its nodes.
struct SetRecord {
  WideSet set;
  double cost = std::numeric_limits<double>::infinity();
  int last = -1;  // the last node of that order
};

// Records by set: open addressing with linear probing over indices, at most half full.
class SetTable {
 public:
  using Index = std::uint32_t;

  // The record of the set; a new one has no order yet.
  Index find_or_add(const WideSet& set);
  // The same without adding; null when it was never met.
  const SetRecord* find(const WideSet& set) const;
  SetRecord& operator[](Index index) { return records_[index]; }
  std::size_t size() const { return records_.size(); }
  // No room for the sets that one more expansion may add.
  bool full() const { return records_.size() >= none - 1000; }

 private:
  static constexpr Index none = std::numeric_limits<Index>::max();
  std::size_t slot(const WideSet& set) const;
  void grow();

  std::deque<SetRecord> records_;
  std::vector<Index> slots_ = std::vector<Index>(1024, none);
};

}  // namespace xchg::dag
