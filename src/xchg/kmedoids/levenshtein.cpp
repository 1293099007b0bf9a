#include "xchg/kmedoids/levenshtein.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "xchg/core/utf8.hpp"
#include "xchg/kmedoids/places.hpp"

namespace xchg::kmedoids {
namespace {

constexpr std::size_t word_bits = 64;

// Rows of distances: whole numbers, or shares of the longer length.
template <class T>
class WordRows : public RowMaker<T> {
 public:
  WordRows(std::span<const std::string> strings, const RawOptions& options) : words_(strings, options) {}

  void fill(Index candidate, Index begin, Index end, T* out) const override {
    WordPattern pattern(words_[candidate], words_.alphabet());
    for (Index o = begin; o < end; ++o) out[o - begin] = value(pattern.distance_to(words_[o]), o, candidate);
  }
  T at(Index object, Index candidate) const override {
    return value(levenshtein(words_[object], words_[candidate]), object, candidate);
  }
  const Words& words() const { return words_; }

 private:
  T value(std::int32_t distance, Index object, Index candidate) const {
    if constexpr (std::is_integral_v<T>) return distance;
    const std::size_t longer = std::max(words_[object].size(), words_[candidate].size());
    return longer == 0 ? 0 : static_cast<T>(distance) / static_cast<T>(longer);
  }

  Words words_;
};

template <class T>
Dissimilarity word_distances(std::span<const std::string> strings, const RawOptions& options) {
  auto rows = std::make_shared<WordRows<T>>(strings, options);
  const Index n = rows->words().size();
  const double largest = std::is_integral_v<T> ? rows->words().longest() : 1;
  return Dissimilarity::made<T>(std::move(rows), n, true, largest)
      .kept(options.matrix, options.memory_budget_bytes, options.threads);
}

}  // namespace

Words::Words(std::span<const std::string> strings, const RawOptions& options) {
  if (strings.empty()) throw InputError("there is no string", {options.source}, "at least one");
  std::unordered_map<std::string_view, std::int32_t> symbols;  // the bytes of a character -> symbol
  for (std::size_t i = 0; i < strings.size(); ++i) {
    std::string_view rest = strings[i];
    while (!rest.empty()) {
      const std::size_t length = utf8::length(rest);
      if (length == 0) {
        throw InputError(fmt::format("string {} is no UTF-8: {}", i + 1, utf8::quoted(strings[i])),
                         place(options.source, options.first_line, static_cast<Index>(i), 0), "UTF-8");
      }
      const auto symbol = static_cast<std::int32_t>(symbols.size());
      symbols_.push_back(symbols.try_emplace(rest.substr(0, length), symbol).first->second);
      rest.remove_prefix(length);
    }
    starts_.push_back(symbols_.size());
  }
  alphabet_ = symbols.size();
}

std::int32_t Words::longest() const {
  std::size_t longest = 0;
  for (std::size_t i = 1; i < starts_.size(); ++i) longest = std::max(longest, starts_[i] - starts_[i - 1]);
  return static_cast<std::int32_t>(longest);
}

WordPattern::WordPattern(std::span<const std::int32_t> word, std::size_t alphabet)
    : length_(word.size()),
      blocks_((word.size() + word_bits - 1) / word_bits),
      row_of_symbol_(alphabet, 0),
      positions_(blocks_, 0),
      column_(blocks_) {
  std::int32_t rows = 1;
  for (std::size_t i = 0; i < word.size(); ++i) {
    std::int32_t& row = row_of_symbol_[static_cast<std::size_t>(word[i])];
    if (row == 0) {
      row = rows++;
      positions_.resize(positions_.size() + blocks_, 0);
    }
    positions_[static_cast<std::size_t>(row) * blocks_ + i / word_bits] |= std::uint64_t{1}
                                                                           << (i % word_bits);
  }
}

std::int32_t WordPattern::distance_to(std::span<const std::int32_t> text) {
  auto score = static_cast<std::int32_t>(length_);
  if (length_ == 0) return static_cast<std::int32_t>(text.size());
  std::fill(column_.begin(), column_.end(), Block{~std::uint64_t{0}, 0});
  const auto last_bit = static_cast<unsigned>((length_ - 1) % word_bits);
  for (const std::int32_t symbol : text) {
    const std::uint64_t* positions =
        positions_.data() +
        static_cast<std::size_t>(row_of_symbol_[static_cast<std::size_t>(symbol)]) * blocks_;
    std::uint64_t rises = 1, falls = 0;  // the step of the row above the block, to the right
    for (std::size_t b = 0; b < blocks_; ++b) {
      const auto [up, down] = column_[b];
      const std::uint64_t match = positions[b] | falls;
      const std::uint64_t vertical = positions[b] | down;
      const std::uint64_t horizontal = (((match & up) + up) ^ up) | match;
      const std::uint64_t right_up = down | ~(horizontal | up);
      const std::uint64_t right_down = up & horizontal;
      const unsigned bottom = b + 1 == blocks_ ? last_bit : word_bits - 1;
      const std::uint64_t shifted_up = (right_up << 1) | rises;
      const std::uint64_t shifted_down = (right_down << 1) | falls;
      rises = (right_up >> bottom) & 1;
      falls = (right_down >> bottom) & 1;
      column_[b] = {shifted_down | ~(vertical | shifted_up), shifted_up & vertical};
    }
    score += static_cast<std::int32_t>(rises) - static_cast<std::int32_t>(falls);
  }
  return score;
}

std::int32_t levenshtein(std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
  std::vector<std::int32_t> row(b.size() + 1);  // distances of a prefix of a to all prefixes of b
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::int32_t diagonal = row[0];
    row[0] = static_cast<std::int32_t>(i) + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::int32_t above = row[j + 1];
      row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row.back();
}

Dissimilarity Dissimilarity::strings(std::span<const std::string> strings, bool normalised,
                                     const RawOptions& options) {
  return normalised ? word_distances<double>(strings, options)
                    : word_distances<std::int32_t>(strings, options);
}

}  // namespace xchg::kmedoids
