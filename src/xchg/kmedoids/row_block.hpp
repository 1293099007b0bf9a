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
  explicit RowBlock(const Problem<T>& problem) : problem_(problem) {}

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
    if (problem_.rows.dense != nullptr) return;
    made_.assign(candidates.size(), false);
    memory_.resize(candidates.size() * static_cast<std::size_t>(problem_.n));
    for (std::size_t i = 0; i < candidates.size(); ++i) made_[i] = wanted(static_cast<Index>(i));
    parallel_for(threads, static_cast<Index>(candidates.size()), 1, [&](Index begin, Index end) {
      for (Index i = begin; i < end; ++i) {
        if (made_[static_cast<std::size_t>(i)]) fill(i);
      }
    });
  }

  Index size() const { return static_cast<Index>(candidates_.size()); }
  Index candidate(Index i) const { return candidates_[static_cast<std::size_t>(i)]; }
  // The row of candidate(i). A row that was not made is made in `buffer`.
  const T* row(Index i, std::vector<T>& buffer) const {
    if (problem_.rows.dense != nullptr || !made_[static_cast<std::size_t>(i)])
      return problem_.row(candidate(i), buffer);
    return memory_.data() + i * problem_.n;
  }

 private:
  void fill(Index i) {
    problem_.rows.maker->fill(candidate(i), 0, problem_.n, memory_.data() + i * problem_.n);
  }

  const Problem<T>& problem_;
  std::span<const Index> candidates_;
  std::vector<char> made_;
  std::vector<T> memory_;
};

}  // namespace xchg::kmedoids
