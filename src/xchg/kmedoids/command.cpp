// `xchg kmedoids`: arguments -> one call of the public API -> files.
#include "xchg/core/command/command.hpp"

#include "xchg/kmedoids/command_data.hpp"

namespace xchg::kmedoids {

void add_commands(CLI::App& engine, command::Session& session) {
  add_cluster(engine, session);
  add_path(engine, session);
  add_predict(engine, session);
  add_verify(engine, session);
}

}  // namespace xchg::kmedoids
