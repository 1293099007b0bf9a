// `xchg dag`: arguments -> one call of the public API -> files.
#include "xchg/core/command/command.hpp"

#include "xchg/dag/front/command_data.hpp"

namespace xchg::dag {

void add_commands(CLI::App& engine, command::Session& session) {
  add_learn(engine, session);
  add_explain(engine, session);
  add_score(engine, session);
  add_compare(engine, session);
  add_simulate(engine, session);
  add_verify(engine, session);
}

}  // namespace xchg::dag
