#include "xchg/kmedoids/distributed.hpp"

#include <fmt/format.h>

#include <numeric>
#include <optional>

#include "xchg/core/error.hpp"
#include "xchg/core/parallel.hpp"
#include "xchg/kmedoids/assignment.hpp"
#include "xchg/kmedoids/block_sums.hpp"
#include "xchg/kmedoids/checks.hpp"
#include "xchg/kmedoids/dispatch.hpp"
#include "xchg/kmedoids/initial.hpp"
#include "xchg/kmedoids/own_state.hpp"
#include "xchg/kmedoids/swap_search.hpp"
#include "xchg/kmedoids/typed.hpp"

namespace xchg::kmedoids {
namespace {

void check_distributed(const Dissimilarity& data, const Options& options) {
  check_options(data, options);
  if (options.method != Method::FasterPAM)
    throw InputError(fmt::format("{} does not run distributed", name(options.method)), {}, "fasterpam");
  if (options.init == Init::Build || options.init == Init::ParkJun || options.init == Init::Bound)
    throw InputError(fmt::format("the start {} reads all dissimilarities", name(options.init)), {},
                     "random, lab, plusplus, first or given medoids in a distributed run");
  if (options.certify) throw InputError("a distributed run cannot certify", {}, "a run of one process");
}

// The search from one start. Every decision is taken from sums that all ranks have.
template <class T>
class Search {
 public:
  // Collective, as is run().
  Search(Communicator& communicator, const Problem<T>& problem, const std::vector<Index>& medoids,
         const SearchLimits& limits, Statistics& statistics, Progress& progress)
      : communicator_(communicator),
        problem_(problem),
        limits_(limits),
        statistics_(statistics),
        progress_(progress),
        blocks_(problem.n),
        share_(blocks_, communicator),
        evaluate_(evaluate_function(limits.isa)),
        slots_(medoids.size()) {
    renew([&] {
      state_.emplace(problem_, medoids, share_.begin, share_.end, limits_.threads);
      return std::int64_t{0};
    });
    statistics_.total_deviation_init = static_cast<double>(total_);
  }

  // True when no single swap improves TD.
  bool run(const std::vector<Index>& order) {
    if (static_cast<Index>(slots_) == problem_.n) return true;
    if (slots_ == 1) return limits_.max_rounds > 0 && best_single();
    while (!ended_ && statistics_.rounds < limits_.max_rounds) {
      begin_pass(statistics_, problem_.n, total_, progress_);
      for (Index position = 0; position < problem_.n && !ended_;) {
        position += visit_window(std::span(order).subspan(static_cast<std::size_t>(position)));
        progress_.update(static_cast<double>(position));
      }
    }
    return converged_;
  }

  const std::vector<Index>& medoids() const { return state_->medoids(); }
  Sum<T> total() const { return total_; }

 private:
  static constexpr std::size_t least_window = 4, largest_window = 64;

  static EvaluateRow<T> evaluate_function([[maybe_unused]] Isa isa) {
    return XCHG_KERNEL(isa, evaluate_row, T{});
  }
  Index begin(int block) const { return blocks_.begin(block); }
  Index end(int block) const { return blocks_.begin(block + 1); }
  std::size_t own_blocks() const { return static_cast<std::size_t>(share_.end_block - share_.first_block); }

  void end_search(bool converged) {
    ended_ = true;
    converged_ = converged;
  }

  // Changes the medoids by `change`, which returns of how many own objects it changed the nearest; then TD
  // and the own removal losses are summed afresh, so that rounding does not pile up. Returns how many objects
  // changed on all ranks.
  template <class Change>
  std::int64_t renew(const Change& change) {
    const GatheredSums<Sum<T>> all = gather_sums<Sum<T>>(communicator_, share_, 2, false, [&] {
      std::int64_t changed = change();
      removal_loss_.clear();
      std::vector<Sum<T>> sums;
      for (int block = share_.first_block; block < share_.end_block; ++block) {
        removal_loss_.push_back(state_->removal_loss(begin(block), end(block)));
        sums.push_back(state_->total_deviation(begin(block), end(block)));
        sums.push_back(static_cast<Sum<T>>(changed));
        changed = 0;  // counted
      }
      return sums;
    });
    total_ = all.sums[0];
    return static_cast<std::int64_t>(all.sums[1]);
  }

