#include "xchg/kmedoids/sharded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "xchg/core/error.hpp"
#include "xchg/core/random.hpp"
#include "xchg/kmedoids/assignment.hpp"
#include "xchg/kmedoids/checks.hpp"
#include "xchg/kmedoids/message.hpp"
#include "xchg/kmedoids/search.hpp"
#include "xchg/kmedoids/subset.hpp"
#include "xchg/kmedoids/swap_search.hpp"
#include "xchg/kmedoids/typed.hpp"

namespace xchg::kmedoids {
namespace {

constexpr std::uint64_t default_matrix_bytes = std::uint64_t{1} << 30;

void check_sharded(const Dissimilarity& data, const Options& options, const ShardOptions& shard_options) {
  check_options(data, options);
  if (options.method != Method::FasterPAM && options.method != Method::FasterCLARA)
    throw InputError(fmt::format("{} does not search shards", name(options.method)), {},
                     "fasterpam or fasterclara");
  if (options.init == Init::Given || !options.order.empty())
    throw InputError("a shard has neither given medoids nor an order", {}, "another start");
  if (options.certify) throw InputError("a sharded run cannot certify", {}, "a run without shards");
  if (shard_options.shards < 1 || data.size() / shard_options.shards < options.k)
    throw InputError(
        fmt::format("{} shards of {} objects", shard_options.shards, data.size()), {},
        fmt::format("1 to {}, so that each has at least k = {} objects", data.size() / options.k, options.k));
  if (shard_options.repetitions < 1)
    throw InputError(fmt::format("repetitions is {}", shard_options.repetitions), {}, "1 or more");
  if (shard_options.done) check_given_medoids(shard_options.done->medoids, options.k, data.size());
}

// Some objects and their weights, empty where all are 1.
struct Part {
  std::vector<Index> objects;
  std::vector<double> weights;
};

// The medoids of a part, each with the weight of its cluster.
struct PartMedoids {
  Part medoids;
  std::int64_t evaluated = 0;
};

class Shards {
 public:
  Shards(const Dissimilarity& data, const Options& options, int count, const SearchLimits& limits,
         Progress& progress)
      : data_(data), options_(options), count_(count), limits_(limits), progress_(progress) {}

  // The shards of a repetition that are searched by a rank of `size`: their medoids, one after the other.
  PartMedoids search(int repetition, int rank, int size) const {
    const Index n = data_.size();
    std::vector<Index> permutation(static_cast<std::size_t>(n));
    std::iota(permutation.begin(), permutation.end(), Index{0});
    Random random(options_.seed, static_cast<std::uint64_t>(repetition));
    shuffle(std::span(permutation), random);
    PartMedoids all;
    for (int shard = rank; shard < count_; shard += size) {
      Part part;
      part.objects.assign(permutation.begin() + n * shard / count_,
                          permutation.begin() + n * (shard + 1) / count_);
      std::sort(part.objects.begin(), part.objects.end());
      if (!options_.weights.empty()) {
        for (const Index o : part.objects)
          part.weights.push_back(options_.weights[static_cast<std::size_t>(o)]);
      }
      const PartMedoids found = search(part, repetition, shard);
      append(all.medoids.objects, found.medoids.objects);
      append(all.medoids.weights, found.medoids.weights);
      all.evaluated += found.evaluated;
    }
    return all;
  }

  // The medoids of the medoids of all shards.
  PartMedoids merge(const Part& medoids, int repetition) const { return search(medoids, repetition, count_); }

 private:
  template <class T>
  static void append(std::vector<T>& values, const std::vector<T>& more) {
    values.insert(values.end(), more.begin(), more.end());
  }

  PartMedoids search(const Part& part, int repetition, int number) const {
    const std::uint64_t budget =
        options_.memory_budget_bytes != 0 ? options_.memory_budget_bytes : default_matrix_bytes;
    const Dissimilarity data = subset(data_, part.objects).kept(Matrix::Auto, budget, options_.threads);
    Options options = options_;
    const bool weighted =
        std::any_of(part.weights.begin(), part.weights.end(), [](double w) { return w > 0; });
    options.weights = weighted ? std::span<const double>(part.weights) : std::span<const double>{};
    options.seed = seed(repetition, number);
    options.time_limit_seconds = seconds_left();
    if (!data.dense()) options.method = Method::FasterCLARA;
    const Result result = cluster(data, options, progress_);
    PartMedoids found;
    found.evaluated = result.statistics.evaluated;
    for (const Index medoid : result.medoids)
      found.medoids.objects.push_back(part.objects[static_cast<std::size_t>(medoid)]);
    found.medoids.weights.assign(result.medoids.size(), 0);
    for (std::size_t o = 0; o < result.labels.size(); ++o) {
      found.medoids.weights[static_cast<std::size_t>(result.labels[o])] +=
          part.weights.empty() ? 1 : part.weights[o];
    }
    return found;
  }

  // Streams of this kind do not meet those of the permutations.
  std::uint64_t seed(int repetition, int number) const {
    const std::uint64_t first = std::uint64_t{1} << 63;
    const auto searches = static_cast<std::uint64_t>(count_) + 1;
    return Random(options_.seed, first + static_cast<std::uint64_t>(repetition) * searches +
                                     static_cast<std::uint64_t>(number))();
  }

  double seconds_left() const {
    constexpr double least = 1e-3;
    if (limits_.deadline == std::chrono::steady_clock::time_point::max()) return options_.time_limit_seconds;
    const std::chrono::duration<double> left = limits_.deadline - std::chrono::steady_clock::now();
    return std::max(left.count(), least);
  }

