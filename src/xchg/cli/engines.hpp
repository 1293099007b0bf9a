// The engines and tour chapters in this build; the lists are written by CMake from the rooms.
#pragma once

#include <vector>

#include "xchg/core/command/command.hpp"
#include "xchg/core/report.hpp"

namespace xchg::cli {

struct Engine {
  const char* name;
  const char* summary;
  void (*add_commands)(CLI::App&, command::Session&);  // null: known, but not in this build
};
const std::vector<Engine>& engines();

struct Chapter {
  const char* engine;
  const char* summary;
  void (*add)(report::Chapter&);
};
const std::vector<Chapter>& chapters();

}  // namespace xchg::cli