  // Calls use(i, row) for each candidate that is no medoid with the own part of its row.
  template <class Use>
  void for_each_row(std::span<const Index> candidates, const Use& use) const {
    const auto count = static_cast<Index>(candidates.size());
    const int threads = count * share_.size() >= limits_.parallel_work ? limits_.threads : 1;
    parallel_for(threads, count, 1, [&](Index from, Index to) {
      std::vector<T> buffer;
      for (auto i = static_cast<std::size_t>(from); i < static_cast<std::size_t>(to); ++i) {
        if (slots_ == 1 || !state_->is_medoid(candidates[i])) use(i, state_->row(candidates[i], buffer));
      }
    });
  }

  // Changes of TD by every candidate in every slot, (candidates, k).
  GatheredSums<Sum<T>> evaluate(std::span<const Index> candidates) const {
    const std::size_t count = candidates.size() * slots_;
    return gather_sums<Sum<T>>(communicator_, share_, count, limits_.out_of_time(progress_), [&] {
      std::vector<Sum<T>> sums(own_blocks() * count, 0);
      for_each_row(candidates, [&](std::size_t i, const T* row) {
        for (std::size_t b = 0; b < own_blocks(); ++b) {
          const int block = share_.first_block + static_cast<int>(b);
          Sum<T>* changes = sums.data() + b * count + i * slots_;
          std::copy(removal_loss_[b].begin(), removal_loss_[b].end(), changes);
          const Sum<T> shared =
              evaluate_(state_->view(begin(block), end(block)), row + (begin(block) - share_.begin), changes);
          for (std::size_t slot = 0; slot < slots_; ++slot) changes[slot] += shared;
        }
      });
      return sums;
    });
  }

  // Evaluates some of the candidates that are next and swaps in the first that improves TD. Returns how many
  // of them are done with.
  Index visit_window(std::span<const Index> next) {
    const auto left = static_cast<std::size_t>(problem_.n - quiet_);
    const std::span<const Index> window = next.first(std::min({window_, next.size(), left}));
    const GatheredSums<Sum<T>> all = evaluate(window);
    if (all.stop) {
      end_search(false);
      return 0;
    }
    for (std::size_t i = 0; i < window.size(); ++i) {
      if (state_->is_medoid(window[i])) continue;
      ++statistics_.evaluated;
      const auto first = all.sums.begin() + static_cast<std::ptrdiff_t>(i * slots_);
      const auto best = std::min_element(first, first + static_cast<std::ptrdiff_t>(slots_));
      if (!improves(*best, total_)) continue;
      window_ = std::clamp(2 * i, least_window, window_);
      swap(static_cast<int>(best - first), window[i]);
      return static_cast<Index>(i) + 1;
    }
    window_ = std::min(2 * window_, largest_window);
    quiet_ += static_cast<Index>(window.size());
    if (quiet_ == problem_.n) end_search(true);
    return static_cast<Index>(window.size());
  }

  void swap(int slot, Index candidate) {
    const Index removed = medoids()[static_cast<std::size_t>(slot)];
    const Sum<T> before = total_;
    const std::int64_t changed = renew([&] { return state_->swap(slot, candidate); });
    if (!(total_ < before)) {  // the gain was rounding: take it back
      renew([&] { return state_->swap(slot, removed); });
      return end_search(true);
    }
    quiet_ = 0;
    statistics_.objects_changed += changed;
    record_swap(total_, limits_, statistics_);
    progress_.note(fmt::format("TD {:.10g}", static_cast<double>(total_)));
  }

  // k = 1: the object with the least sum of dissimilarities. False when stopped.
  bool best_single() {
    begin_pass(statistics_, problem_.n, total_, progress_);
    Index best = -1;
    Sum<T> least = 0;
    std::vector<Index> candidates(largest_window);
    for (Index first = 0; first < problem_.n; first += static_cast<Index>(candidates.size())) {
      candidates.resize(std::min(largest_window, static_cast<std::size_t>(problem_.n - first)));
      std::iota(candidates.begin(), candidates.end(), first);
      const GatheredSums<Sum<T>> all = row_sums(candidates);
      if (all.stop) return false;
      const auto of_window = std::min_element(all.sums.begin(), all.sums.end());
      if (best < 0 || *of_window < least) {
        least = *of_window;
        best = first + (of_window - all.sums.begin());
      }
      progress_.update(static_cast<double>(first));
    }
    statistics_.evaluated = problem_.n;
    if (least < total_) swap(0, best);
    return true;
  }

