#include "xchg/kmedoids/fastpam_tables.hpp"

#include <atomic>

#include "xchg/kmedoids/dispatch.hpp"
#include "xchg/kmedoids/transpose.hpp"

namespace xchg::kmedoids {
namespace {

constexpr int swaps_before_building_anew = 1000;
// Candidates whose terms are updated together, so that row pieces are long and tables stay in the cache.
constexpr Index piece = 2048;

// Whether d(o, x) = d(x, o) to the bit; a matrix may be declared symmetric with differences by rounding.
template <class T>
bool is_symmetric(const T* matrix, Index n, const SearchLimits& limits) {
  constexpr Index tile = 64;
  std::atomic<bool> same = true;
  const int threads = n * n >= limits.parallel_work ? limits.threads : 1;
  parallel_for(threads, (n + tile - 1) / tile, 1, [&](Index first, Index last) {
    for (Index i0 = first * tile; i0 < std::min(last * tile, n); i0 += tile) {
      for (Index j0 = i0; j0 < n && same.load(std::memory_order_relaxed); j0 += tile) {
        bool differs = false;
        for (Index i = i0; i < std::min(i0 + tile, n); ++i) {
          for (Index j = j0; j < std::min(j0 + tile, n); ++j)
            differs |= matrix[i * n + j] != matrix[j * n + i];
        }
        if (differs) same = false;
      }
    }
  });
  return same;
}

}  // namespace

template <class T>
std::unique_ptr<TabledChanges<T>> TabledChanges<T>::make(const Problem<T>& problem, State<T>& state,
                                                         const SearchLimits& limits, Progress& progress) {
  if (problem.rows.dense == nullptr) return nullptr;
  const auto n = static_cast<std::uint64_t>(problem.n), k = static_cast<std::uint64_t>(state.k());
  const std::uint64_t tables = (k + 1) * n * sizeof(Sum<T>);
  if (tables > limits.memory_budget_bytes) return nullptr;
  const bool symmetric = is_symmetric(problem.rows.dense, problem.n, limits);
  if (!symmetric && tables + n * n * sizeof(T) > limits.memory_budget_bytes) return nullptr;
  return std::unique_ptr<TabledChanges>(new TabledChanges(problem, state, limits, progress, symmetric));
}

template <class T>
TabledChanges<T>::TabledChanges(const Problem<T>& problem, State<T>& state, const SearchLimits& limits,
                                Progress& progress, bool symmetric)
    : problem_(problem),
      state_(state),
      limits_(limits),
      progress_(progress),
      evaluate_(XCHG_KERNEL(limits.isa, evaluate_row, T{})),
      replace_terms_(XCHG_KERNEL(limits.isa, replace_terms, T{})),
      least_sums_(XCHG_KERNEL(limits.isa, least_sums, Sum<T>{})),
      from_(problem.rows.dense) {
  if (symmetric) return;
  transposed_ =
      transposed(std::span<const T>(problem.rows.dense, static_cast<std::size_t>(problem.n * problem.n)),
                 problem.n, problem.n);
  from_ = transposed_.data();
}

template <class T>
bool TabledChanges<T>::least(std::vector<Sum<T>>& least) {
  if (!built_ && !build()) return false;
  if constexpr (!std::is_integral_v<T>) state_.recompute_removal_loss();
  const Index n = problem_.n, k = state_.k();
  least.resize(static_cast<std::size_t>(n));
  const int threads = n * k >= limits_.parallel_work ? limits_.threads : 1;
  parallel_for(threads, n, 1024, [&](Index begin, Index end) {
    least_sums_(state_.removal_loss().data(), correction_.data() + begin, k, n, end - begin,
                least.data() + begin);
    for (Index x = begin; x < end; ++x)
      least[static_cast<std::size_t>(x)] += shared_[static_cast<std::size_t>(x)];
  });
  return !limits_.out_of_time(progress_);
}

template <class T>
void TabledChanges<T>::of(Index x, std::vector<Sum<T>>& changes) {
  changes = state_.removal_loss();
  for (std::size_t slot = 0; slot < changes.size(); ++slot) {
    changes[slot] += correction_[slot * static_cast<std::size_t>(problem_.n) + static_cast<std::size_t>(x)];
    changes[slot] += shared_[static_cast<std::size_t>(x)];
  }
}

template <class T>
bool TabledChanges<T>::build() {
  const Index n = problem_.n;
  shared_.resize(static_cast<std::size_t>(n));
  correction_.resize(static_cast<std::size_t>(n * state_.k()));
  constexpr Index block = 8;  // a cache line of every row of C
  built_ =
      scan_candidates((n + block - 1) / block, block * n, limits_, progress_, [&](Index begin, Index end) {
        std::vector<Sum<T>> corrections;
        std::vector<T> buffer;
        for (Index start = begin * block; start < std::min(end * block, n); start += block)
          build_block(start, std::min(start + block, n), corrections, buffer);
      });
  swaps_ = 0;
  return built_;
}

template <class T>
void TabledChanges<T>::build_block(Index begin, Index end, std::vector<Sum<T>>& corrections,
                                   std::vector<T>& buffer) {
  const Index k = state_.k(), count = end - begin;
  corrections.assign(static_cast<std::size_t>(count * k), 0);
  for (Index x = begin; x < end; ++x) {
    shared_[static_cast<std::size_t>(x)] =
        evaluate_(state_.view(), problem_.row(x, buffer), corrections.data() + (x - begin) * k);
  }
  for (Index slot = 0; slot < k; ++slot) {
    Sum<T>* row = correction_.data() + slot * problem_.n + begin;
    for (Index x = 0; x < count; ++x) row[x] = corrections[static_cast<std::size_t>(x * k + slot)];
  }
}

template <class T>
void TabledChanges<T>::after_swap(std::span<const Before<T>> before) {
  const Index n = problem_.n;
  const auto changed = static_cast<Index>(before.size());
  ++swaps_;
  if (2 * changed > n || (!std::is_integral_v<T> && swaps_ >= swaps_before_building_anew)) {
    built_ = false;
    return;
  }
  const int threads = changed * n >= limits_.parallel_work ? limits_.threads : 1;
  parallel_for(threads, n, piece, [&](Index begin, Index end) {
    for (std::size_t i = 0; i < before.size(); ++i) {
      const Index next = before[std::min(i + 1, before.size() - 1)].object;
      update(before[i], from_ + next * n, begin, end);
    }
  });
}

// Rows lie far from each other, and hardware does not know which comes next: it is fetched meanwhile.
template <class T>
void TabledChanges<T>::update(const Before<T>& before, const T* next_row, Index begin, Index end) {
  const auto o = static_cast<std::size_t>(before.object);
  const Sum<T> weight = problem_.weight(before.object);
  const Terms<Sum<T>> old_terms{weight, before.d1, before.d2},
      new_terms{weight, state_.d1()[o], state_.d2()[o]};
  const T* row = from_ + before.object * problem_.n;
  Sum<T>* old_row = correction_.data() + before.near * problem_.n;
  Sum<T>* new_row = correction_.data() + state_.nearest()[o] * problem_.n;
  constexpr Index block = 512, line = 64 / sizeof(T);
  for (Index x = begin; x < end; x += block) {
    const Index count = std::min(block, end - x);
    for (Index ahead = 0; ahead < count; ahead += line) __builtin_prefetch(next_row + x + ahead);
    replace_terms_(row + x, count, old_terms, new_terms, shared_.data() + x, old_row + x, new_row + x);
  }
}

template <class T>
bool TabledChanges<T>::renew() {
  if (std::is_integral_v<T> || swaps_ == 0) return false;
  built_ = false;
  return true;
}

#define XCHG_INSTANTIATE(T) template class TabledChanges<T>;
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
