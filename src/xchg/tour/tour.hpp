// `xchg tour`: every finished engine on real input, one HTML report.
#pragma once

#include <vector>

#include "xchg/cli/engines.hpp"

namespace xchg::tour {

void add_command(CLI::App& root, command::Session& session, const std::vector<cli::Chapter>& chapters);

}  // namespace xchg::tour
