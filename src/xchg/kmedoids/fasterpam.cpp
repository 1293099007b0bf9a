#include "xchg/kmedoids/fasterpam.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <type_traits>

#include "xchg/core/parallel.hpp"
#include "xchg/kmedoids/dispatch.hpp"
#include "xchg/kmedoids/evaluate_stored.hpp"
#include "xchg/kmedoids/row_block.hpp"
#include "xchg/kmedoids/skip.hpp"
#include "xchg/kmedoids/thread_choice.hpp"

namespace xchg::kmedoids {
namespace {

// The removal losses are recomputed after so many candidates without a swap; only evaluations after that
// count towards convergence, so that drift by rounding cannot hide a swap.
constexpr Index settle_after = 32;
// A window never holds more pairs than this, so that cancelling does not take long.
constexpr Index largest_work = 1 << 25;

// The candidate's row as a few entries, which are looked at without making the row, where rows are of that
// kind.
template <class T>
std::optional<StoredEntries<T>> stored_entries(const Problem<T>& problem, Index candidate) {
  if (problem.rows.maker == nullptr) return std::nullopt;
  return problem.rows.maker->stored(candidate);
}

template <class T>
struct BestSwap {
  Sum<T> change = 0;
  int slot = -1;  // -1: not evaluated
};

// One search. Blocks of candidates are handed to it in their order, round after round.
template <class T>
class Member {
 public:
  Member(const Problem<T>& problem, State<T>& state, Statistics& statistics, const SearchLimits& limits)
      : problem_(problem),
        state_(state),
        statistics_(statistics),
        limits_(limits),
        evaluate_(evaluate_function(limits.isa)),
        total_(state.total_deviation()),
        skipping_(limits.skip ? problem.n : 0),
        skip_(limits.skip && state.k() > 1) {
    if (state.k() == problem.n) end(true);
    if (limits.max_rounds == 0) end(state.k() == problem.n);
  }

  bool ended() const { return ended_; }
  bool converged() const { return converged_; }
  double total() const { return static_cast<double>(total_); }

  // A round is a pass over all candidates.
  void begin_round() {
    if (statistics_.rounds == limits_.max_rounds) return end(false);
    skip_ = skip_ && worth_skipping();
    ++statistics_.rounds;
    if (!settled_) settle();
  }

  // Whether a candidate's row is needed as things stand.
  bool wants(Index candidate) const {
    return !ended_ && !state_.is_medoid(candidate) && !(skip_ && skipping_.excludes(candidate, total()));
  }

  // Goes through the candidates of a block. With `threads` > 1 windows of them are evaluated at once.
  // `progress` is told of swaps if it is given.
  void visit(const RowBlock<T>& block, int threads, Progress* progress, const Progress& canceller) {
    for (Index at = 0; at < block.size() && !ended_;) {
      at += visit_window(block, at, threads, progress);
      if (settled_ && quiet_ >= problem_.n) end(true);
      if (progress != nullptr && !ended_) {
        if (limits_.out_of_time(canceller)) return;
      }
    }
  }

 private:
  static EvaluateRow<T> evaluate_function([[maybe_unused]] Isa isa) {
    return XCHG_KERNEL(isa, evaluate_row, T{});
  }

  void end(bool converged) {
    ended_ = true;
    converged_ = converged;
  }

  // Bounds that exclude hardly anything cost more than they save. In the first two rounds, with many swaps,
  // they seldom do.
  bool worth_skipping() const {
    constexpr std::int64_t least_share = 50;
    return statistics_.rounds <= 2 || statistics_.skipped >= problem_.n / least_share;
  }

  // From here on the removal losses are exact, and only now positions begin to count towards convergence.
  void settle() {
    if constexpr (!std::is_integral_v<T>) state_.recompute_removal_loss();
    settled_ = true;
    quiet_ = 0;
  }

  // Evaluates candidates from `at` on up to the first improving one, which is swapped in, or to the end of
  // the window. Returns how many positions were passed.
  Index visit_window(const RowBlock<T>& block, Index at, int threads, Progress* progress) {
    const Index left = std::min(block.size() - at, settled_ ? problem_.n - quiet_ : settle_after - quiet_);
    const bool parallel = threads > 1 && std::min(window_, left) * problem_.n >= limits_.parallel_work &&
                          (!limits_.measure_threads || choice_.several());
    const Index window = std::min(left, parallel ? window_ : settle_after);
    const auto begun = std::chrono::steady_clock::now();
    const Index hit =
        parallel ? first_hit_parallel(block, at, window, threads) : first_hit_sequential(block, at, window);
    const Index passed = hit < 0 ? window : hit + 1;
    if (threads > 1) measure(parallel, passed, begun);
    if (hit < 0) {
      window_ = std::min(window_ * 2, std::max(settle_after, largest_work / problem_.n));
      quiet_ += window;
      if (!settled_ && quiet_ >= settle_after) settle();
    } else {
      window_ = std::max(settle_after, std::min(window_, 2 * hit));
      perform(block, at + hit, progress);
    }
    return passed;
  }

