#include "xchg/dag/graph/bootstrap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "xchg/core/error.hpp"
#include "xchg/core/parallel.hpp"
#include "xchg/core/random.hpp"
#include "xchg/core/threads.hpp"
#include "xchg/dag/learn/plain.hpp"

namespace xchg::dag {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t first_stream = std::uint64_t{1} << 32;  // apart from those of the search

// Stops the searches of all resamples, and says nothing of what they do.
class Silent final : public Progress {
 public:
  Silent(const Progress& outer, double seconds) : outer_(outer), seconds_(seconds), began_(Clock::now()) {}
  bool cancelled() const override {
    return outer_.cancelled() || std::chrono::duration<double>(Clock::now() - began_).count() > seconds_;
  }

 private:
  const Progress& outer_;
  double seconds_;
  Clock::time_point began_;
};

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

void count(const std::vector<Resample>& resamples, std::size_t nodes, Result& result) {
  result.resamples = 0;
  result.frequency = Matrix(nodes, nodes);
  result.precedence = Matrix(nodes, nodes);
  for (const Resample& resample : resamples) {
    if (resample.outcome != Resample::Outcome::Done) continue;
    ++result.resamples;
    for (const Edge& edge : resample.edges)
      result.frequency(static_cast<std::size_t>(edge.from), static_cast<std::size_t>(edge.to)) += 1;
    for (std::size_t a = 0; a < nodes; ++a) {
      for (std::size_t b = a + 1; b < nodes; ++b)
        result.precedence(static_cast<std::size_t>(resample.order[a]),
                          static_cast<std::size_t>(resample.order[b])) += 1;
    }
  }
  const double total = std::max(1, result.resamples);
  for (double& value : result.frequency.values) value /= total;
  for (double& value : result.precedence.values) value /= total;
}

}  // namespace

void bootstrap(Result& result, const Data& data, const GramOptions& gram_options, const Options& options,
               Progress& progress) {
  std::vector<Resample> resamples(static_cast<std::size_t>(options.bootstrap));
  Silent silent(progress, options.time_limit_seconds);
  const auto caller = std::this_thread::get_id();
  std::atomic<std::int64_t> done = 0;
  progress.begin("resampling", options.bootstrap, "resamples");
  parallel_for(resolve_threads(options.threads), options.bootstrap, 1, [&](std::int64_t begin, std::int64_t) {
    if (silent.cancelled()) return;
    const auto number = static_cast<std::size_t>(begin);
    GramOptions own = gram_options;
    own.threads = 1;
    resamples[number] = learn_resample(data, own, options, number, silent);
    ++done;
    if (std::this_thread::get_id() == caller) progress.update(static_cast<double>(done));
  });
  count(resamples, data.nodes(), result);
  const auto unusable = std::count_if(resamples.begin(), resamples.end(), [](const Resample& resample) {
    return resample.outcome == Resample::Outcome::Unusable;
  });
  if (unusable > 0) {
    result.warnings.push_back(fmt::format(
        "{} of {} resamples were left out: among the rows drawn a column is constant or depends on others",
        unusable, options.bootstrap));
  }
  const auto stopped = options.bootstrap - result.resamples - static_cast<int>(unusable);
  if (stopped > 0)
    result.warnings.push_back(fmt::format("{} of {} resamples were not done", stopped, options.bootstrap));
}

}  // namespace xchg::dag
