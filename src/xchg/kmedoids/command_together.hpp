// Clustering by several processes: --shards and --distributed.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "xchg/core/command/command.hpp"
#include "xchg/kmedoids/command_output.hpp"
#include "xchg/kmedoids/communicator.hpp"

namespace xchg::kmedoids {

struct TogetherArguments {
  int shards = 0;  // 0: not asked for
  int repetitions = 1;
  bool distributed = false;
  bool asked_for() const { return shards != 0 || distributed; }
};
// Adds --shards, --repetitions and --distributed to a verb that has --resume and --k-range.
void add_together_options(CLI::App& verb, TogetherArguments& together);

// Reads the data and says what is to be done; called on every rank.
struct TogetherTask {
  Input input;
  Clustering clustering;  // its options
};

// Clusters with all processes of the MPI job, or with this one where the program is built without MPI. The
// first of them prints and writes. An error of one ends all, and the first one throws it.
ExitCode run_together(const TogetherArguments& together, const std::string& input_name,
                      const OutputArguments& output, const std::function<TogetherTask()>& task,
                      command::Session& session);

}  // namespace xchg::kmedoids
