// Candidate rows of a stretch of an order: where they lie, or made in memory that is used again and again.
#pragma once

#include <algorithm>
#include <vector>

#include "xchg/core/parallel.hpp"
#include "xchg/kmedoids/problem.hpp"

namespace xchg::kmedoids {

template <class T>
class RowBlock {
 public:
  // Without `making`, rows that do not lie in memory are made only when they are asked for.
  RowBlock(const Problem<T>& problem, bool making)
      : problem_(problem), making_(making && problem.rows.dense == nullptr) {}

  // Rows to make at a time: a few megabytes, but at least one for each thread.
  static Index rows_at_a_time(Index n, int threads) {
    constexpr Index bytes = Index{32} << 20, most = 64;
    const Index fitting = bytes / (n * static_cast<Index>(sizeof(T)));
    return std::max<Index>(threads, std::min(fitting, most));
  }

  // Makes the rows of candidates[i] where wanted(i); all others are made when they are asked for.
  template <class Wanted>
  void make(std::span<const Index> candidates, int threads, const Wanted& wanted) {
    candidates_ = candidates;
    if (!making_) return;
    made_.assign(candidates.size(), false);
    memory_.resize(candidates.size() * static_cast<std::size_t>(problem_.n));
    std::vector<Index> wanted_candidates;
    std::vector<T*> places;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (!wanted(static_cast<Index>(i))) continue;
      made_[i] = true;
      wanted_candidates.push_back(candidates[i]);
      places.push_back(memory_.data() + i * static_cast<std::size_t>(problem_.n));
    }
    constexpr Index together = 4;  // rows that points are made of at a time
    parallel_for(threads, static_cast<Index>(places.size()), together, [&](Index begin, Index end) {
      const auto first = static_cast<std::size_t>(begin), count = static_cast<std::size_t>(end - begin);
      problem_.rows.maker->fill_several(std::span<const Index>(wanted_candidates).subspan(first, count),
                                        problem_.n, places.data() + first);
    });
  }

  Index size() const { return static_cast<Index>(candidates_.size()); }
  Index candidate(Index i) const { return candidates_[static_cast<std::size_t>(i)]; }
  // The row of candidate(i). A row that was not made is made in `buffer`.
  const T* row(Index i, std::vector<T>& buffer) const {
    if (!making_ || !made_[static_cast<std::size_t>(i)]) return problem_.row(candidate(i), buffer);
    return memory_.data() + i * problem_.n;
  }

 private:
  const Problem<T>& problem_;
  bool making_;
  std::span<const Index> candidates_;
  std::vector<char> made_;
  std::vector<T> memory_;
};

}  // namespace xchg::kmedoids
