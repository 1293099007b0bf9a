// SIGINT and SIGTERM as a flag that long work polls.
#pragma once

namespace xchg::command {

// From now on the first SIGINT or SIGTERM sets the flag; a second one ends the process at once with code 130.
// (Output files are written under temporary names, so even then no partial file stays.)
// SIGXFSZ is ignored: writing beyond a limit on file sizes fails as a full disk does.
void catch_signals();

// True once a signal has come. Callable from every thread.
bool signal_received() noexcept;

}  // namespace xchg::command