  const Dissimilarity& data_;
  const Options& options_;
  int count_;
  const SearchLimits& limits_;
  Progress& progress_;
};

template <class T>
class Run {
 public:
  Run(Communicator& communicator, const Rows<T>& rows, const Dissimilarity& data, const Options& options,
      const ShardOptions& shard_options, Progress& progress)
      : communicator_(communicator),
        options_(options),
        shard_options_(shard_options),
        progress_(progress),
        problem_{rows, data.size(), typed_weights<T>(options.weights, data.size(), data.largest())},
        limits_(search_limits(options)),
        shards_(data, options, shard_options.shards, limits_, progress) {}

  Result run() {
    if (shard_options_.done) {
      best_ = assign(shard_options_.done->medoids);
      best_->statistics = shard_options_.done->statistics;
    }
    int number = best_ ? best_->statistics.restarts_done : 0;
    const int all = std::max(number, shard_options_.repetitions);
    bool stopped = false;
    for (; number < all && !stopped; ++number) {
      progress_.begin(fmt::format("repetition {}", number + 1), shard_options_.shards, "shards");
      stopped = repeat(number);
    }
    best_->converged = !stopped;
    if (stopped)
      best_->stopped_by = any_rank(communicator_, progress_.cancelled()) ? "cancelled" : "the time limit";
    best_->statistics.isa = limits_.isa;
    return *std::move(best_);
  }

 private:
  Result assign(const std::vector<Index>& medoids) {
    Result result = assign_together(communicator_, problem_, medoids, options_.weights, limits_.threads);
    result.method = Method::FasterCLARA;
    return result;
  }

  // True when the search is to stop. A repetition that was stopped counts only where there is no other.
  bool repeat(int number) {
    PartMedoids medoids = gather_medoids(number);
    PartMedoids merged = merge(medoids.medoids, number);
    const bool stopped = any_rank(communicator_, limits_.out_of_time(progress_));
    if (stopped && best_) return true;
    Result found = assign(merged.medoids.objects);
    found.statistics.evaluated = medoids.evaluated + merged.evaluated;
    keep_best(std::move(found), stopped ? number : number + 1);
    from_first(communicator_, [&] {
      if (shard_options_.after_repetition) shard_options_.after_repetition(*best_);
      return Bytes{};
    });
    return stopped;
  }

  // Of all shards, in the order of the ranks that searched them, which is put right below.
  PartMedoids gather_medoids(int number) {
    const auto k = static_cast<std::size_t>(options_.k);
    const std::vector<Bytes> messages = exchange(communicator_, [&] {
      const PartMedoids own = shards_.search(number, communicator_.rank(), communicator_.size());
      MessageWriter message;
      message.add(own.evaluated);
      message.add(own.medoids.objects.size());
      message.add_all(std::span(own.medoids.objects));
      message.add_all(std::span(own.medoids.weights));
      return message.take();
    });
    PartMedoids all;
    const std::size_t count = k * static_cast<std::size_t>(shard_options_.shards);
    all.medoids.objects.resize(count);
    all.medoids.weights.resize(count);
    for (std::size_t rank = 0; rank < messages.size(); ++rank) {
      MessageReader reader(messages[rank]);
      all.evaluated += reader.next<std::int64_t>();
      const auto own = reader.next<std::size_t>();
      const auto objects = reader.next<Index>(own);
      const auto weights = reader.next<double>(own);
      for (std::size_t i = 0; i < own; ++i) {
        const std::size_t shard = rank + i / k * messages.size();
        all.medoids.objects[shard * k + i % k] = objects[i];
        all.medoids.weights[shard * k + i % k] = weights[i];
      }
    }
    return all;
  }

  // On one rank, since clocks of several could come to different results.
  PartMedoids merge(const Part& medoids, int number) {
    const Bytes message = from_first(communicator_, [&] {
      const PartMedoids merged = shards_.merge(medoids, number);
      MessageWriter writer;
      writer.add(merged.evaluated);
      writer.add_all(std::span(merged.medoids.objects));
      return writer.take();
    });
    MessageReader reader(message);
    PartMedoids merged;
    merged.evaluated = reader.next<std::int64_t>();
    merged.medoids.objects = reader.rest<Index>();
    return merged;
  }

  void keep_best(Result found, int repetitions_done) {
    Statistics statistics = best_ ? best_->statistics : Statistics{};
    if (!best_) statistics.total_deviation_init = found.total_deviation;
    statistics.evaluated += found.statistics.evaluated;
    if (!best_ || found.total_deviation < best_->total_deviation) {
      if (best_) record_swap(found.total_deviation, limits_, statistics);
      statistics.best_start = static_cast<int>(statistics.rounds);
      best_ = std::move(found);
    }
    ++statistics.rounds;
    statistics.restarts_done = repetitions_done;
    best_->statistics = std::move(statistics);
    best_->converged = repetitions_done == shard_options_.repetitions;
    progress_.note(fmt::format("TD {:.10g}", best_->total_deviation));
  }

  Communicator& communicator_;
  const Options& options_;
  const ShardOptions& shard_options_;
  Progress& progress_;
  Problem<T> problem_;
  SearchLimits limits_;
  Shards shards_;
  std::optional<Result> best_;
};

}  // namespace

Result cluster_sharded(Communicator& communicator, const Dissimilarity& data, const Options& options,
                       const ShardOptions& shard_options, Progress& progress) {
  check_sharded(data, options, shard_options);
  return with_typed_rows(data, options.weights, [&]<class T>(const Rows<T>& rows) {
    return Run<T>(communicator, rows, data, options, shard_options, progress).run();
  });
}

}  // namespace xchg::kmedoids
