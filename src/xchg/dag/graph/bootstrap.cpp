#include "xchg/dag/graph/bootstrap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "xchg/core/error.hpp"
#include "xchg/core/parallel.hpp"
#include "xchg/core/random.hpp"
#include "xchg/core/threads.hpp"
#include "xchg/dag/learn/plain.hpp"
#include "xchg/dag/learn/silent.hpp"

namespace xchg::dag {
namespace {

constexpr std::uint64_t first_stream = std::uint64_t{1} << 32;  // apart from those of the search

// What one resample gave.
struct Resample {
  enum class Outcome { Open, Done, Unusable };
  Outcome outcome = Outcome::Open;
  std::vector<int> order;
  std::vector<Edge> edges;
};

// As many rows as there are, drawn with replacement, in their order.
Data resampled(const Data& data, Random& random) {
  const std::size_t n = data.rows();
  std::vector<std::uint32_t> count(n);
  for (std::size_t draw = 0; draw < n; ++draw) ++count[random.below(n)];
  Data result;
  result.names = data.names;
  result.regimes = data.regimes;
  result.x = Matrix(n, data.nodes());
  std::size_t next = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = data.x.row(i);
    for (std::uint32_t copy = 0; copy < count[i]; ++copy) {
      std::copy(row.begin(), row.end(), result.x.row(next++).begin());
      if (!data.regime.empty()) result.regime.push_back(data.regime[i]);
    }
  }
  return result;
}

// The options of one resample's search: from an order of its own, so that what depends on the start shows.
Options options_of_resample(const Options& options, Random& random) {
  Options own = options;
  own.bootstrap = 0;
  own.truth = Matrix();
  own.threads = 1;
  own.seed = random();
  if (options.method != Method::Exact) own.start = Start::Random;
  return own;
}

Resample learn_resample(const Data& data, const GramOptions& gram_options, const Options& options,
                        std::size_t number, Progress& progress) {
  Random random(options.seed, first_stream + number);
  Resample resample;
  try {
    const Options own = options_of_resample(options, random);
    const Data drawn = resampled(data, random);
    const Result found = learn_graph(gram(drawn, gram_options), &drawn, own, progress);
    if (found.status == Status::Interrupted) return resample;
    resample.order = found.order;
    for (std::size_t i = 0; i < data.nodes(); ++i) {
      for (std::size_t j = 0; j < data.nodes(); ++j) {
        if (found.w(i, j) != 0) resample.edges.push_back({static_cast<int>(i), static_cast<int>(j)});
      }
    }
    resample.outcome = Resample::Outcome::Done;
  } catch (const InputError&) {  // a column that is constant among the rows drawn, or depends on others
    resample.outcome = Resample::Outcome::Unusable;
  } catch (const NumericError&) {
    resample.outcome = Resample::Outcome::Unusable;
  } catch (const CancelledError&) {
  }
  return resample;
}

// What the resamples gave, added up as they come: whole numbers, so that their order does not matter.
class Tally {
 public:
  explicit Tally(std::size_t nodes) : edges_(nodes, nodes), precedence_(nodes, nodes) {}

  void add(const Resample& resample) {
    const std::scoped_lock lock(mutex_);
    if (resample.outcome == Resample::Outcome::Unusable) ++unusable_;
    if (resample.outcome != Resample::Outcome::Done) return;
    ++done_;
    for (const Edge& edge : resample.edges)
      edges_(static_cast<std::size_t>(edge.from), static_cast<std::size_t>(edge.to)) += 1;
    for (std::size_t a = 0; a < resample.order.size(); ++a) {
      for (std::size_t b = a + 1; b < resample.order.size(); ++b)
        precedence_(static_cast<std::size_t>(resample.order[a]),
                    static_cast<std::size_t>(resample.order[b])) += 1;
    }
  }

  // After the last add().
  void give(Result& result) const {
    result.resamples = done_;
    result.frequency = edges_;
    result.precedence = precedence_;
    const double total = std::max(1, done_);
    for (double& value : result.frequency.values) value /= total;
    for (double& value : result.precedence.values) value /= total;
  }
  int unusable() const { return unusable_; }

 private:
  std::mutex mutex_;
  Matrix edges_, precedence_;
  int done_ = 0, unusable_ = 0;
};

}  // namespace

void bootstrap(Result& result, const Data& data, const GramOptions& gram_options, const Options& options,
               Progress& progress) {
  Tally tally(data.nodes());
  Silent silent(progress, options.time_limit_seconds);
  const auto caller = std::this_thread::get_id();
  std::atomic<std::int64_t> done = 0;
  progress.begin("resampling", options.bootstrap, "resamples");
  parallel_for(resolve_threads(options.threads), options.bootstrap, 1, [&](std::int64_t begin, std::int64_t) {
    if (silent.cancelled()) return;
    const auto number = static_cast<std::size_t>(begin);
    GramOptions own = gram_options;
    own.threads = 1;
    tally.add(learn_resample(data, own, options, number, silent));
    ++done;
    if (std::this_thread::get_id() == caller) progress.update(static_cast<double>(done));
  });
  tally.give(result);
  const int unusable = tally.unusable();
  if (unusable > 0) {
    result.warnings.push_back(fmt::format(
        "{} of {} resamples were left out: among the rows drawn a column is constant or depends on others",
        unusable, options.bootstrap));
  }
  const auto stopped = options.bootstrap - result.resamples - unusable;
  if (stopped > 0)
    result.warnings.push_back(fmt::format("{} of {} resamples were not done", stopped, options.bootstrap));
}

}  // namespace xchg::dag
