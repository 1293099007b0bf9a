// k-medoids of more objects than one matrix can hold: parts of them are clustered one by one, by several
// processes if there are, and their medoids are clustered.
#pragma once

#include <functional>
#include <optional>

#include "xchg/core/progress.hpp"
#include "xchg/kmedoids/communicator.hpp"
#include "xchg/kmedoids/kmedoids.hpp"

namespace xchg::kmedoids {

// How the objects are cut into shards.
struct ShardOptions {
  int shards = 0;       // parts of the objects, 1..n/k; must be set
  int repetitions = 1;  // with other parts; the best is kept
  // Goes on from this result of an earlier call with the same data and options: the best of
  // statistics.restarts_done repetitions. Medoids and statistics are read.
  std::optional<Result> done;
  // Told on rank 0, after every repetition, what would be the result if it were the last.
  std::function<void(const Result& best)> after_repetition;
};

// Each repetition permutes the objects and cuts them into shards of equal size. Each shard is searched by
// FasterPAM, or by FasterCLARA where that is the method or the matrix of the shard is over the memory budget
// (1 GiB unless the options say otherwise, whatever the machine has, since the result depends on it). The
// medoids of all shards, weighted by what belongs to them, are clustered in the same way, and all objects are
// assigned. Shard s is searched by rank s mod size; the result does not depend on the number of ranks to the
// bit. All ranks call it with the same data and options and get the same result; when one fails, all throw.
//
// Result::converged says that all repetitions were done; Result::method is FasterCLARA, since no search of
// parts ends swap-optimal. In the statistics a round is a repetition and a swap a change to better medoids.
// On cancel, and when the time limit is reached, returns the best of the whole repetitions, or what the first
// one led to. Throws InputError where a shard would have fewer than k objects, for methods other than
// FasterPAM and FasterCLARA, for given medoids, an order and Options::certify, and what cluster() throws.
Result cluster_sharded(Communicator& communicator, const Dissimilarity& data, const Options& options,
                       const ShardOptions& shard_options, Progress& progress = Progress::none());

}  // namespace xchg::kmedoids