  void measure(bool parallel, Index passed, std::chrono::steady_clock::time_point begun) {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    if (parallel) {
      choice_.measured_several(static_cast<double>(passed), seconds);
    } else {
      choice_.measured_one(static_cast<double>(passed), seconds);
    }
  }

  struct Buffers {
    std::vector<Sum<T>> correction;
    std::vector<T> row;
  };

  BestSwap<T> evaluate(const RowBlock<T>& block, Index at, Buffers& buffers) const {
    buffers.correction = state_.removal_loss();
    const auto stored = stored_entries(problem_, block.candidate(at));
    const Sum<T> shared =
        stored ? evaluate_stored(state_.view(), block.candidate(at), *stored, buffers.correction.data())
               : evaluate_(state_.view(), block.row(at, buffers.row), buffers.correction.data());
    BestSwap<T> best;
    for (int slot = 0; slot < state_.k(); ++slot) {
      const Sum<T> change = buffers.correction[static_cast<std::size_t>(slot)] + shared;
      if (best.slot < 0 || change < best.change) best = {change, slot};
    }
    return best;
  }

  Index first_hit_sequential(const RowBlock<T>& block, Index at, Index window) {
    for (Index i = 0; i < window; ++i) {
      const Index candidate = block.candidate(at + i);
      if (!wants(candidate)) {
        count_unwanted(candidate);
        continue;
      }
      if (accept(evaluate(block, at + i, buffers_), candidate)) return i;
    }
    return -1;
  }

  Index first_hit_parallel(const RowBlock<T>& block, Index at, Index window, int threads) {
    std::vector<BestSwap<T>> found(static_cast<std::size_t>(window));
    const Index grain = std::max<Index>(1, window / (4 * threads));
    parallel_for(threads, window, grain, [&](Index begin, Index end) {
      Buffers buffers;
      for (Index i = begin; i < end; ++i) {
        if (wants(block.candidate(at + i)))
          found[static_cast<std::size_t>(i)] = evaluate(block, at + i, buffers);
      }
    });
    for (Index i = 0; i < window; ++i) {
      const Index candidate = block.candidate(at + i);
      const BestSwap<T>& swap = found[static_cast<std::size_t>(i)];
      if (swap.slot < 0) {
        count_unwanted(candidate);
      } else if (accept(swap, candidate)) {
        return i;
      }
    }
    return -1;
  }

  void count_unwanted(Index candidate) {
    if (!state_.is_medoid(candidate)) ++statistics_.skipped;
  }

  // Whether it improves TD; then it is the one to perform.
  bool accept(const BestSwap<T>& swap, Index candidate) {
    ++statistics_.evaluated;
    best_ = swap;
    if (improves(swap.change, total_)) return true;
    if (skip_) skipping_.remember(candidate, static_cast<double>(swap.change));
    return false;
  }

  void perform(const RowBlock<T>& block, Index at, Progress* progress) {
    const Index removed = state_.medoids()[static_cast<std::size_t>(best_.slot)];
    const bool bounded = skip_ && skipping_.any();
    const std::int64_t changed = state_.swap(best_.slot, block.candidate(at), block.row(at, buffers_.row),
                                             bounded ? &before_ : nullptr);
    const Sum<T> total = state_.total_deviation();
    if (!(total < total_)) {  // the gain was rounding: take it back
      state_.swap(best_.slot, removed);
      return end(true);
    }
    if (bounded) skipping_.lose(largest_drop());
    total_ = total;
    ++statistics_.swaps;
    statistics_.objects_changed += changed;
    statistics_.total_deviation_per_swap.push_back(static_cast<double>(total));
    statistics_.seconds_per_swap.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - limits_.started).count());
    quiet_ = 0;
    settled_ = std::is_integral_v<T>;
    if (progress != nullptr) progress->note(fmt::format("TD {:.10g}", static_cast<double>(total)));
  }

  // By how much the swap just done can have lowered the change of TD by any later one.
  double largest_drop() const {
    double sum = 0;
    for (const Before<T>& was : before_) {
      const auto o = static_cast<std::size_t>(was.object);
      const double drop = Skipping::largest_drop(
          {was.near, static_cast<double>(was.d1), static_cast<double>(was.d2)},
          {state_.nearest()[o], static_cast<double>(state_.d1()[o]), static_cast<double>(state_.d2()[o])});
      sum += drop * static_cast<double>(problem_.weight(was.object));
    }
    return sum;
  }

