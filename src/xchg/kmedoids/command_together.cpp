#include "xchg/kmedoids/command_together.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>

#include "xchg/core/file.hpp"
#include "xchg/core/json.hpp"
#include "xchg/kmedoids/distributed.hpp"
#include "xchg/kmedoids/result_file.hpp"
#include "xchg/kmedoids/sharded.hpp"
#ifdef XCHG_MPI
#include "xchg/kmedoids/mpi/mpi_communicator.hpp"
#endif

namespace xchg::kmedoids {
namespace {

using command::Session;
using nlohmann::ordered_json;

// MPI is initialised here, so only by calls that ask for it.
std::unique_ptr<Communicator> all_processes([[maybe_unused]] const TogetherArguments& together) {
#ifdef XCHG_MPI
  return std::make_unique<MpiCommunicator>();
#else
  if (together.distributed)
    throw InputError("this program was built without MPI, which --distributed needs", {},
                     "a build with -DXCHG_MPI=ON");
  return std::make_unique<SingleProcess>();
#endif
}

// An error that all ranks have is told by the first; the others end in peace, or mpirun would end the first
// one before it is done. Anything else is of one rank alone, for which the others would wait for ever.
ExitCode on_ranks(const TogetherArguments& together, Session& session,
                  const std::function<ExitCode(Communicator&)>& action) {
  const std::unique_ptr<Communicator> ranks = all_processes(together);
  if (ranks->rank() != 0) session.silence();
  try {
    return action(*ranks);
  } catch (const Error&) {
    if (ranks->rank() == 0) throw;
    return ExitCode::Success;
#ifdef XCHG_MPI
  } catch (const std::exception& error) {
    session.warn(fmt::format("process {} cannot go on: {}", ranks->rank(), error.what()));
    MpiCommunicator::abort(static_cast<int>(ExitCode::Numeric));
#endif
  }
}

// What of the options an earlier run must have had in common with this one.
ordered_json without_repetitions(ordered_json options) {
  options.erase("repetitions");
  return options;
}

// The result of an earlier call in the file of -o, or nothing where there is no such file. Read on the first
// rank, since the others may not see the file.
std::optional<Result> earlier_result(Communicator& ranks, const ordered_json& options, Session& session) {
  const std::string& path = session.common().output;
  const Bytes bytes = from_first(ranks, [&] {
    std::error_code unreadable;  // which reading tells better
    if (std::filesystem::status(path, unreadable).type() == std::filesystem::file_type::not_found)
      return Bytes{};
    const std::string text = file::read(path);
    const auto letters = std::as_bytes(std::span(text));
    return Bytes(letters.begin(), letters.end());
  });
  if (bytes.empty()) {
    session.tell(fmt::format("nothing to go on from: there is no {}", path));
    return std::nullopt;
  }
  const json::Value document = json::parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path);
  json::Reader file(document, path);
  json::Reader earlier = file.at("options");
  if (without_repetitions(earlier.value()) != without_repetitions(options))
    earlier.fail("these are not the options of this call", "the same options but for --repetitions");
  json::Reader seed = file.at("seed");
  if (seed.value() != session.common().seed)
    seed.fail("this is not the seed of this call", std::to_string(session.common().seed));
  Result earlier_best = read_repetitions(file);
  if (earlier_best.statistics.restarts_done == 0) return std::nullopt;  // the first one was stopped
  return earlier_best;
}

Result search_shards(Communicator& ranks, const TogetherArguments& together, const TogetherTask& task,
                     Session& session) {
  const std::string& path = session.common().output;
  const bool to_file = !path.empty() && path != "-";
  ShardOptions options{.shards = together.shards, .repetitions = together.repetitions};
  if (session.common().resume) {
    if (!to_file) throw InputError("--resume goes on from the file of -o, which is not given", {}, "-o FILE");
    options.done = earlier_result(ranks, task.clustering.options_json, session);
    if (options.done)
      session.tell(fmt::format("going on after repetition {}", options.done->statistics.restarts_done));
  }
  options.after_repetition = [&](const Result& best) {
    if (!to_file) return;
    Clustering so_far = task.clustering;
    so_far.result = best;
    session.write_result(clustering_json(task.input, so_far, session), path);
  };
  return cluster_sharded(ranks, task.input.data, task.clustering.options, options, session.progress());
}

}  // namespace

void add_together_options(CLI::App& verb, TogetherArguments& together) {
  CLI::Option* shards =
      verb.add_option(
              "--shards", together.shards,
              "Cluster so many parts of the objects by themselves, then their medoids; on all processes "
              "of an MPI job")
          ->check(CLI::PositiveNumber)
          ->type_name("S");
  verb.add_option("--repetitions", together.repetitions,
                  "Times that is done, with other parts; the best is kept, and in -o after each")
      ->check(CLI::PositiveNumber)
      ->needs(shards)
      ->capture_default_str();
  CLI::Option* distributed = verb.add_flag("--distributed", together.distributed,
                                           "Search all objects with all processes of an MPI job (fasterpam)");
  CLI::Option* range = verb.get_option("--k-range");
  shards->excludes(range);
  distributed->excludes(range)->excludes(shards);
  verb.get_option("--resume")
      ->needs(shards)
      ->description("Go on after the last repetition in the file of -o, if there is one");
}

ExitCode run_together(const TogetherArguments& together, const std::string& input_name,
                      const OutputArguments& output, const std::function<TogetherTask()>& task,
                      Session& session) {
  return on_ranks(together, session, [&](Communicator& ranks) {
    std::optional<TogetherTask> own;
    exchange(ranks, [&] {
      if (ranks.size() > 1 && input_name == "-")
        throw InputError("only one of several processes has a standard input", {},
                         "a file that all can read");
      own = task();
      return Bytes{};
    });
    Clustering& clustering = own->clustering;
    if (together.distributed) {
      clustering.options_json["distributed"] = true;
    } else {
      clustering.options_json.update({{"shards", together.shards}, {"repetitions", together.repetitions}});
      const std::uint64_t memory = session.common().memory_bytes;
      if (memory != 0) clustering.options_json["memory"] = memory;  // it chooses how shards are searched
    }
    const auto start = std::chrono::steady_clock::now();
    clustering.result = together.distributed ? cluster_distributed(ranks, own->input.data, clustering.options,
                                                                   session.progress())
                                             : search_shards(ranks, together, *own, session);
    clustering.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (ranks.rank() != 0) return ExitCode::Success;
    return write_clustering(own->input, input_name, clustering, output, session);
  });
}

}  // namespace xchg::kmedoids
