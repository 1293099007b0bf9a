#include "xchg/dag/order/exact.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <new>

#include "xchg/core/error.hpp"
#include "xchg/core/parallel.hpp"
#include "xchg/dag/order/conditional.hpp"
#include "xchg/dag/order/exact_walk.hpp"
#include "xchg/dag/order/remaining_bound.hpp"
#include "xchg/dag/order/sets.hpp"

namespace xchg::dag {
namespace {

auto walk_function([[maybe_unused]] Isa isa) {
#if defined(__x86_64__)
  if (isa == Isa::Avx512) return &walk_sets_avx512;
  if (isa == Isa::Avx2) return &walk_sets_avx2;
#endif
  return &walk_sets_scalar;
}

// S with independent nodes of unit variance behind, so that there are three at least.
std::vector<double> padded(const Matrix& s, std::size_t size) {
  std::vector<double> out(size * size);
  for (std::size_t i = 0; i < size; ++i) {
    out[i * size + i] = 1;
    for (std::size_t j = 0; j < s.columns && i < s.rows; ++j) out[i * size + j] = s(i, j);
  }
  return out;
}

std::unique_ptr<double[]> table(std::size_t nodes, bool filled) {
  const std::size_t size = std::size_t{1} << nodes;
  try {
    auto out = std::make_unique_for_overwrite<double[]>(size);
    if (filled) std::fill_n(out.get(), size, std::numeric_limits<double>::infinity());
    return out;
  } catch (const std::bad_alloc&) {
    throw LimitError("the exact search keeps a number for each set of the " + std::to_string(nodes) +
                         " nodes and could not get the memory",
                     "use branch-and-bound or another method");
  }
}

// All sets, by how many of the `top` last nodes they have: tasks of one number do not need each other.
// Returns the number of sets, or -1 when it was stopped.
std::int64_t walk_all(ExactWalk walk, const ExactOptions& options, const Deadline& deadline,
                      Progress& progress) {
  const auto function = walk_function(resolve_isa(options.isa));
  const std::size_t tasks = std::size_t{1} << walk.top;
  std::vector<std::vector<NodeSet>> layers(static_cast<std::size_t>(walk.top) + 1);
  for (NodeSet task = 0; task < tasks; ++task) {
    layers[static_cast<std::size_t>(std::popcount(task))].push_back(task);
  }
  std::vector<std::int64_t> counts(tasks);
  progress.begin("exact order", std::ldexp(1.0, walk.nodes), "sets");
  double done = 0;
  for (const std::vector<NodeSet>& layer : layers) {
    parallel_for(options.threads, static_cast<std::int64_t>(layer.size()), 1,
                 [&](std::int64_t begin, std::int64_t end) {
                   std::vector<double> workspace(ExactWalk::workspace_size(walk.nodes));
                   ExactWalk mine = walk;
                   mine.workspace = workspace.data();
                   for (std::int64_t i = begin; i < end && !deadline.stop(); ++i) {
                     const NodeSet task = layer[static_cast<std::size_t>(i)];
                     counts[task] = function(mine, task << (walk.nodes - walk.top));
                   }
                 });
    if (deadline.stop()) return -1;
    done += std::ldexp(static_cast<double>(layer.size()), walk.nodes - walk.top);
    progress.update(done);
  }
  std::int64_t sets = 0;
  for (const std::int64_t count : counts) sets += count;
  return sets;
}

}  // namespace

ExactResult exact_order(const Gram& gram, const Constraints& constraints, const ExactOptions& options,
                        Progress& progress) {
  const std::size_t d = gram.nodes();
  require_table(d, options);
  if (d > ExactWalk::most_nodes) {
    throw LimitError("the exact search takes at most " + std::to_string(ExactWalk::most_nodes) + " nodes",
                     "use branch-and-bound or another method");
  }
  const Deadline deadline(progress, options.time_limit_seconds);
  const std::size_t size = std::max<std::size_t>(d, 3);
  const std::vector<double> s = padded(gram.s, size);
  std::vector<NodeSet> predecessors = predecessor_sets(constraints);
  predecessors.resize(size);
  const auto best = table(size, !constraints.free_order());

  ExactWalk walk;
  walk.nodes = static_cast<int>(size);
  walk.top = std::clamp(walk.nodes - 10, 0, 10);
  walk.s = s.data();
  walk.predecessors = constraints.free_order() ? nullptr : predecessors.data();
  walk.best = best.get();
  ExactResult result;
  result.sets = walk_all(walk, options, deadline, progress);
  if (result.sets < 0) {
    result.sets = 0;
    result.order = options.incumbent;
    if (!result.order.empty()) result.score = least_squares_of_order(gram.s, result.order);
    const auto count = static_cast<double>(d);
    result.lower_bound = count / 2 * std::exp(log_determinant(gram.s) / count);
    result.stopped_by = deadline.reason();
    return result;
  }
  result.sets >>= size - d;
  result.order = order_of_table(best.get(), successor_sets(constraints), [&gram](int node, NodeSet before) {
    return 0.5 * residual_variance(gram.s, node, nodes_of(before));
  });
  result.score = least_squares_of_order(gram.s, result.order);
  result.lower_bound = result.score;
  result.proven = true;
  return result;
}

}  // namespace xchg::dag
