// Levenshtein distances of one string to many.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "xchg/kmedoids/dissimilarity.hpp"

namespace xchg::kmedoids {

// Strings of UTF-8 as sequences of symbols 0, 1, ..., one for each different code point of all of them.
class Words {
 public:
  // Throws InputError that names the string (from 1) with bytes that are no UTF-8.
  Words(std::span<const std::string> strings, const RawOptions& options);

  Index size() const { return static_cast<Index>(starts_.size()) - 1; }
  std::size_t alphabet() const { return alphabet_; }
  std::span<const std::int32_t> operator[](Index i) const {
    const auto at = static_cast<std::size_t>(i);
    return std::span(symbols_).subspan(starts_[at], starts_[at + 1] - starts_[at]);
  }
  std::int32_t longest() const;

 private:
  std::vector<std::int32_t> symbols_;
  std::vector<std::size_t> starts_{0};
  std::size_t alphabet_ = 0;
};

// One word made ready for many: where each symbol stands in it, as bits (Myers 1999; in the form of Hyyro
// 2003, whose blocks of 64 take words of any length).
class WordPattern {
 public:
  WordPattern(std::span<const std::int32_t> word, std::size_t alphabet);
  // O(|text| * ceil(|word| / 64)); not for several threads at once.
  std::int32_t distance_to(std::span<const std::int32_t> text);

 private:
  struct Block {
    std::uint64_t up, down;  // where the column of the table rises and falls by 1
  };
  std::size_t length_, blocks_;
  std::vector<std::int32_t> row_of_symbol_;  // (alphabet); 0: does not occur
  std::vector<std::uint64_t> positions_;     // (1 + different symbols, blocks)
  std::vector<Block> column_;
};

// The same by the table of all prefixes (Wagner, Fischer 1974), O(|a| |b|).
std::int32_t levenshtein(std::span<const std::int32_t> a, std::span<const std::int32_t> b);

}  // namespace xchg::kmedoids
