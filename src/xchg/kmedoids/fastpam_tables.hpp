// FastPAM1 with tables of all changes, which a swap alters only where objects changed: the exact PAM at
// little cost. After Resende & Werneck, "A fast swap-based local search procedure for location problems",
// Annals of Operations Research 150 (2007).
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "xchg/core/progress.hpp"
#include "xchg/kmedoids/swap_search.hpp"
#include "xchg/kmedoids/table_kernels.hpp"

namespace xchg::kmedoids {

// A(x) and C_i(x) of evaluate.hpp for all objects x and slots i, kept up to date: after a swap every object o
// whose nearest or second nearest medoid changed subtracts its old terms and adds its new ones, over all x
// for which there are any. Floating-point tables are built anew after 1000 swaps and before the search ends.
template <class T>
class TabledChanges : public SwapChanges<T> {
 public:
  // The tables of a state under `limits`, or null if they do not fit the memory budget or the rows do not lie
  // in memory. Terms over all x need d(o, .), which is row o of a symmetric matrix; of another one a
  // transposed copy is made.
  static std::unique_ptr<TabledChanges> make(const Problem<T>& problem, State<T>& state,
                                             const SearchLimits& limits, Progress& progress);

  bool least(std::vector<Sum<T>>& least) override;
  void of(Index x, std::vector<Sum<T>>& changes) override;
  void after_swap(std::span<const Before<T>> before) override;
  bool renew() override;

 private:
  TabledChanges(const Problem<T>& problem, State<T>& state, const SearchLimits& limits, Progress& progress,
                bool symmetric);

  bool build();
  void build_block(Index begin, Index end, std::vector<Sum<T>>& corrections, std::vector<T>& buffer);
  void update(const Before<T>& before, const T* next_row, Index begin, Index end);

  const Problem<T>& problem_;
  State<T>& state_;
  const SearchLimits& limits_;
  Progress& progress_;
  EvaluateRow<T> evaluate_;
  ReplaceTerms<T> replace_terms_;
  LeastSums<Sum<T>> least_sums_;
  std::vector<T> transposed_;
  const T* from_;                   // (n, n): row o holds d(o, .)
  std::vector<Sum<T>> shared_;      // (n): A
  std::vector<Sum<T>> correction_;  // (k, n): C
  bool built_ = false;
  int swaps_ = 0;  // since they were built
};

}  // namespace xchg::kmedoids