  // TD with each of the candidates as the only medoid.
  GatheredSums<Sum<T>> row_sums(std::span<const Index> candidates) const {
    const std::size_t count = candidates.size();
    return gather_sums<Sum<T>>(communicator_, share_, count, limits_.out_of_time(progress_), [&] {
      std::vector<Sum<T>> sums(own_blocks() * count, 0);
      for_each_row(candidates, [&](std::size_t i, const T* row) {
        for (std::size_t b = 0; b < own_blocks(); ++b) {
          const int block = share_.first_block + static_cast<int>(b);
          for (Index o = begin(block); o < end(block); ++o)
            sums[b * count + i] += problem_.weight(o) * static_cast<Sum<T>>(row[o - share_.begin]);
        }
      });
      return sums;
    });
  }

  Communicator& communicator_;
  const Problem<T>& problem_;
  const SearchLimits& limits_;
  Statistics& statistics_;
  Progress& progress_;
  Blocks blocks_;
  Share share_;
  EvaluateRow<T> evaluate_;
  std::size_t slots_;
  std::optional<OwnState<T>> state_;
  std::vector<std::vector<Sum<T>>> removal_loss_;  // (own blocks, k)
  Sum<T> total_ = 0;
  std::size_t window_ = least_window;
  Index quiet_ = 0;  // candidates passed since the last swap
  bool ended_ = false, converged_ = false;
};

template <class T>
class Run {
 public:
  Run(Communicator& communicator, const Rows<T>& rows, const Dissimilarity& data, const Options& options,
      Progress& progress)
      : communicator_(communicator),
        options_(options),
        progress_(progress),
        problem_{rows, data.size(), typed_weights<T>(options.weights, data.size(), data.largest())},
        limits_(search_limits(options)) {}

  Result run() {
    const int starts = is_random(options_.init) || options_.shuffle ? options_.restarts : 1;
    int done = 0;
    for (; done < starts && !(done > 0 && any_rank(communicator_, limits_.out_of_time(progress_))); ++done)
      one_start(done);
    Result result =
        assign_together(communicator_, problem_, best_medoids_, options_.weights, limits_.threads);
    result.statistics = std::move(best_statistics_);
    result.statistics.restarts_done = done;
    result.converged = best_converged_ && done == starts;
    if (!result.converged && any_rank(communicator_, limits_.out_of_time(progress_)))
      result.stopped_by = any_rank(communicator_, progress_.cancelled()) ? "cancelled" : "the time limit";
    return result;
  }

 private:
  // Keeps it if it is the best.
  void one_start(int number) {
    Random random(options_.seed, static_cast<std::uint64_t>(number));
    std::vector<Index> start;
    exchange(communicator_, [&] {
      start = find_start(problem_, options_, random, limits_, progress_);
      return Bytes{};
    });
    std::vector<Index> order = options_.order;
    if (order.empty()) {
      order.resize(static_cast<std::size_t>(problem_.n));
      std::iota(order.begin(), order.end(), Index{0});
    }
    if (options_.shuffle) shuffle(std::span(order), random);
    Statistics statistics;
    statistics.isa = limits_.isa;
    statistics.best_start = number;
    Search<T> search(communicator_, problem_, start, limits_, statistics, progress_);
    const bool converged = search.run(order);
    if (best_medoids_.empty() || search.total() < best_total_) {
      best_total_ = search.total();
      best_medoids_ = search.medoids();
      best_statistics_ = std::move(statistics);
      best_converged_ = converged;
    }
  }

  Communicator& communicator_;
  const Options& options_;
  Progress& progress_;
  Problem<T> problem_;
  SearchLimits limits_;
  Sum<T> best_total_ = 0;
  std::vector<Index> best_medoids_;
  Statistics best_statistics_;
  bool best_converged_ = false;
};

}  // namespace

Result cluster_distributed(Communicator& communicator, const Dissimilarity& data, const Options& options,
                           Progress& progress) {
  check_distributed(data, options);
  return with_typed_rows(data, options.weights, [&]<class T>(const Rows<T>& rows) {
    return Run<T>(communicator, rows, data, options, progress).run();
  });
}

}  // namespace xchg::kmedoids
