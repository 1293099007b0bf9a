#include "xchg/tour/tour.hpp"

namespace xchg::tour {

void add_command(CLI::App& root, command::Session& session, const std::vector<cli::Chapter>&) {
  CLI::App* app = root.add_subcommand("tour", "Run every engine on real input and write one HTML report");
  session.on(app, []() -> ExitCode { return ExitCode::Success; });
}

}  // namespace xchg::tour
