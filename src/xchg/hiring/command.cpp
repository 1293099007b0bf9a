// `xchg hiring`: arguments -> one call of the public API -> files.
#include "xchg/core/command/command.hpp"

#include "xchg/hiring/front/command_online.hpp"

namespace xchg::hiring {

void add_commands(CLI::App& engine, command::Session& session) {
  add_design(engine, session);
  add_verify(engine, session);
  add_audit(engine, session);
  add_show(engine, session);
  add_frontier(engine, session);
  add_estimate(engine, session);
  add_simulate(engine, session);
  add_learn(engine, session);
  add_generate(engine, session);
}

}  // namespace xchg::hiring
