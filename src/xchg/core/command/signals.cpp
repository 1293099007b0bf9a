#include "xchg/core/command/signals.hpp"

#include <unistd.h>

#include <csignal>

#include "xchg/core/error.hpp"

namespace xchg::command {
namespace {

volatile std::sig_atomic_t received = 0;

extern "C" void on_signal(int) {
  if (received != 0) _exit(static_cast<int>(ExitCode::Interrupted));
  received = 1;
}

}  // namespace

void catch_signals() {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // A limit on the size of files is then an error of the write, which says so, and no end without a word.
  std::signal(SIGXFSZ, SIG_IGN);
}

bool signal_received() noexcept { return received != 0; }

}  // namespace xchg::command