  const Problem<T>& problem_;
  State<T>& state_;
  Statistics& statistics_;
  const SearchLimits& limits_;
  EvaluateRow<T> evaluate_;
  Sum<T> total_;
  Skipping skipping_;
  bool skip_;
  BestSwap<T> best_;
  Buffers buffers_;
  std::vector<Before<T>> before_;
  Index quiet_ = 0;       // positions passed since the last swap or settling
  bool settled_ = false;  // the removal losses are exact
  Index window_ = settle_after;
  ThreadChoice choice_;
  bool ended_ = false, converged_ = false;
};

// All members go through the order together, block by block.
template <class T>
class Lockstep {
 public:
  Lockstep(const Problem<T>& problem, const std::vector<Index>& order, const SearchLimits& limits,
           Progress& progress)
      : problem_(problem),
        order_(order),
        limits_(limits),
        progress_(progress),
        block_(problem, !stored_entries(problem, 0)) {}

  void run(std::vector<Member<T>>& members) {
    while (any_left(members)) {
      ++rounds_;
      progress_.begin(fmt::format("round {}", rounds_), static_cast<double>(problem_.n), "candidates");
      for (Member<T>& member : members) {
        if (!member.ended()) member.begin_round();
      }
      tell_total(members);
      for (Index position = 0; position < problem_.n && any_left(members);) {
        const Index size = std::min(block_size(members), problem_.n - position);
        visit(members,
              std::span(order_).subspan(static_cast<std::size_t>(position), static_cast<std::size_t>(size)));
        position += size;
        if (limits_.out_of_time(progress_)) return;
        progress_.update(static_cast<double>(position));
      }
    }
  }

 private:
  static bool any_left(const std::vector<Member<T>>& members) {
    return std::any_of(members.begin(), members.end(),
                       [](const Member<T>& member) { return !member.ended(); });
  }

  void tell_total(const std::vector<Member<T>>& members) {
    double least = std::numeric_limits<double>::infinity();
    for (const Member<T>& member : members) least = std::min(least, member.total());
    progress_.note(fmt::format("TD {:.10g}", least));
  }

  // One member reads rows that lie in memory in windows of its own choice, as far as it likes.
  Index block_size(const std::vector<Member<T>>& members) const {
    const bool dense = problem_.rows.dense != nullptr;
    if (dense && members.size() == 1) return std::max<Index>(1024, largest_work / problem_.n);
    if (!dense) return RowBlock<T>::rows_at_a_time(problem_.n, limits_.threads);
    constexpr Index pairs = 1 << 20;  // rows of some megabytes; a piece of work for each thread
    return std::max<Index>(8, pairs / problem_.n);
  }

  void visit(std::vector<Member<T>>& members, std::span<const Index> candidates) {
    block_.make(candidates, limits_.threads, [&](Index i) {
      return std::any_of(members.begin(), members.end(), [&](const Member<T>& member) {
        return member.wants(candidates[static_cast<std::size_t>(i)]);
      });
    });
    if (members.size() == 1) return members.front().visit(block_, limits_.threads, &progress_, progress_);
    const auto count = static_cast<Index>(members.size());
    parallel_for(limits_.threads, count, (count + limits_.threads - 1) / limits_.threads,
                 [&](Index begin, Index end) {
                   for (Index m = begin; m < end; ++m)
                     members[static_cast<std::size_t>(m)].visit(block_, 1, nullptr, progress_);
                 });
    tell_total(members);
  }

  const Problem<T>& problem_;
  const std::vector<Index>& order_;
  const SearchLimits& limits_;
  Progress& progress_;
  RowBlock<T> block_;
  std::int64_t rounds_ = 0;
};

}  // namespace

template <class T>
bool fasterpam(const Problem<T>& problem, State<T>& state, const std::vector<Index>& order,
               const SearchLimits& limits, Statistics& statistics, Progress& progress) {
  std::vector<Member<T>> member;
  member.emplace_back(problem, state, statistics, limits);
  Lockstep<T>(problem, order, limits, progress).run(member);
  return member.front().converged();
}

template <class T>
void fasterpam_lockstep(const Problem<T>& problem, std::vector<EagerSearch<T>>& searches,
                        const std::vector<Index>& order, const SearchLimits& limits, Progress& progress) {
  std::vector<Member<T>> members;
  members.reserve(searches.size());
  for (EagerSearch<T>& search : searches)
    members.emplace_back(problem, search.state, search.statistics, limits);
  Lockstep<T>(problem, order, limits, progress).run(members);
  for (std::size_t i = 0; i < searches.size(); ++i) searches[i].converged = members[i].converged();
}

#define XCHG_INSTANTIATE(T)                                                                             \
  template bool fasterpam(const Problem<T>&, State<T>&, const std::vector<Index>&, const SearchLimits&, \
                          Statistics&, Progress&);                                                      \
  template void fasterpam_lockstep(const Problem<T>&, std::vector<EagerSearch<T>>&,                     \
                                   const std::vector<Index>&, const SearchLimits&, Progress&);
XCHG_KMEDOIDS_FOR_EACH_VALUE(XCHG_INSTANTIATE)

}  // namespace xchg::kmedoids
