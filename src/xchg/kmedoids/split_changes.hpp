// The changes of TD by one candidate in all slots at once.
#pragma once

#include <algorithm>
#include <type_traits>
#include <vector>

#include "xchg/kmedoids/dispatch.hpp"
#include "xchg/kmedoids/state.hpp"

namespace xchg::kmedoids {

// R_i + A(x) + C_i(x) (evaluate.hpp), summed anew from the candidate's row.
template <class T>
class SplitChanges {
 public:
  SplitChanges(const Problem<T>& problem, State<T>& state, Isa isa)
      : problem_(problem), state_(state), evaluate_(evaluate_function(isa)) {}

  // Frees the removal losses of rounding.
  void begin() {
    if constexpr (!std::is_integral_v<T>) state_.recompute_removal_loss();
  }

  // (k); `buffer` is for rows that have to be made.
  void of(Index x, std::vector<Sum<T>>& changes, std::vector<T>& buffer) const {
    changes = state_.removal_loss();
    const Sum<T> shared = evaluate_(state_.view(), problem_.row(x, buffer), changes.data());
    for (Sum<T>& change : changes) change += shared;
  }

 private:
  static EvaluateRow<T> evaluate_function([[maybe_unused]] Isa isa) {
    return XCHG_KERNEL(isa, evaluate_row, T{});
  }

  const Problem<T>& problem_;
  State<T>& state_;
  EvaluateRow<T> evaluate_;
};

}  // namespace xchg::kmedoids
